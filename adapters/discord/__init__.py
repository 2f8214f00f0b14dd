"""Discord: interviews in direct messages, with cards of Components V2 that grow in place and survive restarts."""
