"""The feedback card: whole once it has settled, as much as there is while it grows, or what is left to say below it."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack.render.blocks import actions, fallback, header, line, pieces, press, rich, small, text, thumbs
from adapters.slack.render.criterion import section_blocks, section_pages
from adapters.slack.render.page import BLOCK_CHARS, PAGE_BLOCKS, Json, Look, Page, paged
from adapters.slack.render.prose import packed, prose, stretched
from adapters.surface.cards import closing_texts, feedback_name, judged, point_words, points_found
from adapters.surface.marks import change, score_bar, score_words
from adapters.surface.words import units
from engine.events import FeedbackCard
from engine.feedback.model import ChecklistItem
from engine.inbound import Action

_ORDER: tuple[Action, ...] = (
    "next", "retry", "hint", "model_answer", "done", "skip", "pause", "resume", "help", "stop",
)  # fmt: skip


def feedback_pages(card: FeedbackCard, owner: str, look: Look) -> tuple[Page, ...]:
    """The whole card, growing or settled."""
    if card.state == "growing":
        return paged(_growing(card), fallback(feedback_name(card), card.status, card.headline))
    return _settled_pages(card, owner, look, frozenset())


def closing_pages(card: FeedbackCard, owner: str, look: Look, shown: frozenset[int]) -> tuple[Page, ...]:
    """All of a settled card but the sections that stand above it as messages of their own (`section_page`)."""
    return _settled_pages(card, owner, look, shown)


def section_page(card: FeedbackCard, index: int) -> Page:
    """The `index`-th criterion, settled, as a message of its own."""
    return section_pages(card.sections[index])[0]


def stream_ending(card: FeedbackCard, owner: str, look: Look) -> tuple[Json, ...]:
    """What ends a streamed review: the score, key points, notes, who judged, buttons. All that the engine lets a card
    hold of these fits on one page; of more than that, the first page's worth is shown."""
    tail = feedback_buttons(card, owner, look)
    first, *more = paged([rich(_score(card)), *_checklist(card), *_small_print(card)], "", tail=tail)
    return (*first.blocks[: PAGE_BLOCKS - len(tail)], *tail) if more else first.blocks


def feedback_buttons(card: FeedbackCard, owner: str, look: Look) -> list[Json]:
    """What can be done now; whoever may go on may also end."""
    offered: tuple[Action, ...] = (*card.actions, "stop") if "next" in card.actions else card.actions
    wanted = [press(action, owner, card.turn) for action in _ORDER if action in offered]
    blocks = [actions(*wanted)] if wanted else []
    if "helpful" in offered:
        blocks.append(thumbs(owner, card.turn, native=look.feedback_buttons))
    return blocks


def _growing(card: FeedbackCard) -> list[Json]:
    blocks = [header(feedback_name(card)), *small(card.status), *prose(card.headline)]
    for section in card.sections:
        if section.state != "waiting":
            blocks += section_blocks(section)
    waiting = [section.title for section in card.sections if section.state == "waiting"]
    blocks += _texts(card)
    return [*blocks, *small(f"Still to come: {' · '.join(waiting)}" if waiting else "")]


def _settled_pages(card: FeedbackCard, owner: str, look: Look, shown: frozenset[int]) -> tuple[Page, ...]:
    blocks: list[Json] = [header(feedback_name(card)), rich(_score(card)), *prose(card.headline), *small(card.status)]
    for index, section in enumerate(card.sections):
        if section.state != "settled":
            blocks += packed([line(text(section.title, bold=True), text(f" · {section.weight} %\nNot looked at."))])
        elif index not in shown:
            blocks += section_blocks(section)
        else:
            # One message holds all that the engine lets a model write; were there ever more, it would go on here.
            blocks += (block for page in section_pages(section)[1:] for block in page.blocks)
    blocks += [*_checklist(card), *_texts(card), *_small_print(card)]
    said = fallback(f"{feedback_name(card)}: {score_words(card.score)}", card.headline)
    return paged(blocks, said, tail=feedback_buttons(card, owner, look))


def _score(card: FeedbackCard) -> Json:
    runs = [text(f"{score_bar(card.score)} "), text(score_words(card.score), bold=True)]
    if card.bar is not None:
        runs.append(text(f" · bar for the role {card.bar:.2f}"))
    if compared := change(card.score, card.before):
        runs.append(text(f" · {compared}"))
    return line(*runs)


def _checklist(card: FeedbackCard) -> list[Json]:
    if not card.checklist:
        return []
    heading = line(text("Key points", bold=True), text(f" · {points_found(card)}"))
    return packed([heading, *(element for item in card.checklist for element in _point(item))])


def _point(item: ChecklistItem) -> Iterator[Json]:
    """A key point, ticked or not, and where the answer has it."""
    point, said = point_words(item)
    if units(point + said) < BLOCK_CHARS - 3:
        yield line(text(point), text(f" — {said}", italic=True))
        return
    yield from (line(text(piece)) for piece in pieces(point))
    yield from (line(text(piece, italic=True)) for piece in pieces(said))


def _texts(card: FeedbackCard) -> list[Json]:
    return [
        block
        for name, words in closing_texts(card)
        if words.strip()
        for block in packed([line(text(name, bold=True)), *stretched(words)])
    ]


def _small_print(card: FeedbackCard) -> list[Json]:
    return small(*(f"Note: {note}" for note in card.notes), judged(card, card.engine))
