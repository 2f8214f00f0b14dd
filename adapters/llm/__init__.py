"""Models behind the engine's `LLMProvider`: one file per API, and what they share.

Importing a provider's class imports no SDK; the SDK comes with its first client (`warmup` does that in a thread).
"""
