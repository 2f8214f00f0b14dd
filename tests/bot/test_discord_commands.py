"""`rehearse discord invite`: links that Discord takes, without asking anybody where the token says enough."""

from __future__ import annotations

import asyncio
import base64

import pytest

from adapters.discord.install import PERMISSIONS, permissions
from bot.__main__ import main
from tests.kit.ports import free_port
from tests.wire.discord.server import serve_discord

ID = "123456789012345678"
TOKEN = f"{base64.urlsafe_b64encode(ID.encode()).decode().rstrip('=')}.Gabcde.of-the-test"


async def printed(*arguments: str) -> int:
    """`main` runs a loop of its own, and the server needs this one."""
    return await asyncio.to_thread(main, ["discord", "invite", *arguments])


def test_the_application_is_read_from_the_token(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DISCORD_API_URL", f"http://127.0.0.1:{free_port()}")
    assert main(["discord", "invite"]) == 0
    said = capsys.readouterr().out
    assert said.count(f"client_id={ID}") == 2
    assert f"permissions={permissions()}" in said
    assert all(name in said for name in PERMISSIONS)
    assert TOKEN not in said
    assert main(["discord", "invite", "--application", ID]) == 0
    assert capsys.readouterr().out == said


async def test_or_asked_of_discord(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve_discord() as discord:
        monkeypatch.setenv("DISCORD_TOKEN", discord.token)
        monkeypatch.setenv("DISCORD_API_URL", discord.rest_url)
        assert await printed() == 0
        assert f"client_id={discord.application_id}" in capsys.readouterr().out
        monkeypatch.setenv("DISCORD_TOKEN", "some.other.token")
        assert await printed() == 2
        assert "Discord refuses DISCORD_TOKEN. Press Reset Token" in capsys.readouterr().err
        discord.fail("GET /applications/@me", status=503)
        monkeypatch.setenv("DISCORD_TOKEN", discord.token)
        assert await printed() == 2
        assert "(HTTP 503). Try again, or name the application" in capsys.readouterr().err


def test_without_a_token_the_application_has_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discord", "invite"]) == 2
    assert "DISCORD_TOKEN is not set. Set it, or name the application" in capsys.readouterr().err
    assert main(["discord", "invite", "--application", ID]) == 0


def test_an_application_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["discord", "invite", "--application", "rehearse"])
    assert left.value.code == 2
    assert "is not an application ID, which is a number" in capsys.readouterr().err
