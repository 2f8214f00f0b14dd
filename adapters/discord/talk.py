"""What a message, an edit or a press means: which interview it belongs to, and what to say if to none.

In a direct message or private thread it is the one interview of that channel and person. A message in the direct
message that belongs to none may ask for one. Buttons work for their owner only. What the words mean for an interview is
the engine's business.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Protocol

from adapters.discord.clips import Clips, Spot
from adapters.discord.names import Picked, thread_key
from adapters.discord.render import Page, help_page, start_page
from adapters.discord.render.parts import text
from adapters.discord.replies import DiscordRefused, DiscordUnreachable, Replies
from adapters.discord.reply import Reply
from adapters.discord.seen import Changed, Place, Pressed, Said
from adapters.discord.sentences import (
    EMOJI_ONLY,
    EMPTY_VOICE,
    NOT_KEPT,
    NOTHING_SAID,
    WELCOME,
    elsewhere,
    others_interview,
    plain_sentence,
    still_open,
)
from adapters.discord.starts import NOT_BEGUN, Starts
from adapters.discord.words import only_emoji
from adapters.lanes import Lanes
from adapters.owned import stored
from adapters.recent import Recent
from adapters.surface.wishes import Wish, wish
from engine.desk import Desk
from engine.inbound import Edited, Inbound, Wrote
from engine.inbound import Pressed as Press
from engine.interviews import InterviewType
from engine.keys import ThreadKey
from engine.receive import command
from engine.session import Session

log = logging.getLogger(__name__)

WISH_CHARS = 120
"""Whatever is longer is no request to start, but an answer."""
DEFAULT_TYPE = "mixed"
KNOWN_MOST = 10_000

Types = Mapping[str, InterviewType]


class Shows(Protocol):
    """The part of the delivery that is told of interactions."""

    def interaction(self, key: ThreadKey, token: str, application_id: str, at: float, *, message: str = "") -> None: ...

    def move(self, key: ThreadKey, channel: str) -> None: ...


class Talk:
    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, delivery: Shows, clips: Clips, lanes: Lanes,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._delivery = delivery
        self._clips = clips
        self._lanes = lanes
        self._now = now
        self._owners: Recent[str, tuple[str, ...]] = Recent(KNOWN_MOST)

    async def said(self, said: Said) -> None:
        place = said.place
        session = await self._starts.session_at(place.channel, place.user)
        if not place.direct:
            if session is not None:
                await self._answer(said, session.key)
            return
        short = len(said.text) <= WISH_CHARS and not said.files
        if session is None or session.over:
            types = await self._starts.offered(place)
            await self._without_interview(said, session, wish(said.text, types) if short else Wish(), types)
        elif short and wish(said.text, {}).asks:  # only then is it worth finding out which types there are
            await self._may_ask(said, session)
        else:
            await self._answer(said, session.key)

    async def _may_ask(self, said: Said, session: Session) -> None:
        """Words that may ask for another interview while one is open; if they say anything else, they are an answer."""
        types = await self._starts.offered(said.place)
        wished = wish(said.text, types)
        if not wished.whole:
            await self._answer(said, session.key)
            return
        link, picked = await self._starts.link(session.key), await self._picked(said.place, wished, types)
        await self._say(said, still_open(session.setup.type.title, session.key, picked, link))

    async def changed(self, changed: Changed) -> None:
        """An edit or a deletion, of the message and of what was read out of its files."""
        place = changed.place
        users = (place.user,) if place.user else await self._people_of(place)
        for user in users:
            session = await self._starts.session_at(place.channel, user)
            if session is None:
                continue
            key, at = session.key, self._now()
            await self._hand_in(Edited(id=changed.id, key=key, at=at, message=changed.message, text=changed.text))
            if changed.text is None:
                for part in _parts_of(session, changed.message):
                    await self._hand_in(Edited(id=f"d:{part}", key=key, at=at, message=part, text=None))

    async def pressed(self, pressed: Pressed, reply: Reply) -> None:
        place = pressed.place
        if pressed.owner != place.user:
            await reply.show(others_interview(pressed.owner))
            return
        async with self._lanes.in_line(place.channel) as turn:
            await self._press(pressed, reply, turn)

    async def _press(self, pressed: Pressed, reply: Reply, turn: Callable[[], Awaitable[None]]) -> None:
        place, asked = pressed.place, pressed.asked
        await reply.quietly()
        session = await self._starts.session_at(place.channel, place.user, forms=asked.private)
        if session is None:
            await reply.say(plain_sentence(NOT_KEPT))
            return
        if reply.answered:
            self._delivery.interaction(session.key, asked.token, asked.application, self._now(), message=asked.message)
        act = Press(id=f"i:{asked.id}", key=session.key, at=self._now(), action=pressed.action, turn=pressed.turn)
        await turn()
        async with self._lanes.after(place.channel):
            await self._hand_in(act)

    async def _without_interview(self, said: Said, last: Session | None, wished: Wish, types: Types) -> None:
        place = said.place
        if wished.whole:
            order = await self._starts.order(place, await self._picked(place, wished, types))
            with suppress(*NOT_BEGUN):  # why, stands on the card
                await self._starts.in_direct_message(place.user, order, said.message_id)
            return
        action = command(said.text)
        if action == "help":
            await self._say(said, help_page())
        elif action and last is not None:  # "next" or a thumb belongs to what was last seen, over or not
            await self._answer(said, last.key)
        elif (other := await self._starts.open_interview(place.user)) is not None:
            link = await self._starts.link(other.key)
            await self._say(said, elsewhere(other.setup.type.title, link, other.key))
        else:
            picker = start_page(types)
            await self._say(said, Page((text(WELCOME), *picker.components), picker.files))

    async def _answer(self, said: Said, key: ThreadKey) -> None:
        if said.voice and not said.files:
            await self._say(said, plain_sentence(EMPTY_VOICE))
            return
        if not said.text.strip() and not said.files:
            await self._say(said, plain_sentence(NOTHING_SAID))
            return
        if not command(said.text) and only_emoji(said.text):
            await self._say(said, plain_sentence(EMOJI_ONLY))
        elif said.text.strip():
            wrote = Wrote(id=said.id, key=key, at=self._now(), message=said.message, text=said.text)
            await self._hand_in(wrote)
        if said.files:
            self._clips.take(said.files, key, said.message_id, Spot(self._replies, said.place.channel))

    async def _say(self, said: Said, page: Page) -> None:
        """Say something about a message, once, even if it is read again after a restart."""
        about = thread_key(f"said:{said.message_id}", said.place.user)
        if "said" in await self._starts.kept(about):
            return
        try:
            await self._replies.post(said.place.channel, page, f"s{said.message_id}")
        except (DiscordRefused, DiscordUnreachable) as error:
            log.warning("could not be said", extra={"error": str(error)})
        else:
            await self._starts.keep(about, "said", "1")

    async def _people_of(self, place: Place) -> tuple[str, ...]:
        """Whose message may have been deleted: Discord does not say."""
        known = self._owners.get(place.channel)
        if known is None:
            try:
                known = tuple(await self._replies.people_of(place.channel))
            except (DiscordRefused, DiscordUnreachable) as error:
                log.info("nobody knows whose message was deleted", extra={"error": str(error)})
                return ()
            self._owners.keep(place.channel, known)
        return known

    async def _picked(self, place: Place, wished: Wish, types: Types) -> Picked:
        """What was wished for; without a type, what admins made usual, else a bit of everything."""
        usual = wished.type_id or await self._starts.usual(place)
        known = next((id for id in (usual, DEFAULT_TYPE) if id in types), next(iter(types)))
        return Picked(known, wished.role or "mid", wished.level or 0, wished.questions or 0)

    async def _hand_in(self, inbound: Inbound) -> None:
        await stored(lambda: self._desk.deliver(inbound))


def _parts_of(session: Session, message: str) -> list[str]:
    """The parts of answers that came from the files of a message."""
    parts = (part.message for turn in session.turns for attempt in turn.attempts for part in attempt.parts)
    return [part for part in parts if part.startswith(f"{message}:")]
