"""What the interviews of a team amount to."""
