"""What becomes of the body of a message that is created or edited, by bot token or interaction token.

The limits of form are `validate`'s; here are those of state: attachments that exist, flags that stay, nonces that were
used, empty messages.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.wire.discord.components import Json, numbered
from tests.wire.discord.errors import invalid_form, refusal, wrong
from tests.wire.discord.house import House
from tests.wire.discord.validate import validate_message
from tests.wire.discord.world import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    VOICE,
    Account,
    Attachment,
    Channel,
    Message,
)

FILE_BYTES, REQUEST_BYTES = 10 << 20, 25 << 20
NONCE_S = 300.0
SUPPRESS_EMBEDS, SILENT = 1 << 2, 1 << 12
SETTABLE = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2 | VOICE


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body: `files[n]`."""

    n: int
    filename: str
    content: bytes


def compose(
    house: House,
    channel: Channel,
    body: Json,
    uploads: Sequence[Upload],
    *,
    ephemeral_for: Account | None = None,
) -> tuple[Message, bool]:
    """A new message of the bot, not yet there; and whether it is an earlier one instead, known by its nonce.

    Raises:
        ApiError: the body is refused.
    """
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        raise wrong("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if nonce is not None and body.get("enforce_nonce"):
        earlier = house.nonces.get(str(nonce))
        if earlier is not None and earlier.created_at > house.clock.now() - NONCE_S:
            return earlier, True
    attachments = _uploaded(house, body, uploads, ephemeral=ephemeral_for is not None)
    _check(body, [each.filename for each in attachments], bool((body.get("flags") or 0) & COMPONENTS_V2), edit=False)
    allowed = SETTABLE | (EPHEMERAL if ephemeral_for else 0)
    message = Message(
        house.ids.new(),
        channel,
        house.bot,
        house.clock.now(),
        content=body.get("content") or "",
        components=numbered(body.get("components") or []),
        embeds=body.get("embeds") or [],
        attachments=attachments,
        flags=(body.get("flags") or 0) & allowed | (EPHEMERAL if ephemeral_for else 0),
        nonce=nonce,
        ephemeral_for=ephemeral_for,
        reply_to=_reply(channel, body.get("message_reference")),
    )
    shown = (message.content.strip(), message.components, message.embeds, attachments)
    if not any(shown) and not body.get("sticker_ids") and not body.get("poll"):
        raise refusal(50006)
    message.pings = pings(message.text, body.get("allowed_mentions"), message.reply_to)
    if nonce is not None and body.get("enforce_nonce"):
        house.nonces[str(nonce)] = message
    return message, False


def amend(house: House, message: Message, body: Json, uploads: Sequence[Upload]) -> None:
    """Change a message as an edit says; what the body leaves out stays.

    Raises:
        ApiError: the body is refused, and nothing has changed.
    """
    given = body.get("attachments")
    kept = message.attachments
    if given is not None:
        named = {str(each.get("id")) for each in given}
        kept = [each for each in kept if str(each.id) in named]
    attachments = kept + _uploaded(house, body, uploads, ephemeral=message.ephemeral_for is not None)
    flags = body.get("flags") or 0
    upgrade = bool(flags & COMPONENTS_V2) and not message.is_v2
    v2 = message.is_v2 or upgrade
    after: Json = {key: body[key] for key in ("content", "embeds", "components", "poll") if key in body}
    if upgrade:  # what a message of the old kind has must be taken out of it in the same breath
        after.setdefault("content", message.content)
        after.setdefault("embeds", message.embeds)
    _check(after, [each.filename for each in attachments], v2, edit=not upgrade)
    content = message.content if "content" not in body else body["content"] or ""
    components = message.components if body.get("components") is None else numbered(body["components"])
    embeds = message.embeds if body.get("embeds") is None else body["embeds"]
    if not content.strip() and not components and not embeds and not attachments:
        raise refusal(50006)
    message.content, message.components, message.embeds, message.attachments = content, components, embeds, attachments
    suppress = message.flags if body.get("flags") is None else flags
    message.flags = (message.flags & ~(SUPPRESS_EMBEDS | LOADING)) | (suppress & SUPPRESS_EMBEDS)
    message.flags |= COMPONENTS_V2 if v2 else 0


def pings(text: str, allowed: Json | None, reply_to: Message | None = None) -> list[str]:
    """Whom a message notifies by what it says and allows; whether the bot may ping @everyone there is not asked."""
    everything = ["users", "roles", "everyone"]
    parse = everything if allowed is None else allowed.get("parse") or []
    found: list[str] = []
    if "everyone" in parse:
        found += [f"@{each}" for each in ("everyone", "here") if f"@{each}" in text]
    for kind, mark in (("users", "@!?"), ("roles", "@&")):
        named = {str(each) for each in (allowed or {}).get(kind) or []}
        for mentioned in re.findall(rf"<{mark}(\d+)>", text):
            if kind in parse or mentioned in named:
                found.append(f"<@{'&' if kind == 'roles' else ''}{mentioned}>")
    if reply_to is not None and (allowed is None or allowed.get("replied_user")):
        found.append(f"<@{reply_to.author.id}>")
    return list(dict.fromkeys(found))


def _check(body: Json, files: list[str], v2: bool, *, edit: bool) -> None:
    problems = validate_message(body, v2=v2, files=files, edit=edit)
    if problems:
        raise invalid_form(problems)


def _uploaded(house: House, body: Json, uploads: Sequence[Upload], *, ephemeral: bool) -> list[Attachment]:
    if any(len(each.content) > FILE_BYTES for each in uploads) or sum(len(each.content) for each in uploads) > (
        REQUEST_BYTES
    ):
        raise refusal(40005)
    described = {str(each.get("id")): each for each in body.get("attachments") or []}
    found: list[Attachment] = []
    for each in uploads:
        more = described.get(str(each.n), {})
        name = more.get("filename") or each.filename
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found.append(
            Attachment(house.ids.new(), name, each.content, kind, more.get("description"), ephemeral=ephemeral)
        )
    return found


def _reply(channel: Channel, reference: Json | None) -> Message | None:
    if reference is None:
        return None
    found = channel.messages.get(int(reference.get("message_id") or 0))
    if found is None and reference.get("fail_if_not_exists", True):
        raise wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return found
