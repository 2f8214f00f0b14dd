"""The feedback card, growing or settled, and what stands behind each *Why?* of it."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.discord.names import why_id
from adapters.discord.render.page import Json, Page, paged
from adapters.discord.render.parts import AMBER, BLURPLE, GREEN, GREY, RED, button, press, rows, section, texts
from adapters.discord.render.words import escaped, named, packed, pieces, prose, quote_lines, small, unescaped
from adapters.surface.cards import closing_texts, feedback_name, judged, point_words, points_found
from adapters.surface.marks import change, level_bar, level_words, reason_words, score_bar, score_words
from adapters.surface.words import one_line
from engine.events import FeedbackCard, SectionView
from engine.inbound import Action

FILE = "feedback.md"
WHY = "Why?"
NOT_LIVE = "*I am reading your answer. The whole review comes here as soon as it is finished.*"
BESIDE_HEADING = 1_500
"""A piece so long stands in one text with the heading above it."""
CLOSE = 0.25
"""So little below the bar is shown as nearly there."""

_ORDER: tuple[Action, ...] = ("next", "retry", "hint", "model_answer", "stop")
_THUMBS: tuple[Action, ...] = ("helpful", "unhelpful")
_NOT_THESE: frozenset[Action] = frozenset((*_ORDER, *_THUMBS))


def feedback_pages(card: FeedbackCard, owner: str, *, live: bool = True) -> tuple[Page, ...]:
    """The whole card. Without `live`, one that grows says only that it does, and never changes."""
    name = feedback_name(card)
    if card.state == "settled":
        return paged(
            _settled(card, owner), title=name, accent=_accent(card), tail=feedback_buttons(card, owner), file=FILE,
            more=lambda: _all_whys(card),
        )  # fmt: skip
    if not live:
        return paged(texts([f"### {name}\n{NOT_LIVE}"]), title=name, accent=GREY)
    return paged(_growing(card), title=name, accent=GREY)


def feedback_buttons(card: FeedbackCard, owner: str) -> list[Json]:
    """What can be done now; whoever may go on may also end."""
    on: tuple[Action, ...] = ("stop",) if "next" in card.actions else ()
    offered: frozenset[Action] = frozenset((*card.actions, *on))
    made = [press(action, owner, card.turn) for action in _ORDER if action in offered]
    made += [press(action, owner, card.turn) for action in card.actions if action not in _NOT_THESE]
    thumbs = [press(action, owner, card.turn) for action in _THUMBS if action in offered]
    return [*rows(made), *rows(thumbs)]


def why_pages(view: SectionView) -> tuple[Page, ...]:
    """Why this level and not the next one: the rubric's anchors, and the answer's own words."""
    name = f"Why? · {escaped(view.title)}"
    contents = [f"### {name}\n{level_bar(view.level)} {level_words(view)}", *packed(_why(view))]
    return paged(texts(contents), title=name, accent=BLURPLE, file="why.md")


def _why(view: SectionView) -> Iterator[str]:
    if reason := reason_words(view):
        yield from pieces(reason)
    ahead = f"Next, level {view.level + 1}" if view.level is not None else "Next"
    reached = f"Reached, level {view.level}" if view.level is not None else "Reached"
    for label, words in ((reached, view.anchor), (ahead, view.next_anchor)):
        if words.strip():
            yield from named(label, words)
    quotes = [quote for quote in map(one_line, view.quotes) if quote]
    for n, quote in enumerate(quotes):
        for m, piece in enumerate(pieces(f"“{quote}”")):
            yield ("**In your words**\n" if n == m == 0 else "") + quote_lines(piece)
    if not quotes:
        yield small("No words of your answer were quoted for this.")


def _all_whys(card: FeedbackCard) -> str:
    """The same of all criteria, for the file."""
    whys = [(view.title, "\n\n".join(_why(view))) for view in card.sections if view.state == "settled"]
    return "\n\n".join(f"Why? · {title}\n\n{unescaped(why)}" for title, why in whys)


def _settled(card: FeedbackCard, owner: str) -> list[Json]:
    made = texts([f"### {feedback_name(card)}\n{_score(card)}", *prose(card.headline)])
    for view in card.sections:
        if view.state != "settled":
            made += texts([f"{_heading(view)}\nNot looked at."])
            continue
        first, *rest = packed(_section(view), "\n")
        made += [section([first], button(WHY, why_id(owner, card.turn, card.attempt, view.criterion))), *texts(rest)]
    return made + texts((*_checklist(card), *_texts(card), *_small_print(card)))


def _growing(card: FeedbackCard) -> list[Json]:
    head = f"### {feedback_name(card)}" + (f"\n{small(escaped(card.status))}" if card.status.strip() else "")
    made = [head, *prose(card.headline)]
    for view in card.sections:
        if view.state != "waiting":
            made += packed(_section(view), "\n")
    waiting = [escaped(view.title) for view in card.sections if view.state == "waiting"]
    made += _texts(card)
    if waiting:
        made.append(small(f"Still to come: {' · '.join(waiting)}"))
    return texts(made)


def _heading(view: SectionView) -> str:
    return f"**{escaped(one_line(view.title))}** · {view.weight} %"


def _section(view: SectionView) -> Iterator[str]:
    """All about a criterion but its evidence; of an open one its words, never a number."""
    if view.state == "settled":
        yield f"{_heading(view)}\n{level_bar(view.level)} {level_words(view)}"
    else:
        yield f"{_heading(view)} · *writing…*"
    yield from prose(view.assessment, BESIDE_HEADING)
    for n, piece in enumerate(prose(view.fix)):
        yield f"**→** {piece}" if n == 0 and not piece.startswith("```") else piece
    if view.state == "settled" and (reason := reason_words(view)):
        yield small(escaped(reason))


def _score(card: FeedbackCard) -> str:
    parts = [f"{score_bar(card.score)} **{score_words(card.score)}**"]
    if card.bar is not None:
        parts.append(f"bar for the role {card.bar:.2f}")
    parts.append(change(card.score, card.before))
    return " · ".join(part for part in parts if part)


def _accent(card: FeedbackCard) -> int:
    if card.score is None or card.bar is None:
        return GREY if card.score is None else BLURPLE
    if round(card.score, 2) >= round(card.bar, 2):
        return GREEN
    return AMBER if card.score >= card.bar - CLOSE else RED


def _checklist(card: FeedbackCard) -> list[str]:
    if not card.checklist:
        return []
    points = (piece for item in card.checklist for piece in pieces(" — ".join(point_words(item))))
    return packed([f"**Key points** · {points_found(card)}", *points], "\n")


def _texts(card: FeedbackCard) -> Iterator[str]:
    for name, words in closing_texts(card):
        yield from named(name, words)


def _small_print(card: FeedbackCard) -> list[str]:
    lines = [f"Note: {escaped(note)}" for note in card.notes if note.strip()]
    lines.append(judged(card, escaped(card.engine)))
    return packed((small(line) for line in lines if line), "\n")
