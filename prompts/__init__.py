"""Data: prompt templates, interview types and the question bank, seeded into the store by digest."""
