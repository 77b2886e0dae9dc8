"""One operator's desk, put together: its links to the world, its models, its window."""
