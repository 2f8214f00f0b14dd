"""The interview itself: pure rules over facts, with no clock, no randomness and no SDK."""
