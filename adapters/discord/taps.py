"""Buttons and selects outside an interview's cards: picker, place, resume, history, settings, one's data, transcripts.

What a button means is read off its `custom_id` alone, so that those of before a restart do what they say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from adapters.discord.admin import Admin
from adapters.discord.clips import Clips
from adapters.discord.forms import Forms
from adapters.discord.names import (
    EXPORT,
    FORGET,
    HISTORY,
    LANGUAGE,
    LIVE_OFF,
    LIVE_ON,
    OWN,
    PROGRESS,
    SETTINGS,
    START,
    Picked,
    channel_of,
    read_forget,
    read_form,
    read_panel,
    read_pick,
    read_place,
    read_report,
    read_resume,
    read_voice,
    read_why,
    thread_key,
)
from adapters.discord.person import Person
from adapters.discord.render import focus_of, forget_page, refused_page, start_form, start_page
from adapters.discord.replies import DiscordRefused
from adapters.discord.reply import Reply
from adapters.discord.seen import Tapped
from adapters.discord.sentences import (
    KEPT,
    NO_THREAD,
    NOT_KEPT,
    READ_IN_THREAD,
    UNKNOWN_COMMAND,
    not_begun,
    others_interview,
    plain_sentence,
    still_open,
)
from adapters.discord.slash import Slash
from adapters.discord.starts import NOT_BEGUN, PLACE, Order, Starts
from adapters.discord.talk import Shows
from adapters.discord.threads import Threads
from adapters.owned import stored
from adapters.surface.wishes import ROLE_WORDS
from adapters.surface.wording import LANGUAGES
from engine.desk import Desk
from engine.inbound import Pressed
from engine.session import Session

log = logging.getLogger(__name__)


class Taps:
    def __init__(
        self, *, desk: Desk, starts: Starts, forms: Forms, slash: Slash, person: Person, clips: Clips, admin: Admin,
        delivery: Shows, threads: Threads, now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._starts = starts
        self._forms = forms
        self._slash = slash
        self._person = person
        self._clips = clips
        self._admin = admin
        self._delivery = delivery
        self._threads = threads
        self._now = now

    async def tapped(self, tapped: Tapped, reply: Reply) -> None:
        name, user = tapped.name, tapped.place.user
        if (led := read_panel(name)) is not None:
            await self._admin.tapped(tapped, led, reply)
        elif (form := read_form(name)) is not None:
            await self._forms.answer_in(tapped, *form, reply)
        elif (voice := read_voice(name)) is not None:
            await self._clips.tapped(tapped, reply, *voice)
        elif (pick := read_pick(name)) is not None:
            await self._pick(tapped, *pick, reply)
        elif (place := read_place(name)) is not None:
            await reply.quietly()
            await (self._in_thread if place[0] == "thread" else self._here)(tapped, place[1], reply)
        elif (why := read_why(name)) is not None:
            await self._why(tapped, *why, reply)
        elif (session := read_report(name)) is not None:
            await reply.privately()
            await self._person.report(user, reply, session)
        elif name.startswith("rh:resume:"):
            await self._resume(tapped, reply)
        elif (forget := read_forget(name)) is not None:
            await self._forget(tapped, *forget, reply)
        else:
            await self._named(tapped, reply)

    async def _named(self, tapped: Tapped, reply: Reply) -> None:
        user = tapped.place.user
        match tapped.name:
            case name if name == START:
                await reply.show(start_page(await self._starts.offered(tapped.place)))
            case name if name == FORGET:
                await reply.show(forget_page(user))
            case name if name == HISTORY:
                await reply.privately()
                await self._person.history(user, reply)
            case name if name == PROGRESS:
                await reply.privately()
                await self._person.progress(user, reply)
            case name if name == EXPORT:
                await reply.privately()
                await self._person.export(user, reply)
            case name if name == SETTINGS:
                await reply.privately()
                await reply.say(await self._person.settings(user))
            case name if name in (LIVE_ON, LIVE_OFF):
                await reply.quietly()
                await reply.change(await self._person.prefer(user, live=name == LIVE_ON))
            case name if name == LANGUAGE:
                await reply.quietly()
                known = tapped.chosen if tapped.chosen in LANGUAGES else ""
                change = known if known or tapped.chosen == OWN else None
                await reply.change(await self._person.prefer(user, language=change))
            case _:
                await reply.show(plain_sentence(UNKNOWN_COMMAND))

    async def _pick(self, tapped: Tapped, act: str, picked: Picked, reply: Reply) -> None:
        """A part of the picker: it shows at once what is chosen, or starts that."""
        place = tapped.place
        if act == "type":
            picked = picked.but(type_id=tapped.chosen)
            await reply.replace(start_page(await self._starts.offered(place), picked))
            return
        if act == "role":
            picked = picked.but(role=ROLE_WORDS.get(tapped.chosen))
            await reply.replace(start_page(await self._starts.offered(place), picked))
            return
        if act == "form":
            await reply.form(start_form(await self._starts.offered(place), picked))
            return
        if tapped.asked.private:
            await reply.quietly()
        else:  # a card that others see, or that is to stay
            await reply.privately()
        order = await self._starts.order(place, picked, focus_of(tapped.shown))
        going_on = await self._closed_one(place.user)
        if going_on is not None:  # try its direct message again
            self._starts.refused.discard(going_on.key)
            self._delivery.move(going_on.key, channel_of(going_on.key))
            await self._slash.resume(place, going_on, reply)
        elif act == "again":
            await self._slash.begin_instead(place, order, reply)
        else:
            await self._slash.begin_unless_open(place, order, reply)

    async def _in_thread(self, tapped: Tapped, picked: Picked, reply: Reply) -> None:
        """In a private thread: a new interview, or the one whose direct message was closed in the middle."""
        place = tapped.place
        order = await self._starts.order(place, picked, focus_of(tapped.shown))
        moved = await self._closed_one(place.user)
        if moved is not None:
            setup = moved.setup
            same = Picked(setup.type.id, setup.role, setup.start_level, setup.questions)
            order = Order(same, setup.type, order.where, setup.focus)
        try:
            key = await self._starts.in_thread(place, order, reply.asked.id, moved)
        except DiscordRefused as error:
            log.info("no private thread", extra={"error": str(error)})
            await reply.say(plain_sentence(NO_THREAD))
            await reply.change(refused_page(picked, threads=False, focus=order.focus))
            return
        except NOT_BEGUN as error:
            await reply.change(not_begun(error.hint))
            return
        if moved is not None:
            self._starts.refused.discard(moved.key)
            await self._starts.keep(moved.key, PLACE, key.channel)
            self._delivery.move(moved.key, key.channel)
            pressed = Pressed(id=f"i:{reply.asked.id}", key=moved.key, at=self._now(), action="resume")
            await stored(lambda: self._desk.deliver(pressed))
        self._threads.watch(key.channel, moved.key if moved is not None else key)
        await reply.change(plain_sentence(f"Your interview is in <#{key.channel}>. {READ_IN_THREAD if moved else ''}"))

    async def _here(self, tapped: Tapped, picked: Picked, reply: Reply) -> None:
        """In messages that only this person sees, answered by forms."""
        place, asked = tapped.place, reply.asked
        order = await self._starts.order(place, picked, focus_of(tapped.shown))
        key = thread_key(place.channel, place.user, forms=True)
        going_on = await stored(lambda: self._desk.session(key))
        if going_on is not None and not going_on.over and not await self._starts.was_begun(place.user, asked.id):
            await reply.change(still_open(going_on.setup.type.title, key, picked, ""))
            return
        await reply.change(self._starts.intro(order, forms=True))
        if reply.answered:
            self._delivery.interaction(key, asked.token, asked.application, self._now(), message=asked.message)
        try:
            await self._starts.begin(key, order, asked.id)
        except NOT_BEGUN as error:
            await reply.change(not_begun(error.hint))

    async def _closed_one(self, user: str) -> Session | None:
        """The open interview whose direct message was closed in the middle."""
        if not any(key.user == user for key in self._starts.refused):
            return None
        open_one = await self._starts.open_interview(user)
        return open_one if open_one is not None and open_one.key in self._starts.refused else None

    async def _why(self, tapped: Tapped, owner: str, turn: int, attempt: int, criterion: str, reply: Reply) -> None:
        place = tapped.place
        if owner != place.user:
            await reply.show(others_interview(owner))
            return
        await reply.privately()
        session = await self._starts.session_at(place.channel, owner, forms=tapped.asked.private)
        await self._person.why(reply, session, turn, attempt, criterion)

    async def _resume(self, tapped: Tapped, reply: Reply) -> None:
        place, key = tapped.place, read_resume(tapped.name)
        await reply.privately()
        mine = key is not None and key.user == place.user and key.platform == "discord"
        session = await stored(lambda: self._desk.session(key)) if mine and key is not None else None
        if session is None:
            await reply.say(plain_sentence(NOT_KEPT))
        else:
            await self._slash.resume(place, session, reply)

    async def _forget(self, tapped: Tapped, sure: str, owner: str, reply: Reply) -> None:
        if owner != tapped.place.user:
            await reply.show(others_interview(owner))
        elif sure == "yes":
            await reply.quietly()
            await self._person.forget(owner, reply)
        else:
            await reply.replace(plain_sentence(KEPT))
