"""`/interview` and what follows it; what is typed into its options is completed from the types there are."""

from __future__ import annotations

from collections.abc import Callable

from adapters.discord.admin import Admin
from adapters.discord.commands import ADMIN
from adapters.discord.names import FOCUS, LEVEL, QUESTIONS, TYPE, Picked, by_forms, channel_of, thread_key
from adapters.discord.person import Person
from adapters.discord.render import (
    card_pages,
    forget_page,
    help_page,
    refused_page,
    settled_pick,
    start_form,
    start_page,
)
from adapters.discord.replies import DiscordRefused, Replies
from adapters.discord.reply import Reply
from adapters.discord.seen import Commanded, Completing, Place
from adapters.discord.sentences import (
    ENDING,
    NOT_ENDED,
    UNKNOWN_COMMAND,
    begun,
    not_begun,
    plain_sentence,
    resumed,
    start_button,
    still_open,
    unknown_level,
    unknown_type,
)
from adapters.discord.starts import NOT_BEGUN, Order, Starts, nothing_left
from adapters.discord.talk import Shows
from adapters.owned import stored
from adapters.surface.wishes import LEVEL_WORDS, ROLE_WORDS, type_named
from adapters.surface.wording import ROLES
from engine.conversation import posts
from engine.desk import Desk
from engine.events import FeedbackCard, QuestionCard
from engine.inbound import Pressed
from engine.interviews import LEVEL_NAMES
from engine.session import Session


