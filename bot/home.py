"""The home folder: made when it is not there, checked before anything is started, and keeper of the salt.

The salt is what a person's id is hashed with before a model's provider sees the hash. It is made once; a new one only
means that the provider takes everybody for somebody new.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.config import Settings
from engine.errors import SettingsError

SALT_FILE = "user-salt"


def prepare(settings: Settings) -> Path:
    """The home folder, made if need be. Raises `SettingsError` when nothing can be kept there."""
    home = settings.home
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"1")
    except OSError as error:
        raise SettingsError(
            f"Nothing can be written in {home} ({error.strerror}). "
            "Set REHEARSE_HOME to a folder of yours that has room."
        ) from error
    return home


def user_salt(settings: Settings) -> str:
    """The salt as set, or made once and kept in the home folder, which must exist."""
    if settings.user_salt is not None:
        return settings.user_salt.get_secret_value()
    path = settings.home / SALT_FILE
    made = secrets.token_hex(32)
    # Written aside and linked into place: of two processes that start together, both end up with the same salt.
    with tempfile.NamedTemporaryFile("w", dir=settings.home, encoding="ascii") as draft:
        draft.write(made)
        draft.flush()
        try:
            os.link(draft.name, path)
        except FileExistsError:
            made = path.read_text("ascii").strip()
    return made


def hashed(salt: str) -> Callable[[str], str]:
    """A function from a person's id to the hash that stands for it outside, 64 hex digits."""

    def user(person: str) -> str:
        return hmac.new(salt.encode(), person.encode(), hashlib.sha256).hexdigest()

    return user
