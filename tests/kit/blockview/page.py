"""Messages and views put together into one page, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from tests.kit.blockview.blocks import Json, blocks_html, markdown_html
from tests.kit.drawing import DRAWN

CSS = Path(__file__).with_name("page.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Message:
    """`markdown` is the text of a stream, above the blocks that end it. `who` is "" for the bot."""

    blocks: Sequence[Any] = ()
    markdown: str = ""
    text: str = ""
    who: str = ""
    at: str = "10:24"


def message_html(message: Message) -> str:
    name = f"<b>{escape(message.who or 'Rehearse')}</b>{'' if message.who else '<i>APP</i>'}<time>{message.at}</time>"
    words = markdown_html(message.markdown) if message.markdown else ""
    words += escape(message.text).replace("\n", "<br>") if message.text else ""
    face = "you" if message.who else "bot"
    body = f'<div class="md">{words}</div>{blocks_html(message.blocks)}'
    letter = escape((message.who or "R")[0])
    return (
        f'<article><div class="face {face}">{letter}</div><div class="m"><p class="by">{name}</p>{body}</div></article>'
    )


def view_html(view: Json) -> str:
    """A modal with its head and foot, or a Home tab."""
    body = blocks_html(view["blocks"])
    if view["type"] == "home":
        return f'<section class="home">{body}</section>'
    submit = f'<button class="primary">{escape(view["submit"]["text"])}</button>' if view.get("submit") else ""
    foot = f"<footer><button>{escape(view['close']['text'])}</button>{submit}</footer>" if view.get("close") else ""
    return f'<section class="modal"><h1>{escape(view["title"]["text"])}<span>×</span></h1>{body}{foot}</section>'


def page_html(parts: Iterable[str], *, dark: bool = False) -> str:
    """A whole page of messages or views."""
    look = "dark" if dark else "light"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Slack</title><style>{CSS}</style>'
        f'<body class="{look}"><main>{"".join(parts).translate(_DRAWN)}</main></body></html>'
    )


_DRAWN = str.maketrans(dict(DRAWN))
