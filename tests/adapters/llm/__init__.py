"""Tests of the model adapters: real SDKs against `tests/wire`."""
