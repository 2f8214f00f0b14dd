"""Block Kit's pieces, made of words that cannot act.

`plain_text` and the text of `rich_text` are literal to Slack, so other people's words go there; in `mrkdwn`, which only
our own sentences use, they are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adapters.markdown import JOINER, plain, split
from adapters.slack.names import FEEDBACK, PRESS, menu_value, press_value
from adapters.slack.render.page import BLOCK_CHARS, FALLBACK_CHARS, Json, text_chars
from adapters.surface.wording import LABELS
from adapters.surface.words import shortened, units
from engine.inbound import Action

HEADER_CHARS, BUTTON_CHARS, CONTEXT_CHARS = 150, 75, 2_000

_PRIMARY: frozenset[Action] = frozenset({"done", "next", "resume"})
_SPOKEN: dict[Action, str] = {"helpful": "This review helped", "unhelpful": "This review did not help"}


def escaped(text: str) -> str:
    """For `mrkdwn` and for a message's text: no mention, no link, no formatting by angle brackets."""
    text = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("@", f"@{JOINER}")


def fallback(*parts: str) -> str:
    """A message's `text`, of other people's words: what stands in a notification, and what a screen reader says."""
    text = escaped(" · ".join(part for part in parts if part))
    return text if len(text) <= FALLBACK_CHARS else f"{text[: FALLBACK_CHARS - 1]}…"


def pieces(words: str, most: int = BLOCK_CHARS) -> Iterator[str]:
    """The text cut so that every piece fits, however its letters are counted: escaped, some are five."""
    for piece in split(plain(words), most):
        fits = units(piece) <= most and text_chars(piece) <= 2 * most
        yield from (piece,) if fits else split(piece, most // 3)


def plain_text(text: str, most: int = BLOCK_CHARS) -> Json:
    return {"type": "plain_text", "text": shortened(text, most) or " ", "emoji": False}


def header(text: str) -> Json:
    return {"type": "header", "text": plain_text(text, HEADER_CHARS)}


def section(mrkdwn: str, accessory: Json | None = None) -> Json:
    """A paragraph of our own words in Slack's `mrkdwn`; what others wrote in it must be `escaped`."""
    block: Json = {
        "type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}, "expand": True,
    }  # fmt: skip
    return block if accessory is None else block | {"accessory": accessory}


def small(*lines: str) -> list[Json]:
    """Small print, literal: a block of its own for each line that is not empty."""
    return [
        {"type": "context", "elements": [{"type": "plain_text", "text": piece, "emoji": False}]}
        for words in lines
        for piece in pieces(words, CONTEXT_CHARS)
        if piece.strip()
    ]


def divider() -> Json:
    return {"type": "divider"}


def text(words: str, **style: bool) -> Json:
    """A run of `rich_text`."""
    return {"type": "text", "text": words, "style": style} if style else {"type": "text", "text": words}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*runs: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def quote(words: str) -> Json:
    return {"type": "rich_text_quote", "elements": [text(words)]}


def figures(words: str) -> Json:
    """Letters of one width, as they stand."""
    return rich({"type": "rich_text_preformatted", "elements": [text(words)]})


def bullets(items: Iterable[Sequence[Json]], *, ordered: bool = False) -> Json:
    return {
        "type": "rich_text_list",
        "style": "ordered" if ordered else "bullet",
        "elements": [line(*runs) for runs in items],
    }


def button(label: str, action_id: str, value: str = "", *, style: str = "", spoken: str = "") -> Json:
    made: Json = {"type": "button", "text": plain_text(label, BUTTON_CHARS) | {"emoji": True}, "action_id": action_id}
    for key, said in (("value", value), ("style", style), ("accessibility_label", shortened(spoken, BUTTON_CHARS))):
        if said:
            made[key] = said
    return made


def press(action: Action, owner: str, turn: int) -> Json:
    """The button of an action."""
    style = "primary" if action in _PRIMARY else ""
    return button(LABELS[action], PRESS + action, press_value(owner, turn), style=style, spoken=_SPOKEN.get(action, ""))


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def thumbs(owner: str, turn: int, *, native: bool) -> Json:
    """👍 and 👎, as Slack's own feedback buttons or as plain ones."""
    if not native:
        return actions(press("helpful", owner, turn), press("unhelpful", owner, turn))

    def thumb(action: Action) -> Json:
        return {
            "text": {"type": "plain_text", "text": LABELS[action], "emoji": True},
            "value": menu_value(action, owner, turn),
            "accessibility_label": _SPOKEN[action],
        }

    element: Json = {
        "type": "feedback_buttons", "action_id": FEEDBACK,
        "positive_button": thumb("helpful"), "negative_button": thumb("unhelpful"),
    }  # fmt: skip
    return {"type": "context_actions", "elements": [element]}
