"""The one state behind gateway, REST and people, and who hears of each change.

What a REST body may change is checked before, in `posting` and the routes; here it happens and is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.wire.discord import words
from tests.wire.discord.cdn import Cdn
from tests.wire.discord.clock import Clock, Snowflakes
from tests.wire.discord.components import Json
from tests.wire.discord.errors import refusal
from tests.wire.discord.gateway import (
    DIRECT_MESSAGES,
    DM_TYPING,
    GUILD_MESSAGES,
    GUILD_TYPING,
    GUILDS,
    MESSAGE_CONTENT,
    Gateway,
    Session,
)
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.limits import Buckets
from tests.wire.discord.registry import Registry
from tests.wire.discord.world import DM, EPHEMERAL, VIEW_CHANNEL, Account, Channel, Guild, Member, Message, Version


@dataclass(frozen=True, slots=True)
class Write:
    """One write of the bot that was accepted. `monotonic` can be compared with another process's `time.monotonic()`."""

    at: float
    monotonic: float
    how: str
    """`post`, `edit` or `delete`; `webhook-…` where an interaction's token paid for it."""
    message: int
    channel: int
    text: str
    custom_ids: tuple[str, ...] = ()


class House:
    """Everything that is."""

    def __init__(self, clock: Clock, gateway: Gateway, cdn: Cdn, buckets: Buckets, bot_name: str) -> None:
        self.clock = clock
        self.buckets = buckets
        self.gateway = gateway
        self.cdn = cdn
        self.ids = Snowflakes(clock)
        self.bot = Account(self.ids.new(), bot_name, bot=True)
        self.accounts: dict[int, Account] = {self.bot.id: self.bot}
        self.closed: dict[int, int] = {}
        """Accounts that the bot cannot write to, and the error that says so: 50007 or 50278."""
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.dms: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.nonces: dict[str, Message] = {}
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.commands = Registry(self.ids, self.bot.id)
        self.typing: list[tuple[int, float]] = []
        """Channels in which the bot has typed, and when."""
        self.timeline: list[Write] = []
        self.content_granted = False
        self.portal: Json = {}
        """What was set up differently in the developer portal, as the application's fields."""
        self.changed: Callable[[], None] = lambda: None

    # What is looked up.

    def channel(self, channel_id: int) -> Channel:
        """A channel that the bot can see.

        Raises:
            ApiError: 10003 or 50001.
        """
        found = self.channels.get(channel_id)
        if found is None or found.deleted:
            raise refusal(10003)
        if not found.permissions(self.bot) & VIEW_CHANNEL:
            raise refusal(50001)
        return found

    def message(self, channel: Channel, message_id: int) -> Message:
        """A message that the bot token reaches.

        Raises:
            ApiError: 10008.
        """
        found = channel.messages.get(message_id)
        if found is None or found.deleted or found.ephemeral_for is not None:
            raise refusal(10008)
        return found

    def dm(self, account: Account) -> Channel:
        """The DM between an account and the bot, as old as its first use."""
        if account.id not in self.dms:
            channel = Channel(self.ids.new(), DM, recipient=account, created_at=self.clock.now())
            self.dms[account.id] = self.channels[channel.id] = channel
        return self.dms[account.id]

    def member(self, guild: Guild, account_id: int) -> Member:
        """A member of a guild.

        Raises:
            ApiError: 10007.
        """
        if account_id not in guild.members:
            raise refusal(10007)
        return guild.members[account_id]

    def wording(self, message: Message, *, content: bool | None = None) -> Json:
        """A message as the bot reads it. `content` is whether the message content intent opens it."""
        granted = self.content_granted if content is None else content
        return words.message(message, self.cdn.address, open_to_bot=granted or self._open(message))

    def _open(self, message: Message) -> bool:
        place = message.channel
        answers_bot = message.reply_to is not None and message.reply_to.author is self.bot
        ping = f"<@{self.bot.id}>" in message.pings and not (message.reply_to and message.reply_to.interaction)
        return place.guild is None or message.author is self.bot or message.mentions(self.bot) or (answers_bot and ping)

    # What happens.

    def add_message(self, message: Message, how: str = "") -> None:
        """A message appears."""
        message.channel.messages[message.id] = self.messages[message.id] = message
        message.versions.append(Version(message.created_at, message.text))
        self._written(message, how, message.created_at)
        self._tell_message("MESSAGE_CREATE", message)

    def change_message(self, message: Message, how: str = "") -> None:
        """A message says something else now."""
        message.edited_at = self.clock.now()
        message.versions.append(Version(message.edited_at, message.text))
        self._written(message, how, message.edited_at)
        self._tell_message("MESSAGE_UPDATE", message)

    def delete_message(self, message: Message, how: str = "") -> None:
        """A message is gone."""
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        self._written(message, how, self.clock.now())
        data = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if message.channel.guild is not None:
            data["guild_id"] = str(message.channel.guild.id)
        if message.ephemeral_for is None:
            self.tell("MESSAGE_DELETE", lambda _: data, message.channel, GUILD_MESSAGES, DIRECT_MESSAGES)
        self.changed()

    def type(self, account: Account, channel: Channel) -> None:
        """Somebody types."""
        now = self.clock.now()
        if account is self.bot:
            self.typing.append((channel.id, now))
        data: Json = {"channel_id": str(channel.id), "user_id": str(account.id), "timestamp": int(now)}
        if channel.guild is not None:
            data |= {"guild_id": str(channel.guild.id), "member": words.member(channel.guild.members[account.id])}
        self.tell("TYPING_START", lambda _: data, channel, GUILD_TYPING, DM_TYPING)
        self.changed()

    def thread_event(self, event: str, thread: Channel, **more: object) -> None:
        """A thread was made, changed or deleted."""
        self.tell(event, lambda _: words.channel(thread) | more, thread, GUILDS, 0)
        self.changed()

    def thread_members(self, thread: Channel, added: list[int], removed: list[int]) -> None:
        """Somebody came into a thread, or left it."""
        assert thread.guild is not None
        ids = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": len(thread.members)}
        joined = [each for each in words.thread_members(thread) if int(each["user_id"]) in added]
        for each in joined:
            each |= {"member": words.member(thread.guild.members[int(each["user_id"])]), "presence": None}
        data = {**ids, "added_members": joined, "removed_member_ids": [str(each) for each in removed]}
        self.tell("THREAD_MEMBERS_UPDATE", lambda _: data, thread, GUILDS, 0)
        self.changed()

    def tell(self, event: str, data: Callable[[Session], Json], channel: Channel, in_guild: int, in_dm: int) -> None:
        """Dispatch what concerns a channel, if the bot can see it."""
        if channel.permissions(self.bot) & VIEW_CHANNEL:
            guild = channel.guild.id if channel.guild else None
            self.gateway.dispatch(event, data, guild, in_dm if guild is None else in_guild)

    def _tell_message(self, event: str, message: Message) -> None:
        if not message.flags & EPHEMERAL and not message.out_of_reach:
            self.tell(
                event,
                lambda session: self.wording(message, content=bool(session.intents & MESSAGE_CONTENT)),
                message.channel,
                GUILD_MESSAGES,
                DIRECT_MESSAGES,
            )
        self.changed()

    def _written(self, message: Message, how: str, at: float) -> None:
        if how:
            text, offers = ("", ()) if message.deleted else (message.text, tuple(message.custom_ids))
            write = Write(at, time.monotonic(), how, message.id, message.channel.id, text, offers)
            self.timeline.append(write)
