"""What is seen. Imports nothing of ours but ``resources`` and its own Protocols."""