class Slash:
    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, person: Person, admin: Admin, delivery: Shows,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._person = person
        self._admin = admin
        self._delivery = delivery
        self._now = now

    async def given(self, given: Commanded, reply: Reply) -> None:
        user = given.place.user
        if given.words[0] == ADMIN:
            await self._admin.given(given, reply)
            return
        match given.words[-1]:
            case "start":
                await self._start(given, reply)
            case "resume":
                await reply.privately()
                await self._resume(given, reply)
            case "progress":
                await reply.privately()
                await self._person.progress(user, reply)
            case "history":
                await reply.privately()
                await self._person.history(user, reply)
            case "settings":
                await reply.privately()
                await reply.say(await self._person.settings(user))
            case "export":
                await reply.privately()
                await self._person.export(user, reply)
            case "delete-my-data":
                await reply.show(forget_page(user))
            case "help":
                await reply.show(help_page())
            case _:
                await reply.show(plain_sentence(UNKNOWN_COMMAND))

    async def complete(self, completing: Completing, reply: Reply) -> None:
        """What may be meant by what was typed so far: by its beginning first, then by any part of it."""
        typed = completing.text.casefold().strip()
        types = await self._starts.offered(completing.place)
        if completing.option == TYPE:
            known = [(kind.title, id) for id, kind in types.items()]
            named = type_named(typed, types)
        else:
            kind = types.get(type_named(completing.options.get(TYPE, ""), types))
            roles = [(words, role) for role, words in ROLES.items() if kind is None or role in kind.roles]
            known = [*roles, *((f"{n} · {name}", str(n)) for n, name in enumerate(LEVEL_NAMES, 1))]
            named = ROLE_WORDS.get(typed, "")
        found = [each for each in known if typed in each[0].casefold() or typed in each[1] or each[1] == named]
        found.sort(key=lambda each: (each[1] != named, not each[0].casefold().startswith(typed)))
        await reply.complete(found)

    async def begin(self, place: Place, order: Order, reply: Reply) -> None:
        """Begin in the direct message, and say where; where that is refused, ask where else."""
        asked = reply.asked
        try:
            key = await self._starts.in_direct_message(place.user, order, asked.id)
        except DiscordRefused as error:
            if not error.closed:
                raise
            await reply.change(refused_page(order.picked, threads=place.threads, focus=order.focus))
            return
        except NOT_BEGUN as error:
            await reply.change(not_begun(error.hint))
            return
        kind = order.kind
        here = place.direct and channel_of(key) == place.channel
        link = "" if here else await self._starts.link(key)
        await reply.change(begun(kind.title, order.picked.role, order.picked.questions or kind.questions, link))

    async def begin_unless_open(self, place: Place, order: Order, reply: Reply) -> None:
        """Begin, unless an interview stands open in the direct message; then ask which of the two it shall be."""
        channel = await self._replies.direct(place.user)
        going_on = await self._starts.open_interview(place.user, thread_key(channel, place.user).channel)
        if going_on is None or await self._starts.was_begun(place.user, reply.asked.id):
            await self.begin(place, order, reply)
        elif nothing_left(going_on):
            await self.begin_instead(place, order, reply)
        elif going_on.key in self._starts.refused:
            await self._choose(place, going_on, reply)
        else:
            link = await self._starts.link(going_on.key)
            await reply.change(still_open(going_on.setup.type.title, going_on.key, order.picked, link))

    async def begin_instead(self, place: Place, order: Order, reply: Reply) -> None:
        """End the interview that stands open in the direct message, and begin another one."""
        channel = await self._replies.direct(place.user)
        going_on = await self._starts.open_interview(place.user, channel)
        if going_on is not None:
            await reply.change(plain_sentence(ENDING))
            if not await self._starts.end(going_on, reply.asked.id):
                await reply.change(plain_sentence(NOT_ENDED))
                return
        await self.begin(place, order, reply)

    async def resume(self, place: Place, session: Session, reply: Reply) -> None:
        """Go on with an interview where it stands, and say where that is."""
        key = session.key
        if key in self._starts.refused:
            await self._choose(place, session, reply)
            return
        link = await self._starts.link(key)
        await reply.change(resumed(session.setup.type.title, link))
        asked = reply.asked
        here = by_forms(key) or key.channel == place.channel
        if reply.answered and here:
            self._delivery.interaction(key, asked.token, asked.application, self._now())
        pressed = Pressed(id=f"i:{asked.id}", key=key, at=self._now(), action="resume")
        await stored(lambda: self._desk.deliver(pressed))
        if by_forms(key):
            # Discord drops such messages now and then, without anybody's being told.
            cards = [card for _, card in posts(session.model_copy(update={"paused": False}))]
            last = next((card for card in reversed(cards) if isinstance(card, QuestionCard | FeedbackCard)), None)
            await reply.say(*(card_pages(last, place.user) if last is not None else ()))

    async def _choose(self, place: Place, session: Session, reply: Reply) -> None:
        """An interview's direct message was closed in the middle: it is kept, and may go on elsewhere."""
        setup = session.setup
        picked = Picked(setup.type.id, setup.role, setup.start_level, setup.questions)
        await reply.change(refused_page(picked, threads=place.threads, focus=setup.focus))

    async def _start(self, given: Commanded, reply: Reply) -> None:
        """At once what the options say; without a type, the choice of one."""
        types, options = await self._starts.offered(given.place), given.options
        said, level, focus = options.get(TYPE, "").strip(), options.get(LEVEL, "").strip(), options.get(FOCUS, "")
        role, difficulty = ROLE_WORDS.get(level.casefold()), LEVEL_WORDS.get(level.casefold(), 0)
        questions = int(options.get(QUESTIONS, "") or 0)
        type_id = type_named(said, types)
        if said and not type_id:
            await reply.show(unknown_type(said, types))
        elif level and role is None and not difficulty:
            await reply.show(unknown_level(level))
        else:
            known = Picked(type_id or next(iter(types)), role or "mid", difficulty, questions)
            picked = settled_pick(types, known)
            if type_id:
                await reply.privately()
                order = await self._starts.order(given.place, picked, focus.strip())
                await self.begin_unless_open(given.place, order, reply)
            elif focus.strip():
                await reply.form(start_form(types, picked, focus=focus.strip()))
            else:
                await reply.show(start_page(types, picked))

    async def _resume(self, given: Commanded, reply: Reply) -> None:
        place = given.place
        session = await self._starts.open_interview(place.user)
        if session is None:
            await reply.say(start_button())
            return
        await self.resume(place, session, reply)
