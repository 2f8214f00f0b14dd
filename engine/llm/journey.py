"""The way of one request through the providers: who is asked next, for how long, and what is raised in the end.

A provider is asked at most twice. Its first attempt is free, however many providers failed before it; a second attempt
at the same one is a retry and comes out of the retry budget, so that an outage is never multiplied by us. Health
decides among those that may be asked; the order of the purpose decides among the healthy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.errors import AllDown, CutShort, Declined, Garbled, Misconfigured, ModelError, Rejected
from engine.llm.allowance import Allowance
from engine.llm.health import Circuit
from engine.llm.limits import RouterLimits
from engine.ports import Deadlines, LLMProvider, Request


@dataclass(slots=True, eq=False)
class Route:
    """A provider for one purpose. The fallback's text is marked as such, and it needs no time of the request's."""

    provider: LLMProvider
    circuit: Circuit
    other_purposes: tuple[Circuit, ...] = ()
    is_fallback: bool = False

    def is_well(self) -> bool:
        """Nothing is known against this model, for any purpose."""
        circuits = (self.circuit, *self.other_purposes)
        return all(circuit.phase() == "closed" and circuit.weight() == 1.0 for circuit in circuits)


class Journey:
    """Remembers what one request has been through."""

    def __init__(
        self,
        request: Request,
        routes: Sequence[Route],
        fallback: Route | None,
        *,
        retries: Allowance,
        now: Callable[[], float],
        draw: Callable[[], float],
        limits: RouterLimits,
    ) -> None:
        self.errors: list[ModelError] = []
        self._request = request
        self._routes = routes
        self._fallback = fallback
        self._retries = retries
        self._now = now
        self._draw = draw
        self._limits = limits
        self._tries = dict.fromkeys(routes, 0)
        self._until = now() + request.deadlines.total_s
        # What is not for the fallback is owed work: nobody waits for it, so it need not knock at closed doors.
        self._is_forced = not request.allow_fallback

    def next(self) -> Route | None:
        """Whom to ask now; `None` when only `verdict` is left."""
        route = None if self._is_hopeless() else self._next_model()
        if route is not None:
            self._tries[route] += 1
            return route
        if self.errors and isinstance(self.errors[-1], Declined):
            return None  # what a model refused to discuss is not for the offline coach either
        route, self._fallback = self._fallback, None
        return route

    def rival(self) -> Route | None:
        """Somebody well and not asked yet, to be asked beside the one who stays silent."""
        for route, tries in self._tries.items():
            if not tries and route.is_well():
                self._tries[route] += 1
                return route
        return None

    def failed(self, route: Route, error: ModelError) -> None:
        self.errors.append(error)
        match error:
            case Rejected() | Declined() | Misconfigured():
                self._bar(route)
            case CutShort() if not self._request.sections:
                self._bar(route)
            case _:
                pass

    def narrowed(self, request: Request, route: Route, *, is_probe: bool) -> Request:
        """The request with the time that is left."""
        if route.is_fallback:
            return request
        left = max(0.0, self._until - self._now())
        first = min(request.deadlines.first_s, left)
        if is_probe:
            first = min(first, route.circuit.probe_first_word_s())
        return replace(request, deadlines=Deadlines(first, min(request.deadlines.gap_s, left), left))

    def verdict(self) -> ModelError:
        """What to raise when nobody is left to ask."""
        last = self.errors[-1] if self.errors else None
        if isinstance(last, Rejected | Declined | CutShort | Garbled):
            return last  # somebody answered, only not well
        if last is not None and any(route.circuit.phase() == "closed" for route in self._routes):
            return last
        wait_s = min((route.circuit.reopens_in_s() for route in self._routes), default=0.0)
        verdict = AllDown(detail=str(last or ""), retry_after_s=wait_s)
        verdict.__cause__ = last
        return verdict

    def _next_model(self) -> Route | None:
        left = [route for route, tries in self._tries.items() if tries < self._limits.attempts_per_provider]
        ready = [route for route in left if route.circuit.takes_requests()]
        if fresh := [route for route in ready if not self._tries[route]]:
            return self._pick(fresh)
        if ready:
            return self._pick(ready) if self._retries.spend() else None
        if self._fallback is not None or self._is_forced or not left:
            return None
        self._is_forced = True
        earliest = min(left, key=lambda route: route.circuit.reopens_in_s())
        return earliest if not self._tries[earliest] or self._retries.spend() else None

    def _pick(self, routes: list[Route]) -> Route:
        """The first in order that its health does not speak against.

        Each is passed over with the probability by which its weight falls short of the best; so all traffic goes to the
        first while it is well, and little while it is much worse than another. A half-open one gets its probe when its
        turn comes, but not from a request that has already failed somewhere and can be served by somebody who is well.
        """
        weights = {route: route.circuit.weight() for route in routes if route.circuit.phase() == "closed"}
        candidates = list(weights) if self.errors and weights else routes
        best = max(weights.values(), default=1.0)
        return next(
            route
            for route in candidates
            if route not in weights or weights[route] >= best or self._draw() < weights[route] / best
        )

    def _is_hopeless(self) -> bool:
        return bool(self.errors) and (self._is_refused() or self._until - self._now() < self._limits.worthwhile_s)

    def _is_refused(self) -> bool:
        refusals = [error for error in self.errors if isinstance(error, Rejected | Declined)]
        if refusals and isinstance(refusals[0], Declined) and self._request.purpose == "conversation":
            return True
        return len(refusals) > 1

    def _bar(self, route: Route) -> None:
        if not route.is_fallback:
            self._tries[route] = self._limits.attempts_per_provider
