"""The screen: settled cards are printed once, the growing one is repainted in place, a pipe gets no motion."""

from __future__ import annotations

import io

from rich.console import Console

from adapters.library.bank import Quality
from adapters.playground.terminal.sample import Pace, SampleCandidate
from adapters.playground.terminal.screen import Screen
from engine.events import (
    Card,
    Event,
    FeedbackCard,
    Grew,
    ModelAnswerCard,
    Notice,
    Opened,
    QuestionCard,
    ReportCard,
    Settled,
)
from engine.keys import session_id
from tests.kit.interviews import KEY, setup
from tests.kit.talk import Talk

ID = session_id(KEY, 1)
QUESTION = QuestionCard(turn=1, number=1, total=2, level=3, level_name="Intermediate", topic="ownership", text="What?")
SAMPLES: dict[str, dict[Quality, str]] = {"b3-01": {"weak": "Well.", "fair": "We fixed it.", "strong": "I fixed it."}}


def screen(*, terminal: bool = True) -> Screen:
    return Screen(Console(file=io.StringIO(), width=80, height=24, force_terminal=terminal, color_system=None))


def printed(on: Screen) -> str:
    assert isinstance(on.console.file, io.StringIO)
    return on.console.file.getvalue()


def settled(post: str, card: Card) -> Event:
    return Settled(key=KEY, session=ID, post=post, card=card)


def test_a_card_whose_buttons_changed_is_not_printed_again() -> None:
    view = screen()
    view.show(settled("q1", QUESTION))
    view.show(settled("q1", QUESTION.model_copy(update={"actions": ("done",)})))
    assert printed(view).count("Question 1 of 2") == 1


def test_a_card_that_was_asked_for_again_is_printed_again() -> None:
    view = screen()
    view.show(settled("q1", QUESTION))
    view.expect_again()
    view.show(settled("q1", QUESTION))
    assert printed(view).count("Question 1 of 2") == 2


def test_what_stood_there_before_a_restart_is_not_printed_again() -> None:
    talk = Talk(setup())
    talk.ask()
    view = screen()
    view.remember(talk.live)
    view.expect_again()
    view.remember(talk.live)
    assert printed(view) == ""


def test_growing_cards_are_repainted_and_leave_only_the_settled_one() -> None:
    view = screen()
    drafts: tuple[tuple[str, Card], ...] = (
        ("q1", QUESTION.model_copy(update={"text": ""})),
        ("f1.1", FeedbackCard(turn=1, attempt=1, status="Reading your answer…")),
        ("m1", ModelAnswerCard(turn=1)),
        ("m1", ModelAnswerCard(turn=1, text="Start with the stakes.")),
        ("report", ReportCard(title="Behavioral")),
    )
    for post, card in drafts:
        view.show(Opened(key=KEY, session=ID, post=post, card=card))
        view.show(Grew(key=KEY, session=ID, post=post, card=card))
        view.wait(None)
    view.show(Grew(key=KEY, session=ID, post="f9.9", card=FeedbackCard(turn=9, attempt=9, headline="Elsewhere.")))
    view.show(settled("q1", QUESTION))
    view.listen()
    assert printed(view).rstrip().endswith("╯")
    assert "Elsewhere." not in printed(view)


def test_it_says_what_is_being_waited_for() -> None:
    talk = Talk(setup())
    expected = ["Starting…", "Preparing the question…"]
    for words, session in zip(expected, (None, talk.live), strict=True):
        view = screen()
        view.wait(session)
        view.listen()
        assert words in printed(view)
    talk.ask()
    talk.say("An answer.")
    view = screen()
    view.wait(talk.live)
    view.listen()
    assert "Reading your answer…" in printed(view)
    talk.press("stop")
    view.wait(talk.live)
    view.listen()
    assert "Writing your report…" in printed(view)


def test_behind_a_pipe_nothing_is_repainted() -> None:
    view = screen(terminal=False)
    view.wait(None)
    view.show(Opened(key=KEY, session=ID, post="q1", card=QUESTION))
    assert printed(view) == ""
    view.show(Notice(key=KEY, session=ID, text="No hints\x1b[2J left.", error=True))
    assert printed(view) == "No hints[2J left.\n"


async def test_the_sample_candidate_types_and_goes_on() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    view = screen()
    pace = Pace(typing_s=1.0, question_s=0.5, feedback_s=2.0)
    candidate = SampleCandidate(view, SAMPLES, ("weak", "strong"), pace=pace, sleep=sleep)
    talk = Talk(setup())
    talk.ask()
    assert await candidate.answer(talk.live) == "Well."
    assert await candidate.choose(talk.live) == "next"
    assert abs(sum(waits) - 3.5) < 0.1
    assert "weak on purpose" in printed(view)


async def test_the_sample_candidate_skips_what_it_has_no_answer_for() -> None:
    talk = Talk(setup())
    talk.ask(id="unheard-of")
    assert await SampleCandidate(screen(), SAMPLES, ("weak",)).answer(talk.live) == "skip"
