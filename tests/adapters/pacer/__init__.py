"""The governor, in virtual time."""
