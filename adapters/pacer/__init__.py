"""The governor: who may write next, so that a platform's limits are never met and what matters is shown first."""
