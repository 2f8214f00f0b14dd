"""What is read from dispatches: every kind of interaction, messages and their changes, and anything at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.commands import COMMANDS, digest, same
from adapters.discord.names import menu_id, press_id
from adapters.discord.parse import EVENTS, dispatch, parse
from adapters.discord.seen import Called, Changed, Commanded, Completing, Place, Pressed, Said, Submitted, Tapped

USER = {"id": "7", "username": "ada", "global_name": "Ada", "bot": False}
MESSAGE = {"id": "30", "channel_id": "20", "author": USER, "type": 0, "flags": 0, "content": "hello", "attachments": []}
FILE = {
    "id": "40",
    "filename": "a.py",
    "content_type": "text/x-python",
    "size": 3,
    "url": "https://cdn.discordapp.com/a",
}
INTERACTION = {
    "id": "50", "application_id": "1", "token": "tok", "channel_id": "20", "user": USER, "context": 1, "version": 1,
}  # fmt: skip
GUILD = {
    "context": 0, "guild_id": "9", "member": {"user": USER}, "channel": {"id": "20", "type": 0},
    "app_permissions": str((1 << 36) | (1 << 38)), "authorizing_integration_owners": {"0": "9"}, "user": None,
}  # fmt: skip


def interaction(type: int, data: dict[str, object], **more: object) -> Any:
    return parse("INTERACTION_CREATE", INTERACTION | {"type": type, "data": data} | more)


def test_a_message_in_a_direct_message() -> None:
    said = parse("MESSAGE_CREATE", MESSAGE | {"attachments": [FILE]})
    assert isinstance(said, Said)
    assert said.place == Place("20", "7", "", direct=True)
    assert (said.id, said.message, said.text) == ("m:20:30", "20:30", "hello")
    assert said.files[0].filename == "a.py"
    assert "hello" not in repr(said)


def test_a_voice_message_and_one_in_a_thread() -> None:
    voice = FILE | {"content_type": "audio/ogg", "duration_secs": 4.2, "waveform": "AAA"}
    said = parse("MESSAGE_CREATE", MESSAGE | {"guild_id": "9", "flags": 1 << 13, "content": "", "attachments": [voice]})
    assert isinstance(said, Said)
    assert (said.voice, said.place.direct, said.files[0].is_sound) == (True, False, True)


@pytest.mark.parametrize(
    "change",
    [{"author": USER | {"bot": True}}, {"webhook_id": "5"}, {"type": 7}, {"author": None}, {"id": ""}, {"id": "x"}],
)
def test_what_nobody_wrote_is_nothing(change: dict[str, object]) -> None:
    assert parse("MESSAGE_CREATE", MESSAGE | change) is None


def test_edits_are_told_by_their_time_and_deletions_by_their_id() -> None:
    at = "2026-11-24T10:00:00+00:00"
    changed = parse("MESSAGE_UPDATE", MESSAGE | {"edited_timestamp": at})
    assert isinstance(changed, Changed)
    assert (changed.id, changed.text) == (f"e:20:30:{at}", "hello")
    assert parse("MESSAGE_UPDATE", MESSAGE | {"edited_timestamp": None, "embeds": [{}]}) is None
    gone = parse("MESSAGE_DELETE", {"id": "30", "channel_id": "20"})
    assert isinstance(gone, Changed)
    assert (gone.id, gone.text, gone.place.user) == ("d:20:30", None, "")


def test_a_slash_command_with_its_options() -> None:
    options = [{"name": "start", "type": 1, "options": [{"name": "type", "type": 3, "value": "coding"},
                                                        {"name": "questions", "type": 4, "value": 4}]}]  # fmt: skip
    seen = interaction(2, {"type": 1, "name": "interview", "options": options}, **GUILD)
    assert isinstance(seen, Commanded)
    assert seen.words == ("interview", "start")
    assert seen.options == {"type": "coding", "questions": "4"}
    assert seen.place == Place("20", "7", "9", threads=True)
    assert "tok" not in repr(seen)


@pytest.mark.parametrize(
    "change",
    [{"app_permissions": "0"}, {"channel": {"type": 11}}, {"authorizing_integration_owners": {"1": "7"}},
     {"authorizing_integration_owners": {"0": "0"}}, {"app_permissions": "many"}],
)  # fmt: skip
def test_where_a_private_thread_cannot_be_opened(change: dict[str, object]) -> None:
    seen = interaction(2, {"type": 1, "name": "interview"}, **(GUILD | change))
    assert not seen.place.threads


def test_completions_know_what_is_typed_and_what_was_chosen_before() -> None:
    inner = [
        {"name": "type", "type": 3, "value": "coding"},
        {"name": "level", "type": 3, "value": "s", "focused": True},
    ]
    seen = interaction(4, {"type": 1, "name": "interview", "options": [{"name": "start", "type": 1, "options": inner}]})
    assert isinstance(seen, Completing)
    assert (seen.option, seen.text, seen.options) == ("level", "s", {"type": "coding"})


def test_a_message_menu_brings_the_message_along() -> None:
    data: dict[str, object] = {
        "type": 3,
        "name": "Score this answer",
        "target_id": "30",
        "resolved": {"messages": {"30": MESSAGE}},
    }
    seen = interaction(2, data)
    assert isinstance(seen, Called)
    assert (seen.channel, seen.message_id, seen.text) == ("20", "30", "hello")
    assert interaction(2, data | {"target_id": "31"}) is None


def test_presses_choices_and_everything_else_that_is_tapped() -> None:
    card = MESSAGE | {"flags": 1 << 6, "components": [{"type": 10, "content": "x"}]}
    seen = interaction(3, {"custom_id": press_id("hint", "7", 2), "component_type": 2}, message=card)
    assert isinstance(seen, Pressed)
    assert (seen.action, seen.owner, seen.turn, seen.asked.message, seen.asked.private) == ("hint", "7", 2, "30", True)
    seen = interaction(3, {"custom_id": menu_id("7", 2), "component_type": 3, "values": ["pause"]}, message=card)
    assert isinstance(seen, Pressed)
    assert seen.action == "pause"
    seen = interaction(3, {"custom_id": "rh:set:language", "component_type": 3, "values": ["de"]}, message=card)
    assert isinstance(seen, Tapped)
    assert (seen.name, seen.chosen, seen.shown[0]["content"]) == ("rh:set:language", "de", "x")


def test_a_form_with_fields_choices_and_files() -> None:
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "answer", "value": "words"}},
        {"type": 18, "component": {"type": 3, "custom_id": "role", "values": ["senior"]}},
        {"type": 18, "component": {"type": 19, "custom_id": "files", "values": ["40", "41"]}},
        {"type": 10, "id": 4},
    ]
    resolved = {"attachments": {"40": FILE}}
    seen = interaction(5, {"custom_id": "rh:m:start", "components": components, "resolved": resolved})
    assert isinstance(seen, Submitted)
    assert seen.fields == {"answer": "words", "role": "senior", "files": "40 41"}
    assert [file.id for file in seen.files] == ["40"]


def test_half_a_character_and_a_nul_can_be_kept() -> None:
    said = parse("MESSAGE_CREATE", MESSAGE | {"content": "a\x00b\ud83d"})
    assert isinstance(said, Said)
    said.text.encode()
    assert "\x00" not in said.text


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = [
    "id",
    "type",
    "data",
    "author",
    "user",
    "member",
    "message",
    "components",
    "options",
    "resolved",
    "content",
    "attachments",
    "custom_id",
    "values",
    "channel_id",
    "channel",
    "token",
    "flags",
    "edited_timestamp",
]


@given(st.sampled_from(sorted(EVENTS)), json | st.dictionaries(st.sampled_from(names), json))
def test_anything_at_all_is_read_or_left(event: str, data: object) -> None:
    parse(event, data)
    parse(event, (MESSAGE | data) if isinstance(data, dict) else data)
    parse(event, (INTERACTION | {"type": 3} | data) if isinstance(data, dict) else data)


@given(json)
def test_any_payload_is_a_dispatch_or_none(payload: object) -> None:
    dispatch({"t": payload, "d": payload})


def test_commands_are_the_same_however_discord_lists_them() -> None:
    listed = [
        dict(reversed(list(command.items()))) | {"id": "1", "version": "2", "nsfw": False, "name_localizations": None}
        for command in reversed(COMMANDS)
    ]
    assert same(listed)
    assert not same(listed[1:])
    assert digest([]) != digest(COMMANDS)
