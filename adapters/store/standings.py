"""A prompt's standing, read from its rows, and a decision about it, written to them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import cast

from sqlalchemy import Connection, Select, func, insert, select, update

from adapters.store import rows
from adapters.store.statements import inserting
from adapters.store.tables import (
    prompt_event,
    prompt_label,
    prompt_label_event,
    prompt_version,
    rollout,
    rollout_stage,
)
from engine.prompting.changes import Decision
from engine.prompting.standing import (
    EVICTED,
    PRODUCTION,
    Change,
    Deed,
    Standing,
    Status,
    Version,
    productions,
    split_labels,
)
from engine.trials.rollout import Rollout, Stage

_CHANGES = select(
    prompt_event.c.name,
    prompt_event.c.deed,
    prompt_event.c.ref,
    prompt_event.c.actor,
    prompt_event.c.reason,
    prompt_event.c.at,
    prompt_event.c.label,
    prompt_event.c.before_ref,
    prompt_event.c.share_bp,
)
_PRODUCTION = select(prompt_label.c.name, prompt_label.c.ref).where(prompt_label.c.label == PRODUCTION)
_ROLLOUTS = (
    select(
        rollout.c.id,
        rollout.c.name,
        rollout.c.control_ref,
        rollout.c.candidate_ref,
        rollout.c.salt,
        rollout.c.opened_by,
        rollout.c.opened_at,
        rollout_stage.c.seq,
        rollout_stage.c.share_bp,
        rollout_stage.c.started_at,
        rollout_stage.c.ended_at,
    )
    .join(rollout_stage, rollout_stage.c.rollout_id == rollout.c.id)
    .order_by(rollout.c.id, rollout_stage.c.seq)
)
_OPEN = _ROLLOUTS.where(rollout.c.closed_at.is_(None))


def production(connection: Connection) -> dict[str, str]:
    """The version in production, by prompt."""
    return dict(connection.execute(_PRODUCTION).all())


def open_rollouts(connection: Connection) -> list[Rollout]:
    """Every rollout that is open."""
    return _rollouts(connection, _OPEN)


def standing(connection: Connection, name: str) -> Standing:
    """A prompt as it stands."""
    moves = (
        select(prompt_label_event.c.to_ref)
        .where(prompt_label_event.c.name == name, prompt_label_event.c.label == PRODUCTION)
        .order_by(prompt_label_event.c.n)
    )
    labels, replaced = _labels(connection, name)
    is_open = _rollouts(connection, _OPEN.where(rollout.c.name == name))
    newest = changes(connection, name, 1)
    return Standing(
        name=name,
        versions=tuple(_versions(connection, name)),
        labels=labels,
        evicted=replaced,
        productions=productions(connection.scalars(moves).all()),
        rollout=is_open[0] if is_open else None,
        rollouts=connection.scalar(select(func.count()).where(rollout.c.name == name)) or 0,
        revision=connection.scalar(select(func.count()).where(prompt_event.c.name == name)) or 0,
        last=newest[0] if newest else None,
    )


def rollouts(connection: Connection, name: str, limit: int) -> list[Rollout]:
    """The rollouts of a prompt, newest first."""
    columns = (rollout.c.id, rollout.c.closed_at, rollout.c.close_reason)
    newest = select(*columns).where(rollout.c.name == name).order_by(rollout.c.id.desc()).limit(limit)
    ends = {id: (closed_at, reason or "") for id, closed_at, reason in connection.execute(newest).all()}
    found = {each.id: each for each in _rollouts(connection, _ROLLOUTS.where(rollout.c.id.in_(ends)))}
    return [replace(found[id], closed_at=at, close_reason=reason) for id, (at, reason) in ends.items()]


def evicted(connection: Connection, ref: str) -> dict[str, str]:
    """Which versions of this one's prompt are evicted, and what stands in for them."""
    return _labels(connection, ref.partition("@")[0])[1]


def changes(connection: Connection, name: str, limit: int) -> list[Change]:
    """A prompt's history, newest first."""
    query = _CHANGES.where(prompt_event.c.name == name).order_by(prompt_event.c.n.desc()).limit(limit)
    return [
        Change(name, cast("Deed", deed), ref, actor, reason, at, label, before, share_bp)  # written by `remember` alone
        for name, deed, ref, actor, reason, at, label, before, share_bp in connection.execute(query).all()
    ]


