"""A prompt's turns in the two shapes the APIs want: one instruction text, and messages with roles."""

from __future__ import annotations

from collections.abc import Sequence

from engine.ports import Message


def sendable(text: str) -> str:
    """The text without lone surrogates, which no JSON body can carry; chat platforms do deliver them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def instructions(turns: Sequence[Message]) -> str:
    """All system turns as one text."""
    return "\n\n".join(sendable(turn.text) for turn in turns if turn.role == "system")


def dialogue(turns: Sequence[Message]) -> list[Message]:
    """The turns that are not instructions. Never empty: no API answers to instructions alone."""
    said = [Message(turn.role, sendable(turn.text)) for turn in turns if turn.role != "system" and turn.text]
    return said or [Message("user", "Please begin.")]


def alternating(turns: Sequence[Message]) -> list[Message]:
    """Turns of one role in a row as one turn: the chat templates of many local models accept no others."""
    merged: list[Message] = []
    for turn in turns:
        if merged and merged[-1].role == turn.role:
            merged[-1] = Message(turn.role, f"{merged[-1].text}\n\n{turn.text}")
        else:
            merged.append(turn)
    return merged
