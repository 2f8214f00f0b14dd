"""Adding the app to a workspace from a web page: our page, Slack's own, and back.

Bolt's OAuth flow does the steps; here are its stores, the pages, and what becomes of it when Slack or the database is
away. The browser is tied to the installation by a cookie and by a state that is good once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installs import STATE_S, Installs, States
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.pages import SECURITY, done_page, failed_page, start_page
from adapters.slack.workspaces import API_URL
from engine.errors import RehearseError, StoreError

log = logging.getLogger(__name__)

Route = web.RouteDef
"""An address that is served, named for those who only hand it on."""
HTML = {"Content-Type": "text/html; charset=utf-8"}

# Bolt would log the code it was given when Slack refuses it.
_quiet = logging.getLogger("adapters.slack.oauth.bolt")
_quiet.setLevel(logging.ERROR)


class Flow(AsyncOAuthFlow):
    """Bolt's flow with our pages, and errors of the wire and the database among its failures."""

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        return start_page(url)

    async def run_installation(self, code: str) -> Installation | None:
        try:
            return await super().run_installation(code)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError) as error:
            log.warning("Slack did not confirm an installation", extra={"error": type(error).__name__})
            return None

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        try:
            await super().store_installation(request, installation)
        except StoreError as error:
            log.exception("installation not kept")
            raise BoltError(str(error)) from error


def oauth_flow(
    installs: Installs,
    *,
    client: AsyncWebClient,
    secret: str,
    scopes: Sequence[str],
    public_url: str | None,
    api_url: str | None = None,
    installed: Callable[[str, str], None] = lambda enterprise, team: None,
) -> Flow:
    """The flow. `client` has no token; `public_url` is where people and Slack reach us.

    `installed(enterprise, team)` is called once an installation has been kept.
    """

    async def succeeded(given: AsyncSuccessArgs) -> BoltResponse:
        made = given.installation
        enterprise, team = made.enterprise_id or "", "" if made.is_enterprise_install else made.team_id or ""
        log.info("installed", extra={"enterprise": enterprise, "team": team})
        installed(enterprise, team)
        opens = f"https://slack.com/app_redirect?app={made.app_id or ''}" + (f"&team={team}" if team else "")
        return _page(flow, 200, done_page(made.team_name or made.enterprise_name or "", opens))

    async def failed(given: AsyncFailureArgs) -> BoltResponse:
        log.warning("not installed", extra={"reason": given.reason[:100]})
        return _page(flow, given.suggested_status_code, failed_page(given.reason, INSTALL_PATH))

    flow = Flow(
        client=client,
        logger=_quiet,
        settings=AsyncOAuthSettings(
            client_id=installs.app,
            client_secret=secret,
            scopes=list(scopes),
            user_scopes=[],
            redirect_uri=f"{public_url}{REDIRECT_PATH}" if public_url else None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            callback_options=AsyncCallbackOptions(success=succeeded, failure=failed),
            authorization_url=authorization_url(api_url),
            installation_store=installs,
            installation_store_bot_only=True,
            state_store=States(installs.shelf, now=installs.now),
            state_expiration_seconds=STATE_S,
        ),
    )
    return flow


def authorization_url(api_url: str | None) -> str:
    """Slack's page that asks for consent, on the host of its API."""
    return f"{(api_url or API_URL).rstrip('/').removesuffix('/api')}/oauth/v2/authorize"


def oauth_routes(flow: Flow) -> list[Route]:
    """The two addresses, for an aiohttp application."""
    return [
        web.get(INSTALL_PATH, _served(flow.handle_installation)),
        web.get(REDIRECT_PATH, _served(flow.handle_callback)),
    ]


def _served(
    handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            answer = await to_aiohttp_response(await handle(await to_bolt_request(request)))
        except RehearseError:
            log.exception("the installation pages failed")
            body = failed_page("storage_error", INSTALL_PATH)
            answer = web.Response(status=503, text=body, content_type="text/html")
        answer.headers.update(SECURITY)
        return answer

    return serve


def _page(flow: Flow, status: int, body: str) -> BoltResponse:
    cookie = flow.settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(status=status, body=body, headers={**HTML, "Set-Cookie": cookie})
