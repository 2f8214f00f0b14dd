"""Nobody is to be found in a figure of the team: what rests on fewer than three people is not shown.

Hiding a part is not enough while a total is shown beside its other parts, for then it can be reckoned. So what is
hidden counts towards a total only where at least three people are hidden in it together (complementary cell
suppression, as statistical offices do it: Hundepool et al., *Handbook on Statistical Disclosure Control*).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.team.outcome import Held

LEAST_PEOPLE = 3
TOO_FEW = "too few to show"

K = TypeVar("K", bound=Hashable)


def people(held: Iterable[Held]) -> int:
    """How many people these interviews are of."""
    return len({each.outcome.person for each in held})


def enough(held: Iterable[Held]) -> bool:
    return people(held) >= LEAST_PEOPLE


@dataclass(frozen=True, slots=True)
class Parted(Generic[K]):
    """Interviews in parts. Of `shown` parts figures may be shown; `total` is what a total may rest on."""

    shown: Mapping[K, Sequence[Held]]
    hidden: frozenset[K]
    total: Sequence[Held]


def parted(held: Iterable[Held], by: Callable[[Held], K]) -> Parted[K]:
    """These interviews by `by`, in the order in which its values come."""
    parts: dict[K, list[Held]] = {}
    for each in held:
        parts.setdefault(by(each), []).append(each)
    shown = {key: part for key, part in parts.items() if enough(part)}
    rest = [each for key, part in parts.items() if key not in shown for each in part]
    counted = [each for part in shown.values() for each in part]
    if enough(rest):
        counted += rest
    return Parted(shown, frozenset(parts.keys() - shown.keys()), counted)
