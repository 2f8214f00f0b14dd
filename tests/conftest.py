"""Every test starts as on a new machine: none of the developer's settings, keys or data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The gate tries the same examples every time, so that it says the same of the same code; `make explore` tries new ones.
settings.register_profile("gate", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True, max_examples=1_000)
settings.load_profile("gate")

# A program of its own, run by `make perf`.
collect_ignore = ["perf"]

SETTING_PREFIXES = ("REHEARSE_", "OPENAI_", "GEMINI_", "GOOGLE_", "SLACK_", "DISCORD_")


@pytest.fixture(autouse=True)
def new_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty home, which also holds what Rehearse stores (`REHEARSE_HOME`)."""
    for name in list(os.environ):
        if name.startswith(SETTING_PREFIXES) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    monkeypatch.setenv("REHEARSE_HOME", str(home / "rehearse"))
    return home
