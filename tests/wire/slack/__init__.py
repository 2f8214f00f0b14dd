"""A local Slack: stateful, strict about what real Slack is strict about, spoken to by the real SDK."""
