"""The figures that follow from facts, written in the very transaction that records them.

What an interview was assigned, what a review took, and what people said of it. They are figures only: forgetting a
person takes them along. What they amount to is read by `observing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert

from adapters.store import rows
from adapters.store.outcomes import Outcomes
from adapters.store.tables import assignment, rating, turn_metric
from engine.facts import Begun, Fact, Rated, Reviewed
from engine.session import Session
from engine.trials.observing import TurnMetric
from engine.trials.observing import turn_metric as metric_of

_ASSIGN, _MEASURE, _RATE = insert(assignment), insert(turn_metric), insert(rating)

Row = dict[str, object]


@dataclass(slots=True)
class Figures:
    """What one `record` adds. `take` each fact with the session after it, then `write` once the session stands."""

    assigned: list[Row] = field(default_factory=list[Row])
    measured: list[Row] = field(default_factory=list[Row])
    rated: dict[tuple[str, int], Row] = field(default_factory=dict[tuple[str, int], Row])
    outcomes: Outcomes = field(default_factory=Outcomes)

    def take(self, session: Session, fact: Fact) -> None:
        self.outcomes.take(session, fact)
        match fact:
            case Begun():
                self.assigned.extend(_assignments(session, fact))
            case Reviewed():
                if (metric := metric_of(fact, session.setup.bar.weights)) is not None:
                    self.measured.append(_measurement(session, metric))
            case Rated():
                self.rated[session.id, fact.turn] = {
                    "session_id": session.id,
                    "turn": fact.turn,
                    "person": rows.person_of(session.key),
                    "value": fact.value,
                    "at": fact.at,
                }
            case _:
                pass

    def write(self, connection: Connection) -> None:
        self.outcomes.write(connection)
        if self.assigned:
            connection.execute(_ASSIGN, self.assigned)
        if self.measured:
            connection.execute(_MEASURE, self.measured)
        for (session_id, turn), row in self.rated.items():
            connection.execute(delete(rating).where(rating.c.session_id == session_id, rating.c.turn == turn))
            connection.execute(_RATE, row)


def _assignments(session: Session, fact: Begun) -> Iterator[Row]:
    for name, ref in fact.setup.prompts.items():
        arm = fact.setup.arms.get(name)
        yield {
            "session_id": session.id,
            "name": name,
            "person": rows.person_of(session.key),
            "ref": ref,
            "rollout_id": arm.rollout if arm else None,
            "stage_seq": arm.stage if arm else None,
            "arm": "production" if arm is None else "candidate" if arm.candidate else "control",
            "at": fact.at,
        }


def _measurement(session: Session, metric: TurnMetric) -> Row:
    return {
        "session_id": session.id,
        "turn": metric.turn,
        "person": rows.person_of(session.key),
        "name": metric.ref.partition("@")[0],
        "ref": metric.ref,
        "provider": metric.provider,
        "model": metric.model,
        "took_ms": metric.took_ms,
        "first_section_ms": metric.first_section_ms,
        "input_tokens": metric.input_tokens,
        "output_tokens": metric.output_tokens,
        "cost_micros": metric.cost_micros,
        "schema_ok": metric.schema_ok,
        "retries": int(metric.repaired),
        "error": metric.trouble,
        "at": metric.at,
        "score": metric.score,
    }
