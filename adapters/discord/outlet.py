"""Panels that nobody asked for, in somebody's direct message: an alert, a card that is written again in place."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import unquote

from adapters.discord.render.panels import panel_pages
from adapters.discord.replies import DiscordRefused, Replies
from adapters.surface.panels import Panel

log = logging.getLogger(__name__)

LOST = frozenset({10003, 10008, 30046, 50005})
"""The channel or the message is not there, it was edited too often, or it is somebody else's."""


class DiscordOutlet:
    """A handle is `<channel>:<message>`. Raises what `Replies` raises."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        """See `Outlet`. Its buttons carry the server of the scope, which nothing else in a direct message tells, and
        what they lead to stands beside it: the card goes on being written."""
        workspace = unquote(scope.partition("/")[2])
        first, *more = panel_pages(panel, guild=workspace if workspace.isdecimal() else "", card=True)
        channel, _, message = handle.partition(":")
        if message:
            try:
                await self._replies.edit(channel, message, first)
            except DiscordRefused as error:
                if error.code not in LOST:
                    raise
                log.info("a card is not there any more", extra={"code": error.code})
            else:
                return handle
        channel = await self._replies.direct(user)
        message = await self._replies.post(channel, first, _nonce())
        for page in more:
            await self._replies.post(channel, page, _nonce())
        return f"{channel}:{message}"


def _nonce() -> str:
    return secrets.token_hex(12)
