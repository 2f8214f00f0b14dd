"""Installing the app: the consent page, `oauth.v2.access` for codes and refresh tokens; teams and organisations."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from aiohttp import web
from yarl import URL

from tests.wire.slack.api.ask import Ask
from tests.wire.slack.state import Grant, Refused, Team
from tests.wire.slack.surfaces import Code

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

CODE_LIFE_S = 600.0
TOKEN_LIFE_S = 43_200


def access(slack: Slack, ask: Ask) -> Json:
    app = slack.app
    given = ask.headers.get("Authorization", "")
    if given.startswith("Basic "):
        client_id, _, secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
    else:
        client_id, secret = str(ask.args.get("client_id")), str(ask.args.get("client_secret"))
    if client_id != app.client_id:
        raise Refused("invalid_client_id")
    if secret != app.client_secret:
        raise Refused("bad_client_secret")
    if ask.args.get("grant_type") == "refresh_token":
        return _refreshed(slack, str(ask.args.get("refresh_token") or ""))
    code = slack.installs.codes.get(str(ask.args.get("code") or ""))
    if code is None or slack.now() - code.at > CODE_LIFE_S:
        raise Refused("invalid_code")
    if code.used:
        raise Refused("code_already_used")
    if str(ask.args.get("redirect_uri") or code.redirect_uri) != code.redirect_uri:
        raise Refused("bad_redirect_uri")
    code.used = True
    return _granted(slack, code.team, code.user)


def _granted(slack: Slack, team: Team, user: str) -> Json:
    """A token for a team or organisation. Where tokens do not rotate it is the same one at each install."""
    rotates = slack.app.rotates
    number = slack.new_id("")
    token = f"xoxe.xoxb-1-{number}" if rotates else team.bot_token
    grant = Grant("" if team.org_wide else team.id, team.enterprise)
    if rotates:
        grant.expires_at, grant.refresh = slack.now() + TOKEN_LIFE_S, f"xoxe-1-{number}"
    slack.grants[token] = grant
    team.bot_token = token
    said: Json = {
        "app_id": slack.app.id, "authed_user": {"id": user}, "scope": team.scopes, "token_type": "bot",
        "access_token": token, "bot_user_id": team.bot_user, "is_enterprise_install": team.org_wide,
        "team": None if team.org_wide else {"id": team.id, "name": team.name},
        "enterprise": {"id": team.enterprise, "name": "Org"} if team.enterprise else None,
    }  # fmt: skip
    return said | ({"expires_in": TOKEN_LIFE_S, "refresh_token": grant.refresh} if rotates else {})


def _refreshed(slack: Slack, refresh: str) -> Json:
    """A new pair of tokens. A refresh token works once; the old access token lives until its time is up."""
    grant = next((grant for grant in slack.grants.values() if refresh and grant.refresh == refresh), None)
    if grant is None or grant.error:
        raise Refused("invalid_refresh_token")
    grant.refresh = ""
    team = next(
        team for team in slack.teams.values()
        if team.id == grant.team or (not grant.team and team.org_wide and team.enterprise == grant.enterprise)
    )  # fmt: skip
    return _granted(slack, team, slack.installs.installer)


def teams_list(slack: Slack, ask: Ask) -> Json:
    """The workspaces a token is good for, a hundred at a time."""
    grant, start = ask.grant, int(ask.args.get("cursor") or 0)
    mine = [
        team for team in slack.teams.values()
        if team.id == grant.team or (not grant.team and team.org_wide and team.enterprise == grant.enterprise)
    ]  # fmt: skip
    page, more = mine[start : start + 100], start + 100 < len(mine)
    return {
        "teams": [{"id": team.id, "name": team.name} for team in page],
        "response_metadata": {"next_cursor": str(start + 100) if more else ""},
    }


METHODS = {"oauth.v2.access": access, "auth.teams.list": teams_list}


def routes(slack: Slack) -> web.RouteTableDef:
    table = web.RouteTableDef()

    @table.get("/oauth/v2/authorize")
    async def authorize(request: web.Request) -> web.StreamResponse:
        """The consent page, with whoever sees it deciding at once."""
        installs, query = slack.installs, request.query
        back = query.get("redirect_uri") or slack.app.redirect_uri
        if query.get("client_id") != slack.app.client_id or not back:
            return web.Response(status=400, text="invalid client_id or no redirect_uri", content_type="text/html")
        state = query.get("state", "")
        if installs.denied:
            raise web.HTTPFound(URL(back).update_query(error="access_denied", state=state))
        code = slack.new_id("code-")
        installs.codes[code] = Code(installs.into or slack.team, slack.now(), back, installs.installer)
        raise web.HTTPFound(URL(back).update_query(code=code, state=state))

    return table
