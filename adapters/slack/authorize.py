"""Who we are where a request comes from: the token and the bot of that workspace, as Bolt wants to know it.

Nothing is asked of Slack for it: `auth.test` on every request would eat into the three seconds it may take.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult

from adapters.slack.workspaces import Grant


class Granting(Protocol):
    """Whoever knows the workspaces."""

    async def grant(self, enterprise: str, team: str) -> Grant | None:
        """What was granted there; `None` where the app is not installed."""
        ...


Authorize = Callable[..., Awaitable[AuthorizeResult | None]]


def authorizer(granting: Granting) -> Authorize:
    """Bolt's `authorize`. Raises what `grant` raises, so that Slack asks again later."""

    async def authorize(*, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        grant = await granting.grant(enterprise_id or "", team_id or "")
        if grant is None:
            return None
        return AuthorizeResult(
            enterprise_id=grant.enterprise or None,
            team_id=grant.team or None,
            bot_user_id=grant.bot_user,
            bot_id=grant.bot,
            bot_token=grant.token,
            bot_scopes=sorted(grant.scopes),
        )

    return authorize
