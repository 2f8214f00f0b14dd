"""What is kept about a person, shown to them, handed out and deleted: their Home tab, progress, history, export.

The Home tab is published after every visit and change, but not more often than once in a while per person: however fast
somebody clicks, the newest state is what stands there in the end.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence

from adapters.owned import Owned, stored
from adapters.slack.admin import Admin
from adapters.slack.render import Look, history_pages, history_view, home_view, progress_pages, report_pages
from adapters.slack.render.page import Page, Picture
from adapters.slack.replies import Replies, SlackRefused
from adapters.slack.seen import Place
from adapters.slack.sentences import DELETED, EXPORTED, NOTHING_KEPT, sentence
from adapters.slack.standing import Standings
from adapters.slack.starts import person_key
from adapters.surface.export import EVERY_INTERVIEW, export
from engine.desk import Desk
from engine.events import ReportCard
from engine.session import Session

log = logging.getLogger(__name__)

SHOWN_INTERVIEWS = 50
HOME_EVERY_S = 1.0
EXPORT_NAME = "rehearse-interviews.json"
NO_CHARTS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_arguments"})
"""What Slack says where it does not know a kind of block yet."""


class Person:
    def __init__(
        self, *, desk: Desk, replies: Replies, owned: Owned, standings: Standings, admin: Admin | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._owned = owned
        self._standings = standings
        self._admin = admin
        self._sleep = sleep
        self._publishing: dict[tuple[str, str], bool] = {}

    def refresh_home(self, place: Place) -> None:
        """Show the Home tab as it is now, soon."""
        who = (place.team, place.user)
        if who in self._publishing:
            self._publishing[who] = True  # once more, when what is under way is done
            return
        self._publishing[who] = False
        self._owned.start(self._publish(place), "publish Home")

    async def _publish(self, place: Place) -> None:
        who = (place.team, place.user)
        try:
            again = True
            while again:
                self._publishing[who] = False
                await self._replies.publish(place.team, place.user, await self._home(place))
                if again := self._publishing[who]:
                    await self._sleep(HOME_EVERY_S)
        finally:
            del self._publishing[who]

    async def _home(self, place: Place) -> dict[str, object]:
        key = person_key(place)
        sessions = await stored(lambda: self._desk.history(key, limit=SHOWN_INTERVIEWS))
        preferences = await stored(lambda: self._desk.preferences(key))
        where = await self._standings.where(place.team, place.user)
        types = await stored(lambda: self._desk.offered(where))
        found = await self._admin.for_home(place) if self._admin is not None else None
        return home_view(types, sessions, preferences, admin=found)

    async def prefer(self, place: Place, *, live: bool | None = None, language: str | None = None) -> None:
        """Change a setting; it counts from now on."""
        key = person_key(place)
        known = await stored(lambda: self._desk.preferences(key))
        update: dict[str, object] = {}
        if live is not None:
            update["live"] = live
        if language is not None:
            update["language"] = language
        await stored(lambda: self._desk.prefer(key, known.model_copy(update=update)))
        self.refresh_home(place)

    async def progress(self, place: Place, respond: str) -> None:
        sessions = await self._sessions(place)
        try:
            await self._tell(place, respond, progress_pages(sessions, Look()))
        except SlackRefused as error:
            if error.error not in NO_CHARTS and error.method != "response_url":
                raise
            log.info("no charts here", extra={"team": place.team, "error": error.error})
            await self._tell(place, respond, progress_pages(sessions, Look(charts=False, tables=False)))

    async def history(self, place: Place, respond: str) -> None:
        await self._tell(place, respond, history_pages(await self._sessions(place)))

    async def history_form(self, place: Place, trigger: str) -> None:
        await self._replies.open_view(place.team, trigger, history_view(await self._sessions(place)))

    async def report(self, place: Place, session_id: str) -> None:
        """The report of an interview, once more, in the direct message."""
        found = next((s for s in await self._sessions(place, EVERY_INTERVIEW) if s.id == session_id), None)
        if found is None or found.report is None:
            await self._replies.post(place.team, await self._channel(place), sentence(NOTHING_KEPT))
            return
        card = ReportCard(title=found.setup.type.title, report=found.report)
        channel = await self._channel(place)
        try:
            await self._post(place.team, channel, report_pages(card, Look(), found.id))
        except SlackRefused as error:
            if error.error not in NO_CHARTS:
                raise
            await self._post(place.team, channel, report_pages(card, Look(charts=False, tables=False), found.id))

    async def export(self, place: Place) -> str:
        """Everything about the person as a file in the direct message; where that is, "" where nothing is kept."""
        everything = await stored(lambda: export(self._desk, person_key(place)))
        content = await asyncio.to_thread(json.dumps, everything, ensure_ascii=False, indent=1)
        channel = await self._channel(place)
        await self._replies.upload(
            place.team, channel, EXPORT_NAME, content.encode(), title="Your interviews", comment=EXPORTED
        )
        return channel

    async def forget(self, place: Place) -> None:
        """Delete everything about the person, and tell them so."""
        key = person_key(place)
        count = await stored(lambda: self._desk.forget(key))
        log.info("forgot a person", extra={"team": place.team, "interviews": count})
        await self._replies.post(place.team, await self._channel(place), sentence(DELETED))

    async def _channel(self, place: Place) -> str:
        return await self._replies.direct(place.team, place.user)

    async def _sessions(self, place: Place, limit: int = SHOWN_INTERVIEWS) -> Sequence[Session]:
        return await stored(lambda: self._desk.history(person_key(place), limit=limit))

    async def _tell(self, place: Place, respond: str, pages: Sequence[Page]) -> None:
        for page in pages:
            await self._replies.whisper(place, page, respond)

    async def _post(self, team: str, channel: str, pages: Sequence[Page]) -> None:
        for page in pages:
            await self._replies.post(team, channel, page)
            for picture in page.files:
                png = await asyncio.to_thread(_drawn, picture)
                await self._replies.upload(team, channel, picture.name, png, title=picture.alt, comment="")


def _drawn(picture: Picture) -> bytes:
    return picture.png
