"""The terminal playground, as it looks and as it is typed into."""
