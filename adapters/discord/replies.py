"""What the conversation asks of Discord: to acknowledge, to say something to one person, to open a direct message.

Cards of an interview are not written here but by the delivery, which knows everything that is to be written and at what
pace. What stands here is small and asked for by a person just now: it waits where Discord says so, sits out an outage
of a minute, and is not repeated for ever.

RehearseError
├── Answered             the interaction was answered already: a second session or process has it
├── DiscordRefused       Discord said no; `code` is its JSON code
└── DiscordUnreachable   no answer that could be used, for a minute
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

import aiohttp

from adapters.discord.delivery.rest import Answer, Rest
from adapters.discord.render.page import Attachment, Json, Page
from adapters.discord.seen import Asked
from adapters.recent import Recent
from engine.errors import RehearseError

log = logging.getLogger(__name__)

ANSWER_S = 2.8
"""An interaction has to be answered within three seconds."""
CALL_S = 10.0
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0, 15.0)
WAIT_MOST_S = 30.0
KNOWN_MOST = 10_000
ANSWERED, MAY_NOT = 40060, 50013
DM_REFUSED = frozenset({50007, 50278, 50001})
"""Closed, no server in common, and what Discord wrongly says of apps of one person."""
PRIVATE_THREAD, A_DAY_MIN = 12, 1_440
MESSAGES_MOST = 100

REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


class Answered(RehearseError):
    """Somebody else answered this interaction, and sees to it."""


class DiscordRefused(RehearseError):
    """Discord did not do it. `code` is its reason, `what` was asked."""

    def __init__(self, what: str, status: int, code: int) -> None:
        self.what = what
        self.status = status
        self.code = code
        super().__init__(f"{what}: {status} {code}")

    @property
    def closed(self) -> bool:
        """Whether it is the person's direct messages that are closed."""
        return self.code in DM_REFUSED


class DiscordUnreachable(RehearseError):
    """There was no usable answer."""


