"""Which messages a post consists of: the pages of its card, by the way it is shown. Pure.

    sink       pages
    stream     the text of the stream, cut where a message is full, with the card's ending below the last
    sections   one message for each group of sections that was posted, then whatever is left to say
    otherwise  the card's own pages

Two things are shown beside the engine's cards: `Said` is a sentence outside any post, `Root` the message that an
interview hangs from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.slack.delivery.handle import Handle
from adapters.slack.render import (
    STREAM_BYTES,
    Json,
    Look,
    Page,
    card_pages,
    closing_pages,
    notice_page,
    root_page,
    section_page,
    settled_sections,
    stream_bytes,
    stream_ending,
    stream_text,
)
from adapters.slack.render.blocks import FALLBACK_CHARS, escaped, fallback
from adapters.slack.render.prose import prose
from engine.events import Card, FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, ReportCard
from engine.facts import Report
from engine.interviews import RoleLevel

PLAIN_CHARS = 2_900
"""How much text stands in a message without blocks; more may be refused with `msg_too_long`."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence outside any post."""

    text: str
    error: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """The root of an interview that is over, when it is a message of ours."""

    title: str
    role: RoleLevel
    questions: int
    focus: str
    report: Report


Shown = Card | Said | Root


def pages_of(
    shown: Shown, handle: Handle, owner: str, look: Look, *, whole: bool, session: str = ""
) -> tuple[Page, ...]:  # fmt: skip
    """Every message of the post as it should be, in order; the first `len(handle.ts)` of them are there already."""
    if isinstance(shown, Said):
        return (notice_page(shown.text, error=shown.error),)
    if isinstance(shown, Root):
        return (root_page(shown.title, shown.role, shown.questions, focus=shown.focus, report=shown.report),)
    match handle.sink, shown:
        case "stream", FeedbackCard() | ModelAnswerCard():
            return flow_pages(shown, handle.cuts, owner, look, whole=whole)
        case "sections", FeedbackCard():
            groups = tuple(group_page(shown, group, first=not n) for n, group in enumerate(handle.groups))
            if not whole:
                return groups
            return (*groups, *closing_pages(shown, owner, look, frozenset(i for group in handle.groups for i in group)))
        case _:
            return card_pages(shown, owner, look, session)


def flow_pages(
    card: FeedbackCard | ModelAnswerCard, cuts: tuple[int, ...], owner: str, look: Look, *, whole: bool
) -> tuple[Page, ...]:
    """What was streamed, as messages that can be edited: the same Markdown, the same ending."""
    text = stream_text(card, whole=whole)
    cuts = cuts_of(text, cuts)
    ending = stream_ending(card, owner, look) if whole else ()
    pages: list[Page] = []
    for start, end in zip(cuts, (*cuts[1:], len(text)), strict=True):
        part = text[start:end]
        blocks: tuple[Json, ...] = ({"type": "markdown", "text": part},) if part.strip() else ()
        pages.append(
            Page(blocks=(*blocks, *(ending if end == len(text) else ())), text=fallback(part[:FALLBACK_CHARS]))
        )
    return tuple(page for page in pages if page.blocks)


def cuts_of(text: str, cuts: tuple[int, ...]) -> tuple[int, ...]:
    """Where each message of a streamed text begins: at `cuts` (0 when there are none), and wherever one is full."""
    found = list(cuts or (0,))
    while stream_bytes(text[found[-1] :]) > STREAM_BYTES:
        found.append(found[-1] + room(text[found[-1] :], STREAM_BYTES))
    return tuple(found)


def room(text: str, most_bytes: int) -> int:
    """How many characters of the text fit, up to the end of a paragraph, a line or a word if there is one."""
    end = len(text.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore"))
    if end >= len(text):
        return len(text)
    for mark in ("\n\n", "\n", " "):
        if (at := text.rfind(mark, end // 2, end)) > 0:
            return at + len(mark)
    return max(1, end)


def group_page(card: FeedbackCard, group: Iterable[int], *, first: bool) -> Page:
    """Several settled sections as one message; the first of them begins with the headline."""
    pages = [section_page(card, index) for index in group if index < len(card.sections)]
    above = prose(card.headline) if first else []
    blocks = (*above, *(block for page in pages for block in page.blocks))
    return Page(blocks=blocks[:50], text="\n".join(page.text for page in pages)[:FALLBACK_CHARS])


def next_group(card: FeedbackCard, handle: Handle) -> tuple[int, ...]:
    """The sections that have become whole and are not shown yet."""
    shown = {index for group in handle.groups for index in group}
    return tuple(index for index in settled_sections(card) if index not in shown)


def plain_pages(shown: Shown, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """All of it as nothing but text, for a workspace that refuses the blocks."""
    if isinstance(shown, FeedbackCard | ModelAnswerCard):
        text = escaped(stream_text(shown))
    elif isinstance(shown, ReportCard):
        text = escaped(_report_text(shown)) or "\n".join(page.text for page in pages)
    elif isinstance(shown, QuestionCard | HintCard):
        text = escaped(shown.text)
    else:
        text = "\n".join(page.text for page in pages)
    parts: list[str] = []
    while text:
        end = room(text, PLAIN_CHARS)
        parts.append(text[:end])
        text = text[end:]
    return tuple(Page(blocks=(), text=part) for part in parts if part.strip()) or pages


def halves(page: Page) -> tuple[Page, ...]:
    """A page that was refused as too long, as two; itself when there is nothing to divide."""
    if len(page.blocks) > 1:
        middle = len(page.blocks) // 2
        return (Page(page.blocks[:middle], page.text), Page(page.blocks[middle:], page.text, page.files))
    if not page.blocks and len(page.text) > 1:
        end = room(page.text, len(page.text) // 2 + 1)
        return tuple(Page((), part) for part in (page.text[:end], page.text[end:]) if part.strip())
    return (page,)


def _report_text(card: ReportCard) -> str:
    report = card.report
    if report is None:
        return ""
    fixes = "\n".join(f"• {fix}" for fix in report.fixes)
    score = "" if report.score is None else f"Score {report.score:.2f} of 1"
    return "\n".join(part for part in (card.title, score, report.summary, fixes, report.drill) if part)
