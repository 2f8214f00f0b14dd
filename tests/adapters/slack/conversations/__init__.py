"""Conversations in Slack from the person's act to what stands on screen, in Socket Mode and over HTTP alike."""
