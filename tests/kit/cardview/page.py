"""Messages and modals put together into one page, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from adapters.discord.render import Page
from tests.kit.cardview.parts import Files, Json, parts_html
from tests.kit.drawing import DRAWN

ONLY_YOU = '<p class="only">👁 Only you can see this · <span class="at">Dismiss message</span></p>'
CSS = Path(__file__).with_name("page.css").read_text("utf-8")


def message_html(page: Page, *, at: str = "10:24", private: bool = False) -> str:
    """A message of the bot's; `private` ones only one person sees."""
    files = {file.name: file.content for file in page.files}
    note = ONLY_YOU if private else ""
    return _article("Rehearse", at, parts_html(page.components, files) + note)


def shown_html(components: Sequence[Json], files: Files, *, at: str = "10:24", private: bool = True) -> str:
    """A message as it stands in a channel, from its JSON and its files."""
    note = ONLY_YOU if private else ""
    return _article("Rehearse", at, parts_html(components, files) + note)


def said_html(words: str, *, who: str = "Mara", at: str = "10:25") -> str:
    """A message of a person's."""
    return _article(who, at, f'<div class="text">{escape(words)}</div>')


def modal_html(modal: Json) -> str:
    body = parts_html(modal["components"], {})
    foot = '<footer><button class="secondary">Cancel</button><button class="primary">Submit</button></footer>'
    return f'<section class="modal"><h1>{escape(modal["title"])}<span>×</span></h1>{body}{foot}</section>'


def pages_html(pages: Sequence[Page], *, private: bool = False) -> list[str]:
    return [message_html(page, private=private) for page in pages]


def page_html(parts: Iterable[str], *, dark: bool = True) -> str:
    """A whole page of messages or modals."""
    look = "dark" if dark else "light"
    body = "".join(parts).translate(_DRAWN)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Discord</title><style>{CSS}</style>'
        f'<body class="{look}"><main>{body}</main></body></html>'
    )


def _article(who: str, at: str, body: str) -> str:
    tag = "<i>APP</i>" if who == "Rehearse" else ""
    face = "bot" if tag else "you"
    name = f'<p class="by"><b>{escape(who)}</b>{tag}<time>{at}</time></p>'
    return f'<article><div class="face {face}">{escape(who[0])}</div><div class="m">{name}{body}</div></article>'


# Not every machine that draws has a font with these.
_DRAWN = str.maketrans({**DRAWN, "👁": "", "⬆": "", "⌄": "▾", "⚠": "▲", "\ufe0f": ""})
