"""The offline coach as an `LLMProvider`: it reads a request's material, not its prompt, and answers in its sections.

What it says about an answer is in `review.py`, what it asks in `asking.py`, how it ends an interview in `closing.py`.
Here is only how that becomes a stream: in small pieces, at a pace, never holding up the loop.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import assert_never

from adapters.llm.offline.asking import ask, follow_up
from adapters.llm.offline.closing import outline, report
from adapters.llm.offline.review import review
from adapters.llm.reading import whole
from adapters.llm.tokens import estimate
from engine.errors import Rejected
from engine.feedback.model import OFFLINE
from engine.material import (
    FollowUpMaterial,
    Material,
    ModelAnswerMaterial,
    QuestionMaterial,
    ReportMaterial,
    ReviewMaterial,
)
from engine.ports import Chunk, Completion, Request, Source, TokenCount, Usage

MODEL = "checklist"
LONG_CHARS = 6_000
"""Longer answers are read in a thread: a few milliseconds per thousand characters."""
CHUNK_CHARS = 24


class Offline:
    """A coach made of a checklist. `pace_s` is the pause before each chunk; 0 for as fast as it can be read."""

    def __init__(self, *, pace_s: float = 0.0, chunk_chars: int = CHUNK_CHARS) -> None:
        self._source = Source(OFFLINE, MODEL)
        self._pace_s = pace_s
        self._chunk_chars = chunk_chars

    @property
    def name(self) -> str:
        return self._source.provider

    @property
    def model(self) -> str:
        return self._source.model

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        material = request.material
        if material is None:
            raise Rejected(self.name, self.model, "the offline coach reads no prompts; the request has no material")
        if isinstance(material, ReviewMaterial) and len(material.answer) > LONG_CHARS:
            text = await asyncio.to_thread(_answer, material, request.sections)
        else:
            text = _answer(material, request.sections)
        async with aclosing(self._write(text)) as answer:
            yield answer

    async def complete(self, request: Request) -> Completion:
        return await whole(self.stream(request), request)

    def count_tokens(self, text: str) -> TokenCount:
        return estimate(text)

    async def _write(self, text: str) -> AsyncGenerator[Chunk]:
        for start in range(0, len(text), self._chunk_chars):
            await asyncio.sleep(self._pace_s)
            yield Chunk(text[start : start + self._chunk_chars], self._source)
        yield Chunk("", self._source, usage=Usage())


def _answer(material: Material, sections: tuple[str, ...]) -> str:
    match material:
        case QuestionMaterial():
            known = ask(material)
        case FollowUpMaterial():
            known = follow_up(material)
        case ReviewMaterial():
            known = review(material)
        case ModelAnswerMaterial():
            return outline(material)
        case ReportMaterial():
            known = report(material)
        case _:
            assert_never(material)
    return json.dumps({name: known.get(name, "") for name in sections or known}, ensure_ascii=False)
