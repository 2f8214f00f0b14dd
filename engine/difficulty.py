"""How the difficulty follows the answers.

The mean of the last three scores, of at least two, moves the level: above 0.8 one up, below 0.4 one down, within five
levels. Scores count from where the candidate last chose the level: *easier* and *harder* override what came before.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.feedback.model import mean
from engine.interviews import HIGHEST_LEVEL, LOWEST_LEVEL, level_name

WINDOW, AT_LEAST = 3, 2
RAISE_ABOVE, LOWER_BELOW = 0.8, 0.4


def clamp(level: int) -> int:
    """The nearest level there is."""
    return max(LOWEST_LEVEL, min(HIGHEST_LEVEL, level))


def next_level(level: int, scores: Sequence[float | None]) -> tuple[int, str]:
    """The level for the next question and the reason to show, which is "" when nothing moves.

    `scores` are 0–1, oldest first; `None` (not scored) is skipped.
    """
    recent = [score for score in scores if score is not None][-WINDOW:]
    average = mean(recent)
    if average is None or len(recent) < AT_LEAST:
        return level, ""
    moved = clamp(level + 1) if average > RAISE_ABOVE else clamp(level - 1) if average < LOWER_BELOW else level
    if moved == level:
        return level, ""
    way = "up" if moved > level else "down"
    return (
        moved,
        f"Your last {len(recent)} answers averaged {average:.2f}, so the level goes {way} to {level_name(moved)}.",
    )
