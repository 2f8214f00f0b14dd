"""`rehearse slack …`: what it prints is what Slack and the settings take."""

from __future__ import annotations

import json

import pytest

from bot.__main__ import main
from bot.config import Settings


def test_a_manifest_for_development_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "manifest"]) == 0
    said = capsys.readouterr().out
    assert json.loads(said)["settings"]["socket_mode_enabled"] is True
    assert main(["slack", "manifest", "--dev", "--url", "https://rehearse.example"]) == 0
    assert capsys.readouterr().out == said


def test_a_manifest_for_production_takes_its_address_from_the_option_or_the_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["slack", "manifest", "--production", "--url", "https://rehearse.example/"]) == 0
    said = capsys.readouterr().out
    assert '"https://rehearse.example/slack/events"' in said
    monkeypatch.setenv("REHEARSE_PUBLIC_URL", "https://rehearse.example")
    assert main(["slack", "manifest", "--production"]) == 0
    assert capsys.readouterr().out == said
    assert main(["slack", "manifest", "--one-workspace"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["token_rotation_enabled"] is False


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--production"], "give its address with --url https://…, or set REHEARSE_PUBLIC_URL"),
        (["--url", "http://rehearse.example"], "Write a web address that starts with https://"),
        (["--url", "rehearse.example"], "Write a web address that starts with https://"),
    ],
)
def test_an_address_slack_would_not_take_is_refused(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["slack", "manifest", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_a_key_is_one_that_the_settings_take(capsys: pytest.CaptureFixture[str]) -> None:
    keys: list[str] = []
    for _ in range(2):
        assert main(["slack", "key"]) == 0
        keys.append(capsys.readouterr().out.strip())
    assert keys[0] != keys[1]
    assert Settings.model_validate({"REHEARSE_SECRET_KEYS": ",".join(keys)}).secret_keys == tuple(keys)
