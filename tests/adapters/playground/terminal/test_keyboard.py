"""Keys pressed at a terminal, and what they hand in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from adapters.playground.terminal.chosen import Chosen
from adapters.playground.terminal.form import confirm, fill
from adapters.playground.terminal.keyboard import Keyboard, answer_ended
from engine.session import Session
from tests.kit.interviews import interview_type, setup
from tests.kit.talk import Talk

CTRL_C, CTRL_D, DOWN, ENTER = "\x03", "\x04", "\x1b[B", "\r"
PASTED = "\x1b[200~first\n\nsecond\x1b[201~"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture
def session() -> Session:
    talk = Talk(setup())
    talk.ask()
    return talk.live


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (f"one{ENTER}two{ENTER}{ENTER}", "one\ntwo"),
        (f"one{ENTER}done{ENTER}", "one"),
        (f"hint{ENTER}", "hint"),
        (f"{ENTER}skip{ENTER}", "skip"),
        (f"one{ENTER}hint{ENTER}{ENTER}", "one\nhint"),
        (f"{PASTED}{ENTER}{ENTER}", "first\n\nsecond"),
        (f"one{CTRL_D}", "one"),
        (f"   {ENTER}{CTRL_D}{CTRL_D}", "pause"),
        (CTRL_D, "pause"),
        (CTRL_C, "pause"),
        (f"typed{CTRL_C}{CTRL_C}", "pause"),
    ],
)
async def test_what_is_typed_is_what_is_handed_in(typed: str, answer: str, keys: PipeInput, session: Session) -> None:
    keys.send_text(typed)
    async with asyncio.timeout(10):
        assert await Keyboard().answer(session) == answer


async def test_ctrl_c_does_not_throw_a_draft_away_at_once(keys: PipeInput, session: Session) -> None:
    keys.send_text(f"my answer{CTRL_C}{ENTER}{ENTER}")
    assert await Keyboard().answer(session) == "my answer"


async def test_a_draft_survives_an_interruption(keys: PipeInput, session: Session) -> None:
    keyboard = Keyboard()
    typing = asyncio.create_task(keyboard.answer(session))
    keys.send_text("half an ans")
    async with asyncio.timeout(10):
        while keyboard.draft != "half an ans":  # noqa: ASYNC110 - the keys arrive through a real pipe
            await asyncio.sleep(0.001)
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)
    keys.send_text(f"wer{CTRL_D}")
    assert await keyboard.answer(session) == "half an answer"
    assert keyboard.draft == ""


@pytest.mark.parametrize(
    ("typed", "choice"), [(ENTER, "next"), (f"retry{ENTER}", "retry"), (CTRL_C, "pause"), (CTRL_D, "pause")]
)
async def test_after_feedback_enter_alone_goes_on(typed: str, choice: str, keys: PipeInput, session: Session) -> None:
    keys.send_text(typed)
    assert await Keyboard().choose(session) == choice


@pytest.mark.parametrize(
    ("text", "ended"),
    [("", None), ("an answer", None), ("an answer\n", "an answer"), ("Done.", "Done."), ("\n\n", None)],
)
def test_enter_begins_another_line_until_a_blank_one(text: str, ended: str | None) -> None:
    assert answer_ended(text, at_end=True) == ended


def test_enter_in_the_middle_of_a_text_is_only_a_new_line() -> None:
    assert answer_ended("one\n\n", at_end=False) is None


async def test_the_form_asks_only_for_what_is_missing(keys: PipeInput) -> None:
    types = {kind.id: kind for kind in (interview_type(), interview_type(id="other", title="Other"))}
    keys.send_text(f"{DOWN}{ENTER}{ENTER}nine{ENTER}3{ENTER}caching{ENTER}")
    chosen = await fill(Chosen(), types, Console(quiet=True))
    assert chosen == Chosen("other", "mid", 3, "caching")
    assert await fill(chosen, types, Console(quiet=True)) == chosen


async def test_the_form_takes_what_is_proposed(keys: PipeInput) -> None:
    keys.send_text(ENTER * 4)
    assert await fill(Chosen(), {"behavioral": interview_type()}, Console(quiet=True)) == Chosen(
        "behavioral", "mid", 2, ""
    )


async def test_the_form_can_be_left(keys: PipeInput) -> None:
    keys.send_text(CTRL_C)
    with pytest.raises(KeyboardInterrupt):
        await fill(Chosen(), {"behavioral": interview_type()}, Console(quiet=True))


@pytest.mark.parametrize(("typed", "yes"), [(ENTER, True), (f"{DOWN}{ENTER}", False)])
async def test_a_confirmation_proposes_yes(typed: str, yes: bool, keys: PipeInput) -> None:
    keys.send_text(typed)
    assert await confirm("Go on?", "Yes", "No") is yes
