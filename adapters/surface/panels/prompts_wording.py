"""How prompts, versions and moments are called in panels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from engine.prompting.standing import Standing, Status, Version, actor_name
from engine.trials.verdict import described

TITLES: Mapping[str, str] = {
    "question": "Questions",
    "follow_up": "Follow-ups",
    "review": "Reviews",
    "model_answer": "Model answers",
    "report": "Reports",
}
STATUS: Mapping[Status, str] = {"draft": "draft", "active": "in use", "retired": "retired"}


def title_of(name: str) -> str:
    return TITLES.get(name, name)


def moment(at: float) -> str:
    """A time for a reader anywhere."""
    return f"{datetime.fromtimestamp(at, UTC):%-d %b %Y, %H:%M} UTC"


def number_of(standing: Standing, ref: str) -> str:
    """A version in words, by its number."""
    found = next((version.number for version in standing.versions if version.ref == ref), None)
    return "none" if found is None else f"version {found}"


def sentences(problems: Iterable[str]) -> list[str]:
    """Problems as sentences."""
    return [f"{each[:1].upper()}{each[1:]}" + ("" if each.endswith(("?", ".")) else ".") for each in problems]


def about(standing: Standing, version: Version) -> str:
    """What there is to know of a version, in a line."""
    labels = sorted(label for label, ref in standing.labels.items() if ref == version.ref)
    rollout = standing.rollout
    trying = [described(rollout)] if rollout is not None and rollout.candidate == version.ref else []
    said = [STATUS[version.status], *labels, *(f"rollout {each}" for each in trying)]
    return " · ".join([", ".join(said), f"{actor_name(version.created_by)}, {moment(version.created_at)}"])
