"""What cards, lists and forms say on every platform alike: marks for scores, words for buttons, rows, figures.

How any of it is laid out, and how other people's words are made inert, is each platform's own.
"""
