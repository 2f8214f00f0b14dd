"""Bot tokens that end after twelve hours, renewed in time by whoever claims it first.

A refresh token is good once: two processes that used the same one would lose the workspace. So the claim is taken in
the database, and the renewed token is written onto the very version that was read. The token in hand stays good until
it ends, which is why nobody waits for a renewal but those who come too late for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.installs import Held, Installed, Installs
from adapters.slack.workspaces import Client, SlackUnreachable, TokenRefused, slack_error
from engine.errors import StoreError

log = logging.getLogger(__name__)

EARLY_S = 2 * 3600.0
"""A token that ends so soon is renewed beside everything else."""
LATE_S = 60.0
"""A token that ends so soon is renewed before it is used."""
CLAIM_S = 60.0
LOOK_EVERY_S = 0.25
PATIENCE_S = 10.0
WRITE_TRIES = 5
TRANSIENT = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class Rotation:
    """Renews tokens with the app's own credentials. `client` has no token."""

    def __init__(
        self,
        installs: Installs,
        client: Client,
        secret: str,
        *,
        pause: Callable[[float], Coroutine[object, object, None]] = asyncio.sleep,
    ) -> None:
        self._installs = installs
        self._client = client
        self._secret = secret
        self._pause = pause

    async def fresh(self, held: Held, *, within_s: float = LATE_S) -> Held:
        """The installation with a token that lasts longer than that, renewed if need be.

        Raises `TokenRefused` when Slack will not renew it, and `SlackUnreachable` when the token has ended and Slack
        cannot be asked; while the old token is good, that is returned instead.
        """
        give_up_at = self._installs.now() + PATIENCE_S
        while held.installed.ends_within(within_s, self._installs.now()):
            old = held.installed
            until = self._installs.now() + CLAIM_S
            if await self._installs.shelf.claim(old.enterprise, old.team, held.version, until):
                return await self._renewed(held)
            if not old.ends_within(LATE_S, self._installs.now()):
                return held
            if self._installs.now() >= give_up_at:
                raise SlackUnreachable("another process is renewing the token and does not come back")
            # Somebody else is at it.
            await self._pause(LOOK_EVERY_S)
            again = await self._installs.find(old.enterprise, old.team)
            if again is None:
                raise TokenRefused("account_inactive")
            held = again
        return held

    async def _renewed(self, held: Held) -> Held:
        old = held.installed
        place = {"enterprise": old.enterprise, "team": old.team}
        try:
            renewed = await self._exchange(old)
        except (TokenRefused, SlackUnreachable) as error:
            await self._installs.shelf.release(old.enterprise, old.team, held.version)
            log.warning("bot token not renewed", extra={**place, "error": str(error)})
            if not old.ends_within(0.0, self._installs.now()):
                return held
            raise
        if not await self._written(held, renewed):
            # Somebody installed the app anew meanwhile, with a token of its own.
            again = await self._installs.find(old.enterprise, old.team)
            if again is None:
                raise TokenRefused("account_inactive")
            return again
        log.info("bot token renewed", extra=place)
        return Held(renewed, held.version + 1)

    async def _written(self, held: Held, renewed: Installed) -> bool:
        # Slack has burned the old refresh token: this is the only copy of the new one.
        for _ in range(WRITE_TRIES - 1):
            try:
                return await self._installs.replace(held, renewed)
            except StoreError as error:
                log.warning("renewed bot token not kept yet", extra={"error": str(error)})
                await self._pause(1.0)
        return await self._installs.replace(held, renewed)

    async def _exchange(self, old: Installed) -> Installed:
        try:
            answer = await self._client.oauth_v2_access(
                client_id=self._installs.app,
                client_secret=self._secret,
                grant_type="refresh_token",
                refresh_token=old.refresh_token,
            )
        except SlackApiError as error:
            said = slack_error(error)
            if said in TRANSIENT or said.startswith("http_"):
                raise SlackUnreachable(said) from error
            raise TokenRefused(said) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError) as error:
            raise SlackUnreachable(type(error).__name__) from error
        said = cast("Mapping[str, object]", answer.data)
        token, refresh, lasts = (said.get(name) for name in ("access_token", "refresh_token", "expires_in"))
        if not isinstance(token, str) or not isinstance(refresh, str) or not isinstance(lasts, int):
            raise SlackUnreachable("an answer without a token")
        ends = self._installs.now() + lasts
        return old.model_copy(update={"token": token, "refresh_token": refresh, "expires_at": ends})
