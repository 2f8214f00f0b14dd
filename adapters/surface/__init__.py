"""What cards and lists say on every chat platform alike: marks for scores, words for buttons, rows, figures.

How any of it is laid out is each platform's own.
"""