def carry_out(connection: Connection, decision: Decision) -> None:
    """Write what was decided, with its line of history."""
    change = decision.change
    if decision.moves is not None:
        label, ref = decision.moves
        move_label(connection, change.name, label, ref, by=change.actor, reason=change.reason, at=change.at)
    if decision.evicts is not None:
        old, new = decision.evicts
        label = f"{EVICTED}{old.partition('@')[2]}"
        move_label(connection, change.name, label, new, by=change.actor, reason=change.reason, at=change.at)
    if decision.status is not None:
        ref, status = decision.status
        connection.execute(update(prompt_version).where(prompt_version.c.ref == ref).values(status=status))
    if decision.rollout is not None:
        _write_rollout(connection, decision.rollout)
    remember(connection, change)


def remember(connection: Connection, change: Change) -> None:
    """Add a line to a prompt's history."""
    row: dict[str, object] = asdict(change)
    row["before_ref"] = row.pop("before")
    row |= {"actor": rows.column_text(change.actor), "reason": rows.column_text(change.reason)}
    connection.execute(insert(prompt_event).values(row))


def move_label(connection: Connection, name: str, label: str, ref: str, *, by: str, reason: str, at: float) -> None:
    """Let a label point to a version, and write down from where, by whom and why."""
    by, reason = rows.column_text(by), rows.column_text(reason)
    key = {"name": name, "label": label}
    before = connection.scalar(select(prompt_label.c.ref).filter_by(**key))
    to = {"ref": ref, "moved_by": by}
    pointing = inserting(connection, prompt_label).values(key | to)
    connection.execute(pointing.on_conflict_do_update(index_elements=list(key), set_=to))
    event = key | {"from_ref": before, "to_ref": ref, "actor": by, "reason": reason}
    connection.execute(insert(prompt_label_event).values(event | {"at": at}))


def _labels(connection: Connection, name: str) -> tuple[dict[str, str], dict[str, str]]:
    labels = select(prompt_label.c.label, prompt_label.c.ref).where(prompt_label.c.name == name)
    return split_labels(name, dict(connection.execute(labels).all()))


def _versions(connection: Connection, name: str) -> list[Version]:
    query = select(
        prompt_version.c.ref,
        prompt_version.c.version,
        prompt_version.c.status,
        prompt_version.c.created_by,
        prompt_version.c.created_at,
        prompt_version.c.message,
    )
    found = connection.execute(query.where(prompt_version.c.name == name).order_by(prompt_version.c.version)).all()
    return [
        Version(ref, number, cast("Status", status), by, at, message)  # held by a constraint of the table
        for ref, number, status, by, at, message in found
    ]


def _rollouts(
    connection: Connection,
    query: Select[int, str, str, str, str, str, float, int, int, float, float | None],
) -> list[Rollout]:
    stages: dict[int, list[Stage]] = {}
    found: dict[int, Rollout] = {}
    for id, name, control, candidate, salt, by, at, seq, share_bp, started_at, ended_at in connection.execute(query):
        stages.setdefault(id, []).append(Stage(seq, share_bp, started_at, ended_at))
        found[id] = Rollout(name, control, candidate, salt, by, at, tuple(stages[id]), id)
    return list(found.values())


def _write_rollout(connection: Connection, after: Rollout) -> None:
    number = after.id or _new_rollout(connection, after)
    if after.id:
        closing = {"closed_at": after.closed_at, "close_reason": rows.column_text(after.close_reason) or None}
        connection.execute(update(rollout).where(rollout.c.id == number).values(closing))
        before = [rollout_stage.c.rollout_id == number, rollout_stage.c.ended_at.is_(None)]
        ended: Sequence[Stage] = [stage for stage in after.stages if stage.ended_at is not None]
        connection.execute(update(rollout_stage).where(*before).values(ended_at=ended[-1].ended_at))
    if after.open:
        connection.execute(insert(rollout_stage).values(rollout_id=number, **asdict(after.stage)))


def _new_rollout(connection: Connection, after: Rollout) -> int:
    row = {
        "name": after.name,
        "control_ref": after.control,
        "candidate_ref": after.candidate,
        "salt": after.salt,
        "opened_by": rows.column_text(after.opened_by),
        "opened_at": after.opened_at,
    }
    return connection.execute(insert(rollout).values(row).returning(rollout.c.id)).scalar_one()
