"""The test's side over HTTP, for a bot in another process: `/_wire/…` beside the API. JSON in, JSON out.

Reading: `counts`, `calls`, `timeline`, `interactions` (these three take `since`, how many one has already, and
`wait_s`), `messages?person=Ada`, `modals?person=Ada`, `commands`. Doing: `POST person`, `guild`, `act`, `misbehave`.
What a person could not do is a 409 that says why.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.wire.discord.components import Json
from tests.wire.discord.interactions import Interaction, Modal
from tests.wire.discord.offers import File, NotOffered
from tests.wire.discord.people import Person
from tests.wire.discord.server import Discord
from tests.wire.discord.world import Channel, Message

Answer = Callable[[web.Request], Awaitable[object]]


class Admin:
    """Answers for one server."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def routes(self) -> Sequence[web.RouteDef]:
        """All of `/_wire`."""
        reading = [self.counts, self.calls, self.timeline, self.interactions, self.messages, self.modals, self.commands]
        doing = [self.person, self.guild, self.act, self.misbehave]
        return [
            *[web.get(f"/_wire/{each.__name__}", _as_json(each)) for each in reading],
            *[web.post(f"/_wire/{each.__name__}", _as_json(each)) for each in doing],
        ]

    async def counts(self, request: web.Request) -> Json:
        discord = self._discord
        return {
            "calls": len(discord.calls),
            "by_route": Counter(f"{each.method} {each.route}" for each in discord.calls),
            "by_status": Counter(str(each.status) for each in discord.calls),
            "writes": len(discord.timeline),
            "refused": discord.refused,
            "invalid_requests": discord.invalid_requests,
            "identifies": len(discord.gateway.identifies),
            "resumes": discord.gateway.resumes,
            "connected": len(discord.gateway.connected),
            "command_puts": discord.command_puts,
        }

    async def calls(self, request: web.Request) -> list[Json]:
        return [asdict(each) for each in await self._since(request, lambda: self._discord.calls)]

    async def timeline(self, request: web.Request) -> list[Json]:
        return [asdict(each) for each in await self._since(request, lambda: self._discord.timeline)]

    async def interactions(self, request: web.Request) -> list[Json]:
        return [_interaction(each) for each in await self._since(request, lambda: self._discord.interactions)]

    async def messages(self, request: web.Request) -> list[Json]:
        """What stands in a channel or a person's DM; for a person, also what only they see."""
        if "channel" in request.query:
            return [_message(each) for each in self._discord.messages(self._channel(request.query["channel"]))]
        person = self._discord.person(request.query["person"])
        found = [*self._discord.messages(person), *self._discord.ephemerals(person)]
        return [_message(each) for each in sorted(found, key=lambda each: each.id)]

    async def modals(self, request: web.Request) -> list[Json]:
        return [_modal(each) for each in self._discord.modals(self._discord.person(request.query["person"]))]

    async def commands(self, request: web.Request) -> list[Json]:
        return self._discord.commands()

    async def person(self, request: web.Request) -> Json:
        """`{"name": "Ada", "locale": "de", "dm": "closed"}`"""
        found = self._discord.person(**await request.json())
        return {"id": str(found.id), "dm": str(found.dm.id), "mention": found.mention}

    async def guild(self, request: web.Request) -> Json:
        """`{"name": "Guild", "members": ["Ada"], "admins": ["Root"]}`"""
        given = await request.json()
        people = {key: [self._discord.person(name) for name in given.get(key, [])] for key in ("members", "admins")}
        guild = self._discord.guild(given["name"], people["members"], people["admins"], bot=given.get("bot", True))
        channels = {each.name: str(each.id) for each in guild.channels.values()}
        return {"id": str(guild.id), "channels": channels}

    async def act(self, request: web.Request) -> Json:
        """`{"person": "Ada", "does": "says", "text": "hello"}`: a method of `Person` and its arguments by name.

        Channels, messages, guilds and modals go by id (a modal by its `custom_id`), people by name; files are lists of
        name, base64 and media type. What `selects` takes one by one is the list `choose`.
        """
        given: Json = await request.json()
        person = self._discord.person(given.pop("person"))
        act = getattr(person, given.pop("does"))
        chosen = given.pop("choose", ())
        named = {name: self._argument(person, name, value) for name, value in given.items()}
        result = act(named["message"], named["custom_id"], *chosen) if chosen else act(**named)
        match result:
            case Message():
                return _message(result)
            case Interaction():
                return _interaction(result)
            case _:
                return {}

    async def misbehave(self, request: web.Request) -> Json:
        """`{"what": "fail", "pattern": "PATCH *", "status": 503}`: a method of `Discord`, or `skip` of its clock."""
        given: Json = await request.json()
        what = given.pop("what")
        source = self._discord.clock if what == "skip" else self._discord
        getattr(source, what)(**given)
        return {}

    async def _since(self, request: web.Request, rows: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        have, wait_s = int(request.query.get("since", 0)), float(request.query.get("wait_s", 0))
        with suppress(AssertionError):  # nothing new in that time
            await self._discord.until(lambda: not wait_s or len(rows()) > have, wait_s)
        return rows()[have:]

    def _argument(self, person: Person, name: str, value: Any) -> object:
        match name:
            case "channel":
                return self._channel(value)
            case "message" | "reply_to":
                return self._discord.house.messages[int(value)]
            case "guild":
                return self._discord.house.guilds[int(value)]
            case "modal":
                return next(each for each in self._discord.modals(person) if each.custom_id == value)
            case "target":
                return (
                    self._discord.house.messages.get(int(value))
                    if str(value).isdecimal()
                    else self._discord.person(value)
                )
            case "content":
                return base64.b64decode(value)
            case "files" if isinstance(value, dict):
                return {custom_id: [_file(each) for each in files] for custom_id, files in value.items()}
            case "files":
                return [_file(each) for each in value]
            case _:
                return value

    def _channel(self, channel_id: str) -> Channel:
        return self._discord.house.channels[int(channel_id)]


def _as_json(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request))
        except NotOffered as refused:
            return web.json_response({"error": str(refused)}, status=409)
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as wrong:
            return web.json_response({"error": f"{type(wrong).__name__}: {wrong}"}, status=400)

    return handle


def _file(given: Sequence[str]) -> File:
    name, content, media_type = given
    return name, base64.b64decode(content), media_type


def _message(of: Message) -> Json:
    return {
        "id": str(of.id),
        "channel": str(of.channel.id),
        "author": of.author.name,
        "at": of.created_at,
        "text": of.text,
        "custom_ids": of.custom_ids,
        "edits": of.edits,
        "flags": of.flags,
        "files": [each.filename for each in of.attachments],
        "nonce": of.nonce,
    }


def _modal(of: Modal) -> Json:
    return {"custom_id": of.custom_id, "title": of.title, "components": of.components}


def _interaction(of: Interaction) -> Json:
    return {
        "id": str(of.id),
        "type": of.type,
        "at": of.created_at,
        "person": of.account.name,
        "data": of.data,
        "response": of.response,
        "ack_s": of.ack_s if of.acked else None,
        "failed": of.failed,
        "modal": _modal(of.modal) if of.modal else None,
        "choices": of.choices,
        "replies": [_message(each) for each in of.replies],
    }
