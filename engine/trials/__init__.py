"""Trying a prompt version on a share of the interviews: `rollout` says who gets it, `observing` and `figures` what it
showed, `sequential`, `evidence` and `guardrails` how sure that is, and `verdict` what follows from it.
"""
