"""Interviews as the team view sees them, by a few letters each."""

from __future__ import annotations

from engine.team.outcome import CriterionScore, Held, Judge, Outcome, State

NOW = 1_760_000_000.0
DAY = 86_400.0


def held(
    person: str,
    type_id: str = "behavioral",
    *,
    at: float = NOW - DAY,
    score: float | None = 0.5,
    scores: tuple[tuple[str, float | None, int], ...] = (("depth", 0.5, 2),),
    state: State = "completed",
    opinion: int | None = None,
    judge: Judge = "model",
    answers: int = 2,
    hints: int = 0,
    title: str = "",
) -> Held:
    criteria = tuple(CriterionScore(id, id.title(), value, n) for id, value, n in scores)
    outcome = Outcome(
        session=f"{person}-{type_id}-{at}", person=person, home="slack/T1", type_id=type_id,
        title=title or type_id.title(), role="mid", began_at=at, ended_at=None, state=state, answers=answers,
        score=score, criteria=criteria, hints=hints, judge=judge,
    )  # fmt: skip
    return Held(outcome, at, opinion)
