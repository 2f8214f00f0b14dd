"""What somebody may do in Discord, in plain words: the vocabulary between what Discord sends and what comes of it.

Everything that one person did once has one id, whichever gateway session tells of it, so that a second one does
nothing. `parse.py` makes these of payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.discord.payloads import Attachment, Json
from engine.admin.roles import AdminRole
from engine.inbound import Action


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened and who did it. `direct`: between the person and the bot; `guild`: "" outside servers.

    `threads`: it is a channel of a server in which the bot may open a private thread. `standing` and `groups` are what
    the person is in that server.
    """

    channel: str
    user: str
    guild: str = ""
    direct: bool = False
    threads: bool = False
    standing: AdminRole | None = None
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """An interaction, to be answered within three seconds and written to for a quarter of an hour.

    `message` is the one whose button was pressed, or from which the form was opened, `private` whether only this person
    sees it.
    """

    id: str
    token: str = field(repr=False)
    application: str
    message: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `voice`: it says that it is a recording."""

    place: Place
    message_id: str
    text: str = field(repr=False)
    files: tuple[Attachment, ...] = ()
    voice: bool = False

    @property
    def id(self) -> str:
        return f"m:{self.place.channel}:{self.message_id}"

    @property
    def message(self) -> str:
        return f"{self.place.channel}:{self.message_id}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A message says something else now; `None`: it was deleted, and Discord does not say whose it was."""

    place: Place
    message_id: str
    text: str | None = field(repr=False)
    moment: str = ""

    @property
    def id(self) -> str:
        if self.text is None:
            return f"d:{self.place.channel}:{self.message_id}"
        return f"e:{self.place.channel}:{self.message_id}:{self.moment}"

    @property
    def message(self) -> str:
        return f"{self.place.channel}:{self.message_id}"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of an interview's card: `owner` is whose interview it is."""

    place: Place
    asked: Asked
    action: Action
    owner: str
    turn: int


@dataclass(frozen=True, slots=True)
class Tapped:
    """Any other button or select. `chosen` is what was chosen, `shown` and `files` what stands on its message."""

    place: Place
    asked: Asked
    name: str
    chosen: str = ""
    shown: tuple[Json, ...] = field(default=(), repr=False)
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command: the words of its name, and its options."""

    place: Place
    asked: Asked
    words: tuple[str, ...]
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Completing:
    """Somebody types into an option that is completed."""

    place: Place
    asked: Asked
    words: tuple[str, ...]
    option: str
    text: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Called:
    """A command of a message's menu."""

    place: Place
    asked: Asked
    command: str
    channel: str
    message_id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was filled in: what stands in each field, by its name; and the files that came with it."""

    place: Place
    asked: Asked
    form: str
    fields: Mapping[str, str] = field(repr=False)
    files: tuple[Attachment, ...] = ()
    shown: tuple[Json, ...] = field(default=(), repr=False)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]], repr=False)
    """Where several can be chosen or uploaded, each of them, files by their names."""


Interacted = Pressed | Tapped | Commanded | Completing | Called | Submitted
Seen = Said | Changed | Interacted