class Replies:
    """`rest` is closed by whoever opened it."""

    def __init__(self, rest: Rest, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._rest = rest
        self._sleep = sleep
        self._direct: Recent[str, str] = Recent(KNOWN_MOST)

    # By the token of an interaction

    async def answer(self, asked: Asked, kind: int, data: Json | None = None, files: Sequence[Attachment] = ()) -> bool:
        """Give an interaction its one answer; `False`, with a line in the log, where it was too late.

        Raises `Answered` when it has one already.
        """
        body: Json = {"type": kind} if data is None else {"type": kind, "data": data}
        path = f"/interactions/{asked.id}/{asked.token}/callback"
        unsure = False
        try:
            async with asyncio.timeout(ANSWER_S):
                while True:
                    answer = await self._once("POST", path, body, files, by_bot=False)
                    if answer is None or answer.status >= 500 or answer.status in (408, 429):
                        unsure = unsure or answer is None
                        await self._sleep(_wait_s(answer) or 0.1)
                        continue
                    break
        except TimeoutError:
            log.warning("an interaction was not answered in time", extra={"interaction": asked.id})
            return False
        if answer.status < 300:
            return True
        code = _code(answer)
        if code == ANSWERED and unsure:  # by the call that we did not hear of
            return True
        if code == ANSWERED:
            raise Answered(f"interaction {asked.id} was answered already")
        log.warning(
            "an interaction was not answered", extra={"interaction": asked.id, "status": answer.status, "code": code}
        )
        return False

    async def original(self, asked: Asked, page: Page) -> None:
        """Change the answer of an interaction, or the message whose button was pressed."""
        path = f"/webhooks/{asked.application}/{asked.token}/messages/@original"
        await self._call("edit an answer", "PATCH", path, page.body(), page.files, by_bot=False)

    async def follow_up(self, asked: Asked, page: Page, *, private: bool = True) -> str:
        """Say something more; its id."""
        path = f"/webhooks/{asked.application}/{asked.token}"
        body = page.body(ephemeral=private)
        return _id(await self._call("follow up", "POST", path, body, page.files, by_bot=False))

    async def edit_follow_up(self, asked: Asked, message: str, page: Page) -> None:
        path = f"/webhooks/{asked.application}/{asked.token}/messages/{message}"
        await self._call("edit a follow-up", "PATCH", path, page.body(), page.files, by_bot=False)

    # By the bot's token

    async def direct(self, user: str) -> str:
        """The channel of the direct messages with somebody."""
        known = self._direct.get(user)
        if known is None:
            found = await self._call("open a DM", "POST", "/users/@me/channels", {"recipient_id": user})
            known = self._direct.keep(user, _id(found))
        return known

    async def post(self, channel: str, page: Page, nonce: str) -> str:
        """Post a message; its id. The same `nonce` (25 characters) does not post twice within minutes."""
        body = page.body() | {"nonce": nonce, "enforce_nonce": True}
        return _id(await self._call("post", "POST", f"/channels/{channel}/messages", body, page.files))

    async def edit(self, channel: str, message: str, page: Page) -> None:
        await self._call("edit", "PATCH", f"/channels/{channel}/messages/{message}", page.body(), page.files)

    async def message(self, channel: str, message: str) -> Mapping[str, object]:
        """A message as it is now, with fresh addresses of its files."""
        return mapping(await self._call("read", "GET", f"/channels/{channel}/messages/{message}"))

    async def messages(self, channel: str, after: int) -> list[Mapping[str, object]]:
        """Up to a hundred messages that came after one, oldest first."""
        path = f"/channels/{channel}/messages?after={after}&limit={MESSAGES_MOST}"
        found = await self._call("read on", "GET", path)
        listed = [mapping(each) for each in cast("list[object]", found)] if isinstance(found, list) else []
        return sorted(listed, key=lambda message: int(str(message.get("id") or 0)))

    async def people_of(self, channel: str) -> list[str]:
        """Who is in a direct message or in a thread, other than its owner."""
        found = mapping(await self._call("read a channel", "GET", f"/channels/{channel}"))
        recipients = found.get("recipients")
        if isinstance(recipients, list):
            return [_id(each) for each in cast("list[object]", recipients)]
        members = await self._call("read members", "GET", f"/channels/{channel}/thread-members")
        listed = cast("list[object]", members) if isinstance(members, list) else []
        people = [str(mapping(each).get("user_id") or "") for each in listed]
        return [user for user in people if user and user != str(found.get("owner_id"))]

    async def guild(self, guild: str) -> Mapping[str, object]:
        """A server, with its owner and roles."""
        return mapping(await self._call("read a server", "GET", f"/guilds/{guild}"))

    async def member(self, guild: str, user: str) -> Mapping[str, object]:
        """Somebody in a server, with the ids of their roles."""
        return mapping(await self._call("read a member", "GET", f"/guilds/{guild}/members/{user}"))

    async def open_thread(self, channel: str, name: str) -> str:
        """A private thread, into which nobody can invite others; its id."""
        body: Json = {
            "name": name[:100], "type": PRIVATE_THREAD, "invitable": False, "auto_archive_duration": A_DAY_MIN,
        }  # fmt: skip
        return _id(await self._call("open a thread", "POST", f"/channels/{channel}/threads", body))

    async def add_to_thread(self, thread: str, user: str) -> None:
        await self._call("add to a thread", "PUT", f"/channels/{thread}/thread-members/{user}")

    async def close_thread(self, thread: str) -> None:
        """Archive a thread, and lock it where we may: who opened a thread may archive it, but only moderators lock."""
        path = f"/channels/{thread}"
        try:
            await self._call("close a thread", "PATCH", path, {"archived": True, "locked": True})
        except DiscordRefused as error:
            if error.code != MAY_NOT:
                raise
            await self._call("archive a thread", "PATCH", path, {"archived": True})

    async def commands(self, application: str) -> list[object]:
        found = await self._call("list commands", "GET", f"/applications/{application}/commands")
        return cast("list[object]", found) if isinstance(found, list) else []

    async def register(self, application: str, commands: Sequence[Json]) -> None:
        await self._call("register commands", "PUT", f"/applications/{application}/commands", list(commands))

    async def _call(
        self, what: str, method: str, path: str, body: Json | list[Json] | None = None,
        files: Sequence[Attachment] = (), *, by_bot: bool = True,
    ) -> object:  # fmt: skip
        """Make a call that may be repeated without doing harm; what was answered."""
        for pause_s in (*PAUSES_S, None):
            answer = await self._once(method, path, body, files, by_bot=by_bot)
            if answer is not None and answer.status < 300:
                return answer.parsed()
            passing = answer is None or answer.status >= 500 or answer.status == 408
            limited = answer is not None and answer.status == 429 and not _code(answer)
            if answer is not None and not passing and not limited:
                raise DiscordRefused(what, answer.status, _code(answer))
            status = answer.status if answer is not None else 0
            if pause_s is None:
                break
            wait_s = max(pause_s, min(_wait_s(answer), WAIT_MOST_S))
            log.info("Discord has to be asked again", extra={"what": what, "status": status, "wait_s": wait_s})
            await self._sleep(wait_s)
        raise DiscordUnreachable(f"{what}: no answer")

    async def _once(
        self, method: str, path: str, body: Json | list[Json] | None, files: Sequence[Attachment], *, by_bot: bool
    ) -> Answer | None:
        """One try; `None` when nothing came back."""
        sent = cast("Json | None", body)  # a list of commands is as good a body as any
        try:
            async with asyncio.timeout(CALL_S):
                return await self._rest.send(method, path, body=sent, files=files, by_bot=by_bot)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.info("no answer from Discord", extra={"error": type(error).__name__})
            return None


def mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _id(value: object) -> str:
    return str(mapping(value).get("id") or "")


def _code(answer: Answer) -> int:
    code = mapping(answer.parsed()).get("code")
    return code if isinstance(code, int) else 0


def _wait_s(answer: Answer | None) -> float:
    """How long a 429 asks to wait."""
    if answer is None or answer.status != 429:
        return 0.0
    said = mapping(answer.parsed()).get("retry_after")
    return float(said) if isinstance(said, int | float) else 1.0
