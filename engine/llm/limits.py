"""Every number that health and the router go by, in one place, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HealthLimits:
    """When a circuit opens and for how long, and what makes a provider less welcome.

    The breaker's numbers are those of Envoy's outlier detection and of common gateways. The weight looks back much
    further than the breaker: a provider that lost its traffic is rarely heard of, and must not look well for it.
    """

    failures_in_a_row: float = 5
    window_s: float = 30.0
    window_requests: int = 10
    window_share: float = 0.5
    open_s: float = 15.0
    open_most_s: float = 300.0
    misconfigured_s: float = 300.0
    retry_after_most_s: float = 3600.0
    jitter: float = 0.25
    """A pause is shortened by up to this share, so that many machines do not probe at the same moment."""

    weight_window_s: float = 300.0
    tolerated_share: float = 0.05
    """Failures up to this share leave the weight at 1."""
    steepness: float = 12.0
    """The weight is the share of good answers to this power: 0.28 at 10 % failures, 0.01 at 30 %."""
    benefit_of_doubt: float = 5.0
    """Imagined good answers, so that a single failure after a quiet hour is no verdict."""
    slow_s: float = 8.0
    """A median first word later than this lowers the weight in proportion."""
    patience_least_s: float = 5.0
    """A silence is too long after twice the usual time to a first word, and never before this."""
    known_after: int = 20
    """Fewer first words than this say nothing about how long one takes."""


@dataclass(frozen=True, slots=True)
class RouterLimits:
    """How hard one request may try.

    Retries: Finagle's budget (20 % of recent requests and three). Hedging: "The Tail at Scale" (Dean and Barroso),
    after the 95th percentile, for at most 5 % of requests.
    """

    attempts_per_provider: int = 2
    retry_share: float = 0.2
    retry_extra: int = 3
    retry_window_s: float = 60.0
    hedge_share: float = 0.05
    hedge_window_s: float = 300.0
    hedge_least_s: float = 1.0
    worthwhile_s: float = 2.0
    """With less time left than this, no further model is asked."""
    health: HealthLimits = field(default_factory=HealthLimits)
