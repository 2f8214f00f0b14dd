"""How a provider is doing, as far as its recent answers tell: a weight, and a circuit that opens.

    closed ──5 failures in a row, or ≥ half of ≥ 10 in 30 s──▶ open, 15 s × 2ⁿ ≤ 5 min
      ▲      Busy: for its Retry-After; Misconfigured: 5 min     │ time is up
      │                                                          ▼
      └────────────the probe answers──────────────────────── half-open: one request at a time is the probe
                                                                 │ the probe fails: open again, n + 1

There is one circuit per (provider, model, purpose): a model may be fine for questions and hopeless for a strict schema.
The weight falls long before the circuit opens, so that traffic moves away while requests still succeed. What to do with
weights and circuits is the router's business; this file only keeps the books, and `window` says what an error costs.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.errors import Busy, Misconfigured, ModelError
from engine.llm.limits import HealthLimits
from engine.llm.window import Window, cost_of
from engine.ports import Purpose

log = logging.getLogger(__name__)

Phase = Literal["closed", "half_open", "open"]


@dataclass(frozen=True, slots=True)
class CircuitState:
    """A snapshot for `doctor`, logs and metrics. Counts are over the weight's window, times in seconds."""

    provider: str
    model: str
    purpose: Purpose
    phase: Phase
    weight: float
    answers: int
    failures: float
    first_word_p50_s: float | None
    first_word_p95_s: float | None
    reopens_in_s: float
    needs_operator: bool
    last_error: str


