"""One interview thread: its posts in the order they stand there, what was shown before, and how far it has been shown.

`Delivery` tells it events; its posts tell it when everything of theirs is shown. Then the session is read and compared
with what was shown, so that nothing that was recorded stays unsaid, and the store is told how far the thread is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from adapters.slack.delivery.handle import ROOT, Handle, name
from adapters.slack.delivery.layout import Root, Said
from adapters.slack.delivery.memory import PLACE, Handles, Memory
from adapters.slack.delivery.moving import new_place
from adapters.slack.delivery.post import Post
from adapters.slack.delivery.presence import DOING, READING, SLOW, Line, SessionState
from adapters.slack.delivery.scope import Scope
from adapters.slack.delivery.writing import Writing
from adapters.surface.posts import is_shown
from engine.conversation import posts
from engine.errors import StoreError
from engine.events import Card, FeedbackCard, ReportCard
from engine.keys import ThreadKey
from engine.ports import TOLD, told
from engine.preferences import Preferences
from engine.session import Session
from engine.steps import ModelAnswer, Review, next_step

log = logging.getLogger(__name__)

TELL_S = 2.0
"""How long a thread must be quiet before the store is told how far it has been shown."""
SOON_S, SLOW_S = 1.0, 4.0
"""How long a person waits for the first words before they are told what is going on; and how much longer, that it takes
its time."""

ABANDONED = "You went on before this was finished."
STOPPED = "Stopped. The whole feedback follows here as soon as it is there."


class Thread:
    """`spawn` owns tasks, `lost` is told when the workspace's token is no good; `now` is monotonic, `clock` epoch."""

    def __init__(
        self,
        key: ThreadKey,
        scope: Scope,
        *,
        store: Handles,
        sessions: Callable[[ThreadKey], Awaitable[Session | None]],
        preferences: Callable[[ThreadKey], Awaitable[Preferences]],
        spawn: Callable[[Coroutine[object, object, None]], object],
        lost: Callable[[Scope, str], None],
        now: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        self.key = key
        self.scope = scope
        self.team = key.workspace
        self.owner = key.user
        self.channel = key.channel
        self.root = key.thread
        self.live = True
        self.posts: dict[tuple[int, str], Post] = {}
        self._memory = Memory(store, key)
        self._sessions = sessions
        self._preferences = preferences
        self._spawn = spawn
        self._lost = lost
        self._now = now
        self._writing = Writing(self, now, clock)
        self._line = Line(scope, self.channel, self.root, now)
        self._state = SessionState(scope, self.channel, self.root, self.owner, title=self._title, now=now)
        self._ready = asyncio.Event()
        self._events = 0
        self._notices = 0
        self._teller: asyncio.TimerHandle | None = None
        self._slow: asyncio.TimerHandle | None = None
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
        if settled:
            self._at_rest(card)

    def opened(self, number: int, post: str, card: Card) -> None:
        """A post begins, mostly without a word in it yet."""
        self.show(number, post, card, settled=False)
        self._state.be("processing")
        if self._slow is None:
            doing = DOING[card.card]
            self._slow = asyncio.get_running_loop().call_later(SOON_S, self._say, self._post(number, post), doing)
        if isinstance(card, FeedbackCard):
            self._ready.clear()
            self._spawn(self._learn_likes())

    def say(self, number: int, text: str, *, error: bool) -> None:
        """A sentence outside any post."""
        self._events += 1
        self._notices += 1
        self._post(number, f"notice{self._notices}").show(Said(text, error), settled=True, now=self._now())

    def stopped(self, ts: frozenset[str]) -> None:
        """The person ended these streams in Slack."""
        for post in self.posts.values():
            if post.growing and not ts.isdisjoint(post.handle.ts[-1:]):
                if isinstance(post.shown, FeedbackCard):
                    post.show(post.shown.model_copy(update={"status": STOPPED}), settled=False, now=self._now())
                post.muted = True
                post.handle = post.handle.edited()
                self.scope.streams.discard(post)
                post.again(now=self._now())
        self._state.left()
        self._state.be("suspended")

    def _at_rest(self, card: Card) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None
        if not any(post.growing for post in self.posts.values()):
            self._line.hush()
            self._state.be("closed" if isinstance(card, ReportCard) else "suspended")

    def _say(self, post: Post, doing: str) -> None:
        """Say what is going on, if nothing of the post can be seen yet; and later that it takes longer."""
        self._slow = None
        if post.handle.ts or post.settled:
            return
        self._line.say(doing)
        if doing == READING and self.live:
            self._slow = asyncio.get_running_loop().call_later(SLOW_S, self._say, post, SLOW)

    def _post(self, number: int, post: str) -> Post:
        found = self.posts.get((number, post))
        if found is None:
            found = self.posts[number, post] = Post(self, number, post, self._writing.carry_out)
            self._recall(found)
        return found

    # What was shown before

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    async def loaded(self) -> None:
        """Return when it is known what was shown before."""
        await self._ready.wait()

    async def _load(self) -> None:
        await self._memory.load()
        if (place := self._memory.place) is not None:
            self.channel, self.root = place
        for post in self.posts.values():
            self._recall(post)
        await self._learn_likes()

    async def _learn_likes(self) -> None:
        try:
            self.live = (await self._preferences(self.key)).live
        except StoreError as error:
            log.warning("preferences cannot be read", extra={"session": str(self.key), "error": str(error)})
        if not self._memory.loaded:
            return
        self._ready.set()
        for post in self.posts.values():
            self.scope.governor.touch(post)

    def _recall(self, post: Post) -> None:
        if post.handle == Handle() and (kept := self._memory.of(post.number, post.name)) is not None:
            post.handle = kept

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
            await self._memory.keep(name(post.number, post.name), post.handle.text())

    def known(self) -> frozenset[str]:
        return self._memory.messages()

    def park(self, post: Post) -> None:
        self.scope.release(post)
        post.unseen_since = None
        self.scope.governor.forget(post)
        self._tell_soon()

    def token_lost(self, error: str) -> None:
        self._lost(self.scope, error)

    async def redirect(self, error: str) -> bool:
        place = None
        if self._memory.place is None:
            place = await new_place(self.scope, self.owner, self.channel, error, self._now)
        if place is None:
            return False
        self.channel, self.root = place
        await self._memory.keep(PLACE, "/".join(place))
        return True

    # How far it is shown

    @property
    def idle(self) -> bool:
        """Nothing is under way that would be lost if the thread were forgotten."""
        busy = self.scope.governor.busy
        under_way = (post.unseen_since is not None or post.growing or busy(post) for post in self.posts.values())
        return self._teller is None and not self._telling.locked() and not any(under_way)

    def close(self) -> None:
        """Forget it: no timer of it goes off any more, and nothing of it is written."""
        for timer in (self._teller, self._slow):
            if timer is not None:
                timer.cancel()
        self._teller = self._slow = None
        for post in self.posts.values():
            self.scope.release(post)
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
            if (far := told(session)) != self._memory.told:
                await self._memory.keep(TOLD, far)

    async def _forget(self) -> None:
        """There is no interview. If the person had everything deleted, nothing of it stays here either."""
        at_work = any(post.growing or post.pending for post in self.posts.values())
        if not at_work and await self._memory.was_deleted():
            self.close()
            self.posts.clear()

    def _compare(self, session: Session) -> None:
        for post, card in posts(session):
            if is_shown(card):
                self._post(session.number, post).show(card, settled=True, now=self._now())
        if session.report is not None and self._memory.of(session.number, ROOT) is not None:
            setup = session.setup
            over = Root(setup.type.title, setup.role, setup.questions, setup.focus, session.report)
            self._post(session.number, ROOT).show(over, settled=True, now=self._now())
        step = next_step(session)
        due = ""
        if isinstance(step, Review):
            due = f"f{step.turn}.{step.attempt}"
        elif isinstance(step, ModelAnswer):
            due = f"m{step.turn}"
        for post in self._memory.streaming(session.number):
            self._post(session.number, post)
        for post in list(self.posts.values()):
            if not post.settled and (post.name != due or post.number != session.number):
                post.abandon(ABANDONED, now=self._now())
            elif post.handle.live and post.shown is None:
                # Its process died; whoever writes it anew goes on in the same message.
                post.let_go(now=self._now())

    async def _title(self) -> str:
        try:
            session = await self._sessions(self.key)
        except StoreError:
            return ""
        return f"{session.setup.type.title} interview" if session else ""
