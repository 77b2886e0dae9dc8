"""What a talkgroup, unit, alarm, message IS and how each may change. Pure: no Qt, I/O or clock."""
