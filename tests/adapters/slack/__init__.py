"""The Slack adapter, from the payload to the page, against a Slack of our own."""
