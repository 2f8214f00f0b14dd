"""A provider that plays what a test wrote down: text, pauses, errors. And the ways a stream can end badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import repeat

from engine.errors import (
    Busy,
    CutShort,
    Declined,
    Failed,
    Garbled,
    Misconfigured,
    ModelError,
    Rejected,
    TimedOut,
    Truncated,
    Unreachable,
)
from engine.llm.limits import RouterLimits
from engine.llm.reading import Reading
from engine.llm.router import Router
from engine.ports import Chunk, Completion, LLMProvider, Message, Request, Source, TokenCount, Usage

Step = str | float | ModelError | Usage
"""Say it, wait so many seconds, raise it, or report it."""

SECTIONS = ("headline", "clarity", "depth", "score", "summary")
VALUES: dict[str, object] = {
    "headline": 'A "clear" start, \\ and é 😀',
    "clarity": {"quotes": ["we } said", "x,y"], "assessment": "Good.", "fix": None, "level": 42},
    "depth": {"quotes": [], "assessment": "Thin. " * 4, "fix": "Measure.", "level": 3},
    "score": 1234,
    "summary": ["short", {"deep": [1, 2.5, True]}],
}
DEATHS: tuple[Callable[[], ModelError], ...] = (
    lambda: Truncated("a"),
    lambda: Unreachable("a"),
    lambda: TimedOut("a", stage="gap"),
    lambda: Failed("a"),
    lambda: Busy("a", retry_after_s=7),
    lambda: Garbled("a"),
    lambda: Declined("a"),
    lambda: CutShort("a"),
    lambda: Rejected("a"),
    lambda: Misconfigured("a"),
)


@dataclass
class Player:
    """Plays one script per request, the last one again and again. `script` may be computed from the request."""

    name: str
    plays: Sequence[Sequence[Step] | Callable[[Request], Sequence[Step]]]
    model: str = "m"
    tokens: int = 1
    asked: list[Request] = field(default_factory=list[Request])
    hung_up: int = 0
    open: int = 0

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncGenerator[Chunk]]:
        play = self.plays[min(len(self.asked), len(self.plays) - 1)]
        self.asked.append(request)
        self.open += 1
        try:
            yield self._perform(play(request) if callable(play) else play)
        except asyncio.CancelledError:
            self.hung_up += 1
            raise
        finally:
            self.open -= 1

    async def _perform(self, steps: Sequence[Step]) -> AsyncGenerator[Chunk]:
        source = Source(self.name, self.model)
        for step in steps:
            match step:
                case str():
                    yield Chunk(step, source)
                case Usage():
                    yield Chunk("", source, usage=step)
                case ModelError():
                    raise step
                case _:
                    await asyncio.sleep(step)

    async def complete(self, request: Request) -> Completion:
        raise NotImplementedError("the router always streams")

    def count_tokens(self, text: str) -> TokenCount:
        return TokenCount(self.tokens, self.tokens, "estimate")


SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {name: {"title": name} for name in SECTIONS},
    "required": list(SECTIONS),
    "additionalProperties": False,
}
REVIEW = Request("scoring", "review", (Message("system", "Judge."),), sections=SECTIONS, schema=SCHEMA)
QUESTION = Request("conversation", "question", (Message("system", "Ask."),))


def written(request: Request, size: int = 7) -> list[str]:
    """A perfect answer to the request, in pieces."""
    return pieces(json.dumps({name: VALUES[name] for name in request.sections}), size)


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def good(request: Request) -> list[Step]:
    return [*written(request), Usage(10, 0, 20)]


def dying(after: int, error: Callable[[], ModelError], size: int = 7) -> Callable[[Request], list[Step]]:
    return lambda request: [*written(request, size)[:after], error()]


def router(
    *providers: LLMProvider,
    fallback: LLMProvider | None = None,
    draws: Iterator[float] | None = None,
    limits: RouterLimits | None = None,
) -> Router:
    numbers = draws or repeat(0.0)
    order = [provider.name for provider in providers]
    return Router(
        providers,
        order={"scoring": order, "conversation": order},
        now=lambda: asyncio.get_running_loop().time(),
        draw=lambda: next(numbers),
        fallback=fallback,
        limits=limits,
    )


async def read(router: Router, request: Request) -> tuple[Reading, list[Chunk], list[str]]:
    """The whole answer, its chunks, and the sections in the order in which they became complete."""
    reading, chunks, completed = Reading(request), list[Chunk](), list[str]()
    async with router.stream(request) as stream:
        async for chunk in stream:
            chunks.append(chunk)
            completed += reading.add(chunk)
    return reading, chunks, completed
