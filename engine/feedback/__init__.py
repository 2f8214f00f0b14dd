"""From a model's JSON to feedback that can be believed."""
