"""Both providers behind the router, through their real SDKs, each dying in every way there is.

OpenAI scores and Gemini converses; whatever happens to one in the middle of a stream, every section of a review arrives
once, in order, and the interview goes on. With both gone it goes on offline and says so, and the full review follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count

import pytest

from adapters.llm.warmup import warm_up
from bot.compose import App, compose
from bot.config import Settings
from engine.events import Event, FeedbackCard, Grew, Settled
from engine.inbound import Action, Pressed, Wrote
from engine.keys import ThreadKey
from engine.session import Session
from tests.wire.faults import HARMLESS, Fault
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server
from tests.wire.server import Script, Wire

KEY = ThreadKey(platform="local", channel="chaos", user="you")
ANSWER = (
    "Last spring I shipped a change that put the wrong due date on 312 invoices for 40 customers. I reverted it within "
    "ten minutes, wrote to every customer, and added a test over all time zones, because my data used only one."
)
TEXTS = ("headline", "rewrite", "additional_notes", "next_drill", "summary")
_ids = count(1)


class Play:
    """A running product between two wire servers, and what its surfaces were told."""

    def __init__(self, app: App, openai: Wire, gemini: Wire) -> None:
        self.app, self.openai, self.gemini = app, openai, gemini
        self.events: list[Event] = []

    async def listen(self) -> None:
        async for _, event in self.app.live.watch(KEY):
            self.events.append(event)

    async def begin(self, questions: int = 2) -> None:
        await self.app.desk.begin(KEY, id=f"b{next(_ids)}", type_id="behavioral", questions=questions, quiet_s=0.0)

    async def answer(self) -> None:
        n = next(_ids)
        await self.app.desk.deliver(Wrote(id=f"w{n}", key=KEY, at=0.0, message=f"m{n}", text=ANSWER))

    async def press(self, action: Action) -> None:
        await self.app.desk.deliver(Pressed(id=f"p{next(_ids)}", key=KEY, at=0.0, action=action))

    async def until(self, holds: Callable[[Session], bool], most_s: float = 60.0) -> Session:
        async with asyncio.timeout(most_s):
            while (session := await self.app.desk.session(KEY)) is None or not holds(session):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            return session

    async def one_review(self, turn: int = 1) -> Session:
        await self.until(lambda s: len(s.turns) >= turn)
        await self.answer()
        return await self.until(lambda s: s.turns[turn - 1].feedback is not None)


@asynccontextmanager
async def play(patience: float = 0.1) -> AsyncGenerator[Play]:
    async with openai_server() as openai, gemini_server() as gemini:
        settings = Settings.model_validate(
            {
                "OPENAI_API_KEY": "k-openai",
                "OPENAI_BASE_URL": openai.base_url,
                "GEMINI_API_KEY": "k-gemini",
                "GOOGLE_GEMINI_BASE_URL": gemini.base_url,
                "REHEARSE_PATIENCE": patience,
            }
        )
        async with compose(settings) as app:
            running = Play(app, openai, gemini)
            listening = asyncio.create_task(running.listen())
            try:
                yield running
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening


def whole(session: Session, turn: int = 1) -> None:
    """Every section is there, once and in order, and none of it provisional."""
    feedback = session.turns[turn - 1].feedback
    assert feedback is not None
    assert not feedback.missing
    assert [part.criterion for part in feedback.criteria] == [c.id for c in session.setup.type.criteria]
    assert all(getattr(feedback, name) for name in TEXTS if name != "rewrite")
    assert list(feedback.origins) == ["headline", *(c.id for c in session.setup.type.criteria), *TEXTS[1:]]
    assert not session.turns[turn - 1].attempt.provisional


def never_goes_back(events: list[Event]) -> None:
    """What had settled on a card stays, word for word, until the card is final."""
    seen: dict[str, str] = {}
    for event in events:
        if isinstance(event, Grew | Settled) and isinstance(event.card, FeedbackCard):
            for view in event.card.sections:
                if view.state == "settled":
                    words = f"{event.post} {view.criterion}"
                    assert seen.setdefault(words, view.assessment) == view.assessment


async def test_when_all_is_well_openai_scores_and_gemini_asks() -> None:
    async with play(patience=1.0) as running:
        await warm_up(running.app.models.configured)  # a cold SDK can take long enough for the question to be hedged
        await running.begin()
        session = await running.one_review()
        whole(session)
        feedback = session.turns[0].feedback
        assert feedback is not None
        assert {origin.provider for origin in feedback.origins.values()} == {"openai"}
        origin = session.turns[0].question.origin
        assert origin is not None
        assert origin.provider == "gemini"


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
async def test_a_scorer_that_dies_mid_review_is_followed_by_the_other(fault: Fault) -> None:
    async with play() as running:
        await running.begin()
        await running.until(lambda s: len(s.turns) == 1)
        running.openai.otherwise = Script(fault=fault, after_chars=900, delay_s=0.0)
        session = await running.one_review()
        whole(session)
        never_goes_back(running.events)
        feedback = session.turns[0].feedback
        assert feedback is not None
        writers = [origin.provider for origin in feedback.origins.values()]
        if fault in HARMLESS:
            assert set(writers) == {"openai"}
        else:
            assert writers[-1] == "gemini"
            assert writers == sorted(writers, reverse=True)  # openai's sections first, then gemini's
        await running.press("next")
        await running.until(lambda s: len(s.turns) == 2)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CLEAN_END, Fault.UNAVAILABLE, Fault.HANG, Fault.PROMPT_BLOCK])
async def test_an_asker_that_dies_is_followed_by_the_other(fault: Fault) -> None:
    async with play() as running:
        running.gemini.otherwise = Script(fault=fault, after_chars=40)
        await running.begin(questions=1)
        session = await running.one_review()
        whole(session)
        await running.press("next")
        session = await running.until(lambda s: len(s.turns) == 2 or s.over)
        assert session.turns[0].question.text


async def test_with_both_dead_it_goes_on_offline_says_so_and_the_full_review_follows() -> None:
    async with play() as running:
        dead = Script(fault=Fault.RESET, after_chars=300)
        running.openai.otherwise = running.gemini.otherwise = dead
        await running.begin()
        session = await running.one_review()
        turn = session.turns[0]
        assert turn.attempt.provisional
        async with asyncio.timeout(5):
            while not (settled := [e for e in running.events if isinstance(e, Settled) and e.post == "f1.1"]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        card = settled[-1].card
        assert isinstance(card, FeedbackCard)
        assert card.provisional
        assert "offline checklist" in card.engine
        assert any("full review" in note for note in card.notes)
        await running.press("next")
        await running.until(lambda s: len(s.turns) == 2)
        running.openai.otherwise = running.gemini.otherwise = Script()
        session = await running.until(lambda s: not s.turns[0].attempt.provisional, most_s=120)
        whole(session)
        assert session.turns[0].feedback is not None
        assert "offline" not in {origin.provider for origin in session.turns[0].feedback.origins.values()}
