"""Panels that nobody asked for, in somebody's direct message: an alert, a card that is written again in place."""

from __future__ import annotations

import logging
from urllib.parse import unquote

from adapters.slack.person import NO_CHARTS
from adapters.slack.render.page import Look
from adapters.slack.render.panels import Card, panel_card
from adapters.slack.replies import Replies, SlackRefused
from adapters.surface.panels import Panel

log = logging.getLogger(__name__)

PLAIN = Look(charts=False, tables=False)
LOST = frozenset({"cant_update_message", "channel_not_found", "edit_window_closed", "message_not_found"})
"""What Slack says of a message that cannot be written again."""


class SlackOutlet:
    """A handle is `<channel>:<ts>`. Raises what `Replies` raises."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        """Show a panel to somebody; where the message of `handle` still stands, in its place. The handle."""
        team = unquote(scope.partition("/")[2])
        try:
            return await self._show(team, user, panel_card(panel), handle)
        except SlackRefused as error:
            if error.error not in NO_CHARTS:
                raise
            log.info("no charts here", extra={"team": team, "error": error.error})
            return await self._show(team, user, panel_card(panel, PLAIN), handle)

    async def _show(self, team: str, user: str, card: Card, handle: str) -> str:
        channel, _, ts = handle.partition(":")
        if ts and await self._written_again(team, channel, ts, card):
            return handle
        channel = await self._replies.direct(team, user)
        ts = await self._replies.post(team, channel, card.page)
        for file in card.files:
            await self._replies.upload(
                team, channel, file.name, file.content, title=file.name, comment=file.about
            )  # fmt: skip
        return f"{channel}:{ts}"

    async def _written_again(self, team: str, channel: str, ts: str, card: Card) -> bool:
        try:
            await self._replies.update(team, channel, ts, card.page)
        except SlackRefused as error:
            if error.error not in LOST:
                raise
            log.info("a card is not there any more", extra={"team": team, "error": error.error})
            return False
        return True
