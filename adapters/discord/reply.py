"""The conversation over one interaction: its one answer, within three seconds, and what is said afterwards."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from adapters.discord.render.page import EPHEMERAL, Json, Page
from adapters.discord.replies import CHOICES, DEFER, DEFER_UPDATE, MODAL, REPLY, UPDATE, Replies
from adapters.discord.seen import Asked

log = logging.getLogger(__name__)


class Reply:
    """The conversation over one interaction: first one of the answers, at once, then what there is to say.

    Without an answer in time nothing can be said; what was to be done is done all the same.
    """

    def __init__(self, replies: Replies, asked: Asked) -> None:
        self._replies = replies
        self.asked = asked
        self.answered = False
        self._loading = False
        self._has_original = False

    async def privately(self) -> None:
        """Acknowledge; the first page that is then said takes the place of the wait, for this person alone."""
        self.answered = await self._replies.answer(self.asked, DEFER, {"flags": EPHEMERAL})
        self._loading = self._has_original = self.answered

    async def quietly(self) -> None:
        """Acknowledge a press without a word."""
        self.answered = self._has_original = await self._replies.answer(self.asked, DEFER_UPDATE)

    async def show(self, page: Page, *, private: bool = True) -> None:
        """Answer with a page."""
        data = page.body(ephemeral=private)
        self.answered = await self._replies.answer(self.asked, REPLY, data, page.files)

    async def replace(self, page: Page) -> None:
        """Answer by changing the message whose button was pressed."""
        self.answered = self._has_original = await self._replies.answer(self.asked, UPDATE, page.body(), page.files)

    async def form(self, modal: Json) -> None:
        """Answer with a form. Nothing can be said afterwards."""
        await self._replies.answer(self.asked, MODAL, modal)

    async def complete(self, choices: Sequence[tuple[str, str]]) -> None:
        """Answer with completions: what is shown, and what is filled in."""
        data: Json = {"choices": [{"name": name[:100], "value": value[:100]} for name, value in choices[:25]]}
        await self._replies.answer(self.asked, CHOICES, data)

    async def say(self, *pages: Page, private: bool = True) -> None:
        """Say pages, one after the other."""
        for page in pages:
            if not self.answered:
                log.info("there is no way to say it any more", extra={"interaction": self.asked.id})
            elif self._loading:
                await self._replies.original(self.asked, page)
                self._loading = False
            else:
                await self._replies.follow_up(self.asked, page, private=private)

    async def change(self, page: Page) -> None:
        """Change the message whose button was pressed, or what took the place of the wait; or else say it."""
        if self._has_original:
            await self._replies.original(self.asked, page)
            self._loading = False
        else:
            await self.say(page)
