"""`views.*`: modals, opened with a trigger that lives three seconds and stacked three high; and Home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.wire.slack.api.ask import Ask, member, refused_blocks
from tests.wire.slack.blocks import validate_view
from tests.wire.slack.interact import view_json
from tests.wire.slack.state import Refused
from tests.wire.slack.surfaces import STACK, TRIGGER_LIFE_S, Trigger, View

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]


def open_view(slack: Slack, ask: Ask) -> Json:
    given = _given(ask, "modal")
    trigger = _trigger(slack, ask)
    stack = slack.surfaces.modals[trigger.team, trigger.user]
    stack[:] = [View(view_json(slack, given, trigger.team), trigger.user, trigger.team)]
    return {"view": stack[-1].json}


def push(slack: Slack, ask: Ask) -> Json:
    given = _given(ask, "modal")
    trigger = _trigger(slack, ask)
    stack = slack.surfaces.modals[trigger.team, trigger.user]
    if not any(view.id == trigger.view for view in stack):
        raise Refused("not_found")
    if len(stack) >= STACK:
        raise Refused("push_limit_reached")
    view = View(view_json(slack, given, trigger.team), trigger.user, trigger.team)
    view.json |= {"root_view_id": stack[0].id, "previous_view_id": stack[-1].id}
    stack.append(view)
    return {"view": view.json}


def update(slack: Slack, ask: Ask) -> Json:
    """Replaces an open view; with a `hash` only if it is still the view that was seen."""
    external = ask.args.get("external_id")
    open_now = [view for stack in slack.surfaces.modals.values() for view in stack]
    view = (
        next((view for view in open_now if view.json["external_id"] == external), None)
        if external
        else slack.surfaces.view(ask.need("view_id")[0])
    )
    if view is None or view.team != ask.team.id:
        raise Refused("not_found")
    given = _given(ask, view.json["type"])
    if ask.args.get("hash") and ask.args["hash"] != view.hash:
        raise Refused("hash_conflict")
    view.json = view_json(slack, given, view.team, old=view)
    return {"view": view.json}


def publish(slack: Slack, ask: Ask) -> Json:
    """Puts up somebody's Home."""
    (user,) = ask.need("user_id")
    member(slack, ask, user)
    given = _given(ask, "home")
    key = (ask.team.id, user)
    old = slack.surfaces.homes.get(key)
    if ask.args.get("hash") and old is not None and ask.args["hash"] != old.hash:
        raise Refused("hash_conflict")
    slack.surfaces.homes[key] = View(view_json(slack, given, ask.team.id, old=old), user, ask.team.id)
    return {"view": slack.surfaces.homes[key].json}


def _given(ask: Ask, kind: str) -> Json:
    given = ask.args.get("view")
    if not isinstance(given, dict):
        raise Refused("invalid_arguments", ["[ERROR] missing required field: view"])
    problems = validate_view(given)
    if given.get("type") != kind:
        problems.append(f"[ERROR] must be a {kind} view [json-pointer:/view/type]")
    if isinstance(given.get("blocks"), list):
        problems += refused_blocks(ask.team, [block for block in given["blocks"] if isinstance(block, dict)])
    if problems:
        raise Refused("invalid_arguments", problems)
    return given


def _trigger(slack: Slack, ask: Ask) -> Trigger:
    (id,) = ask.need("trigger_id")
    trigger = slack.surfaces.triggers.get(id)
    if trigger is None or trigger.team != ask.team.id:
        raise Refused("invalid_trigger_id")
    if slack.now() - trigger.at > TRIGGER_LIFE_S:
        raise Refused("expired_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    trigger.used = True
    return trigger


METHODS = {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}
