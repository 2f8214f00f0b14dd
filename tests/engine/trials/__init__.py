"""Rollouts, and what they show."""
