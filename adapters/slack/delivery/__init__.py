"""From the engine's events to Slack's messages, within Slack's limits and in spite of its bad days."""
