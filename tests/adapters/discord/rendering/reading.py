"""What a reader finds in pages: texts as Discord shows them, files, buttons; and cards with proper criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from adapters.discord.render import Page
from engine.events import Card, FeedbackCard
from tests.kit import cards
from tests.kit.cards import letters
from tests.wire.discord.components import walk
from tests.wire.discord.validate import validate_message

OWNER = "204255221017214977"


def proper(card: Card) -> Card:
    """The card with criteria that are called as an interview type lets them be, each differently."""
    if not isinstance(card, FeedbackCard):
        return card
    named = (view.model_copy(update={"criterion": f"criterion_{n}"}) for n, view in enumerate(card.sections))
    return card.model_copy(update={"sections": tuple(named)})


CARDS: st.SearchStrategy[Card] = cards.CARDS.map(proper)
FEEDBACK = cards.feedback(settled=True).map(proper)


def components(pages: Iterable[Page]) -> list[dict[str, Any]]:
    return [each for page in pages for each in walk(page.components)]


def contents(pages: Iterable[Page]) -> list[str]:
    return [each["content"] for each in components(pages) if each["type"] == 10]


def read(pages: Iterable[Page]) -> str:
    """All that stands on the pages and in their text files, without the lines that say which part a page is.

    Of the Markdown as it is sent: the language of a code block is said, but not shown.
    """
    found = ""
    for n, page in enumerate(pages):
        texts = contents([page])
        found += "".join(texts[1:] if n else texts)
        found += "".join(file.text for file in page.files)
    return letters(found)


def pressable(pages: Iterable[Page]) -> list[str]:
    """The custom ids, in order."""
    return [each["custom_id"] for each in components(pages) if each.get("custom_id")]


def taken(page: Page) -> Iterator[str]:
    """What Discord would refuse of the page, and whether its files are there."""
    yield from map(str, validate_message(page.body()))
    for file in page.files:
        if not file.content:
            yield f"{file.name} is empty"
