"""Places: the register of names and addresses, its search, its import, and coordinates in words."""
