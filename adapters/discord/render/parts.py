"""Components, made of words that are `escaped` where others wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adapters.discord.names import press_id
from adapters.discord.render.page import ALT_CHARS, ATTACHED, Attachment, Json
from adapters.surface.choices import Option
from adapters.surface.wording import LABELS
from adapters.surface.words import in_short, shortened
from engine.inbound import Action

LABEL_CHARS, OPTION_CHARS, OPTIONS, ROW = 80, 100, 25, 5

GREY, BLURPLE, GREEN, AMBER, RED = 0x80848E, 0x5865F2, 0x23A55A, 0xF0B232, 0xF23F43
"""A card's edge. It repeats what the card says in words and figures."""

PRIMARY, SECONDARY, SUCCESS, DANGER = 1, 2, 3, 4

_STYLES: dict[Action, int] = {"done": SUCCESS, "next": PRIMARY, "resume": PRIMARY}


def text(content: str) -> Json:
    return {"type": 10, "content": content}


def texts(contents: Iterable[str]) -> list[Json]:
    return [text(content) for content in contents]


def button(label: str, custom_id: str, style: int = SECONDARY) -> Json:
    return {"type": 2, "style": style, "label": shortened(label, LABEL_CHARS), "custom_id": custom_id}


def link(label: str, url: str) -> Json:
    return {"type": 2, "style": 5, "label": shortened(label, LABEL_CHARS), "url": url}


def press(action: Action, owner: str, turn: int) -> Json:
    """The button of an action."""
    if action in ("helpful", "unhelpful"):
        # A word beside the emoji, for whoever hears the card.
        said = "Helpful" if action == "helpful" else "Not helpful"
        return button(said, press_id(action, owner, turn)) | {"emoji": {"name": LABELS[action]}}
    return button(LABELS[action], press_id(action, owner, turn), _STYLES.get(action, SECONDARY))


def rows(buttons: Sequence[Json]) -> Iterator[Json]:
    """The buttons in as many rows as they take."""
    for at in range(0, len(buttons), ROW):
        yield row(*buttons[at : at + ROW])


def row(*inside: Json) -> Json:
    return {"type": 1, "components": list(inside)}


def section(contents: Sequence[str], accessory: Json) -> Json:
    """One to three texts with a button beside them."""
    return {"type": 9, "components": texts(contents), "accessory": accessory}


def separator() -> Json:
    return {"type": 14}


def picture(file: Attachment) -> Json:
    item: Json = {"media": {"url": f"{ATTACHED}{file.name}"}, "description": file.alt[:ALT_CHARS]}
    return {"type": 12, "items": [item]}


def select(custom_id: str, options: Sequence[Option], chosen: str = "", *, placeholder: str = "") -> Json:
    """A menu; it holds 25 options."""
    made: Json = {"type": 3, "custom_id": custom_id, "options": [_option(each, chosen) for each in options[:OPTIONS]]}
    return made | {"placeholder": shortened(placeholder, 150)} if placeholder else made


def _option(option: Option, chosen: str) -> Json:
    made: Json = {"label": shortened(option.label, OPTION_CHARS) or "–", "value": option.value}
    if about := in_short(option.about, OPTION_CHARS):
        made["description"] = about
    return made | {"default": True} if option.value == chosen else made
