"""What a reader finds in pages and views: blocks, texts as Slack shows them, kinds of elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, cast

from adapters.slack.render import Page
from tests.kit.cards import letters


def blocks_of(of: Page | dict[str, object]) -> list[dict[str, Any]]:
    """The blocks of a page or view, to look into."""
    return cast("list[dict[str, Any]]", list(of.blocks) if isinstance(of, Page) else of["blocks"])


def texts_of(value: Any) -> Iterator[str]:
    """Everything in blocks that a person reads, in order; `mrkdwn` as it is shown."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield unescape(value["text"]) if value.get("type") == "mrkdwn" else value["text"]
        yield from (text for key, inside in value.items() if key != "value" for text in texts_of(inside))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in texts_of(each))


def mrkdwn_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        yield from (text for inside in value.values() for text in mrkdwn_of(inside))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in mrkdwn_of(each))


def types_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield str(value.get("type"))
        yield from (kind for inside in value.values() for kind in types_of(inside))
    elif isinstance(value, list | tuple):
        yield from (kind for each in value for kind in types_of(each))


def read(pages: Iterable[Page]) -> str:
    return letters("".join(text for page in pages for text in texts_of(page.blocks)))
