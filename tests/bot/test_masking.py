"""Ids of people in the logs: a hash stands for each, the same from line to line, and nothing else is touched."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.home import hashed, user_salt
from bot.log import cleaned, configure
from bot.masking import WORDS, Masking
from engine.keys import ThreadKey, session_id

pytestmark = pytest.mark.usefixtures("logging_as_before")

SALTED = hashed("salt")
MASKING = Masking(SALTED)
KEY = ThreadKey(platform="slack", workspace="T0123ABCD", channel="D0456", thread="1712345678.000100", user="U0789ABCDE")
DISCORD = ThreadKey(platform="discord", channel="901234567890123456", user="812345678901234567")


@pytest.mark.parametrize("key", [KEY, DISCORD], ids=lambda key: key.platform)
def test_a_session_can_be_followed_but_not_read(key: ThreadKey) -> None:
    masked = MASKING.mask(f"attending failed session={session_id(key, 3)} and {key}: not held.")
    hashes = f"{key.platform}/{key.workspace}/~{SALTED(str(key))[:10]}"
    assert masked == f"attending failed session={hashes}#3 and {hashes}: not held."


def test_a_person_is_the_same_in_every_line_and_begins_as_in_the_audit() -> None:
    masked = MASKING.mask(f"person={KEY.person} who={KEY.person}.")
    assert masked == f"person=slack/T0123ABCD/~{SALTED(KEY.person)[:10]} who={MASKING.person(KEY.person)}."


@pytest.mark.parametrize(
    "text",
    [
        "users.info user=U0789ABCDEF failed",
        "conversation D0789ABCDEF is gone",
        "<@W012A3CDE> wrote",
        "/channels/901234567890123456/messages/912345678901234567",
        "member 812345678901234567.",
        "UABCDEFGH has no digits",
    ],
)
def test_ids_by_themselves_are_hidden(text: str) -> None:
    masked = MASKING.mask(text)
    assert "~" in masked
    for id in ("U0789ABCDEF", "D0789ABCDEF", "W012A3CDE", "9012345", "9123456", "8123456", "UABCDEFGH"):
        assert id not in masked


@pytest.mark.parametrize(
    "text",
    [
        "team=T0123ABCDEF installed",
        "home=slack/T0123ABCDEF swept",
        "home=discord/901234567890123456 swept",
        'File "/srv/app/adapters/slack/delivery/thread.py", line 3',
        "adapters/discord/person.py",
        "took_ms=17123456789 at=1712345678.000100 ratio=0.12345678901234567",
        "UNIQUE constraint failed: sessions.key, sessions.number",
        "GEMINI_API_KEY DISCORD_TOKEN CERTIFICATE_VERIFY_FAILED",
        *sorted(WORDS),
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert MASKING.mask(text) == text


ids = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=8, max_size=10)
platforms = st.sampled_from(["slack", "discord", "local"])


@given(platforms, st.tuples(ids, ids, ids), st.integers(1, 40), st.sampled_from(["", ".", ":", ",", ")", "#"]))
def test_no_part_of_a_key_but_its_workspace_is_left(
    platform: str, parts: tuple[str, str, str], number: int, after: str
) -> None:
    channel, thread, user = (f"x{part}" for part in parts)
    key = ThreadKey(platform=platform, workspace="T1", channel=channel, thread=thread, user=user)
    masked = MASKING.mask(f"({session_id(key, number)}{after} {key.person}")
    assert not any(part in masked for part in (channel, thread, user))
    assert masked.startswith(f"({platform}/T1/~")


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_line_of_a_log_says_who(form: str, tmp_path: Path) -> None:
    file = tmp_path / "log"
    configure(Settings.model_validate({"REHEARSE_LOG_FORMAT": form, "REHEARSE_HOME": tmp_path / "home"}), file=file)
    try:
        raise ValueError(f"{KEY}: no")
    except ValueError:
        fields = {
            "session": f"{KEY}#1",
            "user": "you",
            "error": "U0789ABCDE is gone",
            "key": KEY,
            "n": 901234567890123456,
        }
        logging.getLogger("bot").exception("it failed for %s", KEY.person, extra=fields)
    text = file.read_text()
    for part in ("D0456", "1712345678.000100", "U0789", "you", "9012345678"):
        assert part not in text
    home = Settings.model_validate({"REHEARSE_HOME": tmp_path / "home"})
    salted = hashed(user_salt(home))
    assert f"slack/T0123ABCD/~{salted(str(KEY))[:10]}#1" in text
    if form == "json":
        assert json.loads(text)["user"] == f"~{salted('you')[:10]}"


def test_without_a_home_no_line_is_lost(tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_text("a file")
    file = tmp_path / "log"
    configure(Settings.model_validate({"REHEARSE_HOME": tmp_path / "no-folder" / "below"}), file=file)
    logging.getLogger("bot").warning("nothing can be kept for %s", KEY)
    assert "nothing can be kept for slack/T0123ABCD/~" in file.read_text()


def test_what_goes_past_the_log_is_cleaned_too() -> None:
    assert "U0789" not in cleaned(f"{KEY} sk-proj-abcdefghijklmnop")
    assert "sk-proj" not in cleaned(f"{KEY} sk-proj-abcdefghijklmnop")
