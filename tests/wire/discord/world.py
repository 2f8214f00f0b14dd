"""What there is: accounts, guilds, channels, messages. Plain state; who may change it and who hears of it is elsewhere.

Ids are integers here and strings in JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.wire.discord.components import Json, custom_ids, visible_text

TEXT, DM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 11, 12
EPHEMERAL, LOADING, VOICE, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 13, 1 << 15

VIEW_CHANNEL, SEND_MESSAGES, MANAGE_MESSAGES, ATTACH_FILES = 1 << 10, 1 << 11, 1 << 13, 1 << 15
ADMINISTRATOR, MANAGE_GUILD, READ_HISTORY, MENTION_EVERYONE = 1 << 3, 1 << 5, 1 << 16, 1 << 17
USE_COMMANDS, MANAGE_THREADS = 1 << 31, 1 << 34
CREATE_PUBLIC_THREADS, CREATE_PRIVATE_THREADS, SEND_IN_THREADS = 1 << 35, 1 << 36, 1 << 38
EVERYTHING = (1 << 52) - 1
USUAL = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | ATTACH_FILES
    | READ_HISTORY
    | USE_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_IN_THREADS
)


@dataclass(slots=True, eq=False)
class Account:
    """A user: the bot, or the account of a person."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild; @everyone has the guild's id."""

    id: int
    name: str
    permissions: int


@dataclass(slots=True, eq=False)
class Member:
    """An account in a guild."""

    account: Account
    joined_at: float
    roles: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Overwrite:
    """What a channel changes of a role's or member's permissions."""

    id: int
    member: bool
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class Guild:
    """A server."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def permissions(self, account: Account, channel: Channel | None = None) -> int:
        """What a member may do, here or in one of its channels; a thread has its parent's permissions."""
        member = self.members.get(account.id)
        if member is None:
            return 0
        held = {self.id, *member.roles}
        allowed = 0
        for role in held:
            allowed |= self.roles[role].permissions
        if account.id == self.owner_id or allowed & ADMINISTRATOR:
            return EVERYTHING
        place = channel.parent or channel if channel else None
        for overwrite in sorted(place.overwrites if place else [], key=lambda each: (each.member, each.id != self.id)):
            if overwrite.id in held or (overwrite.member and overwrite.id == account.id):
                allowed = (allowed & ~overwrite.deny) | overwrite.allow
        return allowed


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a DM or a thread."""

    id: int
    type: int
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: Account | None = None
    owner: Account | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    members: dict[int, float] = field(default_factory=dict)
    """Of a thread: who is in it, since when."""
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    archive_after_min: int = 1440
    archived_at: float = 0.0
    created_at: float = 0.0
    deleted: bool = False

    @property
    def is_thread(self) -> bool:
        return self.type in (PUBLIC_THREAD, PRIVATE_THREAD)

    def permissions(self, account: Account) -> int:
        """What an account may do here."""
        if self.guild is None:
            return USUAL if account.bot or account is self.recipient else 0
        allowed = self.guild.permissions(account, self)
        if self.type == PRIVATE_THREAD and account.id not in self.members and not allowed & MANAGE_THREADS:
            return 0
        if not allowed & VIEW_CHANNEL:
            return 0
        if self.is_thread and not allowed & SEND_IN_THREADS:
            allowed &= ~SEND_MESSAGES
        elif self.is_thread:
            allowed |= SEND_MESSAGES
        return allowed


@dataclass(slots=True, eq=False)
class Attachment:
    """A file that was sent."""

    id: int
    filename: str
    content: bytes
    content_type: str
    description: str | None = None
    duration_s: float | None = None
    waveform: str | None = None
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said at a time."""

    at: float
    text: str


@dataclass(slots=True, eq=False)
class Message:
    """One message, with all it has said. `text` is what a reader sees, of content and text displays."""

    id: int
    channel: Channel
    author: Account
    created_at: float
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    edited_at: float | None = None
    deleted: bool = False
    ephemeral_for: Account | None = None
    reply_to: Message | None = None
    interaction: Json | None = None
    """The interaction it answers, as `interaction_metadata`."""
    out_of_reach: bool = False
    """Sent where the bot is only as an app of a user: no bot token reaches it."""
    pings: list[str] = field(default_factory=list)
    """Whom it notified: `@everyone`, `<@1>`, `<@&1>`."""
    versions: list[Version] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.content, visible_text(self.components)) if part)

    @property
    def edits(self) -> int:
        return len(self.versions) - 1

    @property
    def custom_ids(self) -> list[str]:
        return custom_ids(self.components)

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    def mentions(self, account: Account) -> bool:
        return any(f"<@{mark}{account.id}>" in self.content for mark in ("", "!"))
