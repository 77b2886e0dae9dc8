"""Discovery: announcements, DNS-SD, SDP, keys, and foreign stations."""
