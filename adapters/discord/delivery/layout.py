"""Which messages a post consists of: the pages of its card, or something plainer where Discord refused those. Pure.

`Said` is what is shown beside the engine's cards: a sentence outside any post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import cast

from adapters.discord.render import Json, Page, card_pages, notice_page
from adapters.discord.render.page import TEXT_DISPLAY, walk
from adapters.discord.render.words import pieces
from engine.events import Card, FeedbackCard, QuestionCard

ACTION_ROW, GALLERY = 1, 12


class Plainness(IntEnum):
    """How much of a page Discord has refused."""

    NONE = 0
    NO_PICTURES = 1
    TEXT = 2
    """Nothing but text, in parts, with the buttons below the last."""
    BARE = 3
    """Without buttons too; what they do can be said in words."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence outside any post."""

    text: str
    error: bool = False


Shown = Card | Said


def pages_of(shown: Shown, owner: str, plain: Plainness = Plainness.NONE, *, session: str = "") -> tuple[Page, ...]:
    """Every message of the post as it should be, in order; `session` is the interview's id."""
    if isinstance(shown, Said):
        pages: tuple[Page, ...] = (notice_page(shown.text, error=shown.error),)
    else:
        pages = card_pages(shown, owner, session=session)
    if plain >= Plainness.TEXT:
        return _text_pages(pages, buttons=plain == Plainness.TEXT)
    return tuple(map(_without_pictures, pages)) if plain else pages


def _without_pictures(page: Page) -> Page:
    files = tuple(file for file in page.files if file.chart is None)
    return Page(tuple(_without_galleries(page.components)), files)


def _without_galleries(components: tuple[Json, ...]) -> Iterator[Json]:
    for component in components:
        if component.get("type") == GALLERY:
            continue
        inside = component.get("components")
        if isinstance(inside, list) and component.get("type") != ACTION_ROW:
            kept = tuple(cast("list[Json]", inside))
            yield component | {"components": list(_without_galleries(kept))}
        else:
            yield component


def _text_pages(pages: tuple[Page, ...], *, buttons: bool) -> tuple[Page, ...]:
    files = [file for page in pages for file in page.files]
    whole = next((file for file in files if file.text), None)
    texts = list(_texts(pages) if whole is None else pieces(whole.text))
    made: list[Page] = [Page(({"type": TEXT_DISPLAY, "content": content},)) for content in texts if content.strip()]
    if not made:
        return pages
    if buttons:
        rows = [each for page in pages[-1:] for top in page.components for each in walk(top)]
        below = tuple(dict(row) for row in rows if row.get("type") == ACTION_ROW)
        made[-1] = Page((*made[-1].components, *below))
    return tuple(made)


def _texts(pages: tuple[Page, ...]) -> Iterator[str]:
    for page in pages:
        for component in page.components:
            for each in walk(component):
                if each.get("type") == TEXT_DISPLAY:
                    yield str(each.get("content", ""))


def words_in(components: object) -> str:
    """All that a message says, as its components have it, without regard to space."""
    tops = cast("list[object]", components) if isinstance(components, list) else []
    found = (
        str(each.get("content", ""))
        for top in tops
        if isinstance(top, Mapping)
        for each in walk(cast("Mapping[str, object]", top))
        if each.get("type") == TEXT_DISPLAY
    )
    return " ".join(" ".join(found).split())


def buttons(shown: Shown) -> str:
    """The buttons of a settled post."""
    return " ".join(shown.actions) if isinstance(shown, FeedbackCard | QuestionCard) else ""
