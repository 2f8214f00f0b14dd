"""Logs: what a line looks like, what is never in it, and whose logs may be turned up."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from bot.config import Settings
from bot.log import configure

pytestmark = pytest.mark.usefixtures("logging_as_before")

OPENAI_KEY = "an-unusual-looking-key"
DISCORD_TOKEN = "of.a.discord-bot"
SLACK = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "0123456789abcdef",
    "SLACK_SIGNING_SECRET": "fedcba9876543210",
    "SLACK_APP_TOKEN": "xapp-1",
    "REHEARSE_SECRET_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


def logged(tmp_path: Path, **settings: str) -> Path:
    file = tmp_path / "log"
    configure(
        Settings.model_validate({"OPENAI_API_KEY": OPENAI_KEY, "DISCORD_TOKEN": DISCORD_TOKEN, **SLACK, **settings}),
        file=file,
    )
    return file


def test_a_line_is_a_phrase_and_its_fields(tmp_path: Path) -> None:
    file = logged(tmp_path)
    logging.getLogger("engine.interviewer").info("step done", extra={"session": "s#1", "took_ms": 5})
    line = file.read_text()
    assert "step done" in line
    assert "session=s#1" in line
    assert "took_ms=5" in line


def test_json_is_one_object_per_line(tmp_path: Path) -> None:
    file = logged(tmp_path, REHEARSE_LOG_FORMAT="json")
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("bot").exception("failed", extra={"session": "s#1"})
    entry = json.loads(file.read_text())
    assert (entry["event"], entry["session"], entry["level"]) == ("failed", "s#1", "error")
    assert "ValueError: broken" in entry["exception"]


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize(
    "secret",
    [
        OPENAI_KEY,
        "sk-proj-abcdefghijklmnop",
        "AIzaSyA1234567890abcdefghijklmnopqrstu",
        "xoxb-1234-5678-abcdef",
        "xoxe.xoxb-1-Mi0yLTEyMzQ1Njc4",
        "xapp-1-A0123-456-abcdef",
        "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.q0_-XyzXyzXyzXyzXyzXyzXyzXyzXyzXyzXyz1",
        DISCORD_TOKEN,
        *(value for name, value in SLACK.items() if name != "SLACK_CLIENT_ID"),
    ],
)
def test_no_secret_reaches_the_log(secret: str, form: str, tmp_path: Path) -> None:
    file = logged(tmp_path, REHEARSE_LOG_FORMAT=form)
    log = logging.getLogger("adapters.llm")
    log.warning("wrong key %s", secret, extra={"address": f"postgresql://{secret}@db/x", "header": f"Bearer {secret}"})
    try:
        raise RuntimeError(f"https://{secret}@example.com")
    except RuntimeError:
        log.exception("failed")
    assert secret not in file.read_text()
    assert "[secret]" in file.read_text()


def test_no_password_of_an_address_reaches_the_log(tmp_path: Path) -> None:
    file = logged(tmp_path)
    logging.getLogger("adapters.store").warning("no server at postgresql://me:s3cret@db.example/it?x=1")
    assert "postgresql://[secret]@db.example/it?x=1" in file.read_text()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /slack/oauth_redirect?code=11.22.ab&state=Xyz_9 HTTP", "?code=[secret]&state=[secret] HTTP"),
        ("to https://hooks.slack.com/commands/T1/2/abc failed", "to https://hooks.slack.com/[secret] failed"),
        ("PATCH /webhooks/123/aW50ZXJhY3Rpb246MTIz0_-/messages/@original", "/webhooks/[secret]/messages/@original"),
        ("POST /interactions/123/aW50ZXJhY3Rpb246MTIz0_-/callback", "/interactions/[secret]/callback"),
    ],
)
def test_what_an_address_lets_one_do_is_not_in_the_log(said: str, kept: str, tmp_path: Path) -> None:
    file = logged(tmp_path)
    logging.getLogger("adapters.slack").warning(said)
    assert kept in file.read_text()


def test_only_our_own_packages_are_turned_up(tmp_path: Path) -> None:
    file = logged(tmp_path, REHEARSE_LOG_LEVEL="debug")
    logging.getLogger("openai._base_client").debug("Request options: my whole answer")
    logging.getLogger("httpx2").info("HTTP Request")
    logging.getLogger("engine").debug("ours")
    assert "ours" in file.read_text()
    assert len(file.read_text().splitlines()) == 1


def test_tracebacks_show_no_variables(tmp_path: Path) -> None:
    file = logged(tmp_path)
    answer = "the candidate's own words"
    try:
        int("x" if answer else "y")
    except ValueError:
        logging.getLogger("engine").exception("failed")
    assert "Traceback" in file.read_text()
    assert answer not in file.read_text()
