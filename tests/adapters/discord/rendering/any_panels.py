"""Any panel and any form, however odd its words: strategies, and all that has to be found in what is made of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from hypothesis import strategies as st

from adapters.surface.choices import Option
from adapters.surface.panels import (
    FIELDS,
    OPTIONS,
    Code,
    Download,
    Facts,
    Field,
    Form,
    Go,
    Heading,
    Kind,
    Mention,
    Menu,
    Panel,
    Row,
    Series,
    Style,
    Table,
    Tone,
    Words,
)
from tests.kit.cards import short, words

PATHS = st.from_regex(r"[a-z]{1,10}(/[a-z0-9_.-]{1,20}){0,3}", fullmatch=True).map(lambda path: path[:80])
LABELS = st.sampled_from(("Edit…", "Back", "Archive", "@everyone", "Types · 3", "日本語", "x" * 80))
GO = st.builds(Go, LABELS, PATHS, st.sampled_from(get_args(Style)))
PEOPLE = st.integers(10**16, 2**63 - 1).map(str)


@st.composite
def options(draw: st.DrawFn, least: int = 1, most: int = OPTIONS) -> tuple[Option, ...]:
    """So many to choose from, each value once."""
    values = draw(st.lists(PATHS, min_size=least, max_size=most, unique=True))
    return tuple(Option(value, draw(short(60)), draw(st.just("") | short(200))) for value in values)


@st.composite
def menus(draw: st.DrawFn) -> Menu:
    found = draw(options())
    chosen = draw(st.just("") | st.sampled_from([each.value for each in found]))
    return Menu(draw(short(100)), draw(PATHS), found, chosen)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 10))
    cells = st.tuples(*[short(30)] * columns)
    return Table(draw(cells), tuple(draw(st.lists(cells, max_size=30))), draw(st.just("") | short(80)))


@st.composite
def series(draw: st.DrawFn) -> Series:
    values = draw(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=20))
    names = tuple(f"{n}. {draw(short(20))}" for n in range(len(values)))
    notes = draw(st.just(()) | st.just(tuple("n = 12" for _ in values)))
    return Series(draw(short(80)), names, tuple(values), notes)


PARTS = st.one_of(
    st.builds(Words, words(6_000), st.booleans()),
    st.builds(Facts, st.lists(st.tuples(short(60), words(2_000)), max_size=12).map(tuple)),
    st.builds(Row, short(80), words(500), st.none() | GO),
    tables(),
    st.builds(Code, words(12_000), st.sampled_from(("", "yaml", "diff", "markdown"))),
    series(),
    st.builds(Heading, short(80)),
    st.builds(Mention, PEOPLE, words(200), words(200)),
)
DOWNLOADS = st.builds(Download, st.sampled_from(("types.yaml", "a b.csv", "..", "日本.json")), st.binary(max_size=20))
PANELS = st.builds(
    Panel,
    title=short(120),
    parts=st.lists(PARTS, max_size=12).map(tuple),
    buttons=st.lists(GO, max_size=12).map(tuple),
    menus=st.lists(menus(), max_size=3).map(tuple),
    back=st.none() | GO,
    notice=st.just("") | short(300),
    tone=st.sampled_from(get_args(Tone)),
    files=st.lists(DOWNLOADS, max_size=3).map(tuple),
)  # fmt: skip
LISTS = st.builds(
    Panel,
    title=short(40),
    parts=st.lists(st.builds(Row, short(80), short(200), GO), min_size=10, max_size=60).map(tuple),
    buttons=st.lists(GO, max_size=4).map(tuple),
    menus=st.just(()),
    back=GO,
)
"""Long lists of things with a button each."""


@st.composite
def fields(draw: st.DrawFn, number: int = 1) -> Field:
    kind: Kind = draw(st.sampled_from(get_args(Kind)))
    known = draw(options()) if kind in ("choice", "choices") else ()
    of_people = kind in ("people", "groups", "channels")
    values = st.sampled_from([each.value for each in known]) if known else PEOPLE if of_people else words(3_000)
    held = draw(st.lists(values, max_size=3, unique=True)) if kind != "file" else []
    least, most = draw(st.sampled_from(((0, 3_000), (1, 60), (2, 5), (0, 1))))
    return Field(
        f"field_{number}", draw(short(60)), kind, tuple(held), draw(st.just("") | short(150)), known,
        draw(st.booleans()), least, most,
    )  # fmt: skip


@st.composite
def forms(draw: st.DrawFn) -> Form:
    count = draw(st.integers(1, FIELDS))
    return Form(
        draw(PATHS), draw(short(60)), tuple(draw(fields(n)) for n in range(count)),
        intro=draw(st.just("") | short(200)),
    )  # fmt: skip


def said_in(panel: Panel) -> Iterator[str]:
    """Every text that a panel says, whatever becomes of its layout."""
    yield from (panel.title, panel.notice)
    for part in panel.parts:
        match part:
            case Words() | Heading() | Code():
                yield part.text
            case Facts():
                yield from (text for pair in part.pairs for text in pair)
            case Row():
                yield from (part.title, part.about)
            case Table():
                yield part.title
                yield from (cell for row in part.rows for cell in row)
            case Series():
                yield from (part.title, *part.names, *part.notes)
            case Mention():
                yield from (part.before, part.user, part.after)


def paths_in(panel: Panel) -> Iterator[str]:
    """Where all the buttons and menus of a panel lead, a menu without what is chosen."""
    yield from (part.button.path for part in panel.parts if isinstance(part, Row) and part.button is not None)
    yield from (menu.path for menu in panel.menus)
    yield from (go.path for go in panel.buttons)
    if panel.back is not None:
        yield panel.back.path
