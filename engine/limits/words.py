"""What somebody who runs into a limit is told: which one, when it resets, and what can be done meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.errors import OverLimit
from engine.limits.model import Measure, Refusal, Whose, day_of, ends_at

MICROS = 1_000_000
ADMIN = "An admin can raise this."


def dollars(micros: int) -> str:
    """An amount of money, as exactly as it matters."""
    if not micros:
        return "$0"
    return f"${micros / MICROS:,.2f}" if micros >= 10_000 else f"${micros / MICROS:.6f}".rstrip("0")


def amount(measure: Measure, value: int) -> str:
    """So much of a measure."""
    match measure:
        case "interviews":
            return _several(value, "interview")
        case "answers":
            return _several(value, "answer")
        case "tokens":
            return _several(value, "token")
        case "cost_micros":
            return dollars(value)
        case "audio_s":
            return _several(-(-value // 60), "minute") + " of audio"


def resets(now: float, resets_at: float) -> str:
    """A time and how long that is from now: `at 00:00 UTC, in 5 h`."""
    clock = datetime.fromtimestamp(resets_at, UTC)
    minutes = max(1, -(-int(resets_at - now) // 60))
    left = f"{minutes} min" if minutes < 90 else f"{round(minutes / 60)} h"
    return f"at {clock:%H:%M} UTC, in {left}"


def over_limit(refusal: Refusal, now: float) -> OverLimit:
    """The error for whoever ran into a limit; its hint is for them."""
    resets_at = None if refusal.open else ends_at(day_of(now))
    name = f"{refusal.whose} {'open interviews' if refusal.open else refusal.measure}"
    return OverLimit(name, _sentence(refusal, now, resets_at), resets_at=resets_at)


def _sentence(refusal: Refusal, now: float, resets_at: float | None) -> str:
    if resets_at is None:
        return _open(refusal.whose, refusal.most)
    when = resets(now, resets_at)
    whole = _whole(refusal.whose, refusal.measure, refusal.most)
    match refusal.measure:
        case "interviews":
            return f"{whole} You can begin the next one {when}. {ADMIN}"
        case "answers":
            return f"{whole} Your answer is kept and will be read {when}. {ADMIN} Say “done” to try again before that."
        case "tokens" | "cost_micros":
            return (
                f"{whole} The offline checklist stands in for a model until that resets {when}; "
                f"full reviews follow then. {ADMIN}"
            )
        case "audio_s":
            return f"{whole} Please type your answer, or send the clip again {when}. {ADMIN}"


def _open(whose: Whose, most: int) -> str:
    if whose == "person":
        return f"No more than {_several(most, 'interview')} of yours may be open at once. Say “stop” in one to end it."
    return f"No more than {_several(most, 'interview')} may be open here at once. Please try again when one is over."


def _whole(whose: Whose, measure: Measure, most: int) -> str:
    if whose == "person":
        return f"Your {amount(measure, most)} for today {_are(measure, most)} used up."
    return f"The {amount(measure, most)} that everybody here shares for today {_are(measure, most)} used up."


def _are(measure: Measure, most: int) -> str:
    one = measure == "cost_micros" or most == (60 if measure == "audio_s" else 1)
    return "is" if one else "are"


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def waits(now: float, until: float) -> str:
    """What is said of an answer that waits for the next day."""
    return (
        f"Your answer is kept and will be read {resets(now, until)}. Say “done” to try again before that, "
        "or “skip” to do without its feedback."
    )


def share(used: int, most: int | None) -> float | None:
    """How much of a limit is used, 0–1 and beyond; `None` without a limit."""
    if most is None:
        return None
    return used / most if most else 1.0
