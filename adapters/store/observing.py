"""Interviews as a prompt's figures see them: assignments, with what was measured and said in each.

Read inside the caller's transaction; what they amount to is counted in `engine/trials`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from adapters.store.tables import assignment, facts, rating, sessions, turn_metric
from engine.trials.observing import Observation, Trouble, TurnMetric


def observations(connection: Connection, name: str, *, rollout: int | None, since: float) -> list[Observation]:
    """Every interview assigned a version of the prompt since then, or in this rollout, oldest first."""
    chosen = and_(assignment.c.name == name, assignment.c.at >= since)
    if rollout is not None:
        chosen = and_(chosen, assignment.c.rollout_id == rollout)
    stopped = select(facts.c.seq).where(facts.c.session_id == sessions.c.id, facts.c.kind == "stopped").exists()
    query = (
        select(
            assignment.c.session_id,
            assignment.c.person,
            assignment.c.ref,
            assignment.c.at,
            assignment.c.rollout_id,
            assignment.c.stage_seq,
            assignment.c.arm,
            sessions.c.over,
            stopped,
            sessions.c.updated_at,
        )
        .join(sessions, sessions.c.id == assignment.c.session_id)
        .where(chosen)
        .order_by(assignment.c.at, assignment.c.session_id)
    )
    measured = _measured(connection, chosen, name)
    rated = _rated(connection, chosen)
    return [
        Observation(
            session=session,
            person=person,
            ref=ref,
            at=at,
            rollout=rollout_id,
            stage=stage,
            candidate=arm == "candidate",
            turns=tuple(measured[session]),
            ratings=rated[session],
            over=over,
            stopped=was_stopped,
            changed_at=changed_at,
        )
        for session, person, ref, at, rollout_id, stage, arm, over, was_stopped, changed_at in connection.execute(query)
    ]


def metrics(connection: Connection, chosen: ColumnElement[bool]) -> list[TurnMetric]:
    """What these reviews took, oldest first, whichever prompt they were of."""
    columns = [turn_metric.columns[column] for column in _Measurement._fields]
    query = cast("Select[*tuple[object, ...]]", select(*columns)).where(chosen).order_by(turn_metric.c.n)
    return [_metric(cast("_Measurement", row)) for row in connection.execute(query)]  # by name, it has these columns


class _Measurement(NamedTuple):
    """A row of what was measured: SQLAlchemy types no more than ten columns."""

    session_id: str
    turn: int
    ref: str
    provider: str
    model: str
    took_ms: int
    first_section_ms: int
    input_tokens: int
    output_tokens: int
    schema_ok: bool
    retries: int
    error: Trouble | None
    score: float | None
    at: float
    cost_micros: int


def _metric(row: _Measurement) -> TurnMetric:
    return TurnMetric(
        turn=row.turn,
        ref=row.ref,
        provider=row.provider,
        model=row.model,
        took_ms=row.took_ms,
        first_section_ms=row.first_section_ms,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        schema_ok=row.schema_ok,
        repaired=row.retries > 0,
        trouble=row.error,
        score=row.score,
        at=row.at,
        cost_micros=row.cost_micros,
    )


def _measured(connection: Connection, chosen: ColumnElement[bool], name: str) -> dict[str, list[TurnMetric]]:
    columns = [turn_metric.columns[column] for column in _Measurement._fields]
    query = cast("Select[*tuple[object, ...]]", select(*columns))
    query = query.join(assignment, assignment.c.session_id == turn_metric.c.session_id).where(chosen)
    query = query.where(turn_metric.c.name == name).order_by(turn_metric.c.n)
    found: defaultdict[str, list[TurnMetric]] = defaultdict(list)
    for row in connection.execute(query):
        measurement = cast("_Measurement", row)  # by name, it has these columns
        found[measurement.session_id].append(_metric(measurement))
    return found


def _rated(connection: Connection, chosen: ColumnElement[bool]) -> dict[str, dict[int, int]]:
    query = (
        select(rating.c.session_id, rating.c.turn, rating.c.value)
        .join(assignment, assignment.c.session_id == rating.c.session_id)
        .where(chosen)
    )
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for session, turn, value in connection.execute(query):
        found[session][turn] = value
    return found
