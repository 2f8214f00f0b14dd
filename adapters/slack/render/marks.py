"""Scores and levels as signs and words. A bar only repeats the number beside it: no shape says anything alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.interviews import RoleLevel

FULL, EMPTY = "■", "□"
CELLS = 10
SPARKS = "▁▂▃▄▅▆▇█"
NOT_SCORED = "not scored"
ROLES: Mapping[RoleLevel, str] = {
    "intern": "Intern", "junior": "Junior", "mid": "Mid-level", "senior": "Senior", "staff": "Staff",
}  # fmt: skip


def score_bar(score: float | None, cells: int = CELLS) -> str:
    """A bar of 0–1; empty when there is no score."""
    filled = round((score or 0.0) * cells)
    return FULL * filled + EMPTY * (cells - filled)


def level_bar(level: int | None) -> str:
    return FULL * (level or 0) + EMPTY * (5 - (level or 0))


def sparks(scores: Iterable[float]) -> str:
    """Scores as columns side by side, the lowest for 0 and the highest for 1."""
    return " ".join(SPARKS[round(score * (len(SPARKS) - 1))] for score in scores)


def score_words(score: float | None) -> str:
    return NOT_SCORED if score is None else f"{score:.2f} of 1"


def change(score: float | None, before: float | None) -> str:
    """How a score compares to the attempt before; "" when there is nothing to compare."""
    if score is None or before is None:
        return ""
    # Of the two figures as they are shown, so that the sum can be checked by eye.
    by = round(round(score, 2) - round(before, 2), 2)
    if by == 0:
        return f"= unchanged from {before:.2f}"
    return f"▲ up {by:.2f} from {before:.2f}" if by > 0 else f"▼ down {-by:.2f} from {before:.2f}"


def count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"
