"""Tokens at rest: sealed with the newest of our keys, opened with any of them.

A key is what Fernet takes (44 characters of URL-safe base64). To change keys, put a new one in front of the old ones:
what an older key sealed is sealed anew when it is read, after which the old key can go. Fernet ties a sealed text to
nothing outside it, so whoever seals something writes inside whose it is, and looks when it is opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from engine.errors import RehearseError


class Unopened(RehearseError):
    """None of the keys opens it."""

    hint = "A token cannot be opened. Add the key it was sealed with to REHEARSE_SECRET_KEYS, after the newest one."


class Seal:
    """Raises `ValueError` for a key that is none."""

    def __init__(self, keys: Sequence[str]) -> None:
        fernets = [Fernet(key) for key in keys]
        self._newest = fernets[0]
        self._any = MultiFernet(fernets)

    def close(self, text: str) -> str:
        return self._newest.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> tuple[str, bool]:
        """The text, and whether an older key sealed it. Raises `Unopened`."""
        body = sealed.encode()
        try:
            return self._newest.decrypt(body).decode(), False
        except InvalidToken:
            pass
        try:
            return self._any.decrypt(body).decode(), True
        except InvalidToken as error:
            raise Unopened("no key opens this") from error
