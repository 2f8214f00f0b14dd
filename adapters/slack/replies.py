"""What the conversation asks of Slack: to open a form, to say something to one person, to open a direct message.

Cards of an interview are not written here but by the delivery, which knows everything that is to be written and at what
pace. What stands here is small and asked for by a person just now: it waits where Slack says so, and is not repeated
for ever. Errors of the SDK become ours here.

RehearseError
├── SlackRefused                   Slack said no; `error` is its own word
└── WorkspaceGone, SlackUnreachable    see `workspaces.py`
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.recent import Recent
from adapters.slack.render.page import Json, Page
from adapters.slack.seen import Place
from adapters.slack.workspaces import REFUSALS, SlackUnreachable, Workspaces, slack_error
from engine.errors import RehearseError

log = logging.getLogger(__name__)

PASSING = frozenset({"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"})
TRIES = 4
WAIT_MOST_S = 30.0
KNOWN_MOST = 10_000
"""Direct messages that are remembered at most, so that Slack is not asked about them again."""


class SlackRefused(RehearseError):
    """Slack did not do it. `error` is Slack's own word for the reason, `method` what was asked."""

    def __init__(self, method: str, error: str) -> None:
        self.method = method
        self.error = error
        super().__init__(f"{method}: {error}")

    @property
    def passing(self) -> bool:
        """Whether it may go well another time."""
        return self.error in PASSING or self.error.startswith("http_5")


class _Answer(Protocol):
    @property
    def data(self) -> Mapping[str, object]: ...


class _Asked(Protocol):
    async def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        json: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> _Answer: ...


class _Uploads(Protocol):
    async def files_upload_v2(
        self, *, filename: str, content: bytes, title: str, channel: str, initial_comment: str
    ) -> object: ...


