"""The offline coach: what it asks and says, and what does not fool it."""
