"""Interactive payloads as Slack builds them, and what their answers do: commands, presses, forms, shortcuts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.wire.slack.blocks import validate_message, validate_view
from tests.wire.slack.events import message_json
from tests.wire.slack.forms import choose, fill
from tests.wire.slack.state import Message
from tests.wire.slack.surfaces import STACK, ResponseUrl, Trigger, View

if TYPE_CHECKING:
    from tests.wire.slack.delivery import Delivery
    from tests.wire.slack.people import Person
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]


@dataclass(slots=True)
class CommandReply:
    """What came of a slash command. `error` is what the client shows when the app did not answer in time."""

    status: int
    text: str
    blocks: list[Json]
    error: str
    delivery: Delivery
    response_url: ResponseUrl

    @property
    def later(self) -> list[Message]:
        """The messages that were sent to its response_url so far."""
        return self.response_url.posted


@dataclass(slots=True)
class FormReply:
    """What came of a submission. `action` is `close`, `update`, `push`, `clear` or `errors`; `""` when it failed."""

    action: str
    errors: dict[str, str]
    """By block id."""
    view: View | None
    """The view now on top, if any."""
    problems: list[str] = field(default_factory=list[str])
    """What Slack found wrong with the answer itself; the person sees that something went wrong."""
    delivery: Delivery | None = None


def new_trigger(slack: Slack, user: str, team: str, view: str = "") -> str:
    id = f"{slack.new_id('trigger')}.{team}"
    slack.surfaces.triggers[id] = Trigger(user, team, slack.now(), view)
    return id


def new_response_url(slack: Slack, user: str, team: str, channel: str, ts: str = "") -> tuple[str, ResponseUrl]:
    id = slack.new_id("hook")
    record = slack.surfaces.response_urls[id] = ResponseUrl(user, team, channel, slack.now(), ts)
    return f"{slack.url}/actions/{team}/{id}", record


def _frame(person: Person, kind: str, view: str = "") -> Json:
    """What all interactive payloads have."""
    team = person.team
    return {
        "type": kind, "token": team.app.verification_token, "api_app_id": team.app_id,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": {"id": team.enterprise, "name": "Org"} if team.enterprise else None,
        "is_enterprise_install": team.org_wide,
        "user": {
            "id": person.id, "username": person.member.handle, "name": person.member.handle, "team_id": team.id,
        },
        "trigger_id": new_trigger(person.slack, person.id, team.id, view),
    }  # fmt: skip


async def _interactive(person: Person, payload: Json) -> Delivery:
    delivery = await person.slack.deliveries.send("interactive", payload, person.team)
    person.heard.append(delivery)
    return delivery


async def command(person: Person, text: str, channel: str, command: str) -> CommandReply:
    slack, team = person.slack, person.team
    url, record = new_response_url(slack, person.id, team.id, channel)
    payload: Json = {
        "token": team.app.verification_token, "team_id": team.id, "team_domain": team.domain, "channel_id": channel,
        "channel_name": slack.channels[channel].name, "user_id": person.id, "user_name": person.name.lower(),
        "command": command, "text": text, "api_app_id": team.app_id,
        "is_enterprise_install": "true" if team.org_wide else "false", "response_url": url,
        "trigger_id": new_trigger(slack, person.id, team.id),
    }  # fmt: skip
    if team.enterprise:
        payload |= {"enterprise_id": team.enterprise, "enterprise_name": "Org"}
    delivery = await slack.deliveries.send("slash_commands", payload, team)
    person.heard.append(delivery)
    answer = delivery.answer
    if not answer.ok:
        error = "operation_timeout" if "timeout" in answer.reason else "dispatch_failed"
        return CommandReply(answer.status, "", [], error, delivery, record)
    body: Json = answer.body if isinstance(answer.body, dict) else {"text": answer.body or ""}
    said, blocks = body.get("text") or "", body.get("blocks") or []
    problems = validate_message(blocks)
    if (said or blocks) and not problems:
        show(slack, record, said, blocks, in_channel=body.get("response_type") == "in_channel")
    return CommandReply(answer.status, said, blocks, "; ".join(problems), delivery, record)


def show(slack: Slack, record: ResponseUrl, text: str, blocks: list[Json], *, in_channel: bool) -> Message:
    """Put an answer on screen: for everybody, or for the person alone."""
    team = slack.teams[record.team]
    message = Message(record.channel, slack.new_ts(), team.bot_user, text, named(slack, blocks), bot=True)
    if in_channel:
        slack.channels[record.channel].messages[message.ts] = message
    else:
        message.ephemeral_for = record.user
        slack.surfaces.ephemerals[record.user].append(message)
    slack.changed()
    return message


def named(slack: Slack, blocks: list[Json]) -> list[Json]:
    """Blocks as Slack keeps them: every block and every interactive element has an id."""

    def identified(element: Any) -> Any:
        if isinstance(element, dict) and "action_id" not in element and element.get("type") in _INTERACTIVE:
            return {**element, "action_id": slack.new_id("action")}
        return element

    kept: list[Json] = []
    for block in blocks:
        block = {**block} if block.get("block_id") else {**block, "block_id": slack.new_id("block")}
        if isinstance(block.get("elements"), list) and block["type"] != "rich_text":
            block["elements"] = [identified(element) for element in block["elements"]]
        for key in ("accessory", "element"):
            if key in block:
                block[key] = identified(block[key])
        kept.append(block)
    return kept


_INTERACTIVE = {
    "button",
    "overflow",
    "static_select",
    "checkboxes",
    "radio_buttons",
    "feedback_buttons",
    "plain_text_input",
}


def _action(person: Person, block: Json, element: Json, option: Any) -> Json:
    """What was done to an element, as `actions[0]` says it."""
    kind = element["type"]
    said: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    said["action_ts"] = person.slack.new_ts()
    match kind:
        case "button" | "icon_button":
            said |= {key: element[key] for key in ("value", "text", "style", "url") if key in element}
        case "feedback_buttons":
            assert option in ("positive", "negative"), "feedback is `positive` or `negative`"
            said |= {key: element[f"{option}_button"][key] for key in ("value", "text")}
        case "overflow":
            said["selected_option"] = choose(element, option)
        case _:
            said |= fill([block], {element["action_id"]: option})[block["block_id"]][element["action_id"]]
    return said


async def press_message(person: Person, message: Message, block: Json, element: Json, option: Any) -> Delivery:
    slack, team = person.slack, person.team
    place = slack.channels[message.channel]
    hidden = bool(message.ephemeral_for)
    url, _ = new_response_url(slack, person.id, team.id, message.channel, message.ts)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": hidden,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = _frame(person, "block_actions") | {
        "container": container, "channel": {"id": place.id, "name": place.name}, "response_url": url,
        "state": {"values": fill(message.blocks, {})}, "actions": [_action(person, block, element, option)],
    }  # fmt: skip
    if not hidden:
        payload["message"] = message_json(message, team)
    return await _interactive(person, payload)


async def press_view(
    person: Person, view: View, block: Json, element: Json, option: Any, state: dict[str, Json]
) -> Delivery:
    action = _action(person, block, element, option)
    if block["block_id"] in state and element["action_id"] in state[block["block_id"]]:
        state[block["block_id"]][element["action_id"]] = {
            key: value for key, value in action.items() if key not in ("action_id", "block_id", "action_ts")
        }
    payload = _frame(person, "block_actions", view.id) | {
        "container": {"type": "view", "view_id": view.id}, "view": {**view.json, "state": {"values": state}},
        "actions": [action],
    }  # fmt: skip
    return await _interactive(person, payload)


async def submit(person: Person, view: View, state: dict[str, Json]) -> FormReply:
    payload = _frame(person, "view_submission", view.id)
    payload |= {"view": {**view.json, "state": {"values": state}}, "response_urls": []}
    delivery = await _interactive(person, payload)
    reply = _answered(person, view, delivery)
    person.slack.changed()
    return reply


def _answered(person: Person, view: View, delivery: Delivery) -> FormReply:
    slack, stack = person.slack, person.slack.views(person)
    top = stack[-1] if stack else None
    if not delivery.acked:
        return FormReply("", {}, top, [delivery.answer.reason], delivery)
    said: Json = delivery.answer.body if isinstance(delivery.answer.body, dict) else {}
    action = said.get("response_action", "close")
    problems: list[str] = []
    errors: dict[str, str] = {}
    match action:
        case "errors":
            errors = said.get("errors") or {}
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            problems = (
                [f"errors for {sorted(errors.keys() - inputs)}, which are no input blocks"]
                if errors.keys() - inputs
                else []
            )
            problems += [] if errors else ["errors without any"]
        case "update" | "push":
            problems = validate_view(said.get("view"))
            if action == "push" and len(stack) >= STACK:
                problems.append("no more than three views can be open")
            if not problems:
                if action == "update":
                    stack[-1].json = view_json(slack, said["view"], person.team.id, old=view)
                else:
                    stack.append(View(view_json(slack, said["view"], person.team.id), person.id, person.team.id))
        case "clear":
            stack.clear()
        case "close":
            stack[:] = [one for one in stack if one.id != view.id]
        case _:
            problems = [f"unknown response_action {action}"]
    return FormReply("" if problems else action, errors, stack[-1] if stack else None, problems, delivery)


def view_json(slack: Slack, view: Json, team_id: str, old: View | None = None) -> Json:
    """A view as Slack keeps and sends it."""
    id = old.id if old is not None else slack.new_id("V")
    blocks = named(slack, view["blocks"])
    return {
        "id": id, "team_id": team_id, "type": view["type"], "blocks": blocks, "app_id": slack.app.id,
        "app_installed_team_id": team_id, "bot_id": slack.teams[team_id].bot_id,
        "private_metadata": view.get("private_metadata") or "", "callback_id": view.get("callback_id") or "",
        "external_id": view.get("external_id") or "", "title": view.get("title"), "submit": view.get("submit"),
        "close": view.get("close"), "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")), "hash": f"{int(time.time())}.{slack.new_id('h')}",
        "state": {"values": fill(blocks, {})}, "root_view_id": id, "previous_view_id": None,
    }  # fmt: skip


async def closed(person: Person, view: View) -> Delivery:
    return await _interactive(person, _frame(person, "view_closed") | {"view": view.json, "is_cleared": False})


async def shortcut(person: Person, callback_id: str) -> Delivery:
    payload = _frame(person, "shortcut") | {"callback_id": callback_id, "action_ts": person.slack.new_ts()}
    return await _interactive(person, payload)


async def message_shortcut(person: Person, callback_id: str, message: Message) -> Delivery:
    slack, team = person.slack, person.team
    place = slack.channels[message.channel]
    url, _ = new_response_url(slack, person.id, team.id, message.channel, message.ts)
    payload = _frame(person, "message_action") | {
        "callback_id": callback_id, "action_ts": slack.new_ts(), "message_ts": message.ts, "response_url": url,
        "channel": {"id": place.id, "name": place.name}, "message": message_json(message, team),
    }  # fmt: skip
    return await _interactive(person, payload)
