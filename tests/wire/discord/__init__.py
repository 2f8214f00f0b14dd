"""A Discord on loopback: gateway, REST and CDN, for the real discord.py and for people who act in it."""
