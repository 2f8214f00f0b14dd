"""How an interview starts in Discord: where it stands, under which id it begins, and whether one is open there already.

It stands in the direct message, which holds one open interview at a time, or, where that is refused and the person says
so, in a private thread or in messages that only they see. Its first card is posted once for every command, whatever is
delivered twice: where it stands is kept, like the handles of all posts, under the command's id.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from adapters.discord.names import PLATFORM, Picked, by_forms, channel_of, thread_key
from adapters.discord.render import Page, intro_page, settled_pick
from adapters.discord.replies import Replies
from adapters.discord.seen import Place
from adapters.discord.sentences import not_begun
from adapters.discord.standing import Standings
from adapters.owned import stored
from engine.catalogue import Whereabouts
from engine.desk import Desk
from engine.errors import OverLimit, SettingsError
from engine.inbound import Pressed
from engine.interviews import InterviewType, RoleLevel
from engine.keys import ThreadKey, scope_of
from engine.session import Session

log = logging.getLogger(__name__)

ROOT, THREAD, PLACE, HOME = "root", "thread", "place", "home"
NOT_BEGUN = (OverLimit, SettingsError)
LOOKED_AT = 20
"""Among so many of a person's newest interviews the open one is looked for."""
ENDS_WITHIN_S, LOOK_EVERY_S = 60.0, 0.1
"""How long an interview may take to write its report before another one begins in its place."""
SITE = "https://discord.com/channels"


class Handles(Protocol):
    """The part of the store that remembers where something stands."""

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None: ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Order:
    """An interview that was asked for, of a type that is offered there; `question` and `answer` are what the person
    brought along."""

    picked: Picked
    kind: InterviewType
    where: Whereabouts
    focus: str = ""
    question: str = ""
    answer: str = ""


