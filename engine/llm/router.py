"""Several providers that look like one: the healthiest is asked, and an answer survives the death of its writer.

`Router` is an `LLMProvider` itself. It tells the story of a request in one loop and leaves the parts to others:
`journey` says who is next, `race` asks (and may ask a second one beside), `splice` joins what several of them wrote
into one answer, `health` keeps the books. The commit point of a JSON answer is its first section: what is complete and
acceptable is never asked for again. Free text commits with its first word; when its writer dies, it is begun again
(`Chunk.keep` is 0).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace

from engine.errors import Garbled, ModelError
from engine.llm.allowance import Allowance
from engine.llm.health import Circuit, CircuitState
from engine.llm.journey import Journey, Route
from engine.llm.limits import RouterLimits
from engine.llm.race import Runner, race
from engine.llm.reading import Reading
from engine.llm.splice import Restart, Splice
from engine.ports import Chunk, Completion, LLMProvider, Purpose, Request, TokenCount

log = logging.getLogger(__name__)

PURPOSES: tuple[Purpose, ...] = ("scoring", "conversation")


@dataclass(frozen=True, slots=True)
class RouterState:
    """A snapshot for `doctor`, logs and metrics. `circuits` stand in the order in which they are asked, per purpose."""

    circuits: tuple[CircuitState, ...]
    requests: int
    failed_over: int
    fell_back: int
    hedged: int
    failed: int


class Router:
    """See the module. `order` names providers per purpose, the preferred one first; those not named come last.

    `now` is a monotonic clock in seconds, `draw` gives numbers in [0, 1). `fallback` answers when no model does; what
    it writes is marked `Source.fallback`. Without one, a request finding every circuit open is sent to the earliest to
    reopen all the same, and `AllDown` is raised when that fails too. Other errors are those of the last provider asked.
    """

    def __init__(
        self,
        providers: Sequence[LLMProvider],
        *,
        order: Mapping[Purpose, Sequence[str]],
        now: Callable[[], float],
        draw: Callable[[], float],
        fallback: LLMProvider | None = None,
        limits: RouterLimits | None = None,
    ) -> None:
        self._limits = limits or RouterLimits()
        self._now = now
        self._draw = draw
        self._providers = tuple(providers)
        if not self._providers and fallback is None:
            raise ValueError("a router needs a provider or a fallback")
        self._fallback = fallback
        self._routes: dict[Purpose, list[Route]] = {purpose: [] for purpose in PURPOSES}
        for provider in self._providers:
            circuits = [self._circuit(provider, purpose) for purpose in PURPOSES]
            for circuit in circuits:
                others = tuple(other for other in circuits if other is not circuit)
                self._routes[circuit.purpose].append(Route(provider, circuit, others))
        for purpose, routes in self._routes.items():
            rank = {name: place for place, name in enumerate(order.get(purpose, ()))}
            routes.sort(key=lambda route: rank.get(route.provider.name, len(rank)))
        self._fallbacks: dict[Purpose, Route] = {}
        if fallback is not None:
            self._fallbacks = {p: Route(fallback, self._circuit(fallback, p), is_fallback=True) for p in PURPOSES}
        share, extra, window_s = self._limits.retry_share, self._limits.retry_extra, self._limits.retry_window_s
        self._retries = Allowance(now, share=share, extra=extra, window_s=window_s)
        self._hedges = Allowance(now, share=self._limits.hedge_share, window_s=self._limits.hedge_window_s)
        self._requests = self._failed_over = self._fell_back = self._hedged = self._failed = 0

    @property
    def name(self) -> str:
        return "router"

    @property
    def model(self) -> str:
        return ", ".join(f"{provider.name}/{provider.model}" for provider in self._providers)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        async with aclosing(self._answer(request)) as chunks:
            yield chunks

    async def complete(self, request: Request) -> Completion:
        reading = Reading(request)
        async with self.stream(request) as chunks:
            async for chunk in chunks:
                reading.add(chunk)
        return reading.completion()

    def count_tokens(self, text: str) -> TokenCount:
        """The largest count among the providers, for nobody knows yet who will be asked."""
        asked = self._providers or ((self._fallback,) if self._fallback else ())
        return max((provider.count_tokens(text) for provider in asked), key=lambda count: count.upper)

    def state(self) -> RouterState:
        return RouterState(
            circuits=tuple(route.circuit.state() for routes in self._routes.values() for route in routes),
            requests=self._requests,
            failed_over=self._failed_over,
            fell_back=self._fell_back,
            hedged=self._hedged,
            failed=self._failed,
        )

    async def _answer(self, request: Request) -> AsyncGenerator[Chunk]:
        self._requests += 1
        self._retries.earn()
        writing = Splice(request) if request.sections else Restart(request)
        journey = self._journey(request)
        writers: list[str] = []
        while (route := journey.next()) is not None:
            first = self._ask(journey, route, writing.request())
            hedge_after_s = self._hedge_after_s(request, journey, first)
            # Yielding inside `race` is safe: it holds no timeout, and `aclosing` in `stream` ends it in the same task.
            async with race(first, lambda: self._ask_rival(journey, request), hedge_after_s) as runner:
                writers.append(runner.route.provider.name)
                try:
                    async with aclosing(runner.chunks()) as chunks:
                        async for chunk in chunks:
                            for piece in writing.write(_signed(chunk, runner.route)):
                                yield piece
                    writing.end()
                    runner.trial.succeed()
                    break
                except ModelError as error:
                    runner.trial.fail(error)
                    journey.failed(runner.route, error)
            for piece in writing.die():
                yield piece
            if writing.is_whole:
                break
        else:
            # What only its writers called a whole answer is handed over as it is; the caller has it repaired.
            verdict = journey.verdict()
            if not isinstance(verdict, Garbled) or writing.is_empty:
                self._failed += 1
                raise verdict
        for piece in writing.close():
            yield piece
        self._note(request, journey, writers)

    def _journey(self, request: Request) -> Journey:
        return Journey(
            request,
            self._routes[request.purpose],
            self._fallbacks.get(request.purpose) if request.allow_fallback else None,
            retries=self._retries,
            now=self._now,
            draw=self._draw,
            limits=self._limits,
        )

    def _ask(self, journey: Journey, route: Route, request: Request) -> Runner:
        trial = route.circuit.enter()
        self._fell_back += route.is_fallback
        return Runner(route, journey.narrowed(request, route, is_probe=trial.is_probe), trial)

    def _ask_rival(self, journey: Journey, request: Request) -> Runner | None:
        route = journey.rival()
        if route is None or not self._hedges.spend():
            return None
        self._hedged += 1
        return self._ask(journey, route, request)

    def _hedge_after_s(self, request: Request, journey: Journey, first: Runner) -> float | None:
        """After its usual first word, in a conversation: somebody sits there and waits for the question."""
        if request.purpose != "conversation" or journey.errors or first.route.is_fallback:
            return None
        self._hedges.earn()
        usual = first.route.circuit.first_word_s(0.95)
        return None if usual is None else max(usual, self._limits.hedge_least_s)

    def _note(self, request: Request, journey: Journey, writers: Sequence[str]) -> None:
        if not journey.errors:
            return
        self._failed_over += 1
        errors = "; ".join(str(error) for error in journey.errors)
        fields = {"purpose": request.purpose, "task": request.task, "asked": " → ".join(writers), "errors": errors}
        log.info("request failed over", extra=fields)

    def _circuit(self, provider: LLMProvider, purpose: Purpose) -> Circuit:
        limits = self._limits.health
        return Circuit(provider.name, provider.model, purpose, now=self._now, draw=self._draw, limits=limits)


def _signed(chunk: Chunk, route: Route) -> Chunk:
    return replace(chunk, source=replace(chunk.source, fallback=True)) if route.is_fallback else chunk
