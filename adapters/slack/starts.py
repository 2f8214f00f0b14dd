"""How an interview starts in Slack: where its thread is, under which id it begins, and whether one is open already.

Every interview stands in a thread. Where a person wrote something, that message is the thread's root; where they
pressed or commanded something, a root message is posted in the direct message. It is posted once for every command,
whatever is delivered twice: its ts is kept, like the handles of all posts, under the command's trigger id.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from adapters.owned import stored
from adapters.slack.delivery.handle import ROOT, Handle, name
from adapters.slack.names import thread_key
from adapters.slack.render import Page, root_page
from adapters.slack.render.blocks import escaped
from adapters.slack.replies import Replies
from adapters.slack.seen import Place
from adapters.slack.sentences import sentence, type_buttons
from adapters.slack.standing import Standings
from adapters.surface.wishes import ROLE_WORDS, Wish
from engine.catalogue import Whereabouts
from engine.desk import Desk
from engine.errors import OverLimit, SettingsError
from engine.interviews import HIGHEST_LEVEL, ROLE_LEVELS, InterviewType, RoleLevel
from engine.keys import ThreadKey
from engine.session import Session

log = logging.getLogger(__name__)

DEFAULT_TYPE = "mixed"
DEFAULT_ROLE: RoleLevel = "mid"
QUESTIONS_MOST = 20
Types = Mapping[str, InterviewType]
REFUSED = (OverLimit, SettingsError)
GONE_TYPE = "This interview type is not there any more. Choose another one:"
LOOKED_AT = 20
"""Among so many of a person's newest interviews the open one is looked for."""


class Handles(Protocol):
    """The part of the store that remembers where something stands."""

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None: ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Order:
    """An interview that was asked for; `question` and `answer` are what the person brought along."""

    type_id: str
    role: RoleLevel = DEFAULT_ROLE
    level: int | None = None
    questions: int | None = None
    focus: str = ""
    language: str = ""
    question: str = ""
    answer: str = ""

    def __str__(self) -> str:
        """As a button carries it; `ordered` reads it again."""
        return "|".join((self.type_id, self.role, str(self.level or ""), str(self.questions or "")))


