"""What a model may remember and how other people's words reach it: made visible, bounded, and trimmed to a budget.

Earlier turns come as `PastTurn`s, the last three with their answers (`materials.py`); here they become text that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.feedback.visible import READ_CHARS, visible
from engine.material import PastTurn

SHORTENED_CHARS = 600
SHORTENED = "[shortened]"


def bounded(answer: str, chars: int = READ_CHARS) -> str:
    """The answer, or as much of it as a model is given, saying how much is left out."""
    if len(answer) <= chars:
        return answer
    return f"{answer[:chars]}\n{SHORTENED} {len(answer) - chars} more characters are left out."


def utf8_bound(text: str) -> int:
    """An upper bound of the tokens of any text, for any byte-level tokenizer: no token is shorter than a byte."""
    return len(text.encode("utf-8", "surrogatepass"))


def remembered(past: Sequence[PastTurn], fits: Callable[[str], bool]) -> str:
    """As much of the earlier turns as fits, as text, oldest first; "" when nothing does.

    The oldest one-sentence memories go first, then the older answers are shortened, then whole turns go.
    """
    kept = list(past)
    if fits(whole := _written(kept)):
        return whole
    while not fits(_written(kept)) and any(not turn.answer for turn in kept):
        kept.remove(next(turn for turn in kept if not turn.answer))
    for index, turn in enumerate(kept):
        if fits(_written(kept)):
            break
        if len(turn.answer) > SHORTENED_CHARS:
            kept[index] = replace(turn, answer=f"{turn.answer[:SHORTENED_CHARS]} {SHORTENED}")
    while kept and not fits(_written(kept)):
        kept.pop(0)
    return _written(kept)


def _written(past: Sequence[PastTurn]) -> str:
    return "\n\n".join(_turn(turn) for turn in past)


def _turn(turn: PastTurn) -> str:
    score = "not scored" if turn.score is None else f"score {turn.score:.2f}"
    head = f"Turn {turn.number}, {visible(turn.topic)} ({score})"
    if not turn.answer:
        return f"{head}: {visible(turn.summary)}".rstrip(": ")
    return f"{head}\nQuestion: {visible(turn.question)}\nAnswer: {visible(turn.answer)}"
