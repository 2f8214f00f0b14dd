"""What the parts of one open store share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from adapters.store.database import Database
from adapters.store.processes import Processes
from adapters.store.waiting import Bells


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is epoch seconds; a lease is held for `lease_s` at a time; mail of other processes is looked for every
    `poll_s`.
    """

    database: Database
    processes: Processes
    now: Callable[[], float]
    lease_s: float
    poll_s: float
    bells: Bells = field(default_factory=Bells)
    fences: Iterator[int] = field(default_factory=lambda: count(1))
