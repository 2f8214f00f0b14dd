"""Slack: interviews in threads, feedback in messages that are edited while the model writes it."""
