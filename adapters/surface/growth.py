"""How a post grows, and when it will probably be whole: what the governor's forecast rests on.

Sections take about as long as those before them, what is written after the last of them has its share of such a time,
and a review takes as long as those before it lately. All is expected a little early, as a token is kept until then.
Not every review has anything after its last section, so that is only counted on once some of it is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.events import FeedbackCard

CAREFUL = 0.93
"""What is expected comes up to so much earlier."""
LATE_S = 0.1
"""How much later than expected a section still is not late."""
SHORTEST_S = 0.5
REWRITE, NOTES, DRILL = 0.85, 0.15, 0.25
"""How long these take, by the time of a section. Notes are rare, and not expected."""


class Growth:
    """The sections of one post; `whole` of them are, `shown` of them are on screen."""

    __slots__ = ("_first_at", "_rest", "_rest_at", "_section_at", "parts", "shown", "started_at", "whole")

    def __init__(self) -> None:
        self.started_at = 0.0
        self.parts = 0
        self.whole = 0
        self.shown = 0
        self._section_at = 0.0
        self._first_at = 0.0
        self._rest = 0.0
        self._rest_at = 0.0

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
        rest = _rest(card)
        if more or rest != self._rest:
            self._rest, self._rest_at = rest, now
        return more

    @property
    def unseen_section(self) -> bool:
        return self.whole > self.shown

    def ends_at(self, now: float, answer_s: float) -> float:
        """When it will probably be whole. `answer_s` is how long reviews take here."""
        left_s = (self._due() or self.started_at + answer_s) - now
        # What is overdue may come at any moment, so nothing is counted on that the budget would have by then.
        return now + max(0.0, left_s * CAREFUL)

    def lasts_s(self, now: float) -> float:
        """For how long it will surely go on growing; infinite while there is no saying."""
        return self._due() - now if self._rest and now < self._due() else float("inf")

    def sections_at(self, now: float, answer_s: float) -> Iterator[float]:
        """When the sections that are not whole will probably be."""
        each_s = max(SHORTEST_S, self._each_s() or answer_s / max(1, self.parts))
        at = max(self._section_at + each_s, now)
        for n in range(self.parts - self.whole):
            yield at + n * each_s

    def hold_until(self, now: float, round_trip_s: float) -> float:
        """A write begun now would still be under way when more is whole: so not before this moment."""
        due = self._section_at + self._each_s() if self.whole < self.parts or not self._rest else self._due()
        return due + LATE_S if due - round_trip_s < now < due + LATE_S else 0.0

    def _due(self) -> float:
        """When it will be whole, by the sections that are; 0 before the first."""
        each_s = self._each_s()
        return self._rest_at + each_s * (self.parts - self.whole + self._rest) if each_s else 0.0

    def _each_s(self) -> float:
        """How long a section takes, by those that are whole; 0 before the first."""
        if self.whole > 1:
            return (self._section_at - self._first_at) / (self.whole - 1)
        return self._section_at - self.started_at if self.whole else 0.0


def _rest(card: FeedbackCard) -> float:
    """How much is still to be written of what comes after the sections, when some of it is there."""
    if card.next_drill:
        return DRILL
    if card.additional_notes:
        return NOTES + DRILL
    return REWRITE + DRILL if card.rewrite else 0.0
