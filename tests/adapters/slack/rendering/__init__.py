"""What Slack's pages, streams, forms and pictures promise."""
