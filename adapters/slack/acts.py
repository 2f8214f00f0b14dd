"""Who does what about what somebody did: all the parts of the conversation, put together.

Nothing here knows how a payload came in or is answered; that is the app's. What takes long goes on in owned tasks.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, assert_never

from adapters.lanes import Lanes
from adapters.owned import Owned, stored
from adapters.slack.admin import Admin, Looks
from adapters.slack.clips import Clips
from adapters.slack.commands import Commands
from adapters.slack.files import Files
from adapters.slack.forms import Answer, Forms, Work
from adapters.slack.names import FORGET_FORM, PANEL_FORM, SCORE_SHORTCUT, START_FORM, START_SHORTCUT
from adapters.slack.person import Person
from adapters.slack.render import PROMPTS, PROMPTS_TITLE, help_page
from adapters.slack.replies import Replies
from adapters.slack.seen import (
    Called,
    Changed,
    Commanded,
    Halted,
    Place,
    Pressed,
    Removed,
    Said,
    Seen,
    Submitted,
    Tapped,
    Throttled,
    Visited,
)
from adapters.slack.sentences import FAILED, sentence
from adapters.slack.standing import Standings
from adapters.slack.starts import Handles, Starts
from adapters.slack.talk import Streams, Talk
from adapters.slack.taps import Taps
from engine.admin.roles import Roles
from engine.desk import Desk
from engine.ports import Transcriber

log = logging.getLogger(__name__)


class Door(Protocol):
    """The admins' door, as far as Slack needs it."""

    @property
    def people(self) -> Roles: ...

    @property
    def panels(self) -> Looks: ...


class Purge(Protocol):
    """Forgets a workspace that removed the app."""

    def __call__(self, team: str, /) -> Awaitable[None]: ...


class Acts:
    def __init__(
        self, *, desk: Desk, delivery: Streams, replies: Replies, owned: Owned, store: Handles,
        transcriber: Transcriber | None, purge: Purge, quiet_s: float, now: Callable[[], float],
        standings: Standings, door: Door | None,
    ) -> None:  # fmt: skip
        self._replies = replies
        self._purge = purge
        self._lanes = Lanes()
        starts = Starts(desk, replies, store, standings, quiet_s=quiet_s)
        self._admin = admin = None if door is None else Admin(
            panels=door.panels, roles=door.people, replies=replies, standings=standings, owned=owned, files=Files()
        )  # fmt: skip
        self._person = person = Person(desk=desk, replies=replies, owned=owned, standings=standings, admin=admin)
        clips = Clips(desk=desk, replies=replies, owned=owned, files=Files(), transcriber=transcriber, now=now)
        self._forms = forms = Forms(
            desk=desk, replies=replies, starts=starts, voiced=clips.edited, forget=person.forget
        )
        self._commands = Commands(
            desk=desk, replies=replies, starts=starts, forms=forms, person=person, admin=admin, now=now
        )
        self._talk = Talk(
            desk=desk, replies=replies, starts=starts, streams=delivery, files=clips, help=help_page, now=now
        )
        self._taps = Taps(
            desk=desk, replies=replies, starts=starts, forms=forms, commands=self._commands, person=person, clips=clips,
            admin=admin,
        )  # fmt: skip

    async def submitted(self, seen: Submitted) -> Answer:
        """What a form is told at once, and the work that it asks for."""
        if seen.form == PANEL_FORM and self._admin is not None:
            return await self._admin.submitted(seen), None
        said, work = await self._forms.submitted(seen)
        return said, self._and_home(seen, work) if work is not None else None

    async def act_or_tell(self, seen: Seen) -> None:
        """Act; where somebody waits for an answer, however late, say that there is none."""
        try:
            await self._act(seen)
        except Exception:
            if not (isinstance(seen, Commanded | Pressed | Tapped | Called) and seen.respond):
                raise
            log.exception("what somebody asked for failed", extra={"act": type(seen).__name__})
            await self._replies.whisper(seen.place, sentence(FAILED), seen.respond)

    async def _act(self, seen: Seen) -> None:
        match seen:
            case Said() | Changed() | Pressed() | Halted():
                async with self._lanes.of(f"{seen.place.team}/{seen.place.user}"):
                    await self._in_turn(seen)
            case Commanded():
                await self._commands.given(seen)
            case Tapped():
                await self._taps.tapped(seen)
            case Called():
                await self._called(seen)
            case Visited():
                await self._visited(seen.place, seen.tab)
            case Removed():
                log.info("a workspace removed the app", extra={"team": seen.team, "why": seen.why})
                await stored(lambda: self._purge(seen.team))
            case Throttled():
                log.warning("Slack holds events back: more than 30,000 an hour", extra={"team": seen.team})
            case Submitted():
                pass  # answered where it came in
            case _:
                assert_never(seen)

    async def _in_turn(self, seen: Said | Changed | Pressed | Halted) -> None:
        match seen:
            case Said():
                await self._talk.said(seen)
            case Changed():
                await self._talk.changed(seen)
            case Pressed():
                await self._talk.pressed(seen)
            case Halted():
                await self._talk.halted(seen)

    async def _called(self, called: Called) -> None:
        if called.shortcut == START_SHORTCUT:
            await self._forms.start(called.place, called.trigger)
        elif called.shortcut == SCORE_SHORTCUT:
            await self._forms.score(called)

    async def _visited(self, place: Place, tab: str) -> None:
        if tab == "home":
            self._person.refresh_home(place)
        else:
            prompts = [(prompt.title, prompt.message) for prompt in PROMPTS]
            await self._replies.prompts(place.team, place.channel, prompts, PROMPTS_TITLE)

    async def _and_home(self, seen: Submitted, work: Work) -> None:
        """Do the work, after which the Home tab shows something else."""
        try:
            await work
        finally:
            if seen.form in (START_FORM, FORGET_FORM):
                self._person.refresh_home(seen.place)
