"""What people do: write, record, press, choose, fill in, leave. It happens at once; the app finds out in its own time.

An act that a real client would not allow raises `NotOffered`.
"""

from __future__ import annotations

import base64
import mimetypes
import secrets
from collections.abc import Mapping, Sequence

from tests.wire.discord import components as c
from tests.wire.discord import forms, offers, words
from tests.wire.discord.components import Json, find, numbered
from tests.wire.discord.gateway import GUILD_MEMBERS
from tests.wire.discord.house import House
from tests.wire.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction, Modal, payload
from tests.wire.discord.offers import File, NotOffered
from tests.wire.discord.posting import pings
from tests.wire.discord.world import (
    SEND_MESSAGES,
    VIEW_CHANNEL,
    VOICE,
    Account,
    Attachment,
    Channel,
    Guild,
    Member,
    Message,
)

POLICIES = {"open": 0, "closed": 50007, "no_mutual": 50278}
LONGEST = 4_000  # with Nitro; 2,000 without
WAVEFORM = base64.b64encode(bytes(range(0, 256, 4))).decode()


class Person:
    """Somebody with an account. Where no channel is given, it happens in their DM with the bot."""

    def __init__(self, house: House, account: Account) -> None:
        self.account = account
        self._house = house

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def dm(self) -> Channel:
        """The DM with the bot."""
        return self._house.dm(self.account)

    def lets_dms(self, policy: str) -> None:
        """Be `open` to the bot's messages, `closed` (50007), or in no server with it (`no_mutual`, 50278)."""
        self._house.closed.pop(self.id, None)
        if POLICIES[policy]:
            self._house.closed[self.id] = POLICIES[policy]

    # Messages.

    def says(
        self,
        text: str,
        channel: Channel | None = None,
        files: Sequence[File] = (),
        *,
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """Write a message."""
        attachments = [Attachment(self._house.ids.new(), *file) for file in files]
        message = self._message(channel, content=text, attachments=attachments, reply_to=reply_to)
        message.pings = pings(text, None if ping else {"parse": ["users"]}, reply_to)
        self._house.add_message(message)
        return message

    def records_voice(self, seconds: float, channel: Channel | None = None, content: bytes = b"OggS") -> Message:
        """Send a voice message."""
        voice = Attachment(self._house.ids.new(), "voice-message.ogg", content, "audio/ogg")
        voice.duration_s, voice.waveform = seconds, WAVEFORM
        message = self._message(channel, attachments=[voice])
        message.flags = VOICE
        self._house.add_message(message)
        return message

    def uploads(
        self, name: str, content: bytes, media_type: str = "", channel: Channel | None = None, text: str = ""
    ) -> Message:
        """Send a file."""
        kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self.says(text, channel, [(name, content, kind)])

    def edits(self, message: Message, text: str) -> None:
        """Change what one said."""
        assert message.author is self.account
        message.content = text
        self._house.change_message(message)

    def deletes(self, message: Message) -> None:
        """Take back what one said, or dismiss a message that only one sees."""
        if message.author is not self.account and message.ephemeral_for is not self.account:
            raise NotOffered("the message is somebody else's")
        self._house.delete_message(message)

    def types(self, channel: Channel | None = None) -> None:
        """Be seen typing."""
        self._house.type(self.account, channel or self.dm)

    # Commands.

    def command(
        self,
        name: str,
        options: Mapping[str, object] | None = None,
        channel: Channel | None = None,
        *,
        user_install: bool = False,
    ) -> Interaction:
        """Use a slash command: `"interview start"`. `user_install`: the app is there because the person has it."""
        place = channel or self.dm
        data = offers.slash(self._house, name, options or {}, self.account, place, user_install)
        return self._act(COMMAND, data, place, user_install=user_install)

    def autocompletes(
        self,
        name: str,
        option: str,
        text: str,
        options: Mapping[str, object] | None = None,
        channel: Channel | None = None,
    ) -> Interaction:
        """Type into an option that is completed; `choices` of what comes back are the completions."""
        place = channel or self.dm
        data = offers.typing(self._house, name, option, text, options or {}, self.account, place)
        return self._act(AUTOCOMPLETE, data, place)

    def context_menu(
        self, name: str, target: Message | Person, channel: Channel | None = None, *, user_install: bool = False
    ) -> Interaction:
        """Use a command from the menu of a message or of a person."""
        place = channel or (target.channel if isinstance(target, Message) else self.dm)
        on = target if isinstance(target, Message) else target.account
        data = offers.menu(self._house, name, on, self.account, place, user_install)
        return self._act(COMMAND, data, place, user_install=user_install)

    def commands(self, channel: Channel | None = None) -> list[str]:
        """What a client lists there."""
        return offers.listed(self._house, self.account, channel or self.dm)

    # Components.

    def presses(self, message: Message, custom_id: str) -> Interaction:
        """Press a button."""
        button = self._component(message, custom_id)
        if button["type"] != c.BUTTON:
            raise NotOffered(f"{custom_id} is no button")
        data: Json = {"custom_id": custom_id, "component_type": c.BUTTON, "id": button["id"]}
        return self._act(COMPONENT, data, message.channel, message=message)

    def selects(self, message: Message, custom_id: str, *values: object) -> Interaction:
        """Choose in a menu: option values, or people, channels and roles."""
        menu = self._component(message, custom_id)
        low, high = menu.get("min_values"), menu.get("max_values") or 1
        if menu["type"] not in c.SELECTS or not (1 if low is None else low) <= len(values) <= high:
            raise NotOffered(f"{custom_id} is no menu, or takes another number of choices")
        offered = [option["value"] for option in menu.get("options") or []]
        if menu["type"] == c.STRING_SELECT and set(values) - set(offered):
            raise NotOffered(f"{custom_id} offers {offered}, not {values}")
        chosen = [str(getattr(each, "id", each)) for each in values]
        data: Json = {"custom_id": custom_id, "component_type": menu["type"], "id": menu["id"], "values": chosen}
        resolved: Json = {}
        for each in values:
            if isinstance(each, Person):
                resolved.setdefault("users", {})[str(each.id)] = words.user(each.account)
            elif isinstance(each, Channel):
                resolved.setdefault("channels", {})[str(each.id)] = words.channel(each) | {"permissions": "0"}
        if menu["type"] != c.STRING_SELECT:
            data["resolved"] = resolved
        return self._act(COMPONENT, data, message.channel, message=message)

    def submits(
        self,
        modal: Modal,
        values: Mapping[str, object] | None = None,
        files: Mapping[str, Sequence[File]] | None = None,
    ) -> Interaction:
        """Send a form off: texts and choices by `custom_id`, files by `custom_id`."""
        opened = modal.opened_by
        if opened.account is not self.account or modal.submitted:
            raise NotOffered("the form is not open before this person")
        data, resolved = forms.filled_in(self._house, modal, values or {}, files or {})
        modal.submitted = True
        if resolved:
            data["resolved"] = resolved
        return self._act(
            MODAL, data, opened.channel, message=opened.message, user_install=opened.user_install, opened_by=opened
        )

    def sees(self, message: Message) -> bool:
        """Whether a message is before this person's eyes."""
        if message.ephemeral_for is not None:
            return message.ephemeral_for is self.account and not message.deleted
        return not message.deleted and bool(message.channel.permissions(self.account) & VIEW_CHANNEL)

    # Coming and going.

    def joins(self, guild: Guild) -> None:
        """Come into a server."""
        member = guild.members[self.id] = Member(self.account, self._house.clock.now())
        self._house.gateway.dispatch(
            "GUILD_MEMBER_ADD", words.member(member) | {"guild_id": str(guild.id)}, guild.id, GUILD_MEMBERS
        )

    def leaves(self, guild: Guild) -> None:
        """Leave a server; with the last one shared with the bot, its messages stop arriving (50278)."""
        del guild.members[self.id]
        for channel in guild.channels.values():
            if channel.members.pop(self.id, None) is not None:
                self._house.thread_members(channel, [], [self.id])
        data = {"guild_id": str(guild.id), "user": words.user(self.account)}
        self._house.gateway.dispatch("GUILD_MEMBER_REMOVE", data, guild.id, GUILD_MEMBERS)
        shared = [each for each in self._house.guilds.values() if {self.id, self._house.bot.id} <= set(each.members)]
        if not shared:
            self.lets_dms("no_mutual")

    def _message(self, channel: Channel | None, **what: object) -> Message:
        place = channel or self.dm
        if len(str(what.get("content", ""))) > LONGEST:
            raise NotOffered(f"nobody can write more than {LONGEST} characters at once")
        if not place.permissions(self.account) & SEND_MESSAGES or (place.archived and place.locked):
            raise NotOffered(f"{self.account.name} cannot write in {place.name or 'this DM'}")
        if place.archived:
            place.archived = False
            self._house.thread_event("THREAD_UPDATE", place)
        message = Message(self._house.ids.new(), place, self.account, self._house.clock.now())
        for name, value in what.items():
            setattr(message, name, value)
        return message

    def _component(self, message: Message, custom_id: str) -> Json:
        if not self.sees(message):
            raise NotOffered(f"{self.account.name} does not see that message")
        found = find(numbered(message.components), custom_id)
        if found is None:
            raise NotOffered(f"the message has no {custom_id!r}, but {message.custom_ids}")
        if found.get("disabled"):
            raise NotOffered(f"{custom_id!r} is disabled")
        return found

    def _act(
        self,
        kind: int,
        data: Json,
        channel: Channel,
        *,
        message: Message | None = None,
        user_install: bool = False,
        opened_by: Interaction | None = None,
    ) -> Interaction:
        house = self._house
        guild = channel.guild
        by_person = user_install or (message is not None and message.out_of_reach)
        token = f"aW50ZXJhY3Rpb246{secrets.token_urlsafe(48)}"
        act = Interaction(
            house.ids.new(), token, kind, self.account, channel, data, house.clock.now(), house.clock, guild
        )
        act.message, act.opened_by = message, opened_by
        act.owners = offers.owners(self.account, guild, house.bot, by_person)
        act.user_install = "0" not in act.owners
        act.out_of_reach = guild is not None and house.bot.id not in guild.members
        if not act.owners:
            raise NotOffered("the app is in that server neither for all nor for this person")
        house.interactions[act.id] = house.by_token[token] = act
        house.gateway.dispatch("INTERACTION_CREATE", payload(house, act), channel.guild.id if channel.guild else None)
        house.changed()
        return act
