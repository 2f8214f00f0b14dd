"""What stands on the screen: every card as text, in 80 columns, with and without fine signs."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from adapters.playground.terminal.cards import card_view
from adapters.playground.terminal.clean import plain
from adapters.playground.terminal.feedback import GrowingFeedback
from adapters.playground.terminal.history import history_entry, history_view
from adapters.playground.terminal.marks import FINE, PLAIN, Marks, Point, marks_for, score_bar, trend_chart
from adapters.playground.terminal.screen import Fitting
from adapters.surface.lists import state_of
from engine.events import (
    AnswerCard,
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
from tests.kit.interviews import setup
from tests.kit.talk import Talk

QUESTION = QuestionCard(
    turn=2,
    number=2,
    total=4,
    level=4,
    level_name="Advanced",
    level_reason="You chose this level.",
    topic="caching",
    text="How would you [bold]cache[/bold] a profile?",
    minutes=5,
)
SECTIONS = (
    SectionView(
        criterion="clarity",
        title="Clarity",
        weight=60,
        state="settled",
        assessment="Easy to follow.",
        quotes=("we cut p99\nto 120 ms",),
        fix="Say how you measured it.",
        level=4,
        score=0.75,
        meets=True,
    ),
    SectionView(criterion="accuracy", title="Accuracy", weight=40, state="settled", reason="No model has judged it."),
)
FEEDBACK = FeedbackCard(
    turn=2,
    attempt=2,
    state="settled",
    headline="Clear, one number short of convincing.",
    sections=SECTIONS,
    rewrite="I cut p99 from 800 to 120 ms.",
    additional_notes="Two minutes aloud.",
    next_drill="Tell it in ninety seconds.",
    checklist=(ChecklistItem(point="Names the cost", quote="it cost us"), ChecklistItem(point="Names who decided")),
    score=0.75,
    before=0.5,
    bar=0.62,
    hints=1,
    engine="offline checklist",
    confidence="low",
    notes=("Short.",),
    provisional=True,
)
REPORT = Report(
    summary="Two answers were reviewed.",
    fixes=("Quantify.", "Name trade-offs."),
    drill="Say the headline first.",
    score=0.5,
    bar=0.62,
    criteria=(CriterionTrend(criterion="clarity", title="Clarity", score=0.5, n=2),),
    trend=(TrendPoint(turn=1, level=3, score=0.2), TrendPoint(turn=2, level=3, score=0.8, hints=1)),
    answered=2,
    skipped=1,
    unscored=1,
    engine="offline checklist",
)


def console(width: int = 80, height: int = 24) -> Console:
    return Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None)


def shown(what: RenderableType, width: int = 80) -> str:
    screen = console(width)
    screen.print(what)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def card(card: Card, marks: Marks = FINE) -> str:
    return shown(card_view(card, marks))


def test_a_question_has_its_number_level_topic_and_time() -> None:
    text = card(QUESTION)
    for words in ("Question 2 of 4 · Advanced · caching", "about 5 min", "You chose this level."):
        assert words in text


def test_what_looks_like_markup_is_shown_as_it_was_written() -> None:
    assert "[bold]cache[/bold]" in card(QUESTION)


def test_a_follow_up_says_what_it_follows() -> None:
    follow_up = QUESTION.model_copy(update={"kind": "follow_up", "text": "", "minutes": 0})
    assert "Follow-up to question 2" in card(follow_up)
    assert "Preparing the question…" in card(follow_up)


def test_a_long_answer_leaves_out_its_middle() -> None:
    text = card(AnswerCard(turn=1, attempt=2, text="\n".join(f"line {n}" for n in range(1, 13))))
    assert "You, attempt 2:" in text
    assert "… 7 more lines …" in text
    assert "line 12" in text
    assert "line 8" not in text


def test_hints_and_model_answers_say_which_they_are() -> None:
    assert "Hint 1 of 3" in card(HintCard(turn=1, rung=1, rungs=3, text="Think of users."))
    assert "Model answer to question 3" in card(ModelAnswerCard(turn=3, text="Start with the stakes."))
    assert "Writing…" in card(ModelAnswerCard(turn=3))


@pytest.mark.parametrize("marks", [FINE, PLAIN])
def test_feedback_shows_every_number_beside_its_bar(marks: Marks) -> None:
    text = card(FEEDBACK, marks)
    for words in (
        f"Provisional feedback, attempt 2 · 0.75 (bar 0.62) {marks.up} +0.25 from 0.50",
        "0.75  4/5",
        "not scored",
        "Not scored: No model has judged it.",
        "“we cut p99 to 120 ms”",
        f"{marks.arrow} Say how you measured it.",
        f"{marks.yes} Names the cost",
        f"{marks.no} Names who decided",
        "Said better",
        "offline checklist · low confidence · 1 hint used",
    ):
        assert words in text


def test_a_growing_card_shows_no_score_of_the_open_section() -> None:
    growing = FEEDBACK.model_copy(
        update={
            "state": "growing",
            "status": "Looking at clarity…",
            "sections": (
                SECTIONS[0].model_copy(update={"state": "growing"}),
                SECTIONS[1].model_copy(update={"state": "waiting"}),
            ),
            "score": None,
        }
    )
    text = card(growing)
    assert "Looking at clarity…" in text
    assert "4/5" not in text
    assert "○ Accuracy" in text


@given(
    height=st.integers(8, 50),
    width=st.integers(40, 120),
    sentences=st.integers(0, 60),
    settled=st.integers(0, 6),
    points=st.integers(0, 10),
)
@settings(max_examples=40)
def test_a_growing_card_is_never_taller_than_the_screen(
    height: int, width: int, sentences: int, settled: int, points: int
) -> None:
    prose = "It is clear and the order is easy to hear. " * sentences
    sections = tuple(
        SectionView(
            criterion=f"c{n}",
            title=f"Criterion {n}",
            weight=10,
            state="settled" if n < settled else "growing",
            assessment=prose,
        )
        for n in range(6)
    )
    checklist = tuple(ChecklistItem(point=f"Point {n}") for n in range(points))
    growing = FeedbackCard(turn=1, attempt=1, headline="Good.", sections=sections, checklist=checklist, status="…")
    screen = console(width, height)
    assert len(screen.render_lines(GrowingFeedback(growing, FINE))) < height
    assert len(screen.render_lines(Fitting(card_view(ModelAnswerCard(turn=1, text=prose), FINE)))) < height


def test_the_report_has_scores_a_chart_three_fixes_and_a_drill() -> None:
    text = card(ReportCard(title="Behavioral", report=REPORT))
    for words in (
        "Report · Behavioral",
        "2 answered, 1 skipped, 1 not scored",
        "0.50",
        "bar 0.62",
        "Q1   Q2",
        "L3*",
        "* with hints",
        "2. Name trade-offs.",
        "Say the headline first.",
        "For practice, not for hiring decisions.",
    ):
        assert words in text
    assert "Writing your report…" in card(ReportCard(title="Behavioral"))


def test_the_chart_stands_at_the_height_of_the_score() -> None:
    chart = trend_chart([Point("Q1", "L3", 0.2), Point("Q2", "L3", None), Point("Q3", "L4", 1.0)], 0.6, FINE).plain
    rows = {line[:4]: line for line in chart.splitlines()}
    assert rows["1.00"].count("●") == 1
    assert rows["0.20"].count("●") == 1
    assert rows["0.60"].endswith("bar 0.60")
    assert chart.count("●") == 2


@given(st.floats(0, 1))
def test_a_bar_is_as_long_as_its_score(score: float) -> None:
    assert score_bar(score, PLAIN).plain.count("#") == round(score * 10)


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    ascii_file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert marks_for(Console(file=ascii_file)) is PLAIN
    assert marks_for(console()) is FINE


@given(st.text())
def test_nothing_that_moves_the_cursor_gets_through(text: str) -> None:
    cleaned = plain(text)
    assert not set(cleaned) & {"\x1b", "\r", "\b", "\x00", "\u202e", "\u200b", "\ud800"}
    cleaned.encode()


def test_the_history_lists_interviews_with_score_and_state() -> None:
    assert "No interview yet" in shown(history_view([], FINE))
    talk = Talk(setup())
    open_session = talk.live
    talk.ask()
    talk.say("An answer.")
    talk.review(4, 4, 4, 4)
    talk.press("pause")
    text = shown(history_view([talk.live, open_session], FINE), width=120)
    assert "Behavioral interview" in text
    assert "paused" in text
    assert "1 of 2" in text
    assert "0.75" in text
    talk.press("stop")
    entry = history_entry(talk.live)
    assert (entry["answered"], entry["score"], state_of(open_session)) == (1, 0.75, "open")
