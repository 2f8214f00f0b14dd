"""What Discord refuses in a message, and what in a modal: `validate_message`, `validate_modal`.

Both are pure, and say everything that is wrong, not the first thing. Limits are those of the pages "Component
Reference", "Message Resource" and "Receiving and Responding"; the 4,000 characters over all text displays are not on
those pages, but enforced. Whether channel, author and so on permit the message is left to the server.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.wire.discord import components as c
from tests.wire.discord.choices import bounds, button, options_of, select, text_input
from tests.wire.discord.components import Json
from tests.wire.discord.problems import Path, Problem, Problems, bad_length, custom_id_of, identity, missing, text_at

COMPONENTS_V2 = 1 << 15
VOICE_MESSAGE = 1 << 13

TOTAL_COMPONENTS = 40
TOTAL_TEXT = 4000
CONTENT = 2000
PROCESSED_BYTES = 10_170
TOO_LARGE = "PROCESSED_SIZE_EXCEEDED"

TOP_OF_MESSAGE = (1, 9, 10, 12, 13, 14, 17)
IN_CONTAINER = (1, 9, 10, 12, 13, 14)
IN_ROW = (2, 3, 5, 6, 7, 8)
TOP_OF_MODAL = (1, 10, 18)
IN_LABEL = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)


def validate_message(
    payload: Json, *, v2: bool | None = None, files: Sequence[str] | None = None, edit: bool = False
) -> list[Problem]:
    """What is wrong with the body of a create, an edit or an interaction response.

    `v2` is whether the message is Components V2 already (an edit cannot take the flag back); `None` asks the body's
    flags. `files` are the names that `attachment://` may refer to; `None` takes them from the body's attachments.
    """
    is_v2 = bool(payload.get("flags") or 0) and bool(payload["flags"] & COMPONENTS_V2) if v2 is None else v2
    if files is None:
        files = [str(each.get("filename", "")) for each in payload.get("attachments") or []]
    return list(_message(payload, is_v2, files, edit))


def validate_modal(payload: Json) -> list[Problem]:
    """What is wrong with the data of a modal response: title, custom_id, components."""
    return list(_modal(payload))


def processed_bytes(components: Sequence[Json]) -> int:
    """What components weigh inside Discord: above `PROCESSED_BYTES` a message within every limit gets a bare 500.

    Undocumented. Measured by others for text displays (UTF-8 bytes plus 12 each: 4,000 characters of Latin or Cyrillic
    fit, 3,400 of Japanese do not); that other components weigh the same way is our guess, on the strict side.
    """
    size = 0
    for component in c.walk(components):
        words = [component.get(key) for key in ("content", "label", "custom_id", "placeholder", "url", "description")]
        words += [
            option.get(key) for option in component.get("options") or [] for key in ("label", "value", "description")
        ]
        size += 12 + sum(len(str(word).encode()) for word in words if word)
    return size


def _message(payload: Json, v2: bool, files: Sequence[str], edit: bool) -> Problems:
    content, embeds, components = payload.get("content"), payload.get("embeds"), payload.get("components")
    yield from text_at(("content",), content, 0, CONTENT)
    yield from _embeds(embeds or [])
    if len(payload.get("attachments") or []) > 10:
        yield bad_length(("attachments",), 0, 10)
    if v2:
        for name, value in (("content", content), ("embeds", embeds), ("poll", payload.get("poll"))):
            if value:
                yield _legacy(name)
        if payload.get("sticker_ids"):
            yield _legacy("sticker_ids")
        if components is None and not edit:
            yield Problem(("components",), "BASE_TYPE_REQUIRED", "This field is required")
        yield from _layout(components or [], files, edit=edit and components is None)
    else:
        rows = components or []
        if len(rows) > 5:
            yield bad_length(("components",), 0, 5)
        for n, row in enumerate(rows):
            yield from _component(("components", str(n)), row, (c.ACTION_ROW,), files)
        yield from identity(rows)


def _layout(components: Sequence[Json], files: Sequence[str], *, edit: bool) -> Problems:
    if not components and not edit:
        yield bad_length(("components",), 1, TOTAL_COMPONENTS)
    total = sum(1 for _ in c.walk(components))
    if total > TOTAL_COMPONENTS:
        yield Problem(
            ("components",),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components, {total}, exceeds the maximum of {TOTAL_COMPONENTS}",
        )
    text = sum(len(str(each.get("content", ""))) for each in c.walk(components) if each.get("type") == c.TEXT_DISPLAY)
    if text > TOTAL_TEXT:
        yield Problem(
            ("components",),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size, {text}, exceeds the maximum of {TOTAL_TEXT}",
        )
    if (size := processed_bytes(components)) > PROCESSED_BYTES:
        yield Problem(
            ("components",), TOO_LARGE, f"{size} bytes of components: above {PROCESSED_BYTES} Discord says 500"
        )
    for n, component in enumerate(components):
        yield from _component(("components", str(n)), component, TOP_OF_MESSAGE, files)
    yield from identity(components)


def _component(path: Path, component: Json, allowed: Sequence[int], files: Sequence[str]) -> Problems:
    kind = component.get("type")
    if kind not in allowed:
        choices = ", ".join(map(str, allowed))
        yield Problem((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
        return
    match kind:
        case c.ACTION_ROW:
            yield from _row(path, component, files)
        case c.BUTTON:
            yield from button(path, component)
        case c.SECTION:
            texts = component.get("components") or []
            if not 1 <= len(texts) <= 3:
                yield bad_length((*path, "components"), 1, 3)
            for n, child in enumerate(texts):
                yield from _component((*path, "components", str(n)), child, (c.TEXT_DISPLAY,), files)
            accessory = component.get("accessory")
            if accessory is None:
                yield missing((*path, "accessory"))
            else:
                yield from _component((*path, "accessory"), accessory, (c.BUTTON, c.THUMBNAIL), files)
        case c.TEXT_DISPLAY:
            yield from text_at((*path, "content"), component.get("content"), 1, TOTAL_TEXT, blank=False)
        case c.THUMBNAIL:
            yield from _media((*path, "media"), component.get("media"), files)
            yield from text_at((*path, "description"), component.get("description"), 0, 1024)
        case c.MEDIA_GALLERY:
            items = component.get("items") or []
            if not 1 <= len(items) <= 10:
                yield bad_length((*path, "items"), 1, 10)
            for n, item in enumerate(items):
                yield from _media((*path, "items", str(n), "media"), item.get("media"), files)
                yield from text_at((*path, "items", str(n), "description"), item.get("description"), 0, 1024)
        case c.FILE:
            yield from _media((*path, "file"), component.get("file"), files, only_attached=True)
        case c.SEPARATOR:
            if component.get("spacing", 1) not in (1, 2):
                yield Problem((*path, "spacing"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
        case c.CONTAINER:
            colour = component.get("accent_color")
            if colour is not None and not 0 <= colour <= 0xFFFFFF:
                yield Problem((*path, "accent_color"), "NUMBER_TYPE_MAX", "int value should be at most 16777215.")
            if not component.get("components"):
                yield bad_length((*path, "components"), 1, TOTAL_COMPONENTS)
            for n, child in enumerate(component.get("components") or []):
                yield from _component((*path, "components", str(n)), child, IN_CONTAINER, files)
        case _:
            yield from select(path, component, modal=False)


def _row(path: Path, row: Json, files: Sequence[str]) -> Problems:
    inside = row.get("components") or []
    if not 1 <= len(inside) <= 5:
        yield bad_length((*path, "components"), 1, 5)
    if len(inside) > 1 and any(each.get("type") in c.SELECTS for each in inside):
        yield Problem(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    for n, child in enumerate(inside):
        yield from _component((*path, "components", str(n)), child, IN_ROW, files)


def _modal(payload: Json) -> Problems:
    yield from text_at(("title",), payload.get("title"), 1, 45, required=True)
    yield from custom_id_of((), payload)
    components = payload.get("components") or []
    if not 1 <= len(components) <= 5:
        yield bad_length(("components",), 1, 5)
    for n, component in enumerate(components):
        path = ("components", str(n))
        match component.get("type"):
            case c.TEXT_DISPLAY:
                yield from text_at((*path, "content"), component.get("content"), 1, TOTAL_TEXT, blank=False)
            case c.ACTION_ROW:
                inside = component.get("components") or []
                if len(inside) != 1 or inside[0].get("type") != c.TEXT_INPUT:
                    yield bad_length((*path, "components"), 1, 1)
                else:
                    at = (*path, "components", "0")
                    yield from text_at((*at, "label"), inside[0].get("label"), 1, 45, required=True)
                    yield from _question(at, inside[0])
            case c.LABEL:
                yield from text_at((*path, "label"), component.get("label"), 1, 45, required=True)
                yield from text_at((*path, "description"), component.get("description"), 0, 100)
                yield from _question((*path, "component"), component.get("component"))
            case _:
                message = f'Value of field "type" must be one of {TOP_OF_MODAL}.'
                yield Problem((*path, "type"), "UNION_TYPE_CHOICES", message)
    yield from identity(components)


def _question(path: Path, component: Json | None) -> Problems:
    if component is None:
        yield missing(path)
        return
    kind = component.get("type")
    if kind not in IN_LABEL:
        yield Problem((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {IN_LABEL}.')
        return
    if kind in c.SELECTS:
        yield from select(path, component, modal=True)
        return
    yield from custom_id_of(path, component)
    options = component.get("options") or []
    match kind:
        case c.TEXT_INPUT:
            yield from text_input(path, component)
        case c.FILE_UPLOAD:
            yield from bounds(path, component, 10, None, modal=True)
        case c.RADIO_GROUP:
            yield from options_of(path, options, 2, 10, defaults=1)
        case c.CHECKBOX_GROUP:
            yield from options_of(path, options, 1, 10)
            yield from bounds(path, component, 10, options, modal=True)
        case _:
            pass


def _embeds(embeds: Sequence[Json]) -> Problems:
    if len(embeds) > 10:
        yield bad_length(("embeds",), 0, 10)
    total = 0
    for n, embed in enumerate(embeds):
        fields = embed.get("fields") or []
        if len(fields) > 25:
            yield bad_length(("embeds", str(n), "fields"), 0, 25)
        author, footer = (embed.get("author") or {}).get("name"), (embed.get("footer") or {}).get("text")
        limits = [(embed.get("title"), 256), (embed.get("description"), 4096), (author, 256), (footer, 2048)]
        limits += [(each.get("name"), 256) for each in fields] + [(each.get("value"), 1024) for each in fields]
        for text, most in limits:
            total += len(text or "")
            yield from text_at(("embeds", str(n)), text, 0, most)
    if total > 6000:
        message = "Embed size exceeds maximum size of 6000"
        yield Problem(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)


def _media(path: Path, media: Json | None, files: Sequence[str], *, only_attached: bool = False) -> Problems:
    url = str((media or {}).get("url") or "")
    if url.startswith("attachment://"):
        name = url.removeprefix("attachment://")
        if name not in files:
            message = f"The referenced attachment was not found: {name}"
            yield Problem((*path, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)
    elif only_attached or not url.startswith(("http://", "https://")):
        yield Problem(
            (*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('attachment', 'http', 'https')."
        )


def _legacy(field: str) -> Problem:
    return Problem(
        (field,),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    )
