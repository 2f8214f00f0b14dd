"""How a team uses the product: interviews and completion by type, satisfaction, and what the models took. Pure.

No figure names or ranks anybody, and none rests on fewer than three people (`crowd.py`); what the models cost is the
workspace's bill and is always shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.team.crowd import enough, parted, people
from engine.team.outcome import Held
from engine.trials.figures import Rate, Spread, spread
from engine.trials.observing import TurnMetric

DAYS = (7, 30, 90)
"""The periods there are to choose from."""
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Use:
    """Interviews of a period. `completed`: of those that ended; `offline`: of those with any review."""

    interviews: int
    people: int
    answers: int
    completed: Rate
    score: float | None
    scored: int
    hints: int
    offline: Rate


@dataclass(frozen=True, slots=True)
class TypeUse:
    """The use of one type; `None` where too few people used it."""

    type_id: str
    title: str
    use: Use | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Interviews with more thumbs up than down, of those that were rated at all; and those, of all with an answer."""

    satisfied: Rate
    rated: Rate


@dataclass(frozen=True, slots=True)
class ModelUse:
    """The reviews of one model. `stood_in`: written by the offline coach because no model could be had."""

    provider: str
    model: str
    reviews: int
    absent: Rate
    first_section_ms: Spread | None
    took_ms: Spread | None
    input_tokens: int
    output_tokens: int
    cost_micros: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What every call to a model took, not only the reviews; cost is in millionths of a dollar."""

    tokens: int = 0
    cost_micros: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a period took, in all and by the models that wrote reviews; cost is in millionths of a dollar."""

    reviews: int
    stood_in: int
    tokens: int
    cost_micros: int
    models: tuple[ModelUse, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The team at a glance. `total` and `satisfaction` are `None` where too few people stand behind them.

    `all_counted` is false where interviews are missing from `total` because it would give away what is hidden.
    """

    total: Use | None
    all_counted: bool
    types: tuple[TypeUse, ...]
    satisfaction: Satisfaction | None
    spent: Spent


def overview(held: Sequence[Held], reviews: Sequence[TurnMetric], bill: Bill, *, now: float) -> Overview:
    """The overview of these interviews, the most used types first, and of what was used in the same time."""
    parts = parted(held, lambda each: each.outcome.type_id)
    titles = {each.outcome.type_id: each.outcome.title for each in sorted(held, key=lambda h: h.outcome.began_at)}
    shown = sorted(parts.shown, key=lambda id: (-len(parts.shown[id]), titles[id], id))
    hidden = sorted(parts.hidden, key=lambda id: (titles[id], id))
    return Overview(
        total=use(parts.total, now=now) if parts.total else None,
        all_counted=len(parts.total) == len(held),
        types=(
            *(TypeUse(id, titles[id], use(parts.shown[id], now=now)) for id in shown),
            *(TypeUse(id, titles[id], None) for id in hidden),
        ),
        satisfaction=satisfaction(parts.total),
        spent=spent(reviews, bill),
    )


def use(held: Sequence[Held], *, now: float) -> Use:
    """The figures of these interviews, whoever held them."""
    outcomes = [each.outcome for each in held]
    scores = [outcome.score for outcome in outcomes if outcome.score is not None]
    return Use(
        interviews=len(outcomes),
        people=people(held),
        answers=sum(outcome.answers for outcome in outcomes),
        completed=_rate(done for each in held if (done := each.completed(now)) is not None),
        score=sum(scores) / len(scores) if scores else None,
        scored=len(scores),
        hints=sum(outcome.hints for outcome in outcomes),
        offline=_rate(outcome.judge == "offline" for outcome in outcomes if outcome.judge),
    )


def satisfaction(held: Sequence[Held]) -> Satisfaction | None:
    """What people thought of the feedback; `None` where fewer than three said so."""
    rated = [each for each in held if each.opinion is not None]
    if not enough(rated):
        return None
    answered = [each for each in held if each.outcome.answers or each.opinion is not None]
    return Satisfaction(_rate((each.opinion or 0) > 0 for each in rated), Rate(len(rated), len(answered)))


def spent(reviews: Sequence[TurnMetric], bill: Bill) -> Spent:
    """What was used. What the offline coach wrote as a stand-in is counted, but is no model's.

    Calls from before there were bills are known from their reviews alone, so the larger of the two counts.
    """
    models: dict[tuple[str, str], list[TurnMetric]] = {}
    for review in reviews:
        if review.trouble != "fallback":
            models.setdefault((review.provider, review.model), []).append(review)
    return Spent(
        reviews=len(reviews),
        stood_in=sum(review.trouble == "fallback" for review in reviews),
        tokens=max(bill.tokens, sum(review.tokens for review in reviews)),
        cost_micros=max(bill.cost_micros, sum(review.cost_micros for review in reviews)),
        models=tuple(_model_use(*names, mine) for names, mine in sorted(models.items())),
    )


def _model_use(provider: str, model: str, reviews: Sequence[TurnMetric]) -> ModelUse:
    return ModelUse(
        provider=provider,
        model=model,
        reviews=len(reviews),
        absent=_rate(review.trouble == "absent" for review in reviews),
        first_section_ms=spread(review.first_section_ms for review in reviews if review.first_section_ms),
        took_ms=spread(review.took_ms for review in reviews),
        input_tokens=sum(review.input_tokens for review in reviews),
        output_tokens=sum(review.output_tokens for review in reviews),
        cost_micros=sum(review.cost_micros for review in reviews),
    )


def _rate(hits: Iterable[bool]) -> Rate:
    known = list(hits)
    return Rate(sum(known), len(known))
