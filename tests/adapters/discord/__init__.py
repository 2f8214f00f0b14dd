"""The Discord adapter, from the payload to the page, against a Discord of our own."""
