"""One suite per port of the engine, run against every implementation of it."""