class Starts:
    """`quiet_s` is how long a pause ends an answer."""

    def __init__(
        self, desk: Desk, replies: Replies, handles: Handles, standings: Standings, *, quiet_s: float
    ) -> None:  # fmt: skip
        self._desk = desk
        self._standings = standings
        self._replies = replies
        self._handles = handles
        self._quiet_s = quiet_s
        self._starting: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def offered(self, place: Place) -> Types:
        """What the person may begin there, the usual one first."""
        where = await self._where(place)
        return await stored(lambda: self._desk.offered(where))

    def ordered(self, text: str, types: Types) -> Order | None:
        """The order that a button carries: a type's id alone, or all of it; `None` where there is no such type now."""
        type_id, role, level, questions = [*text.split("|"), "", "", ""][:4]
        kind = types.get(type_id)
        if kind is None:
            return None
        fitting = fitting_role(kind, ROLE_WORDS.get(role))
        return Order(type_id, fitting, number(level, HIGHEST_LEVEL), number(questions, QUESTIONS_MOST))

    def root(self, order: Order, types: Types) -> Page:
        """The message that such an interview hangs from."""
        kind = types.get(order.type_id)
        if kind is None:
            return refusal(SettingsError(GONE_TYPE), types)
        return root_page(kind.title, order.role, order.questions or kind.questions, focus=order.focus)

    async def order(self, place: Place, wish: Wish, types: Types) -> Order:
        """The interview that was wished for, with what was not said filled in."""
        kind = types.get(wish.type_id) or await self._usual(place, types)
        return Order(kind.id, fitting_role(kind, wish.role), wish.level, wish.questions)

    async def interviews(self, place: Place, limit: int = LOOKED_AT) -> Sequence[Session]:
        """The person's interviews, newest first."""
        return await stored(lambda: self._desk.history(person_key(place), limit=limit))

    async def open_interview(self, place: Place, channel: str = "") -> Session | None:
        """The person's newest interview that is not over, in this channel or anywhere."""
        found = (s for s in await self.interviews(place) if not s.over and channel in ("", s.key.channel))
        return next(found, None)

    async def begin(self, key: ThreadKey, order: Order, id: str, channel: str = "") -> bool:
        """Begin in a thread that is there; `False` when it was begun before. Waits until it is stored.

        `channel` is where it was asked for. Raises what `REFUSED` holds: a limit, a type that is not offered any more.
        """
        where = await self._where(Place(key.workspace, channel or key.channel, key.user))
        language = order.language or (await stored(lambda: self._desk.preferences(key))).language or None
        return await stored(
            lambda: self._desk.begin(
                key, id=id, type_id=order.type_id, role=order.role, questions=order.questions, level=order.level,
                focus=order.focus, question=order.question, answer=order.answer, language=language,
                quiet_s=self._quiet_s, where=where,
            )
        )  # fmt: skip

    async def was_begun(self, place: Place, trigger: str) -> bool:
        """Whether this command was delivered before and has its thread."""
        return ROOT in await stored(lambda: self._handles.handles(_asked(place, trigger)))

    async def in_direct_message(
        self, place: Place, order: Order, trigger: str, root: Page | None = None
    ) -> ThreadKey:  # fmt: skip
        """Begin in the direct message, in the thread of a root that is posted for it; where it stands.

        What `begin` raises, the root says as well.
        """
        channel = await self._replies.direct(place.team, place.user)
        types = await self.offered(place)
        ts = await self._post_once(place, trigger, channel, root or self.root(order, types))
        key = thread_key(place.team, channel, ts, place.user)
        if root is None:
            mine = Handle(sink="edits", ts=(ts,), shown=("",), settled=True).text()
            await stored(lambda: self._handles.keep_handle(key, name(1, ROOT), mine))
        try:
            await self.begin(key, order, f"begin:{trigger}", place.channel)
        except REFUSED as error:
            await self._replies.update(place.team, channel, ts, refusal(error, types))
            raise
        return key

    async def in_thread(self, key: ThreadKey, order: Order, id: str, introduction: Page) -> None:
        """Begin in a thread that is there, with a word about it above the first question, or about why it is none."""
        place = Place(key.workspace, key.channel, key.user)
        ts = await self._post_once(place, id, key.channel, introduction, key.thread)
        try:
            await self.begin(key, order, id)
        except REFUSED as error:
            await self._replies.update(place.team, key.channel, ts, refusal(error, await self.offered(place)))

    async def _usual(self, place: Place, types: Types) -> InterviewType:
        """What is begun when no type was named: what admins made usual, else a bit of everything."""
        where = await self._where(place)
        chosen = await stored(lambda: self._desk.usual(where))
        return types.get(chosen) or types.get(DEFAULT_TYPE) or next(iter(types.values()))

    async def _where(self, place: Place) -> Whereabouts:
        return await self._standings.where(place.team, place.user, "" if place.direct else place.channel)

    async def _post_once(self, place: Place, asked_by: str, channel: str, page: Page, thread: str = "") -> str:
        """Post a page for something that was asked for, however often it is; its ts."""
        lock = self._starting.setdefault(asked_by, asyncio.Lock())
        async with lock:
            asked = _asked(place, asked_by)
            ts = (await stored(lambda: self._handles.handles(asked))).get(ROOT, "")
            if not ts:
                ts = await self._replies.post(place.team, channel, page, thread=thread)
                await stored(lambda: self._handles.keep_handle(asked, ROOT, ts))
            return ts


def refusal(error: OverLimit | SettingsError, types: Types) -> Page:
    """Why no interview begins, and what else could."""
    others = type_buttons(types) if isinstance(error, SettingsError) else []
    return sentence(escaped(error.hint), *others)


def _asked(place: Place, trigger: str) -> ThreadKey:
    return thread_key(place.team, "begin", trigger, place.user)


def person_key(place: Place) -> ThreadKey:
    """A key of this person, for what concerns all of their interviews."""
    return thread_key(place.team, "-", "-", place.user)


def number(text: str, most: int) -> int | None:
    """A number from 1 to `most`; `None` for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most else None


def fitting_role(kind: InterviewType, role: RoleLevel | None) -> RoleLevel:
    """The wished role level, or the nearest that the type is made for."""
    wanted = ROLE_LEVELS.index(role or DEFAULT_ROLE)
    return min(kind.roles, key=lambda known: (abs(ROLE_LEVELS.index(known) - wanted), ROLE_LEVELS.index(known)))