class Circuit:
    """The recent past of one (provider, model, purpose)."""

    def __init__(
        self,
        provider: str,
        model: str,
        purpose: Purpose,
        *,
        now: Callable[[], float],
        draw: Callable[[], float],
        limits: HealthLimits,
    ) -> None:
        self.provider = provider
        self.model = model
        self.purpose: Purpose = purpose
        self._now = now
        self._draw = draw
        self._limits = limits
        self._window = Window(now)
        self._row = 0.0
        self._openings = 0
        self._is_open = False
        self._until = 0.0
        self._closed_at = -math.inf
        self._probing = False
        self._silent_since: dict[Trial, float] = {}
        self._needs_operator = False
        self._last_error = ""

    def phase(self) -> Phase:
        if not self._is_open:
            return "closed"
        return "half_open" if self._now() >= self._until else "open"

    def takes_requests(self) -> bool:
        """Closed, or half-open with nobody probing."""
        return self.phase() == "closed" or (self.phase() == "half_open" and not self._probing)

    def reopens_in_s(self) -> float:
        """Seconds until a probe may be sent; 0 when one may be sent now."""
        return max(0.0, self._until - self._now()) if self._is_open else 0.0

    def weight(self) -> float:
        """In (0, 1]; 1 while all is well. At 30 % failures it is below 0.05, so most of the traffic goes elsewhere.

        The worse of two views: the last half minute sees a change at once, the last five minutes do not forget it when
        the traffic has gone and nothing is heard any more.
        """
        share = max(self._failing(self._limits.window_s), self._failing(self._limits.weight_window_s))
        well = 1.0 if share <= self._limits.tolerated_share else math.pow(1 - share, self._limits.steepness)
        typical = self.first_word_s(0.5)
        slow = 1.0 if typical is None else min(1.0, self._limits.slow_s / max(typical, 0.001))
        return max(0.01, well * slow)

    def first_word_s(self, quantile: float) -> float | None:
        """How long the first word takes; `None` until enough of them were heard lately."""
        since = self._now() - self._limits.weight_window_s
        return self._window.first_word_s(quantile, since=since, at_least=self._limits.known_after)

    def probe_first_word_s(self) -> float:
        """How long a probe may wait for its first word: a person is waiting too, so not as long as others may.

        Twice that after every probe that failed, lest a model that became slow never return.
        """
        return self._patience_s() * 2.0 ** max(0, self._openings - 1)

    def enter(self) -> Trial:
        """One request is being sent. End the trial in one of its three ways; it is the probe of a half-open circuit."""
        trial = Trial(self, self.phase())
        self._silent_since[trial] = self._now()
        self._probing = self._probing or trial.is_probe
        return trial

    def state(self) -> CircuitState:
        failures, answers = self._window.count(self._now() - self._limits.weight_window_s)
        return CircuitState(
            provider=self.provider,
            model=self.model,
            purpose=self.purpose,
            phase=self.phase(),
            weight=self.weight(),
            answers=answers,
            failures=failures,
            first_word_p50_s=self.first_word_s(0.5),
            first_word_p95_s=self.first_word_s(0.95),
            reopens_in_s=self.reopens_in_s(),
            needs_operator=self._needs_operator,
            last_error=self._last_error,
        )

    def heard(self, trial: Trial) -> None:
        self._window.add_first_word(self._now() - self._silent_since.pop(trial))

    def over(self, trial: Trial) -> None:
        self._silent_since.pop(trial, None)
        self._probing = self._probing and not trial.is_probe

    def succeeded(self, *, sent_while: Phase) -> None:
        self._window.add(0.0)
        self._row = 0.0
        self._needs_operator = False
        # An answer to a request from before the circuit opened says nothing about how things are now.
        if self._is_open and sent_while != "closed":
            self._is_open = False
            self._closed_at = self._now()
            log.info("provider is back", extra=self._who())

    def failed(self, error: ModelError, *, sent_while: Phase) -> None:
        cost = cost_of(error)
        if not cost:
            return
        probe_failed = self.phase() == "half_open" and sent_while != "closed"
        self._last_error = str(error)
        self._window.add(cost)
        self._row += cost
        match error:
            case Busy(retry_after_s=float(wait) | int(wait)):
                self._open_for(min(max(0.0, wait), self._limits.retry_after_most_s), error)
            case Misconfigured():
                self._needs_operator = True
                self._open_for(self._limits.misconfigured_s, error)
            case _:
                pass
        if probe_failed or (not self._is_open and self._is_ill()):
            self._open_for(self._next_pause_s(), error)

    def _failing(self, window_s: float) -> float:
        """The share of failures. Who has been silent for much longer than usual counts as one before its deadline."""
        failed, answers = self._window.count(self._now() - window_s)
        latest = self._now() - self._patience_s()
        overdue = sum(1 for began in self._silent_since.values() if began < latest)
        return (failed + overdue) / (answers + overdue + self._limits.benefit_of_doubt)

    def _patience_s(self) -> float:
        """Twice the usual time to a first word; without end while nobody knows what is usual."""
        usual = self._window.first_word_s(0.95, since=-math.inf, at_least=1)
        return math.inf if usual is None else max(self._limits.patience_least_s, 2 * usual)

    def _is_ill(self) -> bool:
        if self._row >= self._limits.failures_in_a_row:
            return True
        failed, answers = self._window.count(max(self._now() - self._limits.window_s, self._closed_at))
        return answers >= self._limits.window_requests and failed >= answers * self._limits.window_share

    def _next_pause_s(self) -> float:
        if not self._is_open and self._now() - self._closed_at > self._limits.open_most_s:
            self._openings = 0
        pause = min(self._limits.open_s * 2.0**self._openings, self._limits.open_most_s)
        self._openings = min(self._openings + 1, 16)
        return pause * (1 - self._limits.jitter * self._draw())

    def _open_for(self, seconds: float, error: ModelError) -> None:
        # The later deadline wins: a short Retry-After must not end a long pause early.
        was_shut = self.phase() == "open"
        self._until = max(self._until, self._now() + seconds) if self._is_open else self._now() + seconds
        self._is_open = True
        if not was_shut:
            fields = {"reopens_in_s": round(self.reopens_in_s(), 1), "error": str(error)}
            advice = "provider is misconfigured" if self._needs_operator else "provider is out"
            log.warning(advice, extra=self._who() | fields)

    def _who(self) -> dict[str, object]:
        return {"provider": self.provider, "model": self.model, "purpose": self.purpose}


class Trial:
    """One request at one provider. Whatever ends it first counts; the rest is ignored."""

    def __init__(self, circuit: Circuit, phase: Phase) -> None:
        self.is_probe = phase == "half_open"
        self._circuit = circuit
        self._phase: Phase = phase
        self._is_over = False

    def heard(self) -> None:
        """The first word came."""
        self._circuit.heard(self)

    def succeed(self) -> None:
        if self._end():
            self._circuit.succeeded(sent_while=self._phase)

    def fail(self, error: ModelError) -> None:
        if self._end():
            self._circuit.failed(error, sent_while=self._phase)

    def abandon(self) -> None:
        """Nobody waits for the answer any more; it says nothing about the provider."""
        self._end()

    def _end(self) -> bool:
        was_over, self._is_over = self._is_over, True
        if not was_over:
            self._circuit.over(self)
        return not was_over
