"""The engine, without a model, a platform or a clock."""
