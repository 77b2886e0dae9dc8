"""Finding and announcing talkgroup streams and sites by DNS-SD (RFC 6763), and SDP (RFC 8866)."""
