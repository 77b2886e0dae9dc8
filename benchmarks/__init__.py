"""Benchmarks by name, each beside a peer or a control in the same run: NAME, run(), report()."""
