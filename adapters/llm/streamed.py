"""What every model behind HTTP shares: one client, a stream read by `reading`, and parameters that are learnt.

A model adds how a request is sent (`_sent`), how its events are folded (`_fold`) and what it can do without
(`_droppable`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Protocol

from adapters.llm.capabilities import Droppable, Learned, Parameters
from adapters.llm.reading import Fold, Watch, chunks, whole
from adapters.llm.tokens import count
from engine.errors import Rejected
from engine.ports import Chunk, Completion, Request, Source, TokenCount


class Closeable(Protocol):
    """Something that holds connections."""

    async def aclose(self) -> None: ...


class Streamed(ABC):
    """One model. Shares one client among all its calls; `aclose()` closes it."""

    def __init__(self, source: Source, connection: Closeable) -> None:
        self._source = source
        self._connections = connection
        self._learned = Learned()

    @property
    def name(self) -> str:
        return self._source.provider

    @property
    def model(self) -> str:
        return self._source.model

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        watch = Watch(request.deadlines, self._source)
        async with AsyncExitStack() as stack:
            body = await watch.within(self._opened(request, stack))
            reads = await stack.enter_async_context(aclosing(body))
            answer = chunks(reads, self._fold(), watch, self._source)
            yield await stack.enter_async_context(aclosing(answer))

    async def complete(self, request: Request) -> Completion:
        return await whole(self.stream(request), request)

    def count_tokens(self, text: str) -> TokenCount:
        return count(text, self.model)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connections.aclose()

    async def _opened(self, request: Request, stack: AsyncExitStack) -> AsyncGenerator[bytes]:
        while True:  # once for each parameter the model turns out not to take
            try:
                return await self._sent(request, self._learned.parameters(self.model, request.sampling), stack)
            except Rejected as rejected:
                if not self._learned.drop(rejected, self._droppable(request)):
                    raise

    @abstractmethod
    async def _sent(self, request: Request, parameters: Parameters, stack: AsyncExitStack) -> AsyncGenerator[bytes]:
        """Send the request; the bytes of the answer, whose connection `stack` closes. Raises `ModelError`."""

    @abstractmethod
    def _fold(self) -> Fold:
        """A fresh fold for one answer."""

    @abstractmethod
    def _droppable(self, request: Request) -> frozenset[Droppable]:
        """The parameters this request can do without."""
