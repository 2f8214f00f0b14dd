"""What a payload of Slack's means: somebody said, changed, pressed, asked for or submitted something. Pure.

`parse` knows nothing of interviews: it reads one payload, drops what is not for us (bots, our own messages, hidden
kinds of messages) and hands on plain words with ids under which a second delivery is recognised. What is done about it
is told in `talk.py`, `commands.py`, `presses.py` and their like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import ValidationError

from adapters.slack.names import FEEDBACK, MENU, read_menu, read_press
from adapters.slack.payloads import Authorization, Callback, Command, Event, Input, Interaction, Message
from adapters.slack.seen import (
    Called,
    Changed,
    Commanded,
    Halted,
    Place,
    Pressed,
    Removed,
    Said,
    Seen,
    Submitted,
    Tapped,
    Throttled,
    Visited,
)
from adapters.slack.words import plain

SPOKEN = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""The subtypes of messages in which a person says something."""


def parse(body: Mapping[str, object]) -> Seen | None:
    """What the payload means; `None` for what is not for us or makes no sense."""
    try:
        if body.get("type") == "event_callback":
            return _event(Callback.model_validate(body))
        if body.get("type") == "app_rate_limited":
            return Throttled(str(body.get("team_id") or ""))
        if "command" in body:
            return _command(Command.model_validate(body))
        if isinstance(body.get("type"), str) and "user" in body:
            return _interaction(Interaction.model_validate(body))
    except ValidationError:
        return None
    return None


def _event(callback: Callback) -> Seen | None:
    event = callback.event
    first = callback.authorizations[0] if callback.authorizations else Authorization()
    team = first.team_id or callback.team_id
    place = Place(team, event.place, event.user, event.thread_ts)
    if event.type in ("app_uninstalled", "tokens_revoked"):
        ours = event.type == "app_uninstalled" or bool((event.tokens or {}).get("bot"))
        whose = callback.team_id or callback.enterprise_id or first.enterprise_id
        return Removed(whose, event.type) if ours and whose else None
    if not team or (not place.channel and event.type != "app_home_opened"):
        return None
    match event.type:
        case "message":
            return _message(place, event, first.user_id)
        case "app_mention" if _by_person(event):
            return Said(place, event.ts, plain(_unnamed(event.text, first.user_id)), event.files or (), True)
        case "app_home_opened" if event.tab in ("home", "messages") and event.user:
            return Visited(place, "home" if event.tab == "home" else "messages")
        case "agent_session_stopped" if event.user and event.thread_ts:
            streams = event.streaming_message_ts or ()
            known = (streams,) if isinstance(streams, str) else streams
            return Halted(place, known, f"stop:{callback.event_id or event.event_ts}")
        case _:
            return None


def _by_person(message: Message) -> bool:
    return bool(message.user and message.ts) and not message.bot_id


def _message(place: Place, event: Event, bot: str) -> Seen | None:
    if event.subtype == "message_changed" and event.message is not None:
        now, was = event.message, event.previous_message or Message()
        if now.subtype == "tombstone":  # deleted, but it has replies
            return _changed(place, event, was if was.user else now, was, None)
        return _changed(place, event, now, was, plain(_unnamed(now.text, bot) if bot else now.text))
    if event.subtype == "message_deleted":
        was = event.previous_message or Message()
        return _changed(place, event, was, was, None)
    if event.subtype not in SPOKEN or event.hidden or not _by_person(event) or event.user == bot:
        return None
    text = plain(_unnamed(event.text, bot) if bot else event.text)
    return Said(place, event.ts, text, event.files or ())


def _changed(place: Place, event: Event, whose: Message, was: Message, text: str | None) -> Changed | None:
    user, ts = whose.user or was.user, whose.ts or was.ts or event.deleted_ts
    if not user or not ts or whose.bot_id or was.bot_id or whose.subtype not in SPOKEN | {"tombstone"}:
        return None
    thread = whose.thread_ts or was.thread_ts
    at = Place(place.team, place.channel, user, "" if thread == ts else thread)
    files = tuple(str(file["id"]) for file in was.files or () if file.get("id")) if text is None else ()
    return Changed(at, ts, text, event.event_ts or event.ts, files)


def _unnamed(text: str, bot: str) -> str:
    """The text without the bot's name: wherever it stands, or, when it is not known, where it stands first."""
    if bot and f"<@{bot}" not in text:
        return text
    pattern = rf"<@{re.escape(bot)}(\|[^>]*)?>" if bot else r"<@[A-Z0-9]+(\|[^>]*)?>"
    return re.sub(pattern, " ", text, count=0 if bot else 1).strip()


def _command(command: Command) -> Commanded | None:
    if not command.team_id or not command.user_id:
        return None
    place = Place(command.team_id, command.channel_id, command.user_id)
    return Commanded(place, plain(command.text), command.trigger_id, command.response_url)


def _interaction(seen: Interaction) -> Seen | None:
    team, user = seen.workspace, seen.user.id
    if not team or not user:
        return None
    channel = (seen.channel.id if seen.channel else "") or seen.container.channel_id
    match seen.type:
        case "block_actions" if seen.actions:
            return _pressed(seen, Place(team, channel, user))
        case "view_submission" if seen.view is not None:
            view, values = seen.view, seen.view.state.values
            fields = {block: _entered(value) for block, inputs in values.items() for value in inputs.values()}
            entered = {block: value.entered for block, inputs in values.items() for value in inputs.values()}
            files = tuple(
                (block, file) for block, inputs in values.items() for value in inputs.values()
                for file in value.files or ()
            )  # fmt: skip
            return Submitted(
                Place(team, "", user), view.callback_id, fields, view.private_metadata, view.id, view.blocks,
                entered, files, view.previous_view_id,
            )  # fmt: skip
        case "shortcut":
            return Called(Place(team, "", user), seen.callback_id, seen.trigger_id)
        case "message_action" if seen.message is not None:
            message = Message.model_validate(seen.message)
            place = Place(team, channel, user, message.thread_ts)
            return Called(place, seen.callback_id, seen.trigger_id, seen.response_url, message)
        case _:
            return None


def _entered(value: Input) -> str:
    if value.selected_options is not None:
        return " ".join(option.value for option in value.selected_options)
    return value.chosen


def _pressed(seen: Interaction, place: Place) -> Seen | None:
    action = seen.actions[0]
    message = Message.model_validate(seen.message or {})
    ts = seen.container.message_ts or message.ts
    root = seen.container.thread_ts or message.thread_ts or ts
    id = f"b:{place.channel}:{ts}:{action.action_ts or seen.trigger_id}"
    if action.action_id.startswith((MENU, FEEDBACK)):
        pressed = read_menu(action.chosen)
    else:
        pressed = read_press(action.action_id, action.chosen)
    if pressed is not None:
        if not root or not place.channel:
            return None
        verb, owner, turn = pressed
        return Pressed(place, verb, owner, turn, root, id, seen.response_url)
    chosen = tuple(option.value for option in action.selected_options or ())
    at = Place(place.team, place.channel, place.user, "" if root == ts else root)
    view, modal = (seen.view.id, seen.view.type == "modal") if seen.view is not None else ("", False)
    return Tapped(
        at,
        action.action_id,
        action.chosen,
        chosen,
        ts,
        seen.trigger_id,
        id,
        seen.response_url,
        message.blocks or (),
        view,
        modal,
    )
