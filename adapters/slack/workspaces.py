"""By whose leave a call is made: the Web API client of each workspace, with its token.

Here are what the rest of the adapter asks for (`Workspaces`), how a client is built, and the simple case: one workspace
whose bot token stands in the settings. Many workspaces with tokens in the database are `many.py`'s.

RehearseError
├── WorkspaceGone       there is no token for this workspace: leave it alone
├── TokenRefused        Slack does not take this token: only a person can mend it
└── SlackUnreachable    no answer, or none that makes sense: try again later
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol, cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from engine.errors import RehearseError

log = logging.getLogger(__name__)

API_URL = "https://slack.com/api/"
HttpSession = aiohttp.ClientSession
"""The one session of the process, named for those who only hand it on."""
TOTAL_S, CONNECT_S = 30.0, 10.0
"""Nobody waits longer for a call than this; files have deadlines of their own."""
PAGES_MOST = 50
"""Of a thousand workspaces each."""
RECHECK_S = 60.0
"""So often a workspace whose token was refused is looked at again."""

REFUSALS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""What Slack says of a token that is no good (common errors of the Web API)."""


class WorkspaceGone(RehearseError):
    """The workspace removed the app, or never had it."""

    hint = "This workspace does not have Rehearse any more. Install it again to go on."

    def __init__(self, team: str, error: str = "not installed") -> None:
        self.team = team
        self.error = error
        super().__init__(f"{team}: {error}")


class TokenRefused(RehearseError):
    """Slack takes this token no longer, or never did. `error` is Slack's own word."""

    def __init__(self, error: str) -> None:
        self.error = error
        self.hint = f"Slack refuses the token ({error})."
        super().__init__(f"token refused: {error}")


class SlackUnreachable(RehearseError):
    """Slack gave no answer that could be used."""

    def __init__(self, detail: str) -> None:
        self.hint = f"Slack cannot be reached ({detail})."
        super().__init__(f"Slack unreachable: {detail}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose a token is. `team` is "" for the token of a whole organisation; `scopes` stand in a header of Slack's."""

    team: str
    enterprise: str
    name: str
    url: str
    bot: str
    bot_user: str
    scopes: frozenset[str]

    @property
    def is_org(self) -> bool:
        """Whether the token is good for every workspace of an organisation, so that calls must name one."""
        return not self.team


@dataclass(frozen=True, slots=True)
class Grant:
    """What a workspace allowed us. `team` is as a request named it, whether or not a whole organisation installed."""

    token: str = field(repr=False)
    team: str
    enterprise: str
    bot: str
    bot_user: str
    scopes: frozenset[str] = frozenset()


class Workspaces(Protocol):
    """The clients of all workspaces that have the app."""

    async def client(self, team: str) -> AsyncWebClient:
        """The client that acts in this workspace. Raises `WorkspaceGone` when there is no token for it."""
        ...

    async def lost(self, team: str, error: str) -> None:
        """A call said that the token is no good (`REFUSALS`); what it says is checked before it is believed."""
        ...


class _Answer(Protocol):
    """A `SlackResponse` that says what it holds, which the SDK's own does not."""

    @property
    def data(self) -> Mapping[str, object]: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


class _Asked(Protocol):
    async def api_call(self, api_method: str, *, data: Mapping[str, str]) -> _Answer: ...


@asynccontextmanager
async def open_session() -> AsyncGenerator[aiohttp.ClientSession]:
    """The one session of a process, closed on leaving. No cookie of one workspace is sent for another."""
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TOTAL_S, sock_connect=CONNECT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=True,
    )
    async with session:
        yield session


def web_client(
    token: str | None, *, session: aiohttp.ClientSession, base_url: str | None = None, team: str = ""
) -> Client:
    """A client that never retries by itself: when to write again is decided in one place, for all calls together.

    `team` is named in every call, as the token of an organisation needs it.
    """
    client = Client(
        token=token,
        base_url=(base_url or API_URL).rstrip("/") + "/",
        timeout=round(TOTAL_S),
        session=session,
        trust_env_in_session=True,
        team_id=team or None,
        retry_handlers=[],
    )
    # The session reads the proxy from the environment itself, and heeds NO_PROXY, which the SDK does not.
    client.proxy = None
    return client


class Client(AsyncWebClient):
    """The SDK's client, with the one call that it makes in a way we do not want."""

    async def oauth_v2_access(
        self,
        *,
        client_id: str,
        client_secret: str,
        code: str | None = None,
        redirect_uri: str | None = None,
        grant_type: str | None = None,
        refresh_token: str | None = None,
        **more: object,
    ) -> AsyncSlackResponse:
        # The SDK sends the credentials in a way that aiohttp is about to drop; Slack takes them in the body as well.
        fields = {
            "client_id": client_id,
            "client_secret": client_secret,
            "code": code,
            "redirect_uri": redirect_uri,
            "grant_type": grant_type,
            "refresh_token": refresh_token,
            **more,
        }
        given = {name: value for name, value in fields.items() if value is not None}
        return await cast("_Posts", self).api_call("oauth.v2.access", data=given)


class _Posts(Protocol):
    async def api_call(self, api_method: str, *, data: Mapping[str, object]) -> AsyncSlackResponse: ...


