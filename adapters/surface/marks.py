"""Scores and levels as signs and words. A bar only repeats the number beside it: no shape says anything alone."""

from __future__ import annotations

from engine.events import SectionView

FULL, EMPTY = "■", "□"
CELLS = 10
NOT_SCORED = "not scored"
MEETS, BELOW = "✓ meets the bar", "○ below the bar, for now"


def score_bar(score: float | None, cells: int = CELLS) -> str:
    """A bar of 0–1; empty when there is no score."""
    filled = round((score or 0.0) * cells)
    return FULL * filled + EMPTY * (cells - filled)


def level_bar(level: int | None) -> str:
    return FULL * (level or 0) + EMPTY * (5 - (level or 0))


def score_words(score: float | None) -> str:
    return NOT_SCORED if score is None else f"{score:.2f} of 1"


def level_words(section: SectionView) -> str:
    """The level of a settled section, in words and figures."""
    if section.level is None:
        return NOT_SCORED
    score = "" if section.score is None else f" · {section.score:.2f}"
    met = "" if section.meets is None else f" · {MEETS if section.meets else BELOW}"
    return f"{section.level} of 5{score}{met}"


def reason_words(section: SectionView) -> str:
    """What has to be said about a level that is missing or not borne out."""
    if not section.reason:
        return ""
    return section.reason if section.level is not None else f"Not scored: {section.reason}"


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
