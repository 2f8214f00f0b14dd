"""What an admin does in Slack: panels in a modal that is written again and again, forms laid upon it, cards.

Buttons carry the path they lead to. A modal opens at once and says that it is loading; Slack is asked anew who it is
that presses a button or hands something in. What takes longer than Slack waits goes on, and its modal says so until it
is done.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Protocol

from adapters.files import Clip, Refused, Text
from adapters.lanes import Lanes
from adapters.owned import ANSWER_WITHIN_S, Owned
from adapters.recent import Recent
from adapters.slack.files import GONE, Files, slack_file
from adapters.slack.names import SEND, read_field, read_go
from adapters.slack.render.page import Json
from adapters.slack.render.panel_forms import field_errors, filled_fields, form_view
from adapters.slack.render.panels import TITLE, WORKING, panel_card, panel_view, waiting_view
from adapters.slack.replies import Replies, SlackRefused
from adapters.slack.seen import Place, Submitted, Tapped
from adapters.slack.sentences import FAILED, message_view
from adapters.slack.standing import Standings
from adapters.surface.panels import Amiss, Filled, Form, Panel, Upload, Words
from adapters.surface.panels.paths import HOME
from engine.admin.roles import Actor, AdminRole, Roles, at_least
from engine.errors import RehearseError

log = logging.getLogger(__name__)

PUSH_WITHIN_S = 1.5
"""A trigger lives three seconds, and the way there and back takes some of it."""
BELOW_WITHIN_S = 0.7
"""So long a form that is taken waits for the panel under it."""
NO_SOUND = "That is a recording. Choose a file with text in it."
SENDABLE_MOST = 200
"""Panels whose files can be sent from the modal they stand in."""
SENT = "It is in our direct message."
OPEN_AGAIN = Panel("Open it again", (Words("Close this and open it again; the files are not at hand any more."),))
_IN_PLACE = re.compile(r"prompts/[^/]+/rollout/(raise|hold|resume|rollback|promote/yes)/.+")
"""What a rollout's card does where it stands."""
Shown = Panel | Form | Amiss


class Looks(Protocol):
    """The part of `Panels` that is needed here."""

    async def show(self, actor: Actor, path: str = HOME) -> Panel | Form: ...

    async def submit(self, actor: Actor, path: str, filled: Filled) -> Panel | Form | Amiss: ...


