"""A whole interview in one process and no time: reception, interviewer and performer over a store and a model.

The candidate's moves are methods; what surfaces would be told is in `events`. Meant for `@virtual` tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Self

from adapters.library.prompts import load_prompts
from engine.bank import QuestionBank
from engine.events import Card, Event, Notice, Settled
from engine.inbound import Action, Begin, Edited, Given, Inbound, Pressed, Wrote
from engine.interviewer import Gate, Interviewer
from engine.interviews import Setup
from engine.keys import ThreadKey
from engine.performing import Performer
from engine.ports import LLMProvider
from engine.reception import Reception
from engine.session import Session
from tests.kit.interviews import KEY
from tests.kit.memory import MemoryPrompts, MemoryStore

PROMPTS = load_prompts()
PINS = {prompt.task: prompt.ref for prompt in PROMPTS}


class Scene:
    """An async context manager; leave it and enter another one on the same `store` to play a crash and a restart."""

    def __init__(
        self,
        provider: LLMProvider,
        *,
        store: MemoryStore | None = None,
        bank: QuestionBank | None = None,
        emit: Callable[[Event], None] | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.store = store or MemoryStore()
        self.events: list[Event] = []
        self.told: list[str] = []
        self._ids = count(1)
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        self.performer = Performer(
            provider=provider,
            prompts=MemoryPrompts(PROMPTS),
            bank=bank or QuestionBank(()),
            now=self._now,
            draw=lambda: 0.25,
            marker=lambda: f"{next(self._ids):032x}",
            pseudonym=lambda key: "p" + key.user,
        )
        interviewer = Interviewer(
            store=self.store, performer=self.performer, emit=emit or self.events.append, now=self._now, gate=gate
        )
        self.reception = Reception(
            store=self.store, attend=interviewer.attend, tell=lambda _, text: self.told.append(text), now=self._now
        )

    async def __aenter__(self) -> Self:
        await self.performer.__aenter__()
        await self.reception.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.reception.__aexit__(kind, error, trace)
        await self.performer.__aexit__(kind, error, trace)

    @property
    def session(self) -> Session:
        session = self.store.newest(KEY)
        assert session is not None
        return session

    async def begin(self, setup: Setup, key: ThreadKey = KEY, given: Given | None = None) -> None:
        pinned = setup.model_copy(update={"prompts": PINS})
        await self.hand_in(Begin(id=f"b{next(self._ids)}", key=key, at=self._now(), setup=pinned, given=given))

    async def say(self, text: str, message: str = "") -> None:
        n = next(self._ids)
        await self.hand_in(Wrote(id=f"w{n}", key=KEY, at=self._now(), message=message or f"m{n}", text=text))

    async def edit(self, message: str, text: str | None) -> None:
        await self.hand_in(Edited(id=f"e{next(self._ids)}", key=KEY, at=self._now(), message=message, text=text))

    async def press(self, action: Action, turn: int = 0) -> None:
        await self.hand_in(Pressed(id=f"p{next(self._ids)}", key=KEY, at=self._now(), action=action, turn=turn))

    async def hand_in(self, inbound: Inbound) -> bool:
        return await self.reception.deliver(inbound)

    async def answer(self, text: str) -> None:
        """Say something, end the answer, and wait for what follows."""
        await self.say(text)
        await self.press("done")
        await self.rest()

    async def rest(self, most_s: float = 600.0) -> None:
        """Until nothing is under way (virtual time)."""
        await asyncio.sleep(0.001)
        await self.until(lambda: not self.reception.attending, most_s)

    async def until(self, holds: Callable[[], bool], most_s: float = 600.0) -> None:
        """Until something holds (virtual time)."""
        async with asyncio.timeout(most_s):
            while not holds():  # noqa: ASYNC110 - time is virtual, so looking again costs nothing
                await asyncio.sleep(0.01)

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Notice)]

    def settled(self, post: str) -> list[Card]:
        """Every settled card of a post, oldest first."""
        return [event.card for event in self.events if isinstance(event, Settled) and event.post == post]
