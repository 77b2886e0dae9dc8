"""What a site does for its members beside the log: escalation, floor, keys, presence."""
