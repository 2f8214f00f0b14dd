"""What Slack shows beside the messages: a line that says what is going on, and the state of the agent's session.

Both cost none of the budgets that messages need, and both are dropped rather than waited for: a line that comes late
says nothing. Only leaving `processing` is always said. A workspace that knows no such thing is asked once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Literal

from adapters.pacer.forecast import Need
from adapters.pacer.governor import Rank, Wish
from adapters.slack.delivery.calls import NO_STREAMING, CallFailed, Limited, Refused, TokenLost
from adapters.slack.delivery.scope import Scope
from adapters.slack.render import Json

log = logging.getLogger(__name__)

State = Literal["", "processing", "suspended", "closed"]
"""Slack's words: at work, waiting for a person, over."""

READING, WRITING_ONE, ASKING, REPORTING = (
    "is reading your answer…",
    "is writing a model answer…",
    "is thinking of a question…",
    "is writing your report…",
)
DOING: Mapping[str, str] = {
    "feedback": READING, "model_answer": WRITING_ONE, "question": ASKING, "report": REPORTING, "hint": ASKING,
    "answer": READING,
}  # fmt: skip
SLOW = "is busy with many answers just now; yours is being read, and its feedback comes as soon as it can"

FRESH_S = 3.0
"""After that the news is none any more."""
TITLE_CHARS = 200
NEVER = NO_STREAMING | {"not_allowed_token_type", "invalid_arguments", "channel_type_not_supported"}
"""What will be answered every time."""


class Line:
    """The line below the newest message ("Rehearse is reading your answer…"), until our next message."""

    def __init__(self, scope: Scope, channel: str, root: str, now: Callable[[], float]) -> None:
        self._scope = scope
        self._channel = channel
        self._root = root
        self._now = now
        self._text = ""
        self._said_at = 0.0

    def say(self, text: str) -> None:
        """Show this, if it can be shown soon."""
        if self._scope.statuses and self._channel.startswith("D"):
            self._text, self._said_at = text, self._now()
            self._scope.governor.touch(self)

    def hush(self) -> None:
        """What was to be said is not true any more."""
        self._text = ""

    def wish(self, now: float) -> Wish | None:
        if not self._text or now > self._said_at + FRESH_S:
            return None
        return Wish(Rank.TIDY, self._said_at, (self._scope.limits.status,))

    def needs(self, now: float) -> Iterable[Need]:
        del now
        return ()

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None]:
        del now
        text, self._text = self._text, ""
        return self._write(text, wish)

    async def _write(self, text: str, wish: Wish) -> None:
        args: Json = {"channel_id": self._channel, "thread_ts": self._root, "status": text}
        try:
            await self._scope.calls.write("assistant.threads.setStatus", args, *wish.costs)
        except Refused as error:
            self._scope.statuses &= error.error not in NEVER
            log.debug("no status line", extra={"error": str(error)})
        except CallFailed as error:
            log.debug("a status line was not shown", extra={"error": str(error)})


class SessionState:
    """The state of the agent's session that Slack shows beside the thread, with its title."""

    def __init__(
        self,
        scope: Scope,
        channel: str,
        root: str,
        user: str,
        *,
        title: Callable[[], Awaitable[str]],
        now: Callable[[], float],
    ) -> None:
        self._scope = scope
        self._channel = channel
        self._root = root
        self._user = user
        self._title = title
        self._now = now
        self._wanted: State = ""
        self._told: State = ""
        self._titled = False
        self._wanted_at = 0.0

    def be(self, state: State) -> None:
        """Say so, if the workspace shows it."""
        if state != self._wanted and self._scope.agents and self._channel.startswith("D"):
            self._wanted, self._wanted_at = state, self._now()
            self._scope.governor.touch(self)

    def left(self) -> None:
        """Slack, or a person, ended `processing`."""
        self._told = ""

    def wish(self, now: float) -> Wish | None:
        if self._wanted == self._told or not self._scope.agents:
            return None
        if self._wanted == "processing" and now > self._wanted_at + FRESH_S:
            return None
        # Whoever is told that something is going on must also be told that it is not any more.
        rank = Rank.SECTION if self._told == "processing" else Rank.TIDY
        return Wish(rank, self._wanted_at, (self._scope.limits.session,))

    def needs(self, now: float) -> Iterable[Need]:
        if self._told == "processing":
            yield Need(now + FRESH_S, Rank.SECTION, self._scope.limits.session)

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None]:
        del now
        return self._write(self._wanted, wish)

    async def _write(self, state: State, wish: Wish) -> None:
        args: Json = {"channel_id": self._channel, "thread_ts": self._root, "status": state}
        if not self._titled:
            args["initiator_user_id"] = self._user
            if title := await self._title():
                args["title"] = title[:TITLE_CHARS]
        try:
            await self._scope.calls.write("agents.sessions.setStatus", args, *wish.costs)
        except Limited:
            return
        except (Refused, TokenLost) as error:
            self._scope.agents = False
            log.info("no session states in this workspace", extra={"error": str(error)})
        except CallFailed as error:
            log.debug("a session state was not shown", extra={"error": str(error)})
        self._told, self._titled = state, True
