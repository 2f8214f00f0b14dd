"""Buttons and selects outside an interview's cards: start, resume, history, settings, one's data, an admin's door."""

from __future__ import annotations

from contextlib import suppress

from adapters.owned import stored
from adapters.slack.admin import Admin
from adapters.slack.clips import ACTIONS as OF_CLIPS
from adapters.slack.clips import Clips
from adapters.slack.commands import Commands
from adapters.slack.forms import Forms
from adapters.slack.names import (
    GO,
    HOME_EXPORT,
    HOME_FORGET,
    HOME_HISTORY,
    HOME_LANGUAGE,
    HOME_LIVE,
    HOME_RESUME,
    HOME_START,
    PICK,
    SEND,
    SHOW_REPORT,
)
from adapters.slack.person import Person
from adapters.slack.render.home import ON
from adapters.slack.render.inputs import LANGUAGES, OWN
from adapters.slack.replies import Replies
from adapters.slack.seen import Tapped
from adapters.slack.sentences import NOT_KEPT, sentence
from adapters.slack.starts import REFUSED, Starts
from engine.desk import Desk
from engine.keys import ThreadKey

AGAIN = f"{HOME_START}.again"
"""Start another interview although one is open; the value is an `Order`."""


class Taps:
    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, forms: Forms, commands: Commands, person: Person,
        clips: Clips, admin: Admin | None,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._forms = forms
        self._commands = commands
        self._person = person
        self._clips = clips
        self._admin = admin

    async def tapped(self, tapped: Tapped) -> None:
        place = tapped.place
        match tapped.action:
            case action if action in OF_CLIPS:
                await self._clips.tapped(tapped)
            case action if action == HOME_START or action.startswith(f"{HOME_START}."):
                await self._start(tapped)
            case action if action == HOME_RESUME:
                await self._resume(tapped)
            case action if action == HOME_HISTORY:
                await self._person.history_form(place, tapped.trigger)
            case action if action == SHOW_REPORT:
                await self._person.report(place, tapped.value)
            case action if action == HOME_LIVE:
                await self._person.prefer(place, live=ON in tapped.chosen)
            case action if action == HOME_LANGUAGE and tapped.value in (OWN, *LANGUAGES):
                await self._person.prefer(place, language="" if tapped.value == OWN else tapped.value)
            case action if action == HOME_EXPORT:
                await self._person.export(place)
            case action if action == HOME_FORGET:
                await self._forms.forget(place, tapped.trigger)
            case action if (action == SEND or action.startswith((GO, PICK))) and self._admin is not None:
                await self._admin.tapped(tapped)
            case _:
                pass

    async def _start(self, tapped: Tapped) -> None:
        """The form, or at once what the button says."""
        place = tapped.place
        order = self._starts.ordered(tapped.value, await self._starts.offered(place))
        if order is None:
            await self._forms.start(place, tapped.trigger)
        elif tapped.action == AGAIN:
            await self._commands.begin(place, order, tapped.trigger, tapped.respond)
        elif tapped.view:  # Home has no place for a question
            with suppress(*REFUSED):  # the root of the thread says so
                await self._starts.in_direct_message(place, order, tapped.trigger)
            self._person.refresh_home(place)
        else:
            await self._commands.begin_unless_open(place, order, tapped.trigger, tapped.respond)

    async def _resume(self, tapped: Tapped) -> None:
        place = tapped.place
        try:
            key = ThreadKey.parse(tapped.value)
        except ValueError:
            return
        mine = (key.workspace, key.user) == (place.team, place.user)
        session = await stored(lambda: self._desk.session(key)) if mine else None
        if session is None:
            if tapped.respond or place.channel:
                await self._replies.whisper(place, sentence(NOT_KEPT), tapped.respond)
            return
        await self._commands.resume(place, session, tapped.id, tapped.respond)
        if tapped.view:
            self._person.refresh_home(place)
