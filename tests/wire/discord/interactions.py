"""Interactions: what a person did, what the app has made of it so far, and the payload that tells the app.

Whether a real client would have offered the act is checked in `offers`; the app's side of it is in `answering`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.wire.discord import words
from tests.wire.discord.clock import Clock
from tests.wire.discord.components import Json
from tests.wire.discord.world import EVERYTHING, USUAL, Account, Channel, Guild, Message

if TYPE_CHECKING:
    from tests.wire.discord.house import House

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
ACK_S = 3.0
TOKEN_S = 15 * 60.0
FILE_BYTES = 10 << 20


@dataclass(slots=True, eq=False)
class Modal:
    """A form that is open before a person."""

    custom_id: str
    title: str
    components: list[Json]
    opened_by: Interaction
    submitted: bool = False


@dataclass(slots=True, eq=False)
class Interaction:
    """One act of a person on the app. What the app did with it fills in as it does it."""

    id: int
    token: str
    type: int
    account: Account
    channel: Channel
    data: Json
    created_at: float
    clock: Clock
    guild: Guild | None = None
    message: Message | None = None
    """The message that was pressed, or that the modal came from."""
    owners: dict[str, str] = field(default_factory=dict)
    """`authorizing_integration_owners`."""
    opened_by: Interaction | None = None
    """Of a submitted modal: the interaction that opened it."""
    user_install: bool = False
    """The app is here only because the person has it: at most five follow-ups."""
    out_of_reach: bool = False
    """And the bot is not: no bot token reaches the messages."""
    response: int | None = None
    """The callback's type, once there was one."""
    responded_at: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[Json] | None = None
    """What an autocomplete was answered."""
    expired: bool = False

    @property
    def acked(self) -> bool:
        return self.response is not None

    @property
    def ack_s(self) -> float:
        """How long the app took to respond at all."""
        assert self.responded_at is not None, "no response yet"
        return self.responded_at - self.created_at

    @property
    def deferred(self) -> bool:
        return self.response in (5, 6)

    @property
    def failed(self) -> bool:
        """Whether the person sees "The application did not respond"."""
        return not self.acked and (self.expired or self.clock.now() - self.created_at > ACK_S)

    @property
    def dead(self) -> bool:
        """Whether its token is worth nothing any more."""
        return self.expired or self.clock.now() - self.created_at > TOKEN_S

    @property
    def replies(self) -> list[Message]:
        """All messages it was answered with, that are still there."""
        own = [self.original] if self.original and self.original is not self.message else []
        return [each for each in [*own, *self.followups] if not each.deleted]


def payload(house: House, of: Interaction) -> Json:
    """INTERACTION_CREATE."""
    channel, guild = of.channel, of.guild
    place = words.channel(channel)
    place["permissions"] = str(channel.permissions(of.account) or USUAL)
    found: Json = {
        "id": str(of.id),
        "application_id": str(house.bot.id),
        "type": of.type,
        "token": of.token,
        "version": 1,
        "data": of.data,
        "channel_id": str(channel.id),
        "channel": place,
        "locale": of.account.locale,
        "app_permissions": str(channel.permissions(house.bot) or USUAL),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": of.owners,
        "attachment_size_limit": FILE_BYTES,
        "context": 0 if guild else 1,
    }
    if guild is None:
        found["user"] = words.user(of.account)
    else:
        member = guild.members[of.account.id]
        allowed = channel.permissions(of.account)
        found |= {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": words.member(member) | {"permissions": str(EVERYTHING if allowed == EVERYTHING else allowed)},
        }
    if of.message is not None:
        found["message"] = words.message(of.message, house.cdn.address)
    return found


def metadata(of: Interaction) -> Json:
    """What a message says of the interaction it answers."""
    found: Json = {
        "id": str(of.id),
        "type": of.type,
        "user": words.user(of.account),
        "authorizing_integration_owners": of.owners,
    }
    if of.type == COMMAND:
        found["name"] = of.data["name"]
    if of.type == COMPONENT and of.message is not None:
        found["interacted_message_id"] = str(of.message.id)
    if of.type == MODAL and of.opened_by is not None:
        found["triggering_interaction_metadata"] = metadata(of.opened_by)
    return found
