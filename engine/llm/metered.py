"""A provider that charges every call to somebody's budgets, and knows what to do when they are used up.

Before a call the most it may take is set aside, where there is a limit; afterwards what it really took takes that
place. With nothing left the offline coach stands in, as when every model is down; what is owed by a model waits.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

from engine.errors import AllDown, OverLimit
from engine.feedback.model import OFFLINE
from engine.keys import ThreadKey
from engine.limits.budgets import Budgets
from engine.limits.model import Amounts
from engine.llm.reading import Reading
from engine.ports import Account, Chunk, Completion, LLMProvider, Request, TokenCount, Usage

LOOK_AGAIN_S = 3_600.0
"""An admin may raise a limit before it resets, so what is owed looks again this often."""
OVERHEAD = 16
"""Tokens that a provider may add to each message."""

Price = Callable[[str, Usage], int | None]


class Metered:
    """An `LLMProvider` around another. `price` knows what usage of a model costs in millionths of a dollar.

    `models` are those that may be asked: the dearest counts for what is set aside. `tell` reaches a candidate; each
    thread is told once a day.
    """

    def __init__(
        self,
        provider: LLMProvider,
        *,
        budgets: Budgets,
        price: Price,
        models: Sequence[str],
        now: Callable[[], float],
        tell: Callable[[ThreadKey, str], None],
        fallback: LLMProvider | None = None,
    ) -> None:
        self._provider = provider
        self._budgets = budgets
        self._price = price
        self._models = models
        self._now = now
        self._tell = tell
        self._fallback = fallback
        self._told: dict[ThreadKey, float] = {}

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def model(self) -> str:
        return self._provider.model

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        account = request.account
        if account is None:
            async with self._provider.stream(request) as chunks:
                yield chunks
            return
        try:
            held = await self._budgets.reserve(account, lambda: self._most(request))
        except OverLimit as error:
            async with aclosing(self._stand_in(request, account, error)) as chunks:
                yield chunks
            return
        spent = _Spent(lambda: self._input(request))
        try:
            async with self._provider.stream(request) as chunks, aclosing(self._watched(chunks, spent)) as watched:
                yield watched
        finally:
            await self._budgets.settle(account, held, self._truth(spent))

    async def complete(self, request: Request) -> Completion:
        reading = Reading(request)
        async with self.stream(request) as chunks:
            async for chunk in chunks:
                reading.add(chunk)
        return reading.completion()

    def count_tokens(self, text: str) -> TokenCount:
        return self._provider.count_tokens(text)

    async def _watched(self, chunks: AsyncIterator[Chunk], spent: _Spent) -> AsyncGenerator[Chunk]:
        async for chunk in chunks:
            priced = chunk
            if chunk.usage is not None and chunk.source.provider != OFFLINE:
                usage = chunk.usage
                priced = replace(chunk, usage=replace(usage, cost_micros=self._price(chunk.source.model, usage) or 0))
            spent.add(priced)
            yield priced

    async def _stand_in(self, request: Request, account: Account, error: OverLimit) -> AsyncGenerator[Chunk]:
        if not request.allow_fallback or self._fallback is None:
            wait_s = LOOK_AGAIN_S if error.resets_at is None else max(0.0, error.resets_at - self._now())
            raise AllDown(detail=str(error), retry_after_s=min(wait_s, LOOK_AGAIN_S)) from error
        self._say(account.key, error)
        async with self._fallback.stream(request) as chunks:
            async for chunk in chunks:
                yield replace(chunk, source=replace(chunk.source, fallback=True))

    def _say(self, key: ThreadKey, error: OverLimit) -> None:
        now = self._now()
        self._told = {known: until for known, until in self._told.items() if until > now}
        if key not in self._told:
            self._told[key] = error.resets_at if error.resets_at is not None else now + LOOK_AGAIN_S
            self._tell(key, error.hint)

    def _most(self, request: Request) -> Amounts:
        """What a call may take at the most."""
        usage = Usage(input=self._input(request, upper=True), output=request.max_output_tokens)
        cost = max((self._price(model, usage) or 0 for model in self._models), default=0)
        return Amounts(tokens=usage.input + usage.output, cost_micros=cost)

    def _truth(self, spent: _Spent) -> Amounts:
        """What a call took: as its writers counted it, or by our count where one broke off."""
        usage = spent.usage
        for model, texts in spent.unbilled.items():
            broken = Usage(input=spent.input(), output=self.count_tokens("".join(texts)).n)
            usage += replace(broken, cost_micros=self._price(model, broken) or 0)
        return Amounts(tokens=usage.input + usage.output, cost_micros=usage.cost_micros)

    def _input(self, request: Request, *, upper: bool = False) -> int:
        texts = [message.text for message in request.messages]
        if request.schema is not None:
            texts.append(json.dumps(request.schema))
        counts = [self.count_tokens(text) for text in texts]
        return sum((count.upper if upper else count.n) + OVERHEAD for count in counts)


@dataclass(slots=True)
class _Spent:
    """What came of a call so far. `unbilled`: the text of those who have not said yet what it cost, by model."""

    input: Callable[[], int]
    usage: Usage = field(default_factory=Usage)
    unbilled: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def add(self, chunk: Chunk) -> None:
        if chunk.source.provider == OFFLINE:
            return
        if chunk.usage is not None:
            self.usage += chunk.usage
            self.unbilled.pop(chunk.source.model, None)
        elif chunk.text:
            self.unbilled.setdefault(chunk.source.model, []).append(chunk.text)
