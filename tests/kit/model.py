"""A model for tests in virtual time: it keeps to every schema, quotes what was said, and fails when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from engine.errors import ModelError
from engine.material import FollowUpMaterial, ReviewMaterial
from engine.ports import Chunk, Completion, Request, Source, TokenCount, Usage
from tests.wire.answers import plausible


@dataclass
class Model:
    """Answers each request as `answer(request)` says (default: plausibly), in chunks, `pace_s` apart.

    `fail(request, n)` is asked before the n-th chunk (from 0) and may return an error to raise there.
    """

    name: str = "model"
    model: str = "m-1"
    pace_s: float = 0.0
    chunk_chars: int = 40
    fallback: bool = False
    answer: Callable[[Request], str] | None = None
    fail: Callable[[Request, int], ModelError | None] | None = None
    asked: list[Request] = field(default_factory=list)
    cancelled: int = 0

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        self.asked.append(request)
        yield self._chunks(request)

    async def _chunks(self, request: Request) -> AsyncIterator[Chunk]:
        text = (
            self.answer(request)
            if self.answer
            else plausible(dict(request.schema) if request.schema else None, said(request))
        )
        source = Source(self.name, self.model, self.fallback)
        pieces = [text[i : i + self.chunk_chars] for i in range(0, len(text), self.chunk_chars)]
        for n, piece in enumerate([*pieces, ""]):
            if self.fail and (error := self.fail(request, n)):
                raise error
            try:
                await asyncio.sleep(self.pace_s)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
            yield Chunk(piece, source, usage=None if piece else Usage(10, 0, 10, 0))

    async def complete(self, request: Request) -> Completion:
        text, source, usage = "", Source(self.name, self.model, self.fallback), Usage()
        async with self.stream(request) as chunks:
            async for chunk in chunks:
                text += chunk.text
        return Completion(text, source, usage, dict.fromkeys(request.sections or ("",), source))

    def count_tokens(self, text: str) -> TokenCount:
        return TokenCount(len(text) // 4, len(text), "estimate")


def said(request: Request) -> str:
    """The candidate's words of a request."""
    return request.material.answer if isinstance(request.material, ReviewMaterial | FollowUpMaterial) else ""