async def whoami(client: AsyncWebClient) -> Identity:
    """Whose token this is. Raises `TokenRefused` or `SlackUnreachable`."""
    response = await _asked(client, "auth.test")
    said = response.data
    headers = {name.lower(): value for name, value in response.headers.items()}
    is_org = said.get("is_enterprise_install") is True

    def text(name: str) -> str:
        value = said.get(name)
        return value if isinstance(value, str) else ""

    return Identity(
        team="" if is_org else text("team_id"),
        enterprise=text("enterprise_id"),
        name=text("team") or text("enterprise_name"),
        url=text("url"),
        bot=text("bot_id"),
        bot_user=text("user_id"),
        scopes=frozenset(filter(None, (scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")))),
    )


async def check_app_token(token: str, *, session: aiohttp.ClientSession, base_url: str | None = None) -> None:
    """Whether Socket Mode may be used with this app-level token. Raises `TokenRefused` or `SlackUnreachable`."""
    await _asked(web_client(token, session=session, base_url=base_url), "apps.connections.open")


async def teams_of(client: AsyncWebClient) -> list[str]:
    """The workspaces that an organisation's token is good for. Raises `TokenRefused` or `SlackUnreachable`."""
    found: list[str] = []
    cursor = ""
    for _ in range(PAGES_MOST):
        said = (await _asked(client, "auth.teams.list", {"limit": "1000", "cursor": cursor})).data
        teams = cast("Sequence[Mapping[str, object]]", said.get("teams") or ())
        found += [str(team.get("id")) for team in teams]
        more = cast("Mapping[str, object]", said.get("response_metadata") or {})
        cursor = str(more.get("next_cursor") or "")
        if not cursor:
            break
    return found


async def trouble(url: str, *, session: aiohttp.ClientSession) -> str:
    """Why a web address does not answer well, or leads to something else than Rehearse; "" when all is well."""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            return "" if answer.status == 200 and await answer.json() == {"ok": True} else f"HTTP {answer.status}"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return type(error).__name__


async def _asked(client: AsyncWebClient, method: str, given: Mapping[str, str] | None = None) -> _Answer:
    try:
        answer = await cast("_Asked", client).api_call(method, data={k: v for k, v in (given or {}).items() if v})
    except SlackApiError as error:
        raise refused(error) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError) as error:
        raise SlackUnreachable(type(error).__name__) from error
    if not isinstance(cast("object", answer.data), Mapping):
        raise SlackUnreachable("an answer that is none of Slack's")
    return answer


def refused(error: SlackApiError) -> TokenRefused | SlackUnreachable:
    """What an error of the Web API means for the token it was made with."""
    said = slack_error(error)
    return TokenRefused(said) if said in REFUSALS else SlackUnreachable(said)


def slack_error(error: SlackApiError) -> str:
    """Slack's own word for what went wrong, `http_503` and the like where it gave none."""
    answer = cast("object", error.response)
    data: object = getattr(answer, "data", None)
    said = cast("Mapping[str, object]", data).get("error") if isinstance(data, Mapping) else None
    status: object = getattr(answer, "status_code", None) or getattr(answer, "status", 0)
    return said if isinstance(said, str) and said else f"http_{status}"


class OneWorkspace(Workspaces):
    """The workspace, or the organisation, of a bot token from the settings."""

    def __init__(
        self,
        token: str,
        *,
        session: aiohttp.ClientSession,
        base_url: str | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token = token
        self._session = session
        self._base_url = base_url
        self._now = now
        self._clients: dict[str, AsyncWebClient] = {"": web_client(token, session=session, base_url=base_url)}
        self._identity: Identity | None = None
        self._asking = asyncio.Lock()
        self._gone = ""
        self._recheck_at = 0.0

    async def identity(self) -> Identity:
        """Whose the token is, asked once. Raises `TokenRefused` or `SlackUnreachable`."""
        async with self._asking:
            if self._identity is None:
                self._identity = await whoami(self._clients[""])
            return self._identity

    async def grant(self, enterprise: str, team: str) -> Grant | None:
        """What the token allows, whichever workspace a request names: shared channels name another one."""
        mine = await self.identity()
        return Grant(
            token=self._token,
            team=team or mine.team,
            enterprise=enterprise or mine.enterprise,
            bot=mine.bot,
            bot_user=mine.bot_user,
            scopes=mine.scopes,
        )

    async def client(self, team: str) -> AsyncWebClient:
        if self._gone:
            await self._look_again(team)
        # Until it is known whose the token is, it is taken for a workspace's, as nearly all are.
        name = team if self._identity is not None and self._identity.is_org else ""
        if name not in self._clients:
            self._clients[name] = web_client(self._token, session=self._session, base_url=self._base_url, team=name)
        return self._clients[name]

    async def lost(self, team: str, error: str) -> None:
        if self._gone:
            return
        self._gone, self._recheck_at = error, 0.0
        try:
            await self._look_again(team)
        except WorkspaceGone:
            log.error("Slack refuses the bot token; set a new one and start again", extra={"error": error})

    async def _look_again(self, team: str) -> None:
        if self._now() < self._recheck_at:
            raise WorkspaceGone(team, self._gone)
        self._recheck_at = self._now() + RECHECK_S
        try:
            await whoami(self._clients[""])
        except TokenRefused as error:
            self._gone = error.error
            raise WorkspaceGone(team, error.error) from error
        except SlackUnreachable:
            # Nothing is known, so the call itself may find out.
            pass
        self._gone = ""
