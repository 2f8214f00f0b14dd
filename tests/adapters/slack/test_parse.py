"""What Slack sends is read without trusting it, and everything that one person did once has one id."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.names import FEEDBACK, HOME_LIVE, MENU, PRESS, menu_value, press_value
from adapters.slack.parse import (
    Called,
    Changed,
    Commanded,
    Halted,
    Place,
    Pressed,
    Removed,
    Said,
    Submitted,
    Tapped,
    Throttled,
    Visited,
    parse,
)
from tests.adapters.slack.payloads import BOT, CHANNEL, DM, TEAM, YOU, callback, edited, message, press

HERE = Place(TEAM, DM, YOU)


def heard(body: dict[str, Any]) -> Said:
    said = parse(body)
    assert isinstance(said, Said)
    return said


def noticed(body: dict[str, Any]) -> Changed:
    change = parse(body)
    assert isinstance(change, Changed)
    return change


def test_a_message_is_said_in_plain_words() -> None:
    said = heard(message(text="a &lt;b&gt; &amp;amp; <https://x.test|docs> <@U2|ann>"))
    assert said == Said(HERE, "10.1", "a <b> &amp; docs (https://x.test) @ann")
    assert (said.id, said.message) == ("m:D1:10.1", "D1:10.1")


def test_a_mention_and_its_message_bear_one_id() -> None:
    place = Place(TEAM, CHANNEL, YOU)
    event = {"channel": CHANNEL, "channel_type": "channel", "text": f"<@{BOT}> system design"}
    called, said = heard(message(**event, type="app_mention")), heard(message(**event))
    assert called == Said(place, "10.1", "system design", mention=True)
    assert said == Said(place, "10.1", "system design")
    assert called.id == said.id


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B1"},
        {"user": BOT},
        {"user": None},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "assistant_app_thread"},
        {"subtype": "message_replied", "hidden": True},
        {"hidden": True},
        {"ts": None},
        {"text": {"not": "text"}},
        {"type": "reaction_added"},
    ],
)
def test_bots_and_hidden_kinds_are_not_heard(event: dict[str, Any]) -> None:
    assert parse(message(**event)) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_kinds_of_messages_in_which_a_person_speaks_are_heard(subtype: str) -> None:
    assert isinstance(parse(message(subtype=subtype)), Said)


def test_an_edit_names_the_message_and_the_moment() -> None:
    change = noticed(edited({"text": "Hello &amp; more", "thread_ts": "9.9"}))
    assert change == Changed(Place(TEAM, DM, YOU, "9.9"), "10.1", "Hello & more", "12.1")
    assert (change.id, change.message) == ("e:D1:10.1:12.1", "D1:10.1")


def test_a_deleted_message_takes_its_files_along() -> None:
    gone = {"subtype": "message_deleted", "deleted_ts": "10.1"}
    change = noticed(edited({}, {"files": [{"id": "F1"}, {"id": "F2"}]}, **gone))
    assert change == Changed(HERE, "10.1", None, "12.1", ("F1", "F2"))
    assert change.id == "d:D1:10.1"


def test_a_deleted_message_with_replies_is_deleted_too() -> None:
    change = noticed(edited({"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}))
    assert (change.text, change.ts) == (None, "10.1")


def test_edits_of_the_bots_own_messages_are_not_heard() -> None:
    assert parse(edited({"bot_id": "B1"})) is None
    assert parse(edited({}, {"bot_id": "B1"}, subtype="message_deleted")) is None


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": f"{PRESS}hint", "value": press_value("U7", 3)},
        {"action_id": MENU, "type": "overflow", "selected_option": {"value": menu_value("hint", "U7", 3)}},
        {"action_id": FEEDBACK, "type": "feedback_buttons", "value": menu_value("hint", "U7", 3)},
    ],
)
def test_a_press_says_what_whose_and_where(action: dict[str, Any]) -> None:
    assert parse(press(action)) == Pressed(HERE, "hint", "U7", 3, "10.1", "b:D1:11.1:13.1", "https://hooks.example/1")


def test_other_buttons_come_with_what_stands_around_them() -> None:
    ticked = {"action_id": HOME_LIVE, "type": "checkboxes", "selected_options": [{"value": "on"}]}
    assert parse(press(ticked)) == Tapped(
        Place(TEAM, DM, YOU, "10.1"), HOME_LIVE, "", ("on",), "11.1", "tr1", "b:D1:11.1:13.1",
        "https://hooks.example/1", ({"type": "divider"},),
    )  # fmt: skip


def test_a_command_keeps_its_words() -> None:
    body = {"command": "/interview", "text": "start coding", "team_id": TEAM, "channel_id": CHANNEL, "user_id": YOU,
            "trigger_id": "t", "response_url": "https://hooks.example/2"}  # fmt: skip
    assert parse(body) == Commanded(Place(TEAM, CHANNEL, YOU), "start coding", "t", "https://hooks.example/2")


def test_a_form_is_its_fields() -> None:
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "rehearse.start",
        "private_metadata": "kept",
        "state": {"values": {
            "type": {"value": {"type": "static_select", "selected_option": {"value": "coding"}}},
            "focus": {"value": {"type": "plain_text_input", "value": "queues"}},
            "none": {"value": {"type": "plain_text_input", "value": None}},
            "sure": {"value": {"type": "checkboxes", "selected_options": [{"value": "sure"}]}},
        }},
    }  # fmt: skip
    submitted = parse({"type": "view_submission", "team": {"id": TEAM}, "user": {"id": YOU}, "view": view,
                       "trigger_id": "t"})  # fmt: skip
    assert isinstance(submitted, Submitted)
    assert submitted.fields == {"type": "coding", "focus": "queues", "none": "", "sure": "sure"}
    assert (submitted.form, submitted.kept, submitted.view) == ("rehearse.start", "kept", "V1")


def test_a_shortcut_on_a_message_brings_the_message() -> None:
    called = parse({"type": "message_action", "callback_id": "rehearse_score", "team": {"id": TEAM},
                    "user": {"id": YOU}, "channel": {"id": CHANNEL, "name": "general"}, "trigger_id": "t",
                    "message": {"type": "message", "user": "U2", "ts": "5.5", "text": "We sharded it."}})  # fmt: skip
    assert isinstance(called, Called)
    assert called.message is not None
    assert (called.message.user, called.message.text) == ("U2", "We sharded it.")


def test_the_home_tab_and_the_messages_tab_are_visited() -> None:
    for tab in ("home", "messages"):
        event = {"type": "app_home_opened", "user": YOU, "channel": DM, "tab": tab}
        visited = parse(callback(event))
        assert isinstance(visited, Visited)
        assert (visited.place, visited.tab) == (HERE, tab)


def test_slacks_own_stop_names_the_streams() -> None:
    event = {"type": "agent_session_stopped", "user": YOU, "channel": DM, "thread_ts": "10.1",
             "streaming_message_ts": ["11.1"]}  # fmt: skip
    assert parse(callback(event)) == Halted(Place(TEAM, DM, YOU, "10.1"), ("11.1",), "stop:Ev1")


def test_a_workspace_that_leaves_is_removed_but_not_for_a_persons_token() -> None:
    assert parse(callback({"type": "app_uninstalled"})) == Removed(TEAM, "app_uninstalled")
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [YOU], "bot": [BOT]}}
    assert parse(callback(revoked)) == Removed(TEAM, "tokens_revoked")
    assert parse(callback({"type": "tokens_revoked", "tokens": {"oauth": [YOU]}})) is None


def test_throttling_is_told() -> None:
    assert parse({"type": "app_rate_limited", "team_id": TEAM}) == Throttled(TEAM)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WHOLE = [message(), edited({"text": "x"}), press({"action_id": MENU}), message(type="app_mention")]


@given(st.dictionaries(st.sampled_from(["type", "event", "user", "command", "team", "view", "actions"]), JSON))
def test_no_payload_is_too_strange(body: dict[str, Any]) -> None:
    parse(body)


@given(st.sampled_from(WHOLE), st.lists(st.integers(0, 40), max_size=3), JSON)
def test_no_broken_part_of_a_payload_is_too_strange(body: dict[str, Any], path: list[int], junk: Any) -> None:
    parse(_with(body, path, junk))


@given(st.text(st.characters(codec=None), max_size=60))
def test_whatever_is_said_can_be_kept(text: str) -> None:
    said = heard(json.loads(json.dumps(message(text=text or "x"))))
    said.text.encode()
    assert "\x00" not in said.text


def _with(body: Any, path: list[int], junk: Any) -> Any:
    """The body with something else at a place a few steps in."""
    if not path or not isinstance(body, dict) or not body:
        return junk if not isinstance(body, dict) or path else body
    name = list(body)[path[0] % len(body)]
    return body | {name: _with(body[name], path[1:], junk) if path[1:] else junk}
