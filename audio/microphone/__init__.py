"""Where a voice comes in: its own process, the processing, and the gate to the air."""
