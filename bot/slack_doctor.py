"""What the doctor finds about Slack: whose the tokens are, what they may do, and how Slack reaches us."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from pydantic import SecretStr

from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, SCOPES
from adapters.slack.workspaces import (
    API_URL,
    HttpSession,
    SlackUnreachable,
    TokenRefused,
    check_app_token,
    open_session,
    trouble,
    web_client,
    whoami,
)
from bot.config import Settings
from bot.findings import Finding
from bot.tenants import WHERE


async def examine_slack(settings: Settings) -> AsyncGenerator[Finding]:
    """Everything about Slack, in the order in which it is needed."""
    yield _mode(settings)
    if settings.slack_api_url is not None:
        found = f"{settings.slack_api_url} instead of {API_URL.rstrip('/')}"
        yield Finding("slack api", "note", found, "Unset SLACK_API_URL unless this is meant.")
    async with open_session() as session:
        if settings.slack_bot_token is not None:
            async for finding in _bot_token(settings.slack_bot_token, settings.slack_api_url, session):
                yield finding
        if settings.slack_app_token is not None:
            yield await _app_token(settings.slack_app_token, settings.slack_api_url, session)
        if settings.slack_client_id is not None:
            yield _installations(settings)
        if settings.public_url is not None or settings.slack_signing_secret is not None:
            yield await _address(settings, session)


def _mode(settings: Settings) -> Finding:
    who = "one workspace" if settings.slack_client_id is None else "many workspaces"
    ways = {"Socket Mode": settings.slack_app_token, "HTTP": settings.slack_signing_secret}
    found = f"{who}, by {' and '.join(way for way, setting in ways.items() if setting is not None)}"
    if settings.slack_client_id is not None and settings.slack_signing_secret is None:
        do = "Slack's Marketplace takes no app that uses Socket Mode: set SLACK_SIGNING_SECRET to be reached over HTTP."
        return Finding("slack", "note", found, do)
    return Finding("slack", "ok", found)


async def _bot_token(token: SecretStr, url: str | None, session: HttpSession) -> AsyncGenerator[Finding]:
    try:
        mine = await whoami(web_client(token.get_secret_value(), session=session, base_url=url))
    except TokenRefused as error:
        yield Finding("slack token", "broken", error.hint, WHERE["SLACK_BOT_TOKEN"])
        return
    except SlackUnreachable as error:
        do = "Check the network (HTTPS_PROXY, SLACK_API_URL); `rehearse run` keeps trying."
        yield Finding("slack token", "warning", error.hint, do)
        return
    whole = " (the whole organisation)" if mine.is_org else ""
    yield Finding("slack token", "ok", f"is of the bot {mine.bot_user} in {mine.name}{whole}, {mine.url}")
    missing = {scope: what for scope, what in SCOPES.items() if scope not in mine.scopes}
    if not mine.scopes:
        yield Finding("slack scopes", "note", "Slack did not say what the token may do")
    elif missing:
        found = "missing: " + "; ".join(f"{scope} ({what})" for scope, what in missing.items())
        do = "Paste `rehearse slack manifest` at App Manifest, save, and reinstall the app on the Install App page."
        yield Finding("slack scopes", "warning", found, do)
    else:
        more = sorted(mine.scopes - SCOPES.keys())
        found = f"all {len(SCOPES)} that are needed" + (f", and these that are not: {', '.join(more)}" if more else "")
        yield Finding("slack scopes", "note" if more else "ok", found)


async def _app_token(token: SecretStr, url: str | None, session: HttpSession) -> Finding:
    try:
        await check_app_token(token.get_secret_value(), session=session, base_url=url)
    except TokenRefused as error:
        return Finding("slack app token", "broken", error.hint, WHERE["SLACK_APP_TOKEN"])
    except SlackUnreachable as error:
        return Finding("slack app token", "warning", error.hint, "`rehearse run` keeps trying.")
    return Finding("slack app token", "ok", "opens connections of Socket Mode")


def _installations(settings: Settings) -> Finding:
    keys = len(settings.secret_keys)
    sealed = f"tokens are sealed with the first of {keys} keys" if keys > 1 else "tokens are sealed with one key"
    found = f"{sealed}; workspaces are added at {INSTALL_PATH}"
    if settings.public_url is None:
        return Finding(
            "slack installs", "note", found, "Set REHEARSE_PUBLIC_URL, so that Slack leads people back here."
        )
    return Finding("slack installs", "ok", found)


async def _address(settings: Settings, session: HttpSession) -> Finding:
    if settings.public_url is None:
        found = f"Slack has to reach {EVENTS_PATH} on {settings.host}:{settings.port} from outside"
        return Finding("slack address", "note", found, "Set REHEARSE_PUBLIC_URL to the https address that leads there.")
    if wrong := await trouble(f"{settings.public_url}/healthz", session=session):
        do = "Fine while Rehearse does not run; otherwise lead that address to REHEARSE_HOST and REHEARSE_PORT."
        return Finding("slack address", "warning", f"{settings.public_url} does not lead here now ({wrong})", do)
    return Finding("slack address", "ok", f"{settings.public_url} leads to a Rehearse that runs")
