"""One workspace as the delivery sees it: limits, governor, what it can show, and who uses its scarce surfaces."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from adapters.pacer.budget import Budget
from adapters.pacer.governor import Governor
from adapters.slack.delivery.calls import Calls
from adapters.slack.delivery.handle import Sink
from adapters.slack.delivery.layout import Shown
from adapters.slack.delivery.limits import Limits
from adapters.slack.delivery.plan import Append, Create, LookUp, Op, Remove, Start, Stop, Update, Upload
from adapters.slack.render import Json, Look
from engine.events import FeedbackCard, ModelAnswerCard

log = logging.getLogger(__name__)

MOST_STREAMS = 6
"""Streams at once in a workspace: more would each be slower than an edited message."""
MOST_EDITS = 4
"""Messages at once that are edited while they grow; the ends of all posts need the same budget."""
ANSWER_S = 10.0
"""How long a review takes to be written, until some were seen."""
LEARN = 0.2


class Scope:
    """`closed_until` is when a workspace whose token was refused may be tried again; 0 while it is well."""

    def __init__(self, team: str, client: Callable[[], Awaitable[AsyncWebClient]], now: Callable[[], float]) -> None:
        self.team = team
        self.limits = Limits()
        self.calls = Calls(client, self.limits, now)
        self.governor = Governor(now=now)
        self.look: Look = Look()
        self.streaming = True
        self.agents = True
        self.statuses = True
        self.streams: set[object] = set()
        self.edits: set[object] = set()
        self.closed_until = 0.0
        self.answer_s = ANSWER_S

    def sink_for(self, shown: Shown, *, streamable: bool, now: float) -> Sink:
        """How a post that grows and is about to be shown for the first time is best shown."""
        if not isinstance(shown, FeedbackCard | ModelAnswerCard):
            return "whole"
        limits = self.limits
        if (
            self.streaming
            and streamable
            and len(self.streams) < MOST_STREAMS
            and limits.start.has(now)
            # Every stream that runs will need a token to be stopped with, and so will this one.
            and limits.stop.tokens(now) >= len(self.streams) + 1
        ):
            return "stream"
        if len(self.edits) < MOST_EDITS and limits.update.tokens(now) >= 2 * (len(self.edits) + 1):
            return "edits"
        return "sections" if isinstance(shown, FeedbackCard) else "whole"

    def costs(self, op: Op, channel: str) -> tuple[Budget, ...]:
        """The budgets a write needs a token of; the narrowest comes last."""
        limits = self.limits
        match op:
            case Create():
                return (limits.post, limits.channel(channel))
            case Update():
                return (limits.update,)
            case Remove():
                return (limits.delete,)
            case Start():
                return (limits.start,)
            case Append():
                return (limits.append,)
            case Stop():
                return (limits.stop,)
            case Upload():
                return (limits.upload,)
            case LookUp():
                return (limits.look_up,)

    def release(self, post: object) -> None:
        """The post uses no scarce surface any more."""
        self.streams.discard(post)
        self.edits.discard(post)

    def took(self, seconds: float) -> None:
        """A review took so long to be written."""
        self.answer_s += LEARN * (min(seconds, 120.0) - self.answer_s)

    def no_streaming(self, error: str) -> None:
        """The workspace has no native streams; they are not tried again until the process starts anew."""
        if self.streaming:
            log.warning("native streaming is off in this workspace", extra={"team": self.team, "error": error})
            self.streaming = False

    def show_less(self, blocks: tuple[Json, ...]) -> bool:
        """Do without whichever of the newer blocks was refused; `False` when there was none of them."""
        kinds = {str(block.get("type")) for block in blocks}
        look = self.look
        if look.charts and "data_visualization" in kinds:
            self.look = replace(look, charts=False)
        elif look.tables and "data_table" in kinds:
            self.look = replace(look, tables=False)
        elif look.feedback_buttons and "context_actions" in kinds:
            self.look = replace(look, feedback_buttons=False)
        else:
            return False
        log.warning("the workspace refuses some blocks", extra={"team": self.team, "look": repr(self.look)})
        return True
