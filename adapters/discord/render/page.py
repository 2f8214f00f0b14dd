"""What rendering makes: pages, each one Components V2 message, and how components are shared out between them.

Numbers: Discord's Component Reference; the 4,000 characters over all texts of a message are not in it but enforced, and
above about 10,170 bytes of components the answer is a bare 500. Nothing is ever cut to fit: what is too much goes on a
second and a third page, and what those cannot hold, into a file that has all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from adapters.charts import Chart
from adapters.discord.render.words import small, unescaped
from adapters.surface.words import units

Json = dict[str, object]

COMPONENTS_V2, EPHEMERAL = 1 << 15, 1 << 6
PAGE_COMPONENTS, PAGE_CHARS, PAGE_BYTES = 40, 4_000, 10_000
MOST_PAGES = 3
ALT_CHARS = 1_000
TEXT_DISPLAY, MEDIA_GALLERY, FILE = 10, 12, 13
ATTACHED = "attachment://"

WHOLE = "This is not all: the attached file has the whole of it."
TO_COME = "There is more than fits here. The whole of it comes with the finished review."


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a page: a chart, drawn when its bytes are asked for (some 30 ms: not on the event loop,
    please), a text, or `raw` bytes."""

    name: str
    alt: str
    chart: Chart | None = None
    text: str = ""
    raw: bytes = b""

    @cached_property
    def content(self) -> bytes:
        return self.raw or self.text.encode() if self.chart is None else self.chart.png()

    @property
    def media_type(self) -> str:
        if self.chart is not None:
            return "image/png"
        return "text/markdown" if self.name.endswith(".md") else "text/plain"


@dataclass(frozen=True, slots=True)
class Page:
    """One message."""

    components: tuple[Json, ...]
    files: tuple[Attachment, ...] = ()

    def body(self, *, ephemeral: bool = False) -> Json:
        """What a create, an edit or an interaction response sends; the files go beside it as `files[n]`.

        It pings nobody, and takes back what the message had attached before.
        """
        attachments = [
            {"id": n, "filename": file.name, "description": file.alt[:ALT_CHARS]} for n, file in enumerate(self.files)
        ]
        return {
            "flags": COMPONENTS_V2 | (EPHEMERAL if ephemeral else 0),
            "components": list(self.components),
            "allowed_mentions": {"parse": []},
            "attachments": attachments,
        }


def attached(name: str) -> Json:
    """Shows a file that goes with the page."""
    return {"type": FILE, "file": {"url": f"{ATTACHED}{name}"}}


def walk(component: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """A component and all that is in it."""
    yield component
    inside = component.get("components")
    for child in cast("list[object]", inside) if isinstance(inside, list) else []:
        if isinstance(child, Mapping):
            yield from walk(cast("Mapping[str, object]", child))
    beside = component.get("accessory")
    if isinstance(beside, Mapping):
        yield from walk(cast("Mapping[str, object]", beside))


@dataclass(frozen=True, slots=True)
class Size:
    """What a page's room is measured in: components, characters of texts, bytes of everything."""

    parts: int = 0
    chars: int = 0
    bytes: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.parts + other.parts, self.chars + other.chars, self.bytes + other.bytes)

    def fits(self) -> bool:
        return self.parts <= PAGE_COMPONENTS and self.chars <= PAGE_CHARS and self.bytes <= PAGE_BYTES


def size(*components: Mapping[str, object]) -> Size:
    parts = chars = weight = 0
    for component in components:
        for each in walk(component):
            parts += 1
            weight += 12
            for key in _WEIGH:
                if isinstance(words := each.get(key), str):
                    weight += len(words.encode())
            if isinstance(options := each.get("options"), list):
                weight += len(repr(cast("list[object]", options)).encode())
            if each.get("type") == TEXT_DISPLAY:
                chars += units(str(each["content"]))
    return Size(parts, chars, weight)


_WEIGH = ("content", "label", "custom_id", "placeholder", "url", "description")


def paged(
    components: Iterable[Json],
    *,
    title: str,
    accent: int | None = None,
    tail: Sequence[Json] = (),
    files: tuple[Attachment, ...] = (),
    file: str = "",
    more: Callable[[], str] | None = None,
) -> tuple[Page, ...]:
    """The components as cards, in order, `tail` together at the end of the last.

    `title` stands on every card after the first. `file` is what a file of all the words is called when three pages do
    not hold them; `more` is said only there. Without a `file` (the card still grows) a line says that more is to come.
    Each of the `files` goes with the page that shows it.
    """
    all_of_it = list(components)
    sheets = _shared_out(all_of_it, title, tail)
    if len(sheets) > MOST_PAGES:
        note = _text(small(WHOLE if file else TO_COME))
        end = [note, *tail]
        if file:
            end.insert(1, attached(file))
            files = (
                *files,
                Attachment(file, f"{unescaped(title)}, all of it", text=_plain_file(all_of_it, more() if more else "")),
            )
        sheets = [*sheets[: MOST_PAGES - 1], _filled(sheets[MOST_PAGES - 1], title, MOST_PAGES, end)]
    else:
        sheets[-1].extend(tail)
    pages: list[Page] = []
    for n, sheet in enumerate(sheets):
        inside = [_text(small(f"{title}, part {n + 1}")), *sheet] if n else sheet
        card: Json = {"type": 17, "components": inside}
        if accent is not None:
            card["accent_color"] = accent
        shown = attached_to(card)
        pages.append(Page((card,), tuple(each for each in files if each.name in shown)))
    return tuple(pages)


def attached_to(card: Json) -> set[str]:
    """The names of the files that a card shows."""
    shown: set[str] = set()
    for each in walk(card):
        if each.get("type") == FILE:
            shown.add(_name(each.get("file")))
        elif each.get("type") == MEDIA_GALLERY:
            items = each.get("items")
            for item in cast("list[Mapping[str, object]]", items) if isinstance(items, list) else []:
                shown.add(_name(item.get("media")))
    return shown


def _name(media: object) -> str:
    url = cast("Mapping[str, object]", media).get("url") if isinstance(media, Mapping) else ""
    return str(url).removeprefix(ATTACHED)


def _text(content: str) -> Json:
    return {"type": TEXT_DISPLAY, "content": content}


def _head(title: str, number: int) -> Size:
    """What a card itself takes of a page, with the line that says which part it is."""
    return Size(1, 0, 12) if number == 1 else Size(1, 0, 12) + size(_text(small(f"{title}, part {number}")))


def _shared_out(components: Sequence[Json], title: str, tail: Sequence[Json]) -> list[list[Json]]:
    sheets: list[list[Json]] = [[]]
    used = _head(title, 1)
    for component in components:
        takes = size(component)
        if sheets[-1] and not (used + takes).fits():
            sheets.append([])
            used = _head(title, len(sheets))
        sheets[-1].append(component)
        used += takes
    if tail and not (used + size(*tail)).fits():
        sheets.append([])
    return sheets


def _filled(components: Sequence[Json], title: str, number: int, tail: Sequence[Json]) -> list[Json]:
    """As many of the components as leave room for the tail."""
    sheet: list[Json] = []
    used = _head(title, number) + size(*tail)
    for component in components:
        used += size(component)
        if not used.fits():
            break
        sheet.append(component)
    return [*sheet, *tail]


def _plain_file(components: Sequence[Json], more: str) -> str:
    texts = [
        unescaped(str(each["content"]))
        for component in components
        for each in walk(component)
        if each["type"] == TEXT_DISPLAY
    ]
    return "\n\n".join([*texts, *([more] if more else [])]) + "\n"