class Starts:
    """`quiet_s` is how long a pause ends an answer; `typed`: what is written in threads of servers is read."""

    def __init__(
        self, desk: Desk, replies: Replies, handles: Handles, standings: Standings, *, quiet_s: float, typed: bool,
        now: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._handles = handles
        self._standings = standings
        self._quiet_s = quiet_s
        self._typed = typed
        self._now = now
        self._sleep = sleep
        self._starting: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.refused: set[ThreadKey] = set()
        """Interviews whose direct message was closed in the middle, since this process began."""

    async def where(self, place: Place) -> Whereabouts:
        """Whose rules hold: those of the server, and in a direct message those of the one in which the person began an
        interview last, as long as they are in it."""
        if place.guild:
            return Whereabouts(scope_of(PLATFORM, place.guild), place.user, place.channel, place.groups)
        guild = (await self.kept(person_key(place.user))).get(HOME, "")
        found = await self._standings.lately(guild, place.user) if guild else None
        if found is None or not found.member:
            return Whereabouts(scope_of(PLATFORM, "-"), place.user, place.channel)
        return Whereabouts(scope_of(PLATFORM, guild), place.user, place.channel, found.groups)

    async def offered(self, place: Place) -> Mapping[str, InterviewType]:
        """The types that somebody may begin there, the usual one first."""
        where = await self.where(place)
        return await stored(lambda: self._desk.offered(where))

    async def usual(self, place: Place) -> str:
        """The type that admins made usual there; "" where there is none."""
        where = await self.where(place)
        return await stored(lambda: self._desk.usual(where))

    async def order(self, place: Place, picked: Picked, focus: str = "") -> Order:
        """The interview that was picked, as far as such a type and role are offered there."""
        where = await self.where(place)
        types = await stored(lambda: self._desk.offered(where))
        picked = settled_pick(types, picked)
        return Order(picked, types[picked.type_id], where, focus)

    async def interviews(self, user: str, limit: int = LOOKED_AT) -> Sequence[Session]:
        """The person's interviews, newest first."""
        return await stored(lambda: self._desk.history(person_key(user), limit=limit))

    async def open_interview(self, user: str, channel: str = "") -> Session | None:
        """The person's newest interview that is not over, under this channel or anywhere."""
        found = (s for s in await self.interviews(user) if not s.over and channel in ("", s.key.channel))
        return next(found, None)

    async def moved_to(self, channel: str, user: str) -> Session | None:
        """The open interview that was begun elsewhere and goes on in this channel."""
        for session in await self.interviews(user):
            if not session.over and (await self.kept(session.key)).get(PLACE) == channel:
                return session
        return None

    async def session_at(self, channel: str, user: str, *, forms: bool = False) -> Session | None:
        """The newest interview of a person in a channel; in private messages, one that was begun in another channel
        may go on in this one."""
        here = await stored(lambda: self._desk.session(thread_key(channel, user, forms=forms)))
        if not forms:
            return here or await self.moved_to(channel, user)
        if here is not None and not here.over:
            return here
        mine = await self.interviews(user)
        return next((each for each in mine if by_forms(each.key) and not each.over), here)

    async def was_begun(self, user: str, id: str) -> bool:
        """Whether this command was delivered before and has its interview."""
        return ROOT in await self.kept(_asked(id, user))

    async def in_direct_message(self, user: str, order: Order, id: str, pages: Sequence[Page] = ()) -> ThreadKey:
        """Begin in the direct message, under a card that says what it is.

        Raises `DiscordRefused`, and what `begin` raises, which then stands on the card.
        """
        key = thread_key(await self._replies.direct(user), user)
        await self._post_once(key, id, pages or [self.intro(order)])
        await self._begin_under(key, order, id)
        return key

    async def in_thread(self, place: Place, order: Order, id: str, moved: Session | None = None) -> ThreadKey:
        """Begin in a new private thread; of an interview that has `moved`, only the thread.

        Raises as `in_direct_message` does.
        """
        asked = _asked(id, place.user)
        async with self._lock(id):
            thread = (await self.kept(asked)).get(THREAD, "")
            if not thread:
                thread = await self._replies.open_thread(place.channel, f"Mock interview · {order.kind.title}")
                await self.keep(asked, THREAD, thread)
        await self._replies.add_to_thread(thread, place.user)
        key = thread_key(thread, place.user)
        await self._post_once(key, id, [intro_page(*self._about(order), focus=order.focus, place="thread",
                                                   typed=self._typed)])  # fmt: skip
        await self.keep(moved.key if moved is not None else key, THREAD, f"{place.guild}/{thread}")
        if moved is None:
            await self._begin_under(key, order, id)
        return key

    async def begin(self, key: ThreadKey, order: Order, id: str) -> bool:
        """Begin where it stands; `False` when it was begun before. Waits until it is stored.

        Raises `OverLimit`, and `SettingsError` for a type that is offered no longer.
        """
        language = (await stored(lambda: self._desk.preferences(key))).language or None
        picked = order.picked
        began = await stored(
            lambda: self._desk.begin(
                key, id=f"begin:{id}", type_id=picked.type_id, role=picked.role, questions=picked.questions or None,
                level=picked.level or None, focus=order.focus, question=order.question, answer=order.answer,
                language=language, quiet_s=self._quiet_s, where=order.where,
            )
        )  # fmt: skip
        guild = order.where.home.partition("/")[2]
        if guild.isdecimal():
            await self.keep(person_key(key.user), HOME, guild)
        return began

    async def end(self, session: Session, id: str) -> bool:
        """End an interview, so that another one may take its place; `False` while its report is not written."""
        pressed = Pressed(id=f"i:{id}", key=session.key, at=self._now(), action="stop")
        await stored(lambda: self._desk.deliver(pressed))
        for _ in range(round(ENDS_WITHIN_S / LOOK_EVERY_S)):
            found = await stored(lambda: self._desk.session(session.key))
            if found is None or found.over:
                return True
            await self._sleep(LOOK_EVERY_S)
        return False

    def intro(self, order: Order, *, forms: bool = False) -> Page:
        """The first card of an interview."""
        return intro_page(*self._about(order), focus=order.focus, place="forms" if forms else "direct")

    async def link(self, key: ThreadKey) -> str:
        """Where an interview stands, as an address; "" where nothing leads there."""
        if by_forms(key):
            return ""
        handles = await self.kept(key)
        return f"{SITE}/{handles.get(THREAD) or f'@me/{handles.get(PLACE) or channel_of(key)}'}"

    async def kept(self, key: ThreadKey) -> Mapping[str, str]:
        return await stored(lambda: self._handles.handles(key))

    async def keep(self, key: ThreadKey, what: str, handle: str) -> None:
        await stored(lambda: self._handles.keep_handle(key, what, handle))

    async def _post_once(self, key: ThreadKey, id: str, pages: Sequence[Page]) -> None:
        """Post the first card for something that was asked for, however often it is."""
        asked = _asked(id, key.user)
        async with self._lock(id):
            if ROOT in await self.kept(asked):
                return
            posted = [await self._replies.post(key.channel, page, f"b{id}.{n}") for n, page in enumerate(pages)]
            await self.keep(asked, ROOT, posted[0])

    async def _begin_under(self, key: ThreadKey, order: Order, id: str) -> None:
        """Begin under the card that stands there already; what stands in the way is said on it."""
        try:
            await self.begin(key, order, id)
        except NOT_BEGUN as error:
            card = (await self.kept(_asked(id, key.user))).get(ROOT)
            if card:
                await self._replies.edit(key.channel, card, not_begun(error.hint))
            raise

    @staticmethod
    def _about(order: Order) -> tuple[str, RoleLevel, int]:
        return order.kind.title, order.picked.role, order.picked.questions or order.kind.questions

    def _lock(self, id: str) -> asyncio.Lock:
        return self._starting.setdefault(id, asyncio.Lock())


def _asked(id: str, user: str) -> ThreadKey:
    """What is remembered about a command, until the person is forgotten."""
    return thread_key(f"begin:{id}", user)


def nothing_left(session: Session) -> bool:
    """Whether every question has been asked and the last answer has its feedback: only the report is yet to come."""
    turn = session.turn
    return session.asked >= session.setup.questions and turn is not None and turn.attempt.feedback is not None


def person_key(user: str) -> ThreadKey:
    """A key of this person, for what concerns all of their interviews."""
    return thread_key("-", user)
