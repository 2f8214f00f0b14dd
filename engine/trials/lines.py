"""Figures as lines for a reader: each with its range and the number it rests on. The same in chat and in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.trials.figures import Figures, Rate, Spread
from engine.trials.ranges import Range

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """`value` with where it lies behind it, or a dash; `n` is how many values it rests on."""

    name: str
    value: str
    n: int


def lines(figures: Figures) -> list[Line]:
    """All of one version's figures, always the same ones in the same order."""
    return [
        Line("Interviews", f"{figures.sessions:,}", figures.people),
        _share("Satisfied, of those who rated", figures.satisfied),
        _share("Rated at all", figures.rated),
        _share("Held to the end", figures.finished),
        *_spread("Review", figures.took_ms, _seconds),
        *_spread("First section", figures.first_section_ms, _seconds),
        *_spread("Tokens per interview", figures.tokens, lambda value: f"{value:,.0f}"),
        *_spread("Cost per interview", figures.cost_micros, lambda value: f"${value / 1_000_000:.4f}"),
        _mean("Score", figures.score, lambda value: f"{value:.2f}"),
        _share("Could not be read", figures.unreadable),
        _share("Repaired", figures.repaired),
        _share("Parts never came", figures.absent),
        _share("Offline coach stood in", figures.stood_in),
    ]


def side_by_side(*sides: Figures) -> list[tuple[str, ...]]:
    """One row per figure that any side has: its name, and for each side its value and n."""
    columns: list[list[Line]] = [lines(side) for side in sides]
    names = [line.name for line in columns[0]]
    return [
        (name, *(cell for column in columns for cell in (column[n].value, f"{column[n].n:,}")))
        for n, name in enumerate(names)
        if any(column[n].value != NOTHING for column in columns)
    ]


def _share(name: str, rate: Rate) -> Line:
    if rate.share is None:
        return Line(name, NOTHING, 0)
    within = "" if rate.within is None else f" ({rate.within.low * 100:.0f}–{rate.within.high * 100:.0f})"
    return Line(name, f"{rate.share * 100:.0f} %{within}", rate.n)


def _mean(name: str, spread: Spread | None, told: Callable[[float], str]) -> Line:
    if spread is None:
        return Line(name, NOTHING, 0)
    return Line(name, told(spread.mean) + _within(spread.mean_within, told), spread.n)


def _spread(name: str, spread: Spread | None, told: Callable[[float], str]) -> list[Line]:
    if spread is None:
        return [Line(f"{name}, {which}", NOTHING, 0) for which in ("mean", "median", "p95")]
    found = (
        ("mean", spread.mean, spread.mean_within),
        ("median", spread.median, spread.median_within),
        ("p95", spread.p95, spread.p95_within),
    )
    return [Line(f"{name}, {which}", told(value) + _within(within, told), spread.n) for which, value, within in found]


def _within(within: Range | None, told: Callable[[float], str]) -> str:
    """None of these figures is ever below nothing, whatever the formula of a mean's range says."""
    return "" if within is None else f" ({told(max(0.0, within.low))} to {told(within.high)})"


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s"
