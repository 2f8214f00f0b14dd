"""A provider that says what it was told to: for tests, demonstrations and benchmarks.

It waits by `asyncio.sleep` alone and keeps the deadlines of a request, so it runs in virtual time like anything else.
An answer given as a mapping is an object of sections: whatever sections a request asks for are taken from it, in the
request's order, so it can finish what another provider began.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from adapters.llm.reading import Watch, whole
from adapters.llm.tokens import estimate
from engine.errors import ModelError, Rejected
from engine.ports import Chunk, Completion, Request, Source, Task, TokenCount, Usage

Answer = str | Mapping[str, object]
Answers = Mapping[Task, Sequence[Answer]] | Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Break:
    """What goes wrong in one call: `error` is raised after so many characters; without one, nothing more comes."""

    error: ModelError | None = None
    after_chars: int = 0


class Scripted:
    """Answers from a list per task, in order, the last one for ever; or from a function of the request.

    `breaks` is a queue: each call takes one entry, and `None` lets a call succeed. `calls` holds every request.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        name: str = "scripted",
        model: str = "scripted",
        first_s: float = 0.0,
        delay_s: float = 0.0,
        chunk_chars: int = 12,
        breaks: Sequence[Break | None] = (),
    ) -> None:
        self.calls: list[Request] = []
        self.breaks: deque[Break | None] = deque(breaks)
        self._source = Source(name, model)
        self._answers = answers
        self._first_s = first_s
        self._delay_s = delay_s
        self._chunk_chars = chunk_chars
        self._given: dict[Task, int] = {}

    @property
    def name(self) -> str:
        return self._source.provider

    @property
    def model(self) -> str:
        return self._source.model

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        self.calls.append(request)
        text = self._answer(request)
        mishap = self.breaks.popleft() if self.breaks else None
        watch = Watch(request.deadlines, self._source)
        async with aclosing(self._write(request, text, mishap, watch)) as answer:
            yield answer

    async def complete(self, request: Request) -> Completion:
        return await whole(self.stream(request), request)

    def count_tokens(self, text: str) -> TokenCount:
        return estimate(text)

    def _answer(self, request: Request) -> str:
        if callable(self._answers):
            answer = self._answers(request)
        else:
            known = self._answers.get(request.task, ())
            at = self._given.get(request.task, 0)
            self._given[request.task] = at + 1
            if not known:
                raise Rejected(self.name, self.model, f"no answer was scripted for the task {request.task}")
            answer = known[min(at, len(known) - 1)]
        if isinstance(answer, str):
            return answer
        return json.dumps({name: answer.get(name) for name in request.sections or answer}, ensure_ascii=False)

    async def _write(self, request: Request, text: str, mishap: Break | None, watch: Watch) -> AsyncGenerator[Chunk]:
        until = len(text) if mishap is None else min(mishap.after_chars, len(text))
        await watch.within(asyncio.sleep(self._first_s))
        for start in range(0, until, self._chunk_chars):
            await watch.within(asyncio.sleep(self._delay_s))
            watch.saw_content()
            yield Chunk(text[start : min(start + self._chunk_chars, until)], self._source)
            watch.began_waiting()
        if mishap is not None:
            if mishap.error is not None:
                raise mishap.error
            await watch.within(asyncio.Event().wait())
        prompt = "".join(turn.text for turn in request.messages)
        usage = Usage(input=estimate(prompt).n, output=estimate(text).n)
        yield Chunk("", self._source, usage=usage)
