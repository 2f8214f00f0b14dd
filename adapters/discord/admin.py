"""What an admin does in Discord: panels in a message that only they see, forms laid over it, cards they were sent.

A button carries the path it leads to, so those of before a restart do what they say. A form has to be the first answer,
within three seconds; whatever is not there by then is waited for, and a form is then offered behind a button. What is
handed in is answered first and done afterwards, and so is whatever a confirmation leads to.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from adapters.discord.files import Files
from adapters.discord.names import Led
from adapters.discord.render.page import Page
from adapters.discord.render.panel_forms import amiss_panel, filled_in, form_modal, refused_panel
from adapters.discord.render.panels import panel_pages
from adapters.discord.reply import Reply
from adapters.discord.seen import Commanded, Place, Submitted, Tapped
from adapters.discord.standing import Standings
from adapters.files import Refused, Text
from adapters.recent import Recent
from adapters.surface.panels import Amiss, Filled, Form, Go, Panel, Upload, Words
from adapters.surface.panels.paths import HOME
from engine.admin.roles import Actor, Roles, at_least

log = logging.getLogger(__name__)

AT_ONCE_S = 1.2
"""So long a panel or form is waited for before the press is acknowledged."""
LEAFED_MOST, LEAFED_FOR_S = 200, 900.0
SURE = "yes"
"""A word of the paths that a confirmation leads to."""
NO_SOUND = "That is a recording. Choose a file with text in it."


class Looks(Protocol):
    """The part of `Panels` that is needed here."""

    async def show(self, actor: Actor, path: str = HOME) -> Panel | Form: ...

    async def submit(self, actor: Actor, path: str, filled: Filled) -> Panel | Form | Amiss: ...

    async def keep(self, actor: Actor, path: str, filled: Filled) -> None: ...


@dataclass(frozen=True, slots=True)
class _Way:
    """Where somebody pressed, and where that leads. `card`: it was a card in a direct message, which stays one."""

    place: Place
    led: Led
    card: bool = False

    @property
    def guild(self) -> str:
        """The server that buttons have to name, since their place does not."""
        return "" if self.place.guild and self.led.guild in ("", self.place.guild) else self.led.guild

    @property
    def key(self) -> tuple[str, str, str]:
        return self.place.user, self.led.guild or self.place.guild, self.led.path

    @property
    def sure(self) -> bool:
        """Whether it was asked for a second time, and is to be done once."""
        return SURE in self.led.path.split("/")

    async def wait(self, reply: Reply) -> None:
        await (reply.privately() if self.led.beside else reply.quietly())


class Admin:
    def __init__(self, *, panels: Looks, roles: Roles, standings: Standings, files: Files) -> None:
        self._panels = panels
        self._roles = roles
        self._standings = standings
        self._files = files
        self._leafed: Recent[tuple[str, str, str], Panel] = Recent(LEAFED_MOST, for_s=LEAFED_FOR_S)

    async def given(self, given: Commanded, reply: Reply) -> None:
        """`/interview-admin`, which leads straight to what it names."""
        led = Led("/".join(given.words[1:]) or HOME, beside=True)
        await self._lead(_Way(given.place, led), reply)

    async def tapped(self, tapped: Tapped, led: Led, reply: Reply) -> None:
        """A button or a menu of a panel: what it leads to takes the place of the message, or stands beside it."""
        card = tapped.place.direct and not tapped.asked.private and not led.beside
        if card and not await self._may_act(tapped.place, led):
            card, led = False, replace(led, beside=True)  # the card stays, and the refusal stands beside it
        await self._lead(_Way(tapped.place, led.then(tapped.chosen), card), reply)

    async def submitted(self, submitted: Submitted, led: Led, reply: Reply) -> None:
        """A form: what comes of it, or what is wrong with it and the way back into it."""
        way = _Way(submitted.place, led if submitted.asked.message else replace(led, beside=True))
        await way.wait(reply)
        actor = await self._standings.at(submitted.place, led.guild)
        shown = await self._handed_in(submitted, led, actor)
        await self._change(shown, way, reply, again=False)

    async def _lead(self, way: _Way, reply: Reply) -> None:
        if way.led.page > 1 and (leafed := self._leafed.get(way.key)) is not None:
            await reply.replace(self._pages(leafed, way)[0])
            return
        if way.sure:
            await way.wait(reply)
            await self._change(await self._look(way), way, reply)
            return
        work = asyncio.create_task(self._look(way))
        try:
            done, _ = await asyncio.wait({work}, timeout=AT_ONCE_S)
            if done:
                await self._answer(work.result(), way, reply)
                return
            await way.wait(reply)
            await self._change(await work, way, reply)
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    async def _may_act(self, place: Place, led: Led) -> bool:
        return at_least(await self._roles.role(await self._standings.at(place, led.guild)), "admin")

    async def _look(self, way: _Way) -> Panel | Form:
        return await self._panels.show(await self._standings.at(way.place, way.led.guild), way.led.path)

    async def _answer(self, shown: Panel | Form, way: _Way, reply: Reply) -> None:
        """Answer with what is there already."""
        if isinstance(shown, Form):
            direct = not way.place.guild
            await reply.form(form_modal(shown, guild=way.guild, beside=way.led.beside or way.card, direct=direct))
            return
        first, *more = self._pages(shown, way)
        await (reply.show(first) if way.led.beside else reply.replace(first))
        await reply.say(*more)

    async def _change(self, shown: Panel | Form | Amiss, way: _Way, reply: Reply, *, again: bool = True) -> None:
        """Show it where a wait stands, or the message whose button was pressed. `again`: it can be looked at again."""
        if isinstance(shown, Form):
            shown = Panel(shown.title, (Words(shown.intro),), (Go("Open the form", shown.path, "primary"),))
        panel = amiss_panel(shown) if isinstance(shown, Amiss) else shown
        first, *more = self._pages(panel, way, again=again)
        await reply.change(first)
        await reply.say(*more)

    def _pages(self, panel: Panel, way: _Way, *, again: bool = True) -> Sequence[Page]:
        """The page that was asked for of what can be looked at again; of anything else, all of them."""
        again = again and not panel.notice and not way.sure and not way.card
        pages = panel_pages(panel, way.led.path if again else "", guild=way.guild, card=way.card)
        if not again:
            return pages
        if len(pages) > 1:
            self._leafed.keep(way.key, panel)
        return [pages[min(way.led.page, len(pages)) - 1]]

    async def _handed_in(self, submitted: Submitted, led: Led, actor: Actor) -> Panel | Form | Amiss:
        fields = {id: submitted.chosen.get(id) or (value,) for id, value in submitted.fields.items()}
        uploads: list[Upload] = []
        refused: list[str] = []
        for file in submitted.files:
            match await self._files.fetch(file):
                case Text(text=text):
                    uploads.append(Upload(file.filename, text.encode()))
                case Refused(sentence=sentence):
                    refused.append(sentence)
                case _:
                    refused.append(NO_SOUND)
        filled = filled_in(fields, uploads)
        if refused:
            await self._panels.keep(actor, led.path, filled)
            return refused_panel(led.path, "That file cannot be taken", [("", sentence) for sentence in refused])
        return await self._panels.submit(actor, led.path, filled)