class Admin:
    def __init__(
        self, *, panels: Looks, roles: Roles, replies: Replies, standings: Standings, owned: Owned, files: Files,
        within_s: float = ANSWER_WITHIN_S,
    ) -> None:  # fmt: skip
        self._panels = panels
        self._roles = roles
        self._replies = replies
        self._standings = standings
        self._owned = owned
        self._files = files
        self._within_s = within_s
        self._lanes = Lanes()
        self._sendable: Recent[str, Panel] = Recent(SENDABLE_MOST)

    async def open(self, place: Place, trigger: str, path: str = HOME) -> None:
        """Open a modal with what stands at a path."""
        view_id = await self._replies.open_view(place.team, trigger, waiting_view(TITLE))
        async with self._lanes.of(view_id):
            await self._replace(place, view_id, await self._or_failed(place, view_id, self._look(place, path)))

    async def for_home(self, place: Place) -> tuple[AdminRole, Panel] | None:
        """The role somebody has, and the menu that goes with it; `None` for a candidate."""
        actor = await self._standings.actor(place.team, place.user)
        role = await self._roles.role(actor)
        shown = await self._panels.show(actor, HOME) if role is not None else None
        return (role, shown) if role is not None and isinstance(shown, Panel) else None

    async def tapped(self, tapped: Tapped) -> None:
        """A button or a menu of a panel: in its modal what comes next stands, elsewhere a modal opens."""
        if tapped.action == SEND:
            await self._send(tapped)
            return
        path = read_go(tapped.action, tapped.value)
        if not path:
            return
        if not tapped.modal:
            if not (tapped.message and _IN_PLACE.fullmatch(path) and await self._in_place(tapped, path)):
                await self.open(tapped.place, tapped.trigger, path)
            return
        async with self._lanes.of(tapped.view):
            await self._next(tapped, path)

    async def submitted(self, submitted: Submitted) -> Json:
        """What a form is told; what takes longer than it can wait is shown when it is done."""
        outcome: asyncio.Future[Shown] = asyncio.get_running_loop().create_future()
        late = asyncio.Event()

        async def work() -> None:
            if not late.is_set():
                shown = await self._or_raise(late, submitted)
                if not late.is_set():
                    outcome.set_result(shown)
                    return
                await self._replace(submitted.place, submitted.view, shown, clear=bool(submitted.below))

        task = self._owned.start(work(), "admin's form")
        await asyncio.wait({outcome, task}, timeout=self._within_s, return_when=asyncio.FIRST_COMPLETED)
        if outcome.done():
            return await self._told(submitted, outcome.result())
        if task.done():
            task.result()
        late.set()
        return {"response_action": "update", "view": waiting_view(TITLE, WORKING)}

    async def _or_raise(self, late: asyncio.Event, submitted: Submitted) -> Shown:
        try:
            return await self._submit(submitted)
        except Exception:
            if late.is_set():
                await self._fail(submitted.place, submitted.view)
            raise

    async def _submit(self, submitted: Submitted) -> Shown:
        place = submitted.place
        actor = await self._standings.actor(place.team, place.user, anew=True)
        fields, uploads, problems = filled_fields(submitted.entered), list[Upload](), dict[str, str]()
        for block, raw in submitted.files:
            _, id = read_field(block)
            got = await self._fetch(place.team, raw)
            if isinstance(got, Upload):
                uploads.append(got)
                fields[id] = (*fields.get(id, ()), got.name)
            else:
                problems[id] = got
        if problems:
            form = await self._panels.show(actor, submitted.kept)
            return Amiss(form, problems) if isinstance(form, Form) else form
        return await self._panels.submit(actor, submitted.kept, Filled(fields, tuple(uploads)))

    async def _fetch(self, team: str, raw: Mapping[str, object]) -> Upload | str:
        """The file, or why there is none."""
        file = slack_file(raw)
        if not file.url:
            try:
                file = slack_file(await self._replies.file(team, file.id))
            except SlackRefused:
                return GONE
        match await self._files.fetch(await self._replies.client(team), file):
            case Text(text=text):
                return Upload(file.name, text.encode())
            case Refused(sentence=sentence):
                return sentence
            case Clip():
                return NO_SOUND

    async def _told(self, submitted: Submitted, shown: Shown) -> Json:
        """The answer to a form: errors at its fields, the next form, or the panel, which stands where it came from."""
        if isinstance(shown, Amiss):
            if errors := field_errors(shown.form, shown.problems):
                return errors
            return await self._instead(submitted.place, submitted.view, shown)
        if isinstance(shown, Panel) and submitted.below:
            try:
                async with asyncio.timeout(BELOW_WITHIN_S):
                    await self._replace(submitted.place, submitted.below, shown, lost_ok=False)
            except (RehearseError, TimeoutError) as error:
                log.info("the panel under a form is gone", extra={"error": type(error).__name__})
            else:
                return {}
        return await self._instead(submitted.place, submitted.view, shown, clear=bool(submitted.below))

    async def _instead(self, place: Place, view_id: str, shown: Shown, *, clear: bool = False) -> Json:
        return {"response_action": "update", "view": await self._view(place, view_id, shown, clear=clear)}

    async def _in_place(self, tapped: Tapped, path: str) -> bool:
        """Do what a card's button says, and let the card say what came of it; refusals stand in a modal."""
        place = tapped.place
        async with self._lanes.of(f"{place.channel}:{tapped.message}"):
            actor = await self._standings.actor(place.team, place.user, anew=True)
            if not at_least(await self._roles.role(actor), "admin"):
                return False
            shown = await self._panels.show(actor, path)
            if not isinstance(shown, Panel):
                return False
            await self._replies.update(place.team, place.channel, tapped.message, panel_card(shown).page)
            return True

    async def _next(self, tapped: Tapped, path: str) -> None:
        """What a press in a modal leads to: a form is laid upon it while that is still allowed."""
        place = tapped.place
        task = asyncio.create_task(self._look(place, path, anew=True))
        try:
            done, _ = await asyncio.wait({task}, timeout=PUSH_WITHIN_S)
            if not done:
                await self._replies.update_view(place.team, tapped.view, waiting_view(TITLE, WORKING))
            shown = await self._or_failed(place, tapped.view, _of(task))
        finally:
            task.cancel()
        if done and isinstance(shown, Form) and await self._pushed(tapped, shown):
            return
        await self._replace(place, tapped.view, shown)

    async def _pushed(self, tapped: Tapped, form: Form) -> bool:
        """Whether there was room for one more view, and time."""
        try:
            await self._replies.push_view(tapped.place.team, tapped.trigger, await self._view(tapped.place, "", form))
        except SlackRefused as error:
            log.info("a form is shown in place of its panel", extra={"error": error.error})
            return False
        return True

    async def _look(self, place: Place, path: str, *, anew: bool = False) -> Shown:
        actor = await self._standings.actor(place.team, place.user, anew=anew)
        return await self._panels.show(actor, path)

    async def _or_failed(self, place: Place, view_id: str, look: Coroutine[object, object, Shown]) -> Shown:
        """Look; a modal that nothing comes of says so."""
        try:
            return await look
        except Exception:
            await self._fail(place, view_id)
            raise

    async def _fail(self, place: Place, view_id: str) -> None:
        try:
            await self._replies.update_view(place.team, view_id, message_view(TITLE, FAILED))
        except RehearseError as error:
            log.info("a modal does not say that it failed", extra={"error": str(error)})

    async def _replace(
        self, place: Place, view_id: str, shown: Shown, *, clear: bool = False, lost_ok: bool = True
    ) -> None:  # fmt: skip
        """Let a modal show this. One that was closed meanwhile is left alone."""
        try:
            view = await self._view(place, view_id, shown, clear=clear)
            await self._replies.update_view(place.team, view_id, view)
        except SlackRefused as error:
            if not lost_ok or error.error != "not_found":
                raise
            log.info("a modal was closed before it was written", extra={"team": place.team})

    async def _view(self, place: Place, view_id: str, shown: Shown, *, clear: bool = False) -> Json:
        match shown:
            case Panel():
                made = panel_view(shown, clear=clear)
                if made.files:
                    self._sendable.keep(view_id, shown)
                return made.json
            case Form():
                form, problems = shown, None
            case Amiss():
                form, problems = shown.form, shown.problems
        by_groups = any(field.kind == "groups" for field in form.fields)
        groups = await self._standings.group_options(place.team) if by_groups else ()
        return form_view(form, groups, problems)

    async def _send(self, tapped: Tapped) -> None:
        """The files of the panel in this modal, to the direct message."""
        place = tapped.place
        async with self._lanes.of(tapped.view):
            panel = self._sendable.get(tapped.view)
            if panel is None:
                await self._replace(place, tapped.view, OPEN_AGAIN)
                return
            channel = await self._replies.direct(place.team, place.user)
            for file in panel_view(panel).files:
                await self._replies.upload(
                    place.team, channel, file.name, file.content, title=file.name, comment=file.about
                )  # fmt: skip
            await self._replace(place, tapped.view, replace(panel, notice=SENT, tone="good"))


async def _of(task: asyncio.Task[Shown]) -> Shown:
    return await task
