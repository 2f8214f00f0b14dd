"""Who gets which variant: a stable draw from a hash, in basis points. Nothing is stored here and nothing is random.

The same unit always falls into the same bucket of an experiment, experiments are independent because each
has its own salt, and widening a variant never moves anybody out of it. What a session got is pinned in its set-up and
never drawn again; who may open an experiment, and what its figures mean, is left to others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Allocation:
    """A variant and its share of the traffic, in basis points (500 is 5 %)."""

    variant: str
    share_bp: int


def bucket(salt: str, unit: str) -> int:
    """The place of a unit in an experiment, 0 to 9999, evenly spread over units."""
    digest = hashlib.sha256(f"{salt}\x1f{unit}".encode("utf-8", "surrogatepass")).hexdigest()
    return int(digest[:8], 16) % BASIS_POINTS


def pin(salt: str, unit: str, allocations: Sequence[Allocation], *, otherwise: str) -> str:
    """The variant of a unit; `otherwise` has all the traffic that is not allocated.

    Variants take their ranges from the low end in the order given, and the last of several from the high end, so that
    both sides of a test can grow without moving anybody. Raises `ValueError` for shares below 0 or above 100 % in sum.
    """
    if any(each.share_bp < 0 for each in allocations) or sum(each.share_bp for each in allocations) > BASIS_POINTS:
        raise ValueError("shares must be 0 or more and sum to at most 10000 basis points")
    place = bucket(salt, unit)
    if len(allocations) > 1 and place >= BASIS_POINTS - allocations[-1].share_bp:
        return allocations[-1].variant
    end = 0
    for each in allocations[:-1] if len(allocations) > 1 else allocations:
        end += each.share_bp
        if place < end:
            return each.variant
    return otherwise
