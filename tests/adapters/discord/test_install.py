"""The app as Discord is told of it."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord.install import (
    FOR_PEOPLE,
    IN_SERVERS,
    PERMISSIONS,
    application_of,
    invite_link,
    permissions,
)

ID = "123456789012345678"


def test_the_bot_may_do_what_it_needs_and_nothing_more() -> None:
    needed = discord.Permissions(
        view_channel=True,
        attach_files=True,
        read_message_history=True,
        create_private_threads=True,
        send_messages_in_threads=True,
    )
    assert permissions() == needed.value
    assert all(what for _, what in PERMISSIONS.values())


def test_the_links_are_those_that_discord_documents() -> None:
    server, person = (urlsplit(invite_link(ID, kind)) for kind in (IN_SERVERS, FOR_PEOPLE))
    assert server[:3] == person[:3] == ("https", "discord.com", "/oauth2/authorize")
    assert parse_qs(server.query) == {
        "client_id": [ID],
        "integration_type": ["0"],
        "scope": ["bot applications.commands"],
        "permissions": [str(permissions())],
    }
    assert parse_qs(person.query) == {
        "client_id": [ID],
        "integration_type": ["1"],
        "scope": ["applications.commands"],
    }


def test_a_token_spells_its_application() -> None:
    first = base64.urlsafe_b64encode(ID.encode()).decode().rstrip("=")
    assert application_of(f"{first}.Gabcde.of-the-test") == ID


@pytest.mark.parametrize("token", ["wire.discord.bot-token", "é.a.b", "", "MTIz" * 9 + ".a.b", "!!.a.b", "YWJj.a.b"])
def test_a_token_that_spells_nothing_says_so(token: str) -> None:
    assert application_of(token) is None
