"""The playground in a browser: its API on a real port, and its page in a real Chromium."""
