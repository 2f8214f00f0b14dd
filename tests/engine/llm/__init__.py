"""Sections, health and the router, in virtual time."""
