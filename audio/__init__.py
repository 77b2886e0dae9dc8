"""The audio engine: its own process, no Qt, nothing of ``console`` or ``widgets``."""
