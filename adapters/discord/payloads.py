"""The JSON that Discord sends, as far as it is read here: messages, commands, presses, choices, submitted forms.

Discord adds fields as it likes, so unknown ones are ignored; a known one of an unexpected type makes the whole payload
one that cannot be understood (`pydantic.ValidationError`). What a payload means is `parse.py`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _or_empty(value: object) -> object:
    return "" if value is None else value


def _id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _or_empty(value)


def _whole(text: object) -> object:
    """Lone surrogates, which no database can keep, become replacement characters; so do NULs."""
    if not isinstance(text, str):
        return _or_empty(text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")


def _number(value: object) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15 else 0


Id = Annotated[str, BeforeValidator(_id), Field(pattern=r"^\d{0,20}$")]
"""Discord's own id of something; "" where the payload has none."""
Word = Annotated[str, BeforeValidator(_or_empty), Field(max_length=500)]
Text = Annotated[str, BeforeValidator(_whole)]
Number = Annotated[float, BeforeValidator(_number)]
Json = dict[str, object]


class Loose(BaseModel):
    """A part of a payload; what is not named is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class User(Loose):
    id: Id = ""
    username: Text = ""
    global_name: Text = ""
    bot: bool = False

    @property
    def name(self) -> str:
        return self.global_name or self.username


class Attachment(Loose):
    """A file; "" and 0 stand for what it does not say. `url` is good for a day."""

    id: Id = ""
    filename: Text = Field(default="", repr=False)
    content_type: Word = ""
    size: Number = 0
    url: Text = Field(default="", repr=False)
    duration_secs: Number = 0
    waveform: Text = Field(default="", repr=False)

    @property
    def is_voice(self) -> bool:
        """Recorded in Discord."""
        return bool(self.waveform)

    @property
    def is_sound(self) -> bool:
        return self.is_voice or self.content_type.startswith("audio/")


class Message(Loose):
    id: Id = ""
    channel_id: Id = ""
    guild_id: Id = ""
    author: User | None = None
    webhook_id: Id = ""
    type: int = 0
    flags: int = 0
    content: Text = Field(default="", repr=False)
    edited_timestamp: Word = ""
    mentions: tuple[User, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    components: tuple[Json, ...] = Field(default=(), repr=False)


class Gone(Loose):
    id: Id
    channel_id: Id
    guild_id: Id = ""


class Channel(Loose):
    id: Id = ""
    type: int = -1


class Member(Loose):
    """`permissions` are those in the channel, in a number that is written out; "" where they are not said."""

    user: User | None = None
    roles: tuple[Id, ...] = ()
    permissions: Word = ""


class Option(Loose):
    """An option of a command, or a command within it."""

    name: Word
    type: int = 0
    value: Text | int | float | bool = ""
    focused: bool = False
    options: tuple[Option, ...] = ()


class Entry(Loose):
    """A component of a submitted form: a label around a field, or a field."""

    type: int = 0
    custom_id: Word = ""
    value: Text = ""
    values: tuple[Text, ...] = ()
    component: Entry | None = None
    components: tuple[Entry, ...] = ()

    def walk(self) -> Iterator[Entry]:
        yield self
        for inside in (*self.components, *([self.component] if self.component else [])):
            yield from inside.walk()


class Resolved(Loose):
    attachments: dict[str, Attachment] = Field(default_factory=dict[str, Attachment])
    messages: dict[str, Message] = Field(default_factory=dict[str, Message])


class Data(Loose):
    name: Word = ""
    type: int = 0
    options: tuple[Option, ...] = ()
    custom_id: Word = ""
    component_type: int = 0
    values: tuple[Text, ...] = ()
    components: tuple[Entry, ...] = ()
    resolved: Resolved = Resolved()
    target_id: Id = ""


class Interaction(Loose):
    """Something that a person did with the app; what, is told by `type`."""

    id: Id
    application_id: Id
    type: int
    token: Word = Field(repr=False)
    data: Data = Data()
    guild_id: Id = ""
    channel_id: Id = ""
    channel: Channel = Channel()
    member: Member | None = None
    user: User | None = None
    message: Message | None = None
    context: int | None = None
    app_permissions: Word = ""
    authorizing_integration_owners: dict[str, Id] = Field(default_factory=dict[str, Id])

    @property
    def who(self) -> User | None:
        return (self.member.user if self.member else None) or self.user
