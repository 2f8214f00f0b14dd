"""Trying a prompt version on a share of the interviews: `rollout` says who gets it, `observing` and `figures` what it
showed and `lines` how that reads, `sequential`, `evidence` and `guardrails` how sure it is, and `verdict` what follows.
"""
