"""What the interviews of a team amount to, without anybody's name: use, scores, satisfaction, and how coaches rate."""
