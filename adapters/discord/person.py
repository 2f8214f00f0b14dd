"""What is kept about a person, shown to them, handed out and deleted: progress, history, reports, settings, export."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from adapters.discord.render import (
    Attachment,
    Page,
    history_pages,
    progress_pages,
    report_pages,
    settings_page,
    why_pages,
)
from adapters.discord.render.page import attached
from adapters.discord.render.parts import text
from adapters.discord.reply import Reply
from adapters.discord.sentences import DELETED, NOT_KEPT, NOTHING_KEPT, exported, plain_sentence
from adapters.discord.starts import person_key
from adapters.owned import stored
from adapters.surface.export import export, files, nothing
from engine.conversation import posts
from engine.desk import Desk
from engine.events import FeedbackCard, ReportCard
from engine.preferences import Preferences
from engine.session import Session

log = logging.getLogger(__name__)

EVERY_INTERVIEW = 100_000
SHOWN_INTERVIEWS = 50
EXPORT_NAME = "rehearse-interviews"
EXPORT_BYTES = 8_000_000
"""Discord takes files of 10 MiB."""


class Person:
    """Everything here is said to the person alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def progress(self, user: str, reply: Reply) -> None:
        await reply.say(*progress_pages(await self._sessions(user)))

    async def history(self, user: str, reply: Reply) -> None:
        await reply.say(*history_pages(await self._sessions(user)))

    async def report(self, user: str, reply: Reply, session_id: str) -> None:
        """The report of an interview, once more."""
        found = next((s for s in await self._sessions(user, EVERY_INTERVIEW) if s.id == session_id), None)
        if found is None or found.report is None:
            await reply.say(plain_sentence(NOT_KEPT))
            return
        await reply.say(*report_pages(ReportCard(title=found.setup.type.title, report=found.report), found.id))

    async def why(self, reply: Reply, session: Session | None, turn: int, attempt: int, criterion: str) -> None:
        """How the score of one criterion came about."""
        cards = [card for _, card in posts(session)] if session is not None else []
        for card in cards:
            if isinstance(card, FeedbackCard) and (card.turn, card.attempt) == (turn, attempt):
                section = next((view for view in card.sections if view.criterion == criterion), None)
                if section is not None:
                    await reply.say(*why_pages(section))
                    return
        await reply.say(plain_sentence(NOT_KEPT))

    async def settings(self, user: str) -> Page:
        return settings_page(await self._preferences(user))

    async def prefer(self, user: str, *, live: bool | None = None, language: str | None = None) -> Page:
        """Change a setting, which counts from now on; the settings as they are then."""
        update: dict[str, object] = {}
        if live is not None:
            update["live"] = live
        if language is not None:
            update["language"] = language
        changed = (await self._preferences(user)).model_copy(update=update)
        await stored(lambda: self._desk.prefer(person_key(user), changed))
        return settings_page(changed)

    async def export(self, user: str, reply: Reply) -> None:
        """Everything about the person as a file, or as several when one would be too large."""
        found = await stored(lambda: export(self._desk, person_key(user)))
        if nothing(found):
            await reply.say(plain_sentence(NOTHING_KEPT))
            return
        contents = await asyncio.to_thread(lambda: list(files(found, most=EXPORT_BYTES)))
        for n, content in enumerate(contents, 1):
            name = f"{EXPORT_NAME}{f'-{n}' if len(contents) > 1 else ''}.json"
            file = Attachment(name, "Everything that is kept about you", text=content)
            await reply.say(Page((text(exported(n, len(contents))), attached(name)), (file,)))

    async def forget(self, user: str, reply: Reply) -> None:
        """Delete everything about the person, and tell them so."""
        count = await stored(lambda: self._desk.forget(person_key(user)))
        log.info("forgot a person", extra={"interviews": count})
        await reply.change(plain_sentence(DELETED))

    async def _preferences(self, user: str) -> Preferences:
        return await stored(lambda: self._desk.preferences(person_key(user)))

    async def _sessions(self, user: str, limit: int = SHOWN_INTERVIEWS) -> Sequence[Session]:
        return await stored(lambda: self._desk.history(person_key(user), limit=limit))