class Replies:
    """Every method raises a `RehearseError` when Slack does not do it."""

    def __init__(
        self, workspaces: Workspaces, *, session: aiohttp.ClientSession | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._workspaces = workspaces
        self._session = session
        self._sleep = sleep
        self._direct: Recent[tuple[str, str], str] = Recent(KNOWN_MOST)

    async def client(self, team: str) -> AsyncWebClient:
        return await self._workspaces.client(team)

    async def post(self, team: str, channel: str, page: Page, *, thread: str = "") -> str:
        """Post a message; its ts."""
        said = await self._call(team, "chat.postMessage", _message(page) | {"channel": channel} | _thread(thread))
        return str(said.get("ts") or "")

    async def update(self, team: str, channel: str, ts: str, page: Page) -> None:
        """Let a message say something else."""
        await self._call(team, "chat.update", _message(page) | {"channel": channel, "ts": ts})

    async def whisper(self, place: Place, page: Page, respond: str = "") -> None:
        """Say something that only this person sees: where they did what it answers, by `respond` if there is one."""
        if respond:
            await self._respond(respond, {"response_type": "ephemeral", "replace_original": False} | _message(page))
        else:
            where = _thread(place.thread) | {"channel": place.channel, "user": place.user}
            await self._call(place.team, "chat.postEphemeral", _message(page) | where)

    async def open_view(self, team: str, trigger: str, view: Json) -> str:
        """Open a form or another modal, which must happen within three seconds of the press; its id."""
        said = await self._call(team, "views.open", {"trigger_id": trigger, "view": view}, patient=False)
        opened = cast("object", said.get("view"))
        return str(cast("Mapping[str, object]", opened).get("id") or "") if isinstance(opened, Mapping) else ""

    async def push_view(self, team: str, trigger: str, view: Json) -> None:
        """Lay a modal upon the one that something was pressed in, within three seconds of the press."""
        await self._call(team, "views.push", {"trigger_id": trigger, "view": view}, patient=False)

    async def update_view(self, team: str, view_id: str, view: Json) -> None:
        """Let an open modal show something else."""
        await self._call(team, "views.update", {"view_id": view_id, "view": view})

    async def publish(self, team: str, user: str, view: Json) -> None:
        """Show a person's Home tab."""
        await self._call(team, "views.publish", {"user_id": user, "view": view})

    async def direct(self, team: str, user: str) -> str:
        """The channel of the direct message with this person."""
        if channel := self._direct.get((team, user)):
            return channel
        said = await self._call(team, "conversations.open", {"users": user})
        channel = cast("object", said.get("channel"))
        found = str(cast("Mapping[str, object]", channel).get("id") or "") if isinstance(channel, Mapping) else ""
        if not found:
            raise SlackRefused("conversations.open", "no channel")
        return self._direct.keep((team, user), found)

    async def link(self, team: str, channel: str, ts: str) -> str:
        """Where a message can be found; "" when Slack does not say."""
        try:
            said = await self._read(team, "chat.getPermalink", {"channel": channel, "message_ts": ts})
        except RehearseError:
            return ""
        return str(said.get("permalink") or "")

    async def prompts(self, team: str, channel: str, prompts: Sequence[tuple[str, str]], title: str) -> None:
        """What the Messages tab proposes to say: (what is shown, what is then said)."""
        proposed = [{"title": shown, "message": said} for shown, said in prompts]
        body: Json = {"channel_id": channel, "title": title, "prompts": proposed}
        await self._call(team, "assistant.threads.setSuggestedPrompts", body)

    async def person(self, team: str, user: str) -> Mapping[str, object]:
        """What Slack knows of a person."""
        said = await self._read(team, "users.info", {"user": user})
        found = cast("object", said.get("user"))
        return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}

    async def user_groups(self, team: str) -> Sequence[Mapping[str, object]]:
        """The workspace's user groups with the people in them."""
        said = await self._read(team, "usergroups.list", {"include_users": "true"})
        found = cast("object", said.get("usergroups"))
        groups = cast("list[object]", found) if isinstance(found, list) else []
        return [cast("Mapping[str, object]", each) for each in groups if isinstance(each, Mapping)]

    async def file(self, team: str, id: str) -> Mapping[str, object]:
        """What Slack knows of a file."""
        said = await self._read(team, "files.info", {"file": id})
        found = cast("object", said.get("file"))
        return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}

    async def upload(self, team: str, channel: str, name: str, content: bytes, *, title: str, comment: str) -> None:
        """Put a file into a conversation."""

        async def upload() -> Mapping[str, object]:
            client = cast("_Uploads", await self.client(team))
            await client.files_upload_v2(
                filename=name, content=content, title=title, channel=channel, initial_comment=comment
            )
            return {}

        await self._patiently(team, "files.upload", upload)

    async def _respond(self, url: str, body: Json) -> None:
        client = AsyncWebhookClient(url, session=self._session, retry_handlers=[], trust_env_in_session=True)
        client.proxy = None  # the session reads it from the environment, and heeds NO_PROXY
        try:
            said = await client.send_dict(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SlackUnreachable(type(error).__name__) from error
        if said.status_code != 200:
            raise SlackRefused("response_url", f"http_{said.status_code}")

    async def _call(self, team: str, method: str, body: Json, *, patient: bool = True) -> Mapping[str, object]:
        async def call() -> Mapping[str, object]:
            return (await cast("_Asked", await self.client(team)).api_call(method, json=body)).data

        return await self._patiently(team, method, call, patient=patient)

    async def _read(self, team: str, method: str, params: Mapping[str, str]) -> Mapping[str, object]:
        async def read() -> Mapping[str, object]:
            client = cast("_Asked", await self.client(team))
            return (await client.api_call(method, http_verb="GET", params=params)).data

        return await self._patiently(team, method, read)

    async def _patiently(
        self, team: str, method: str, call: Callable[[], Awaitable[Mapping[str, object]]], *, patient: bool = True
    ) -> Mapping[str, object]:
        """Do it, waiting where Slack says that it is too much. A call that may have been done is not repeated."""
        for attempt in range(1, TRIES + 1):
            try:
                return await call()
            except SlackApiError as error:
                said = slack_error(error)
                if said == "ratelimited" and patient and attempt < TRIES:
                    wait_s = _retry_after_s(error)
                    log.info("Slack asks to wait", extra={"team": team, "method": method, "wait_s": wait_s})
                    await self._sleep(min(wait_s, WAIT_MOST_S))
                    continue
                if said in REFUSALS:
                    await self._workspaces.lost(team, said)
                raise SlackRefused(method, said) from error
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError) as error:
                raise SlackUnreachable(f"{method}: {type(error).__name__}") from error
        raise SlackRefused(method, "ratelimited")


def _message(page: Page) -> Json:
    """A message's content. Links are not to be unfolded: the pictures of a page somebody named say nothing here."""
    quiet: Json = {"text": page.text, "unfurl_links": False, "unfurl_media": False}
    return quiet | ({"blocks": list(page.blocks)} if page.blocks else {})


def _thread(ts: str) -> Json:
    return {"thread_ts": ts} if ts else {}


def _retry_after_s(error: SlackApiError) -> float:
    headers = cast("object", getattr(cast("object", error.response), "headers", None))
    said = {str(k).lower(): v for k, v in cast("Mapping[str, object]", headers).items()} if headers else {}
    try:
        return max(0.1, float(str(said.get("retry-after", 1))))
    except ValueError:
        return 1.0
