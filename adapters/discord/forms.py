"""Forms that were filled in: an answer, an interview to start, a message to score, a transcript that was changed.

Nothing is remembered between a form and its return: its `custom_id` says what it belongs to, so that one which was
opened before a restart is as good as any. What was typed stands in the answer to it at once, before anything can fail.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from adapters.discord.admin import Admin
from adapters.discord.clips import FORM, Clips, Spot
from adapters.discord.names import (
    ANSWER,
    FOCUS,
    FORMS,
    LEVEL,
    QUESTION,
    QUESTIONS,
    ROLE,
    START_FORM,
    TYPE,
    Picked,
    read_answer,
    read_panel,
    read_score_form,
    read_voice_form,
    thread_key,
)
from adapters.discord.render import Json, answer_form, answer_pages, score_form, scored_pages
from adapters.discord.render.page import TEXT_DISPLAY, walk
from adapters.discord.render.words import unescaped
from adapters.discord.replies import DiscordRefused, Replies
from adapters.discord.reply import Reply
from adapters.discord.seen import Called, Submitted, Tapped
from adapters.discord.sentences import (
    EMPTY_FORM,
    NO_QUESTION,
    NOT_KEPT,
    NOTHING_TO_SCORE,
    SCORED_ASIDE,
    SCORED_HERE,
    TURN_OVER,
    not_begun,
    others_interview,
    plain_sentence,
    scored,
    unknown_type,
)
from adapters.discord.slash import Slash
from adapters.discord.starts import NOT_BEGUN, Starts, nothing_left
from adapters.discord.talk import Shows
from adapters.discord.words import only_emoji
from adapters.lanes import Lanes
from adapters.owned import stored
from adapters.surface.wishes import ROLE_WORDS
from engine.desk import Desk
from engine.inbound import Wrote
from engine.interviews import GIVEN_CHARS
from engine.keys import ThreadKey
from engine.session import Session

log = logging.getLogger(__name__)


class Forms:
    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, slash: Slash, clips: Clips, admin: Admin,
        delivery: Shows, lanes: Lanes, now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._slash = slash
        self._clips = clips
        self._admin = admin
        self._delivery = delivery
        self._lanes = lanes
        self._now = now

    async def answer_in(self, tapped: Tapped, owner: str, turn: int, reply: Reply) -> None:
        """Open the form to answer in; the question in it is read off the card with the button."""
        place = tapped.place
        if owner != place.user:
            await reply.show(others_interview(owner))
            return
        key = thread_key(place.channel, owner, forms=tapped.asked.private)
        await reply.form(answer_form(owner, key.channel, turn, question=asked_on(tapped.shown)))

    async def score(self, called: Called, reply: Reply) -> None:
        """Open the form for a message that is to be scored."""
        text = called.text.strip()
        if only_emoji(text) or not any(letter.isalnum() for letter in text):
            await reply.show(plain_sentence(NOTHING_TO_SCORE))
            return
        types = await self._starts.offered(called.place)
        await reply.form(score_form(types, text, called.channel, called.message_id))

    async def submitted(self, submitted: Submitted, reply: Reply) -> None:
        form = submitted.form
        if (answer := read_answer(form)) is not None:
            await self._answered(submitted, *answer, reply)
        elif (led := read_panel(form)) is not None:
            await self._admin.submitted(submitted, led, reply)
        elif form == START_FORM:
            await self._started(submitted, reply)
        elif read_score_form(form) is not None:
            await self._scored(submitted, reply)
        elif (voice := read_voice_form(form)) is not None:
            await self._clips.edited(submitted, reply, *voice)
        else:
            await reply.show(plain_sentence(NOT_KEPT))

    async def _answered(self, submitted: Submitted, owner: str, channel: str, turn: int, reply: Reply) -> None:
        place = submitted.place
        if owner != place.user:
            await reply.show(others_interview(owner))
            return
        async with self._lanes.in_line(place.channel) as its_turn:
            await self._hand_in(submitted, channel, turn, reply, its_turn)

    async def _hand_in(
        self, submitted: Submitted, channel: str, turn: int, reply: Reply, its_turn: Callable[[], Awaitable[None]]
    ) -> None:
        place, asked = submitted.place, submitted.asked
        text, owner, private = submitted.fields.get(ANSWER, ""), place.user, channel.startswith(FORMS)
        pages = answer_pages(text) if text.strip() else ()
        if pages:
            await reply.show(pages[0], private=private)
        elif submitted.files:
            await reply.privately()
        else:
            await reply.show(plain_sentence(EMPTY_FORM))
            return
        await its_turn()
        async with self._lanes.after(place.channel):
            session = await self._starts.session_at(channel.removeprefix(FORMS), owner, forms=private)
            over = session is None or _is_behind(session, turn)
            if session is not None and not over and text.strip():
                message = f"{channel.removeprefix(FORMS)}:{FORM}{asked.id}"
                wrote = Wrote(id=f"i:{asked.id}", key=session.key, at=self._now(), message=message, text=text)
                await stored(lambda: self._desk.deliver(wrote))
        await reply.say(*pages[1:], private=private)
        if session is None or over:
            await reply.say(plain_sentence(NOT_KEPT if session is None else TURN_OVER))
            return
        key = session.key
        if reply.answered and pages:
            self._delivery.interaction(key, asked.token, asked.application, self._now())
        if submitted.files:
            here = Spot(self._replies, place.channel, reply if private or not place.direct else None)
            if not pages:
                await reply.say(plain_sentence("Looking at your files…"))
            self._clips.take(submitted.files, key, f"{FORM}{asked.id}", here)

    async def _started(self, submitted: Submitted, reply: Reply) -> None:
        picked, types = _picked(submitted.fields), await self._starts.offered(submitted.place)
        if picked is None or picked.type_id not in types:
            await reply.show(unknown_type(submitted.fields.get(TYPE, ""), types))
            return
        await reply.privately()
        order = await self._starts.order(submitted.place, picked, submitted.fields.get(FOCUS, "").strip())
        await self._slash.begin_unless_open(submitted.place, order, reply)

    async def _scored(self, submitted: Submitted, reply: Reply) -> None:
        """Feedback in private: in the direct message under a card that quotes what is looked at, or else right here."""
        place, asked = submitted.place, submitted.asked
        picked, answer = _picked(submitted.fields), submitted.fields.get(ANSWER, "").strip()
        types = await self._starts.offered(place)
        if picked is None or picked.type_id not in types:
            await reply.show(unknown_type(submitted.fields.get(TYPE, ""), types))
            return
        if not answer or only_emoji(answer):
            await reply.show(plain_sentence(NOTHING_TO_SCORE))
            return
        question = submitted.fields.get(QUESTION, "").strip()[:GIVEN_CHARS]
        pages = scored_pages(answer, question)
        await reply.privately()
        known = await self._starts.order(place, picked)
        order = replace(known, question=question or NO_QUESTION, answer=answer)
        channel = await self._replies.direct(place.user)
        aside = not await self._free(thread_key(channel, place.user), asked.id)
        if not aside or await self._starts.was_begun(place.user, asked.id):
            try:
                key = await self._starts.in_direct_message(place.user, order, asked.id, pages)
            except DiscordRefused as error:
                if not error.closed:
                    raise
            except NOT_BEGUN as error:
                await reply.say(not_begun(error.hint))
                return
            else:
                await reply.say(scored(await self._starts.link(key)))
                return
        await reply.say(plain_sentence(SCORED_ASIDE if aside else SCORED_HERE), *pages)
        key = thread_key(place.channel, place.user, forms=True)
        await self._free(key, asked.id)
        if reply.answered:
            self._delivery.interaction(key, asked.token, asked.application, self._now())
        try:
            await self._starts.begin(key, order, asked.id)
        except NOT_BEGUN as error:
            await reply.say(not_begun(error.hint))

    async def _free(self, key: ThreadKey, id: str) -> bool:
        """Whether another interview may begin there; one of which only the report is missing is ended for it."""
        session = await stored(lambda: self._desk.session(key))
        if session is None or session.over:
            return True
        return nothing_left(session) and await self._starts.end(session, f"{id}:end")


def asked_on(shown: Sequence[Json]) -> str:
    """The question that a card shows: all that it says below its heading."""
    texts = [
        unescaped(str(each.get("content", "")))
        for component in shown
        for each in walk(component)
        if each.get("type") == TEXT_DISPLAY
    ]
    return "\n\n".join(text for text in texts[1:] if not text.startswith("-# "))


def _is_behind(session: Session, turn: int) -> bool:
    return session.turn is not None and turn not in (0, session.turn.number)


def _picked(fields: Mapping[str, str]) -> Picked | None:
    """What was chosen in a form."""
    role = ROLE_WORDS.get(fields.get(ROLE, "mid"))
    numbers = list(_numbers(fields.get(LEVEL, ""), fields.get(QUESTIONS, "")))
    return None if role is None else Picked(fields.get(TYPE, ""), role, *numbers)


def _numbers(*texts: str) -> Iterator[int]:
    for text in texts:
        yield int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
