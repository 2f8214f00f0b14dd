"""From a model's JSON to feedback, promise by promise."""
