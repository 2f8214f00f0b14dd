"""What an admin sees and fills in, the same on every platform: panels, and forms of at most five fields.

Everything here is plain text; a platform makes it literal in its own way. A `path` says where a button leads, or what
it does: words between slashes, at most 80 characters, which is all that is remembered between two presses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from adapters.surface.choices import Option
from engine.admin.roles import Actor

PATH_CHARS = 80
FIELDS, FIELD_CHARS = 5, 3_000
"""Discord's forms hold five fields; Slack's hold 3,000 characters each, Discord's 4,000."""
OPTIONS = 25

Style = Literal["plain", "primary", "danger"]
Tone = Literal["neutral", "good", "warn", "bad"]
Kind = Literal["line", "text", "number", "choice", "choices", "people", "groups", "channels", "file"]


@dataclass(frozen=True, slots=True)
class Go:
    """A button."""

    label: str
    path: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Menu:
    """One of several, chosen from a list; what is chosen is put behind the path. At most 25 options."""

    label: str
    path: str
    options: tuple[Option, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences. `small`: a note."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one line each."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a list, with a button beside it.

    `who` is a person's or a group's id, as its platform has it: they are shown by name in the place of the title, where
    the platform can (a mention that rings with nobody).
    """

    title: str
    about: str = ""
    button: Go | None = None
    who: tuple[Literal["user", "group"], str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures, at most ten columns; every row as long as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Text of which every character matters: a prompt, a difference, YAML."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures 0–1 one after the other; `None` leaves a gap. `notes` stand under the points."""

    title: str
    names: tuple[str, ...]
    values: tuple[float | None, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person by their name on the platform, between words; nobody is called by it. `user` is the platform's id."""

    user: str
    before: str = ""
    after: str = ""


Part = Words | Facts | Row | Table | Code | Series | Heading | Mention


@dataclass(frozen=True, slots=True)
class Download:
    """A file that goes along with a panel."""

    name: str
    content: bytes = field(repr=False)
    about: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Something to look at, and where to go from there. `notice` says first what was just done."""

    title: str
    parts: tuple[Part, ...] = ()
    buttons: tuple[Go, ...] = ()
    menus: tuple[Menu, ...] = ()
    back: Go | None = None
    notice: str = ""
    tone: Tone = "neutral"
    files: tuple[Download, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `values` is what it holds at first: one, or several where several can be chosen.

    `least` and `most` are characters for words, the bounds of a number, and how many of several.
    """

    id: str
    label: str
    kind: Kind
    values: tuple[str, ...] = ()
    hint: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    least: int = 0
    most: int = FIELD_CHARS


@dataclass(frozen=True, slots=True)
class Form:
    """Something to fill in; handed in, it goes to its path. `intro` stands above the fields, a line or two."""

    path: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Save"
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was handed in: what stands in each field, and the files."""

    fields: Mapping[str, tuple[str, ...]]
    files: tuple[Upload, ...] = ()

    def one(self, id: str) -> str:
        """The one value of a field, without white space at its ends; "" when it was left empty."""
        return next(iter(self.fields.get(id, ())), "").strip()


@dataclass(frozen=True, slots=True)
class Amiss:
    """A form that cannot be taken: once more with what was typed, and what is wrong by field ("": the whole)."""

    form: Form
    problems: Mapping[str, str]


class Pages(Protocol):
    """One part of what there is to see: paths that begin with `name`. Raises `RehearseError`s, whose hint is shown."""

    name: str

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        """What stands at a path (its words after the first), or what comes of doing what it says."""
        ...

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        """What comes of a form that was handed in there. Raises `Wrong` for what cannot be taken."""
        ...


class Outlet(Protocol):
    """Where a panel is shown without having been asked for."""

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        """Show it to a person in their direct message; where `handle` is still there, in its place. The handle.

        Raises a `RehearseError` when the person cannot be reached.
        """
        ...
