"""Benchmarks, each with its bar: `make perf`, or one of them by `python -m tests.perf.streams`."""
