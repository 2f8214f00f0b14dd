"""One interview at one terminal: whose turn it is, what interrupts, and how it is left."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.playground.terminal.lines import Lines, OnePerLine, Paragraphs, raw_lines
from adapters.playground.terminal.talk import Candidate, Talk, phase
from bot.compose import App, compose
from bot.config import Settings
from bot.practice import KEY
from engine.events import Event, Notice, Settled
from engine.inbound import Pressed
from engine.session import Session
from tests.kit.interviews import setup
from tests.kit.talk import Talk as Conversation

ANSWER = "I reverted the change because users came first, and since then a daily check compares the dates."


@dataclass
class Seen:
    """A `View` that remembers."""

    events: list[Event] = field(default_factory=list[Event])
    listened: int = 0
    again: int = 0

    def show(self, event: Event) -> None:
        self.events.append(event)

    def wait(self, session: Session | None) -> None:
        pass

    def listen(self) -> None:
        self.listened += 1

    def expect_again(self) -> None:
        self.again += 1

    @property
    def posts(self) -> list[str]:
        return [event.post for event in self.events if isinstance(event, Settled)]

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Notice)]


def said(*lines: str) -> OnePerLine:
    return OnePerLine(Lines([line.encode() for line in lines]))


@asynccontextmanager
async def interview(
    tmp_path: Path, candidate: Callable[[], Candidate], questions: int = 1
) -> AsyncGenerator[tuple[App, Talk, Seen]]:
    settings = Settings.model_validate({"REHEARSE_HOME": str(tmp_path / "home")})
    async with compose(settings) as app:
        seen = Seen()
        talk = Talk(app.desk, KEY, seen, candidate(), app.live.watch(KEY), 1)
        await app.desk.begin(KEY, id="begin", type_id="behavioral", questions=questions, quiet_s=0)
        async with asyncio.timeout(30):
            yield app, talk, seen


async def test_an_interview_goes_from_its_question_to_its_report(tmp_path: Path) -> None:
    async with interview(
        tmp_path, lambda: said("hint", "", ANSWER, "retry", ANSWER, "+1", "model", "next", "skip")
    ) as (
        _,
        talk,
        seen,
    ):
        session = await talk.hold()
    assert session.over
    assert not session.stopped
    assert {"q1", "h1.1", "a1.1", "f1.1", "a1.2", "f1.2", "m1", "report"} <= set(seen.posts)
    assert "Thank you; that helps." in seen.notices
    assert seen.again == 2
    assert session.turns[0].rating == 1


async def test_a_word_that_cannot_be_done_gets_a_sentence_and_nothing_is_lost(tmp_path: Path) -> None:
    async with interview(tmp_path, lambda: said("next", "resume", ANSWER, "stop")) as (_, talk, seen):
        session = await talk.hold()
    assert "This question is still open. Answer it, or say “skip”." in seen.notices
    assert "It is not paused." in seen.notices
    assert session.turns[0].attempt.text == ANSWER


async def test_pause_leaves_and_resume_goes_on(tmp_path: Path) -> None:
    async with interview(tmp_path, lambda: said("pause", "unread")) as (app, talk, seen):
        session = await talk.hold()
        assert session.paused
        talk = Talk(app.desk, KEY, seen, said(ANSWER), talk.events, 1)
        await talk.resume(session)
        session = await talk.hold()
    assert session.over
    assert session.stopped
    assert session.turns[0].answered


@dataclass
class Typing:
    """A `Candidate` who never finishes, and says when they began."""

    began: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def answer(self, session: Session) -> str:
        self.asked += 1
        self.began.set()
        await asyncio.Event().wait()
        return ""

    choose = answer


async def test_an_interruption_pauses_wherever_it_comes(tmp_path: Path) -> None:
    candidate = Typing()
    async with interview(tmp_path, lambda: candidate) as (_, talk, _seen):
        holding = asyncio.create_task(talk.hold())
        await candidate.began.wait()
        talk.interrupted.set()
        assert (await holding).paused


async def test_what_arrives_while_somebody_types_is_shown_and_they_are_asked_again(tmp_path: Path) -> None:
    candidate = Typing()
    async with interview(tmp_path, lambda: candidate) as (app, talk, seen):
        holding = asyncio.create_task(talk.hold())
        await candidate.began.wait()
        candidate.began.clear()
        await app.desk.deliver(Pressed(id="from elsewhere", key=KEY, at=talk.now(), action="hint"))
        await candidate.began.wait()
        assert "h1.1" in seen.posts
        assert candidate.asked >= 2
        talk.interrupted.set()
        await holding


async def test_begun_is_the_interview_as_soon_as_there_is_one(tmp_path: Path) -> None:
    async with interview(tmp_path, lambda: said("stop")) as (_, talk, _seen):
        assert (await talk.begun()).setup.type.id == "behavioral"
        await talk.hold()


def test_whose_turn_it_is_is_read_off_the_session() -> None:
    conversation = Conversation(setup())
    assert phase(None, 0) == "busy"
    assert phase(conversation.live, 1e9) == "busy"
    conversation.ask()
    assert phase(conversation.live, 1e9) == "answer"
    conversation.press("pause")
    assert phase(conversation.live, 1e9) == "paused"
    conversation.press("resume")
    conversation.say("An answer.")
    assert phase(conversation.live, conversation.now + 1) == "answer", "the quiet period is not over yet"
    assert phase(conversation.live, conversation.now + 10) == "busy"
    conversation.press("done")
    conversation.review(3, 3, 3, 3, provisional=True)
    assert phase(conversation.live, 1e9) == "choose", "a full review that is owed keeps nobody waiting"
    conversation.press("stop")
    assert phase(conversation.live, 1e9) == "busy"
    conversation.summarise()
    assert phase(conversation.live, 1e9) == "over"


class Asking:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, what: str) -> None:
        self.asked.append(what)


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["one", "two", "", "three"], "one\ntwo"),
        (["", "one", "done"], "one"),
        (["hint", "one"], "hint"),
        (["done"], "done"),
        (["one", "hint", ""], "one\nhint"),
        (["one"], "one"),
        ([], "stop"),
    ],
)
async def test_behind_a_pipe_an_answer_ends_with_a_blank_line_or_done(lines: list[str], answer: str) -> None:
    asking = Asking()
    candidate = Paragraphs(Lines([f"{line}\r\n".encode() for line in lines]), asking)
    session = Conversation(setup()).live
    assert await candidate.answer(session) == answer
    assert asking.asked == ["answer"]


async def test_behind_a_pipe_a_choice_is_one_line() -> None:
    candidate = Paragraphs(Lines([b"\n", b" retry \n"]), Asking())
    session = Conversation(setup()).live
    assert [await candidate.choose(session) for _ in range(3)] == ["next", "retry", "stop"]


def test_lines_are_whole_wherever_the_pipe_cuts_them() -> None:
    reading, writing = os.pipe()
    lines = raw_lines(reading)
    os.write(writing, b"one\ntw")
    assert next(lines) == b"one"
    os.write(writing, b"o\n\nlast")
    os.close(writing)
    assert list(lines) == [b"two", b"", b"last"]
    os.close(reading)


async def test_a_wait_for_a_line_may_be_given_up_without_losing_one() -> None:
    typed = threading.Event()

    def source() -> Iterator[bytes]:
        typed.wait()
        yield from (b"one\n", b"\xfftwo\n")

    lines = Lines(source())
    waiting = asyncio.create_task(lines.next())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    typed.set()
    assert [await lines.next() for _ in range(4)] == ["one", "\ufffdtwo", None, None]
    assert lines.peek() is None
