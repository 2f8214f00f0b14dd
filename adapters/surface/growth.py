"""How a post grows, and when it will probably be whole: what the governor's forecast rests on.

Sections take about as long as those before them, and a review as long as those before it lately. Both are
expected a little early, as a token is kept for them until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.events import FeedbackCard

CAREFUL = 0.93
"""What is expected comes up to so much earlier."""
LATE_S = 0.1
"""How much later than expected a section still is not late."""
SHORTEST_S = 0.5


class Growth:
    """The sections of one post; `whole` of them are, `shown` of them are on screen."""

    __slots__ = ("_first_at", "_section_at", "parts", "shown", "started_at", "whole")

    def __init__(self) -> None:
        self.started_at = 0.0
        self.parts = 0
        self.whole = 0
        self.shown = 0
        self._section_at = 0.0
        self._first_at = 0.0

    def grew(self, card: object, now: float) -> bool:
        """Take the next snapshot; whether a section has become whole."""
        if not self.started_at:
            self.started_at = self._section_at = now
        if not isinstance(card, FeedbackCard):
            return False
        self.parts = len(card.sections)
        whole = sum(section.state == "settled" for section in card.sections)
        more, self.whole = whole > self.whole, whole
        if more:
            self._section_at = now
            self._first_at = self._first_at or now
        return more

    @property
    def unseen_section(self) -> bool:
        return self.whole > self.shown

    def ends_at(self, now: float, answer_s: float) -> float:
        """When it will probably be whole. `answer_s` is how long reviews take here."""
        if each_s := self._each_s():
            left_s = self._section_at + each_s * (self.parts - self.whole) - now
        else:
            left_s = self.started_at + answer_s - now
        # What is overdue may come at any moment, so nothing is counted on that the budget would have by then.
        return now + max(0.0, left_s * CAREFUL)

    def sections_at(self, now: float, end: float, answer_s: float) -> Iterator[float]:
        """When the sections up to `end` will probably be whole; at least the next one."""
        each_s = max(SHORTEST_S, self._each_s() or answer_s / max(1, self.parts))
        at = max(self._section_at + each_s, now)
        yield at
        while (at := at + each_s) < end:
            yield at

    def hold_until(self, now: float, round_trip_s: float) -> float:
        """A write begun now would still be under way when the next section is whole: so not before this moment."""
        due = self._section_at + self._each_s()
        return due + LATE_S if due - round_trip_s < now < due + LATE_S else 0.0

    def _each_s(self) -> float:
        """How long a section takes, by those that are whole; 0 before the first."""
        if self.whole > 1:
            return (self._section_at - self._first_at) / (self.whole - 1)
        return self._section_at - self.started_at if self.whole else 0.0
