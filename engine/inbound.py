"""What people do, free of any platform: begin, write, edit, press. Adapters parse into these; nothing here judges them.

`id` is the platform's own delivery id; a second delivery of the same `(key, id)` does nothing. `at` is epoch seconds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from engine.interviews import GIVEN_CHARS, Frozen, Setup
from engine.keys import ThreadKey

MESSAGE_CHARS = 40_000
"""More than any chat platform lets a person send at once; what is longer is refused, kindly."""

Action = Literal[
    "done", "next", "hint", "skip", "repeat", "easier", "harder", "pause", "resume", "retry", "model_answer", "stop",
    "helpful", "unhelpful", "help",
]  # fmt: skip


class _Inbound(Frozen):
    id: str = Field(min_length=1, max_length=300)
    key: ThreadKey
    at: float


class Given(Frozen):
    """A question that a candidate brought along, and an answer to it that was written elsewhere ("" for none)."""

    question: str = Field(min_length=1, max_length=GIVEN_CHARS)
    answer: str = ""


class Begin(_Inbound):
    """A form was submitted or a command given: start an interview like this. `given` is its first question."""

    kind: Literal["begin"] = "begin"
    setup: Setup
    given: Given | None = None


class Wrote(_Inbound):
    """A message. `message` is the id later edits will name."""

    kind: Literal["wrote"] = "wrote"
    message: str = Field(max_length=300)
    text: str


class Edited(_Inbound):
    """A message now says something else; `None`: it was deleted."""

    kind: Literal["edited"] = "edited"
    message: str = Field(max_length=300)
    text: str | None


class Pressed(_Inbound):
    """A button. `turn` is the turn whose card it stood on; 0 means whatever is current."""

    kind: Literal["pressed"] = "pressed"
    action: Action
    turn: int = 0


Inbound = Annotated[Begin | Wrote | Edited | Pressed, Field(discriminator="kind")]
INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)
