"""One conversation: its posts in the order they stand there, what was shown before, and how far it has been shown.

`Delivery` tells it events; its posts tell it when everything of theirs is shown. Then the session is read and compared
with what was shown, so that nothing that was recorded stays unsaid, and the store is told how far it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from adapters.discord.delivery.handle import Handle, name
from adapters.discord.delivery.hooks import Hook, Hooks, Way
from adapters.discord.delivery.layout import Said
from adapters.discord.delivery.memory import HOOK, PLACE, Handles, Memory
from adapters.discord.delivery.moving import direct_messages
from adapters.discord.delivery.plan import Ways
from adapters.discord.delivery.post import Post
from adapters.discord.delivery.scope import Scope
from adapters.discord.delivery.typist import Typist
from adapters.discord.delivery.writing import Writing
from adapters.discord.names import by_forms, channel_of
from adapters.surface.posts import is_shown
from engine.conversation import posts
from engine.errors import StoreError
from engine.events import Card, FeedbackCard
from engine.keys import ThreadKey
from engine.ports import TOLD, told
from engine.preferences import Preferences
from engine.session import Session
from engine.steps import ModelAnswer, Review, next_step

log = logging.getLogger(__name__)

TELL_S = 2.0
"""How long it must be quiet before the store is told how far it has been shown."""
REFUSED_S = 900.0
"""After how long it is tried again to write where that was refused, when nothing says that it will work again."""
NONCE_S = 120.0
"""Discord knows a nonce again for "the past few minutes"."""
MOVED = "I can no longer write where your interview began, so it goes on here."
ABANDONED = "You went on before this was finished."


class Thread:
    """`spawn` owns tasks, `lost` is told when the bot's token is no good, `dm_refused` when the person's direct
    messages are closed; `now` is monotonic, `epoch` in epoch seconds.
    """

    def __init__(
        self,
        key: ThreadKey,
        scope: Scope,
        *,
        store: Handles,
        sessions: Callable[[ThreadKey], Awaitable[Session | None]],
        preferences: Callable[[ThreadKey], Awaitable[Preferences]],
        spawn: Callable[[Coroutine[object, object, None]], object],
        lost: Callable[[str], None],
        dm_refused: Callable[[ThreadKey], None],
        hooks: Hooks,
        now: Callable[[], float],
        epoch: Callable[[], float],
    ) -> None:
        self.key = key
        self.scope = scope
        self.owner = key.user
        self.channel = channel_of(key)
        self.forms = by_forms(key)
        self.live = True
        self.refused = False
        self.ways = Ways(self._way_to_create, self._way_to_edit, NONCE_S, looks_up=not self.forms)
        self.posts: dict[tuple[int, str], Post] = {}
        self._hooks = hooks
        self._memory = Memory(store, key)
        self._sessions = sessions
        self._preferences = preferences
        self._spawn = spawn
        self._lost = lost
        self._dm_refused = dm_refused
        self._now = now
        self.epoch = epoch
        self._writing = Writing(self, now)
        self._typist = Typist(scope, lambda: self.channel, now)
        self._ready = asyncio.Event()
        self._events = 0
        self._notices = 0
        self._told = ""
        self._teller: asyncio.TimerHandle | None = None
        self._again: asyncio.TimerHandle | None = None
        self._telling = asyncio.Lock()
        self._spawn(self._load())

    # What the engine tells

    def show(self, number: int, post: str, card: Card, *, settled: bool) -> None:
        """The newest snapshot of a post."""
        self._events += 1
        if not is_shown(card):
            self._tell_soon()
            return
        shown = self._post(number, post)
        shown.show(card, settled=settled, now=self._now())
        if settled or shown.handle.ids:
            self._typist.stop()

    def opened(self, number: int, post: str, card: Card) -> None:
        """A post begins, mostly without a word in it yet."""
        self.open_again()
        self.show(number, post, card, settled=False)
        if not self.forms:
            self._typist.begin()
        if isinstance(card, FeedbackCard):
            self._ready.clear()
            self._spawn(self._learn_likes())

    def say(self, number: int, text: str, *, error: bool) -> None:
        """A sentence outside any post."""
        self._events += 1
        self._notices += 1
        self._post(number, f"notice{self._notices}").show(Said(text, error), settled=True, now=self._now())

    def interaction(self, hook: Hook) -> None:
        """The person did something whose token pays for messages for a while."""
        self._hooks.note(hook)
        self.open_again()
        if self.forms:
            self._spawn(self._memory.keep(HOOK, hook.text()))
            self._reconsider()

    def _post(self, number: int, post: str) -> Post:
        found = self.posts.get((number, post))
        if found is None:
            found = self.posts[number, post] = Post(self, number, post, self._writing.carry_out)
            self._recall(found)
        return found

    # How it can be written

    def _way_to_create(self) -> Way | None:
        return self._hooks.newest() or (None if self.forms else "bot")

    def _way_to_edit(self, message: str, mark: str) -> Way | None:
        return self._hooks.of(mark, message) or (None if self.forms else "bot")

    # What was shown before

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    @property
    def slow(self) -> bool:
        return self._now() < self.scope.health.slow_until

    async def loaded(self) -> None:
        """Return when it is known what was shown before."""
        await self._ready.wait()

    async def _load(self) -> None:
        await self._memory.load()
        self._told = self._memory.told
        self.channel = self._memory.place or self.channel
        if self.forms and (hook := self._memory.hook) is not None:
            self._hooks.note(hook)
        for post in self.posts.values():
            self._recall(post)
        await self._learn_likes()

    async def _learn_likes(self) -> None:
        try:
            self.live = (await self._preferences(self.key)).live
        except StoreError as error:
            log.warning("preferences cannot be read", extra={"session": str(self.key), "error": str(error)})
        if self._memory.loaded:
            self._ready.set()
            self._reconsider()

    def _recall(self, post: Post) -> None:
        if self._memory.loaded and post.handle == Handle():
            post.handle = self._memory.of(post.number, post.name)

    def _reconsider(self) -> None:
        for post in self.posts.values():
            post.reconsider()

    # What is shown now

    def may_create(self, post: Post) -> bool:
        for other in self.posts.values():
            if other is post:
                return True
            if other.keeps_place:
                return False
        return True

    def changed(self, post: Post) -> None:
        for other in self.posts.values():
            if other is not post and other.unseen_since is not None:
                self.scope.governor.touch(other)
        self._tell_soon()

    async def keep(self, post: Post) -> None:
        if not isinstance(post.shown, Said):
            handle = post.handle if post.settled else post.handle.growing()
            await self._memory.keep(name(post.number, post.name), handle.text())

    def known(self) -> frozenset[str]:
        return self._memory.messages()

    def park(self, post: Post) -> None:
        post.unseen_since = None
        self.scope.governor.forget(post)
        self._tell_soon()

    def token_lost(self, error: str) -> None:
        self._lost(error)

    # Where it is shown

    def reached(self) -> None:
        self.refused = False

    def open_again(self) -> None:
        """It may be possible to write here again."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
        if self.refused:
            self.refused = False
            self._reconsider()

    async def redirect(self, code: int) -> None:
        """A private thread is gone: go on in direct messages. If it is those that are closed, wait, and say so."""
        opened = await direct_messages(self.scope, self.owner, self._now)
        if opened and opened != self.channel:
            log.info("an interview goes on elsewhere", extra={"session": str(self.key), "code": code})
            self.move(opened)
            self.say(0, MOVED, error=False)
            return
        self.refused = True
        self._again = asyncio.get_running_loop().call_later(REFUSED_S, self.open_again)
        log.info("a person cannot be written to", extra={"session": str(self.key), "code": code})
        self._dm_refused(self.key)

    def move(self, channel: str) -> None:
        """Go on in another channel: whatever is not shown yet is shown there."""
        if channel != self.channel:
            # Those of before would answer where they were done.
            self._hooks.forget()
        self.channel = channel
        self._spawn(self._memory.keep(PLACE, channel))
        self.open_again()
        self._reconsider()

    # How far it is shown

    @property
    def idle(self) -> bool:
        """Nothing is under way that would be lost if the conversation were forgotten."""
        done = all(post.done for post in self.posts.values())
        return self._teller is None and not self._telling.locked() and self._ready.is_set() and done

    def close(self) -> None:
        """Forget it: no timer of it goes off any more, and nothing of it is written."""
        for timer in (self._teller, self._again):
            if timer is not None:
                timer.cancel()
        self._teller = self._again = None
        self._typist.stop()
        self.scope.governor.forget(self._typist)
        for post in self.posts.values():
            self.scope.governor.forget(post)

    def _tell_soon(self) -> None:
        if self._teller is None:
            self._teller = asyncio.get_running_loop().call_later(TELL_S, self._tell_now)

    def _tell_now(self) -> None:
        self._teller = None
        self._spawn(self.catch_up())

    async def catch_up(self) -> None:
        """Show whatever was recorded and is not shown; once all of it is, say so to the store."""
        async with self._telling:
            await self._ready.wait()
            events = self._events
            try:
                session = await self._sessions(self.key)
            except StoreError as error:
                log.warning("a session cannot be read", extra={"session": str(self.key), "error": str(error)})
                session, events = None, -1
            if events != self._events:
                # The events that came meanwhile are newer than what was read, or nothing could be.
                self._tell_soon()
                return
            if session is None:
                await self._forget()
                return
            self._compare(session)
            if any(post.pending for post in self.posts.values()):
                return
            if (far := told(session)) != self._told:
                await self._memory.keep(TOLD, far)
                self._told = far

    async def _forget(self) -> None:
        """There is no interview. If the person had everything deleted, nothing of it stays here either."""
        if any(post.growing or post.pending for post in self.posts.values()):
            return
        if await self._memory.was_deleted():
            self.close()
            self.posts.clear()

    def _compare(self, session: Session) -> None:
        for post, card in posts(session):
            if is_shown(card):
                self._post(session.number, post).show(card, settled=True, now=self._now())
        step = next_step(session)
        due = ""
        if isinstance(step, Review):
            due = f"f{step.turn}.{step.attempt}"
        elif isinstance(step, ModelAnswer):
            due = f"m{step.turn}"
        for at, post in list(self.posts.items()):
            if not post.settled and (post.name != due or post.number != session.number):
                post.abandon(ABANDONED, now=self._now())
            elif post.done and (post.number != session.number or isinstance(post.shown, Said)):
                # One conversation holds many interviews; what is over is not told of any more.
                del self.posts[at]
