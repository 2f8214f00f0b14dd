"""An admin's panel on one sheet: a modal or a message in the direct message.

A sheet holds only so much. Nothing is cut silently: what does not go on it goes into a file, whole, and the sheet says
so. Files go along with a message; a modal has a button that sends them to the direct message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.markdown import plain
from adapters.slack.names import PANEL_VIEW, SEND, pick_id
from adapters.slack.render.blocks import actions, button, fallback, line, pieces, plain_text, rich, small, text
from adapters.slack.render.inputs import EMPTY, TITLE_CHARS, choice, pick
from adapters.slack.render.page import PAGE_BLOCKS, PAGE_CHARS, VIEW_BLOCKS, Json, Look, Page, chars
from adapters.slack.render.panel_parts import go_button, part_blocks, section_of, told
from adapters.slack.render.prose import headed, packed
from adapters.surface.panels import Download, Go, Menu, Panel, Tone
from adapters.surface.words import units

VIEW_CHARS = 60_000
"""Slack takes 250 kB of JSON for a view; of escaped letters one can be six bytes."""
IN_A_ROW = 25
TITLE = "Rehearse"
MARKS: dict[Tone, str] = {"neutral": "", "good": "✓ ", "warn": "⚠ ", "bad": "✗ "}
IN_FILE = "That is not all: the whole text is in the file."
LOADING = "Loading…"
WORKING = "Working on it; this can take half a minute…"
SEND_WORDS = "Send to our messages"


@dataclass(frozen=True, slots=True)
class View:
    """A modal, and the files that it can send to the direct message."""

    json: Json
    files: tuple[Download, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A message, and the files that go with it."""

    page: Page
    files: tuple[Download, ...] = ()


def panel_view(panel: Panel, *, at: str = "", clear: bool = False) -> View:
    """As a modal. `at` is the path it shows; `clear`: closing it closes what lies under it as well."""
    title, above = modal_title(panel.title)
    blocks, files = _sheet(panel, [*above, *_notice(panel)], VIEW_BLOCKS, VIEW_CHARS, None)
    shut = {"clear_on_close": True} if clear else {}
    return View(modal_of(PANEL_VIEW, title, blocks, at) | shut, files)


def panel_card(panel: Panel, look: Look | None = None) -> Card:
    """As a message."""
    head = [*titled(panel.title), *_notice(panel)]
    blocks, files = _sheet(panel, head, PAGE_BLOCKS, PAGE_CHARS, look or Look())
    said = fallback(panel.title, panel.notice, *(told(part) for part in panel.parts[:1]))
    return Card(Page(tuple(blocks), said or " "), files)


def waiting_view(title: str, words: str = LOADING) -> Json:
    """A modal that something else will stand in soon."""
    return modal_of(PANEL_VIEW, title, [rich(line(text(words, italic=True)))], "")


def modal_of(callback_id: str, title: str, blocks: Sequence[Json], metadata: str) -> Json:
    """A modal that is looked at, not handed in."""
    return {
        "type": "modal", "callback_id": callback_id, "title": plain_text(title, TITLE_CHARS),
        "close": plain_text("Close", TITLE_CHARS), "private_metadata": metadata, "blocks": list(blocks),
    }  # fmt: skip


def modal_title(title: str) -> tuple[str, list[Json]]:
    """A title where Slack puts it; one that is too long for that stands whole at the top."""
    fits = 0 < units(plain(title).strip()) <= TITLE_CHARS
    return (title, []) if fits else (TITLE, titled(title))


def titled(title: str) -> list[Json]:
    return headed(plain(title)) if plain(title).strip() else []


def buttons(gos: Sequence[Go]) -> list[Json]:
    """Rows of buttons."""
    rows = [gos[at : at + IN_A_ROW] for at in range(0, len(gos), IN_A_ROW)]
    return [actions(*_row(row)) for row in rows]


def _row(gos: Sequence[Go]) -> Iterator[Json]:
    for number, go in enumerate(gos):
        yield go_button(go, sum(go.path == other.path for other in gos[:number]))


def menu(each: Menu) -> Json:
    element = pick([choice(option) for option in each.options], each.chosen or EMPTY, action_id=pick_id(each.path))
    return section_of(plain_text(each.label), element | {"placeholder": plain_text("Choose…", 150)})


def _notice(panel: Panel) -> list[Json]:
    said = [piece for piece in pieces(panel.notice) if piece.strip()]
    first = [line(text(f"{MARKS[panel.tone]}{piece}", bold=True)) for piece in said[:1]]
    return packed([*first, *(line(text(piece, bold=True)) for piece in said[1:])])


def _sheet(
    panel: Panel, head: Sequence[Json], most: int, most_chars: int, look: Look | None
) -> tuple[list[Json], tuple[Download, ...]]:
    menus = [menu(each) for each in panel.menus if each.options]
    tail = [*menus, *buttons(panel.buttons), *buttons([panel.back] if panel.back is not None else [])]
    along, more = _along(panel.files, look), _along((*panel.files, whole_text(panel)), look, IN_FILE)
    blocks = most - len(head) - len(tail) - len(more)
    room = most_chars - sum(map(chars, [*head, *tail, *more]))
    body = [block for part in panel.parts for block in part_blocks(part, look)]
    kept = list(_fitting(body, blocks, room))
    if len(kept) == len(body):
        whole = [*head, *kept, *along, *tail]
        return whole or small("Nothing here."), panel.files
    return [*head, *kept, *more, *tail], (*panel.files, whole_text(panel))


def _along(files: Sequence[Download], look: Look | None, first: str = "") -> list[Json]:
    """What is said of files, and, in a modal, the button that sends them."""
    if not files:
        return []
    names = [f"{each.name}: {each.about}".rstrip(": ") for each in files]
    return [*small(first, *names), *([] if look is not None else [actions(button(SEND_WORDS, SEND))])]


def _fitting(body: Sequence[Json], blocks: int, room: int) -> Iterator[Json]:
    for block in body[: max(0, blocks)]:
        room -= chars(block)
        if room < 0:
            return
        yield block


def whole_text(panel: Panel) -> Download:
    """All that a panel says, as a file."""
    said = "\n\n".join(filter(None, [panel.title, panel.notice, *map(told, panel.parts)]))
    name = "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in panel.title.lower()).split())[:60]
    return Download(f"{name or 'panel'}.txt", said.encode("utf-8", "replace"), "The whole text.")
