"""What somebody may do in Slack, in plain words: the vocabulary between what Slack sends and what comes of it.

Everything that one person did once has one id, whichever payloads tell of it, so that a second one does nothing.
`parse.py` makes these of payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adapters.slack.payloads import Message
from engine.inbound import Action

Files = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened and who did it. `thread` is the ts of the thread's root, "" at the top level."""

    team: str
    channel: str
    user: str
    thread: str = ""

    @property
    def direct(self) -> bool:
        """A direct message between the person and the bot."""
        return self.channel.startswith("D")


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `mention`: it calls the bot by name, and Slack tells of it twice, once so and once as a message."""

    place: Place
    ts: str
    text: str
    files: Files = ()
    mention: bool = False

    @property
    def id(self) -> str:
        return f"m:{self.place.channel}:{self.ts}"

    @property
    def message(self) -> str:
        return f"{self.place.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A message says something else now; `None`: it was deleted. `files` are the ids of the files that went with it."""

    place: Place
    ts: str
    text: str | None
    moment: str
    files: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        if self.text is None:
            return f"d:{self.place.channel}:{self.ts}"
        return f"e:{self.place.channel}:{self.ts}:{self.moment}"

    @property
    def message(self) -> str:
        return f"{self.place.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of an interview's card: `owner` is whose interview it is, `root` the thread it goes on in."""

    place: Place
    action: Action
    owner: str
    turn: int
    root: str
    id: str
    respond: str = ""


@dataclass(frozen=True, slots=True)
class Tapped:
    """Any other button or select of ours. `value` is what it carries, `chosen` every option that is ticked.

    `message` is the ts of the message it stands on, "" on the Home tab and in forms; `blocks` is what stands there.
    `view` is the Home tab or the modal it stands in, `modal` whether that is a modal.
    """

    place: Place
    action: str
    value: str
    chosen: tuple[str, ...]
    message: str
    trigger: str
    id: str
    respond: str = ""
    blocks: Files = ()
    view: str = ""
    modal: bool = False


@dataclass(frozen=True, slots=True)
class Commanded:
    place: Place
    text: str
    trigger: str
    respond: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was filled in: what stands in each field, by the id of its block. `kept` is what the form was given.

    `entered` is the same with each of several values for itself, `files` what was put into which field, `below` the
    view that the form lies upon.
    """

    place: Place
    form: str
    fields: Mapping[str, str]
    kept: str
    view: str
    blocks: Files = ()
    entered: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    files: tuple[tuple[str, Mapping[str, object]], ...] = ()
    below: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """A shortcut: a global one, or one on a message, which then comes along."""

    place: Place
    shortcut: str
    trigger: str
    respond: str = ""
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    place: Place
    tab: Literal["home", "messages"]


@dataclass(frozen=True, slots=True)
class Halted:
    """Slack's own Stop button ended these streams."""

    place: Place
    streams: tuple[str, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The workspace (or the whole organisation) took the app away."""

    team: str
    why: str


@dataclass(frozen=True, slots=True)
class Throttled:
    team: str


Seen = Said | Changed | Pressed | Tapped | Commanded | Submitted | Called | Visited | Halted | Removed | Throttled
