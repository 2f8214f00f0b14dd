"""Speech: what was said in a recording, written down by a model, behind the engine's `Transcriber`."""
