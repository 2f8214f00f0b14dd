"""The engine, promise by promise."""
