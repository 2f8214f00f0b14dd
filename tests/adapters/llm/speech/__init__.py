"""The transcribers."""
