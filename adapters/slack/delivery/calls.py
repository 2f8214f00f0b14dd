"""Calls of Slack's Web API, and what their failures mean. Nothing is retried here.

CallFailed
├── Limited      429: wait `retry_after_s`; that method's budget has been told
├── TokenLost    the token is no good: leave the workspace alone
├── NotSent      no connection: the call has certainly not been made
├── Unsure       a time-out, a reset, a 5xx: the call may have been made
└── Refused      Slack says no; `error` is its word, sorted by the sets below
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.pacer.limit import Limit
from adapters.slack.delivery.limits import Limits
from adapters.slack.render import Picture
from adapters.slack.workspaces import REFUSALS, WorkspaceGone, slack_error
from engine.errors import RehearseError

CALL_S = 10.0
"""Longer than Slack's API ever takes when it is well."""
ROUND_TRIP_S, LEARN = 0.15, 0.1
RETRY_AFTER_S = 30.0
"""How long to wait when a 429 does not say."""

NO_STREAMING = frozenset(
    {"unknown_method", "feature_not_enabled", "not_allowed", "method_not_supported_for_channel_type", "not_authorized",
     "access_denied", "missing_scope", "streaming_not_supported", "method_deprecated", "no_permission"}
)  # fmt: skip
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_chunks", "invalid_arguments", "no_text"})
TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long", "markdown_text_too_long", "too_many_blocks"})
NOT_STREAMING = frozenset({"message_not_in_streaming_state", "message_not_streaming"})
STILL_STREAMING = frozenset({"streaming_state_conflict"})
MESSAGE_GONE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "cant_delete_message",
        "message_not_owned_by_app",
    }
)
PLACE_GONE = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "restricted_action_read_only_channel",
     "restricted_action_thread_locked", "restricted_action_non_threadable_channel", "cannot_reply_to_message",
     "thread_not_found", "messages_tab_disabled", "user_disabled", "user_not_found", "cannot_dm_bot"}
)  # fmt: skip
_ILL = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})


class CallFailed(RehearseError):
    """A call that did not do what it should."""

    def __init__(self, method: str, error: str) -> None:
        self.method = method
        self.error = error
        super().__init__(f"{method}: {error}")


class Limited(CallFailed):
    """Too many calls."""

    def __init__(self, method: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(method, f"asked to wait {retry_after_s:g} s")


class TokenLost(CallFailed):
    """The workspace removed the app, or its token was revoked."""


class NotSent(CallFailed):
    """There was no connection."""


class Unsure(CallFailed):
    """Nobody knows whether it was done."""


class Refused(CallFailed):
    """Slack understood, and says no."""


class _Answer(Protocol):
    @property
    def data(self) -> object: ...


class _Client(Protocol):
    async def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        params: Mapping[str, object] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> _Answer: ...

    async def files_upload_v2(
        self, *, channel: str, thread_ts: str, file_uploads: Sequence[Mapping[str, object]]
    ) -> _Answer: ...


class Calls:
    """Calls in the name of one workspace. Its client must not retry by itself: budgets hold only if every call counts.

    `now` is the monotonic clock of the budgets.
    """

    def __init__(
        self, client: Callable[[], Awaitable[AsyncWebClient]], limits: Limits, now: Callable[[], float]
    ) -> None:
        self._client = client
        self._limits = limits
        self._now = now
        self.round_trip_s = ROUND_TRIP_S
        """How long a call takes, lately."""

    async def write(self, method: str, args: Mapping[str, object], *budgets: Limit) -> Mapping[str, object]:
        """Make a call whose tokens (one of each budget) were taken already. Raises `CallFailed`."""
        return await self._call(method, budgets, json=args)

    async def read(self, method: str, params: Mapping[str, object], *budgets: Limit) -> Mapping[str, object]:
        """The same for methods that take their arguments in the address."""
        return await self._call(method, budgets, params=params, verb="GET")

    async def upload(
        self, pictures: Sequence[Picture], channel: str, thread: str, *budgets: Limit
    ) -> Mapping[str, object]:
        """Put pictures into a thread. Raises `CallFailed`."""
        uploads = [
            {"content": await asyncio.to_thread(getattr, picture, "png"), "filename": picture.name,
             "title": picture.alt, "alt_txt": picture.alt}
            for picture in pictures
        ]  # fmt: skip

        async def send(client: AsyncWebClient) -> _Answer:
            # Three calls of the SDK's: an address for each picture, the picture, and putting them into the thread.
            return await cast("_Client", client).files_upload_v2(
                channel=channel, thread_ts=thread, file_uploads=uploads
            )

        return await self._guarded("files.completeUploadExternal", send, budgets)

    async def _call(
        self,
        method: str,
        budgets: tuple[Limit, ...],
        *,
        json: Mapping[str, object] | None = None,
        params: Mapping[str, object] | None = None,
        verb: str = "POST",
    ) -> Mapping[str, object]:
        async def send(client: AsyncWebClient) -> _Answer:
            # The SDK's own methods only name these arguments; its types leave them open.
            return await cast("_Client", client).api_call(method, http_verb=verb, json=json, params=params)

        return await self._guarded(method, send, budgets)

    async def _guarded(
        self, method: str, send: Callable[[AsyncWebClient], Awaitable[_Answer]], budgets: tuple[Limit, ...]
    ) -> Mapping[str, object]:
        began = self._now()
        try:
            async with asyncio.timeout(CALL_S):
                answer = await send(await self._client())
        except WorkspaceGone as error:
            raise TokenLost(method, error.error) from error
        except SlackApiError as error:
            raise self._failure(method, error, budgets) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent(method, str(error)) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unsure(method, f"{type(error).__name__}: {error}".rstrip(": ")) from error
        self.round_trip_s += LEARN * (min(1.0, self._now() - began) - self.round_trip_s)
        for budget in budgets:
            budget.succeeded()
        return cast("Mapping[str, object]", answer.data) if isinstance(answer.data, Mapping) else {}

    def _failure(self, method: str, error: SlackApiError, budgets: tuple[Limit, ...]) -> CallFailed:
        said = slack_error(error)
        if said in _LIMITED or said == "http_429":
            wait_s = retry_after(error)
            if budgets:
                # Slack does not say which limit was met; the one that is nearest to its end is the likeliest.
                now = self._now()
                likeliest = min(budgets, key=lambda budget: budget.tokens(now) / budget.depth)
                self._limits.refused(likeliest, now, wait_s)
            return Limited(method, wait_s)
        if said in REFUSALS:
            return TokenLost(method, said)
        status: object = getattr(cast("object", error.response), "status_code", 0)
        if said in _ILL or said.startswith("http_") or (isinstance(status, int) and status >= 500):
            return Unsure(method, said)
        return Refused(method, said)


def retry_after(error: SlackApiError) -> float:
    """How many seconds Slack asks to wait."""
    headers: object = getattr(cast("object", error.response), "headers", None)
    if isinstance(headers, Mapping):
        named = {str(key).lower(): str(value) for key, value in cast("Mapping[object, object]", headers).items()}
        try:
            return min(3_600.0, max(0.0, float(named.get("retry-after", ""))))
        except ValueError:
            pass
    return RETRY_AFTER_S
