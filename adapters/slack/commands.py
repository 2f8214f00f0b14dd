"""`/interview` and what can follow it. A word that is not known is met with the nearest one and all the others."""

from __future__ import annotations

from collections.abc import Callable

from adapters.owned import stored
from adapters.slack.admin import Admin
from adapters.slack.forms import Forms
from adapters.slack.person import Person
from adapters.slack.render import help_page
from adapters.slack.render.blocks import section
from adapters.slack.render.page import Page
from adapters.slack.replies import Replies
from adapters.slack.seen import Commanded, Place
from adapters.slack.sentences import (
    NO_OPEN,
    begun,
    resumed,
    sentence,
    still_open,
    type_buttons,
    unknown_command,
    unknown_type,
)
from adapters.slack.starts import REFUSED, Order, Starts, refusal
from adapters.surface.wishes import nearest, wish
from engine.desk import Desk
from engine.inbound import Pressed
from engine.receive import command as spoken_command
from engine.session import Session

KNOWN = ("start", "resume", "progress", "history", "export", "delete-my-data", "help", "admin")
ALSO = {"delete": "delete-my-data", "forget": "delete-my-data", "forget-me": "delete-my-data", "continue": "resume",
        "begin": "start", "new": "start", "?": "help"}  # fmt: skip


class Commands:
    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, forms: Forms, person: Person, admin: Admin | None,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._forms = forms
        self._person = person
        self._admin = admin
        self._now = now

    async def given(self, given: Commanded) -> None:
        place, words = given.place, given.text.split()
        first = words[0].casefold() if words else ""
        match ALSO.get(first, first):
            case "":
                await self._forms.start(place, given.trigger)
            case "start" if len(words) == 1:
                await self._forms.start(place, given.trigger)
            case "start":
                await self._start(given, " ".join(words[1:]))
            case "resume":
                await self._resume(given)
            case "progress":
                await self._person.progress(place, given.respond)
            case "history":
                await self._person.history(place, given.respond)
            case "export":
                await self._export(given)
            case "delete-my-data":
                await self._forms.forget(place, given.trigger)
            case "help":
                await self._say(given, help_page())
            case "admin" if self._admin is not None:
                await self._admin.open(place, given.trigger)
            case _:
                await self._other(given)

    async def begin(self, place: Place, order: Order, trigger: str, respond: str) -> None:
        """Begin in the direct message, and say where."""
        types = await self._starts.offered(place)
        try:
            key = await self._starts.in_direct_message(place, order, trigger)
        except REFUSED as error:
            if not place.direct:  # there it stands already
                await self._replies.whisper(place, refusal(error, types), respond)
            return
        kind = types[order.type_id]
        link = await self._replies.link(place.team, key.channel, key.thread)
        page = begun(kind.title, order.role, order.questions or kind.questions, link)
        await self._replies.whisper(place, page, respond)

    async def begin_unless_open(self, place: Place, order: Order, trigger: str, respond: str) -> None:
        """Begin, unless an interview stands open in the direct message; then ask which of the two it shall be."""
        channel = await self._replies.direct(place.team, place.user)
        going_on = await self._starts.open_interview(place, channel)
        if going_on is None or await self._starts.was_begun(place, trigger):
            await self.begin(place, order, trigger, respond)
            return
        link = await self._replies.link(place.team, channel, going_on.key.thread)
        page = still_open(going_on.setup.type.title, str(going_on.key), str(order), link)
        await self._replies.whisper(place, page, respond)

    async def resume(self, place: Place, session: Session, id: str, respond: str) -> None:
        """Go on with an interview where it stands, and say where that is."""
        key = session.key
        pressed = Pressed(id=id, key=key, at=self._now(), action="resume")
        await stored(lambda: self._desk.deliver(pressed))
        link = await self._replies.link(place.team, key.channel, key.thread)
        if respond or place.channel:
            await self._replies.whisper(place, resumed(session.setup.type.title, link), respond)

    async def _start(self, given: Commanded, words: str) -> None:
        types = await self._starts.offered(given.place)
        wished = wish(words, types)
        if wished.rest or (not wished.type_id and not (wished.role or wished.level)):
            said = " ".join(wished.rest) or words
            await self._say(given, unknown_type(said, types))
            return
        order = await self._starts.order(given.place, wished, types)
        await self.begin_unless_open(given.place, order, given.trigger, given.respond)

    async def _resume(self, given: Commanded) -> None:
        session = await self._starts.open_interview(given.place)
        if session is None:
            types = await self._starts.offered(given.place)
            await self._say(given, sentence(NO_OPEN, *type_buttons(types)))
            return
        await self.resume(given.place, session, f"resume:{given.trigger}", given.respond)

    async def _export(self, given: Commanded) -> None:
        await self._person.export(given.place)
        await self._say(given, sentence("Your file is in our direct message."))

    async def _other(self, given: Commanded) -> None:
        """Perhaps the type alone was said, or a word of the interview that is open; or nothing that is known."""
        place, text = given.place, given.text
        types = await self._starts.offered(place)
        wished = wish(text, types)
        if wished.whole:
            order = await self._starts.order(place, wished, types)
            await self.begin_unless_open(place, order, given.trigger, given.respond)
            return
        action = spoken_command(text)
        session = await self._starts.open_interview(place) if action else None
        if action and session is not None:
            pressed = Pressed(id=f"command:{given.trigger}", key=session.key, at=self._now(), action=action)
            await stored(lambda: self._desk.deliver(pressed))
            link = await self._replies.link(place.team, session.key.channel, session.key.thread)
            await self._say(given, sentence(f"Done{f' in <{link}|your interview>' if link else ''}."))
            return
        said = text.split()[0]
        page = help_page()
        line = unknown_command(said, nearest(said, [*KNOWN, *types]))
        await self._say(given, Page((section(line), *page.blocks), f"{line.replace('`', '')} {page.text}"))

    async def _say(self, given: Commanded, page: Page) -> None:
        await self._replies.whisper(given.place, page, given.respond)
