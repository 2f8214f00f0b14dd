"""What the offline coach's observations are worth on the five-level scale; `None` where they are worth nothing.

The anchors are fixed, not fitted to anybody's grades: a calibrated scorer gave non-answers three of five (measured on
graded exam answers). Everything hangs on the key points, because structure and reasons about something else are no
answer: without them, nothing rises above 2. Nothing but completeness reaches 5; foresight cannot be counted.
"""

from __future__ import annotations

from adapters.llm.offline.signals import Signals
from engine.feedback.checklist import coverage
from engine.feedback.model import ChecklistItem
from engine.interviews import Format

_COVERAGE = ((0.15, 1), (0.45, 2), (0.7, 3), (0.9, 4))
_WORDS_PER_POINT = 7
"""A point that is explained takes at least so many words; more points in fewer words are a list."""
_LITTLE = 25
_LONG_SENTENCE_WORDS = 38


def completeness(items: tuple[ChecklistItem, ...], words: int, format: Format, signals: Signals) -> int:
    """From the share of key points found, the most important first; a story also needs its end, and a figure."""
    level = next((level for share, level in _COVERAGE if coverage(items) < share), 5)
    found = sum(item.found for item in items)
    if found > max(1, words // _WORDS_PER_POINT):
        level = min(level, 2)
    if format == "behavioral" and not _measured(signals):
        level = min(level, 3)
    return min(level, 4) if words < 2 * _LITTLE else level


def clarity(complete: int, words: int, sentences: int, format: Format, signals: Signals) -> int:
    """From the parts of a story that can be heard, or from the guidance given to the listener."""
    if format == "behavioral":
        parts = len(signals.story)
        level = 1 if parts < 2 else 2 if parts == 2 or "result" not in signals.story else min(parts, 4)
    else:
        level = (2, 2, 3, 4)[min(len(signals.guidance), 3)]
    if words < _LITTLE:
        level = min(level, 2)
    if words > _LONG_SENTENCE_WORDS * sentences:
        level = min(level, 3)
    return _bounded(level, complete)


def problem_solving(complete: int, words: int, signals: Signals) -> int | None:
    """From the kinds of reasoning that can be heard; nothing is said about an answer too short to hold any."""
    kinds = len(signals.reasons)
    if words < _LITTLE and not kinds:
        return None
    return _bounded((2, 2, 3, 4)[min(kinds, 3)], complete)


def _measured(signals: Signals) -> bool:
    """The story has a result and what was taken from it, and a figure stands where something was done or came of it."""
    told = {*signals.story.get("action", ()), *signals.story.get("result", ())}
    return {"result", "reflection"} <= signals.story.keys() and not told.isdisjoint(signals.numbers)


def _bounded(level: int, complete: int) -> int:
    """At most one above completeness, and not above 2 where little of what was asked can be found."""
    return min(level, 2 if complete <= 2 else complete + 1)
