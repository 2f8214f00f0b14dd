"""Limits: what may be used, what was, and what happens at the end of it."""
