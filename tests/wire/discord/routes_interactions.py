"""The app's side of an interaction: the callback, and the messages that its token pays for."""

from __future__ import annotations

from tests.wire.discord import posting
from tests.wire.discord.components import Json, numbered
from tests.wire.discord.errors import invalid_form, refusal, wrong
from tests.wire.discord.house import House
from tests.wire.discord.interactions import ACK_S, AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction, Modal, metadata
from tests.wire.discord.problems import bad_length, text_at
from tests.wire.discord.rest import Asked, route
from tests.wire.discord.validate import validate_modal
from tests.wire.discord.world import EPHEMERAL, LOADING, Message

REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: (REPLY, DEFER, FORM),
    COMPONENT: (REPLY, DEFER, DEFER_UPDATE, UPDATE, FORM),
    AUTOCOMPLETE: (CHOICES,),
    MODAL: (REPLY, DEFER, DEFER_UPDATE, UPDATE),
}
FOLLOWUPS_OF_USER_INSTALL = 5

HOOK = "/webhooks/{application}/{token}"
ORIGINAL = HOOK + "/messages/@original"
ONE = HOOK + "/messages/{message}"


@route("POST", "/interactions/{interaction}/{token}/callback", bucket=None, by_token=True)
def callback(asked: Asked) -> Json | None:
    house, body = asked.house, asked.body or {}
    found = house.interactions.get(asked.id("interaction"))
    if found is None or found.token != asked.params["token"]:
        raise refusal(10062)
    if found.acked:
        raise refusal(40060)
    if found.expired or house.clock.now() - found.created_at > ACK_S:
        raise refusal(10062)
    kind, data = int(body.get("type") or 0), body.get("data") or {}
    _respond(house, found, kind, data, asked)
    found.response, found.responded_at = kind, house.clock.now()
    house.changed()
    if asked.query.get("with_response", "").lower() not in ("1", "true"):
        return None
    told: Json = {"id": str(found.id), "type": found.type}
    answer: Json = {"interaction": told}
    if found.original is not None:
        message = found.original
        told |= {
            "response_message_id": str(message.id),
            "response_message_loading": bool(message.flags & LOADING),
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
        answer["resource"] = {"type": kind, "message": house.wording(message, content=True)}
    return answer


def _respond(house: House, found: Interaction, kind: int, data: Json, asked: Asked) -> None:
    allowed = ALLOWED[found.type]
    if kind not in allowed or (kind in (DEFER_UPDATE, UPDATE) and found.message is None):
        raise wrong("type", "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")
    match kind:
        case 4:
            found.original = _reply(house, found, data, asked)
            house.add_message(found.original, "webhook-post")
        case 5:
            message = _blank(house, found, data)
            message.flags |= LOADING
            found.original = message
            house.add_message(message, "webhook-post")
        case 6:
            found.original = found.message
        case 7:
            assert found.message is not None
            posting.amend(house, found.message, data, asked.uploads)
            found.original = found.message
            house.change_message(found.message, "webhook-edit")
        case 8:
            found.choices = _choices(data)
        case _:
            problems = validate_modal(data)
            if problems:
                raise invalid_form(problems)
            found.modal = Modal(data["custom_id"], data["title"], numbered(data["components"]), found)


@route("GET", ORIGINAL, bucket="webhook_reads", major="token", by_token=True)
def read_original(asked: Asked) -> Json:
    return asked.house.wording(_original(_hook(asked)), content=True)


@route("PATCH", ORIGINAL, bucket="webhook_edits", major="token", by_token=True)
def edit_original(asked: Asked) -> Json:
    return _edit(asked, _original(_hook(asked)))


@route("DELETE", ORIGINAL, bucket="webhook_deletes", major="token", by_token=True)
def delete_original(asked: Asked) -> None:
    asked.house.delete_message(_original(_hook(asked)), "webhook-delete")


@route("GET", ONE, bucket="webhook_reads", major="token", by_token=True)
def read(asked: Asked) -> Json:
    return asked.house.wording(_followup(asked), content=True)


@route("PATCH", ONE, bucket="webhook_edits", major="token", by_token=True)
def edit(asked: Asked) -> Json:
    return _edit(asked, _followup(asked))


@route("DELETE", ONE, bucket="webhook_deletes", major="token", by_token=True)
def delete(asked: Asked) -> None:
    asked.house.delete_message(_followup(asked), "webhook-delete")


@route("POST", HOOK, bucket="webhook_posts", major="token", by_token=True)
def follow_up(asked: Asked) -> Json:
    house, found, body = asked.house, _hook(asked), asked.body or {}
    if found.original is not None and found.original.flags & LOADING and not found.original.deleted:
        # The first follow-up of a deferred response becomes the response, with the visibility it was deferred with.
        return _edit(asked, found.original)
    if found.user_install and len(found.followups) >= FOLLOWUPS_OF_USER_INSTALL:
        raise refusal(40094)
    message = _reply(house, found, body, asked)
    found.followups.append(message)
    house.add_message(message, "webhook-post")
    return house.wording(message, content=True)


def _reply(house: House, found: Interaction, body: Json, asked: Asked) -> Message:
    ephemeral = found.account if (body.get("flags") or 0) & EPHEMERAL else None
    message, _ = posting.compose(house, found.channel, body, asked.uploads, ephemeral_for=ephemeral)
    return _of(found, message)


def _blank(house: House, found: Interaction, data: Json) -> Message:
    ephemeral = found.account if (data.get("flags") or 0) & EPHEMERAL else None
    message = Message(house.ids.new(), found.channel, house.bot, house.clock.now(), ephemeral_for=ephemeral)
    message.flags = EPHEMERAL if ephemeral else 0
    return _of(found, message)


def _of(found: Interaction, message: Message) -> Message:
    message.interaction = metadata(found)
    message.out_of_reach = found.out_of_reach
    return message


def _edit(asked: Asked, message: Message) -> Json:
    posting.amend(asked.house, message, asked.body or {}, asked.uploads)
    asked.house.change_message(message, "webhook-edit")
    return asked.house.wording(message, content=True)


def _hook(asked: Asked) -> Interaction:
    found = asked.house.by_token.get(asked.params["token"])
    if found is None or not found.acked or asked.id("application") != asked.house.bot.id:
        raise refusal(10015)
    if found.dead:
        raise refusal(50027)
    return found


def _original(found: Interaction) -> Message:
    if found.original is None or found.original.deleted:
        raise refusal(10008)
    return found.original


def _followup(asked: Asked) -> Message:
    found = _hook(asked)
    for message in found.replies:
        if message.id == asked.id("message"):
            return message
    raise refusal(10008)


def _choices(data: Json) -> list[Json]:
    choices = data.get("choices") or []
    problems = [bad_length(("data", "choices"), 0, 25)] if len(choices) > 25 else []
    for n, choice in enumerate(choices):
        at = ("data", "choices", str(n))
        problems += text_at((*at, "name"), choice.get("name"), 1, 100, required=True)
        if isinstance(choice.get("value"), str):
            problems += text_at((*at, "value"), choice["value"], 0, 100)
    if problems:
        raise invalid_form(problems)
    return choices
