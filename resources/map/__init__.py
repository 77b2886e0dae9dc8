"""The base map and the place names, and the pure functions that read the names."""
