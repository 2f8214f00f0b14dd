"""Files that come with Slack messages."""
