"""Conversations in Discord from the person's act to what stands on screen, through the real discord.py."""
