"""A mirror of the source, with contracts, wire servers and golden transcripts beside it."""
