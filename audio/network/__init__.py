"""What goes over the wire: sockets, RTP, RTCP, SRTP and redundancy (RFC 3550, 3711, 2198)."""
