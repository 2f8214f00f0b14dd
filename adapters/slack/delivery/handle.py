"""What is remembered of a post, so that a restart goes on in the same messages: small, and without a word of its text.

It is kept in the store as JSON under the number of the interview and the post's id. Before a message is created, an
intent is kept, whose random id also stands in the message's metadata; a handle with an intent therefore means "look
whether that message is there before it is posted again".
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Literal

from pydantic import ValidationError

from adapters.slack.render.page import Page
from engine.interviews import Frozen

log = logging.getLogger(__name__)

Sink = Literal["", "stream", "edits", "sections", "whole"]
"""How a post is shown: not decided, a native stream, one message that is edited, one per section, only when whole."""

METADATA = "rehearse_post"
ROOT = "root"
"""The post that a root message of ours is, once its interview is over; its handle is kept by whoever posted it."""


class Handle(Frozen):
    """`shown` has a digest for each of the messages `ts`, "" where it is not known what stands there.

    `groups` are the sections in each message of the sink `sections`; `cuts` is where each message of the sink `stream`
    begins in the text. With `live`, the last message is a native stream that was not stopped. `body` is what was shown
    when it was whole, but for buttons.
    """

    sink: Sink = ""
    ts: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    cuts: tuple[int, ...] = ()
    live: bool = False
    settled: bool = False
    body: str = ""
    renewed: bool = False
    files: int = 0
    intent: str = ""
    intent_at: float = 0.0

    def text(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def parse(cls, text: str) -> Handle:
        """The handle whose `text()` this is; a new one, with a warning, for anything else."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            log.warning("a handle cannot be read", extra={"chars": len(text)})
            return cls()

    def with_message(self, ts: str, digest: str, *, live: bool = False) -> Handle:
        """One more message, which fulfils the intent."""
        return self.model_copy(
            update={"ts": (*self.ts, ts), "shown": (*self.shown, digest), "live": live, "intent": "", "intent_at": 0.0}
        )

    def showing(self, index: int, digest: str) -> Handle:
        shown = (*self.shown[:index], digest, *self.shown[index + 1 :])
        return self.model_copy(update={"shown": shown})

    def without(self, index: int) -> Handle:
        """One message less."""
        return self.model_copy(
            update={
                "ts": (*self.ts[:index], *self.ts[index + 1 :]),
                "shown": (*self.shown[:index], *self.shown[index + 1 :]),
            }
        )

    def edited(self) -> Handle:
        """The same messages, from now on edited as whole pages whatever they were before."""
        return self.model_copy(
            update={"sink": "edits", "groups": (), "cuts": (), "live": False, "shown": ("",) * len(self.ts)}
        )


def name(number: int, post: str) -> str:
    """Under what a post's handle is kept: a thread may hold many interviews, whose posts have the same ids."""
    return f"{number}/{post}"


def digest(page: Page) -> str:
    """What stands in a message, in twelve letters."""
    content = json.dumps([page.blocks, page.text], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:12]
