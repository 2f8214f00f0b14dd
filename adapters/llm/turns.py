"""A prompt's turns in the two shapes the APIs want: one instruction text, and messages with roles."""

from __future__ import annotations

from collections.abc import Sequence

from engine.ports import Turn


def sendable(text: str) -> str:
    """The text without lone surrogates, which no JSON body can carry; chat platforms do deliver them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def instructions(turns: Sequence[Turn]) -> str:
    """All system turns as one text."""
    return "\n\n".join(sendable(turn.text) for turn in turns if turn.role == "system")


def dialogue(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that are not instructions. Never empty: no API answers to instructions alone."""
    said = [Turn(turn.role, sendable(turn.text)) for turn in turns if turn.role != "system" and turn.text]
    return said or [Turn("user", "Please begin.")]
