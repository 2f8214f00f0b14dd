"""Any card, however odd its words: strategies, and all that has to be found in what is made of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import strategies as st

from adapters.markdown import plain
from engine.events import (
    Card,
    FeedbackCard,
    HintCard,
    ModelAnswerCard,
    QuestionCard,
    ReportCard,
    SectionView,
)
from engine.facts import CriterionTrend, Report, TrendPoint
from engine.feedback.model import ChecklistItem
from engine.inbound import Action
from engine.interviews import level_name

HOSTILE = (
    "<!channel>", "<@U024BE7LH>", "@here", "@everyone", "<https://evil.example|here>", "[a](https://evil.example)",
    "<mailto:a@b.c>", "&lt;!here&gt;", "*bold* _it_ ~no~ `code`", "**loud**", "# title", "> quote", "- item", "1. one",
    "| a | b |\n|---|---|", "---", "====", "\n\n", "\n", "  ", "\t", "```\nx = 1\n```", "~~~\ny\n~~~", "```\n",
    "\\", "\\*", ":tada:",
    "שלום עולם", "مرحبا", "👩‍👩‍👧‍👦🏽", "日本語の答え", "e\u0301", "\u202eevil", "\u200bzero", "\x00\x07",
    "http://x.example/?a=1&b=<2>", "snake_case_name", "2 * 3 < 7 && a[0](1)", "a" * 200, "&&<<>>" * 9,
)  # fmt: skip

_NO_LETTERS = re.compile(r"[\W_]+")


@cache  # a strategy made anew for every draw is most of the time a test takes
def words(most: int = 12_000) -> st.SearchStrategy[str]:
    """Text of people and models: short, hostile, or as long as a field may ever be."""
    some = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=10), max_size=5).map(" ".join)
    times = st.sampled_from((1, 1, 1, 1, 3, 20, 600))
    return st.just("") | st.builds(lambda text, times: (f"{text} word " * times)[:most], some, times)


@cache
def short(most: int = 80) -> st.SearchStrategy[str]:
    return words(most).map(lambda text: text.strip() or "x")


SCORE = st.none() | st.floats(0, 1)
ANY_ACTIONS: st.SearchStrategy[tuple[Action, ...]] = st.sampled_from((
    (), ("next", "retry", "model_answer", "helpful", "unhelpful"), ("model_answer", "helpful", "unhelpful"),
    ("helpful", "unhelpful"), ("hint", "skip", "repeat", "easier", "harder", "pause", "stop"),
    ("done", "skip", "stop"), ("resume", "stop"),
))  # fmt: skip


@st.composite
def sections(draw: st.DrawFn, *states: str, most: int = 12_000) -> SectionView:
    state = draw(st.sampled_from(states or ("waiting", "growing", "settled")))
    view = SectionView(criterion=draw(short(60)), title=draw(short(60)), weight=draw(st.integers(0, 100)))
    if state == "waiting":
        return view
    told: dict[str, Any] = {
        "state": state, "assessment": draw(words(most)), "quotes": tuple(draw(st.lists(words(400), max_size=3))),
        "fix": draw(words(most // 2)),
    }  # fmt: skip
    if state == "settled":
        level = draw(st.none() | st.integers(1, 5))
        told |= {
            "level": level,
            "reason": draw(words(300)),
            "anchor": draw(words(500)),
            "next_anchor": draw(words(500)),
        }
        told |= {"score": None if level is None else (level - 1) / 4, "meets": None if level is None else level > 3}
    return view.model_copy(update=told)


@st.composite
def feedback(draw: st.DrawFn, *, settled: bool | None = None, most: int = 12_000) -> FeedbackCard:
    whole = draw(st.booleans()) if settled is None else settled
    states = ("waiting", "settled") if whole else ("waiting", "growing", "settled")
    items = st.builds(ChecklistItem, point=short(500), quote=words(240))
    return FeedbackCard(
        turn=draw(st.integers(1, 80)), attempt=draw(st.integers(1, 9)), state="settled" if whole else "growing",
        status=draw(words(300)), headline=draw(words(most)),
        sections=tuple(draw(st.lists(sections(*states, most=most), max_size=6))),
        rewrite=draw(words(most)), additional_notes=draw(words(most)), next_drill=draw(words(most)),
        checklist=tuple(draw(st.lists(items, max_size=5))), score=draw(SCORE) if whole else None, before=draw(SCORE),
        bar=draw(SCORE), hints=draw(st.integers(0, 3)), engine=draw(words(100)), provisional=draw(st.booleans()),
        notes=tuple(draw(st.lists(words(600), max_size=3))), actions=draw(ANY_ACTIONS) if whole else (),
    )  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> QuestionCard:
    level = draw(st.integers(1, 5))
    return QuestionCard(
        turn=draw(st.integers(1, 80)), number=draw(st.integers(0, 20)), total=20, level=level,
        kind=draw(st.sampled_from(("main", "follow_up"))), level_name=level_name(level), level_reason=draw(words(300)),
        topic=draw(words(80)), text=draw(words()), minutes=draw(st.integers(0, 120)), actions=draw(ANY_ACTIONS),
    )  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> ReportCard:
    criteria = st.builds(CriterionTrend, criterion=short(60), title=short(60), score=SCORE, n=st.integers(0, 20))
    points = st.lists(st.tuples(st.integers(1, 5), SCORE, st.integers(0, 3)), max_size=80)
    trend = (TrendPoint(turn=n, level=level, score=score, hints=hints)
             for n, (level, score, hints) in enumerate(draw(points), 1))  # fmt: skip
    report = Report(
        summary=draw(words()), fixes=tuple(draw(st.lists(words(4_000), max_size=3))), drill=draw(words()),
        score=draw(SCORE), bar=draw(SCORE), criteria=tuple(draw(st.lists(criteria, max_size=6))), trend=tuple(trend),
        answered=draw(st.integers(0, 80)), skipped=draw(st.integers(0, 9)), unscored=draw(st.integers(0, 9)),
        engine=draw(words(200)),
    )  # fmt: skip
    return ReportCard(title=draw(short(200)), report=draw(st.sampled_from((report, report, None))))


MODEL_ANSWERS = st.builds(ModelAnswerCard, turn=st.integers(1, 80), text=words(), engine=words(80))
HINTS = st.builds(HintCard, turn=st.just(1), rung=st.just(1), rungs=st.just(3), text=words())
CARDS: st.SearchStrategy[Card] = st.one_of(feedback(), questions(), reports(), MODEL_ANSWERS, HINTS)


def letters(text: str) -> str:
    """What words are made of, without the signs that markup and cuts are made of."""
    return _NO_LETTERS.sub("", plain(text))


def said_in(card: Card) -> Iterator[str]:
    """Every text of a card that has to be found on its pages."""
    match card:
        case FeedbackCard():
            yield from (card.headline, card.rewrite, card.additional_notes, card.next_drill)
            yield from (section_text for section in card.sections for section_text in said_in_section(section))
            if card.state == "settled":
                yield from (card.engine, *card.notes)
                yield from (text for item in card.checklist for text in (item.point, item.quote))
        case QuestionCard():
            yield from (card.text, card.topic, card.level_reason)
        case HintCard():
            yield card.text
        case ModelAnswerCard():
            yield from (card.text, card.engine if card.text else "")
        case ReportCard(report=Report() as report):
            yield from (card.title, report.summary, report.drill, report.engine, *report.fixes)
            yield from (each.title for each in report.criteria)
        case _:
            pass


def said_in_section(section: SectionView) -> Iterator[str]:
    yield from (section.title, section.assessment, section.fix, *section.quotes)
    yield from (section.reason, section.anchor, section.next_anchor)
