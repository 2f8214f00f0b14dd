"""The playground in a terminal: the same interviews as in chat, on one screen, without an account."""
