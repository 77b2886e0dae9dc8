"""One file per command of ``vaktbord``: its options and what it does."""
