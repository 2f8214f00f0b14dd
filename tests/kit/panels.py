"""Any panel and any form, for properties: what an admin may be shown on whichever platform."""

from __future__ import annotations

from hypothesis import strategies as st

from adapters.surface.choices import Option
from adapters.surface.panels import (
    Code,
    Download,
    Facts,
    Field,
    Form,
    Go,
    Heading,
    Mention,
    Menu,
    Panel,
    Part,
    Row,
    Series,
    Table,
    Words,
)
from tests.kit.cards import short, words

PATHS = st.lists(st.sampled_from(("types", "backend", "archive", "yes", "2")), min_size=1, max_size=5).map("/".join)
GOS = st.builds(Go, short(90).filter(str.strip), PATHS, st.sampled_from(("plain", "primary", "danger")))
NAMES = st.integers(0, 40).map(lambda n: f"name {n}")


@st.composite
def options(draw: st.DrawFn, most: int = 25) -> tuple[Option, ...]:
    values = draw(st.lists(st.from_regex(r"[a-z0-9-]{0,20}", fullmatch=True), unique=True, min_size=1, max_size=most))
    return tuple(Option(value, draw(short(100)) or value or "none", draw(short(100))) for value in values)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 10))
    cells = st.tuples(*[st.one_of(short(20), short(600))] * width)
    return Table(draw(cells), tuple(draw(st.lists(cells, max_size=6))), draw(short(80)))


@st.composite
def series(draw: st.DrawFn) -> Series:
    count = draw(st.integers(0, 30))
    values = tuple(draw(st.none() | st.floats(0, 1)) for _ in range(count))
    return Series(draw(short(80)), tuple(f"v{n}" for n in range(count)), values, draw(st.sampled_from(((), ("n",)))))


def parts(most: int = 9_000) -> st.SearchStrategy[Part]:
    user = st.sampled_from(("U024BE7LH", "S012GROUP", "123", "operator"))
    who = st.none() | st.tuples(st.sampled_from(("user", "group")), user)
    return st.one_of(
        st.builds(Words, words(most), st.booleans()),
        st.builds(Facts, st.lists(st.tuples(words(100), words(4_000)), max_size=6).map(tuple)),
        st.builds(Row, short(200), words(4_000), st.none() | GOS, who),
        tables(),
        st.builds(Code, words(most), st.sampled_from(("", "yaml", "diff"))),
        series(),
        st.builds(Heading, words(300)),
        st.builds(Mention, user, words(200), words(200)),
    )


def panels(most: int = 9_000) -> st.SearchStrategy[Panel]:
    return st.builds(
        Panel,
        short(120),
        st.lists(parts(most), max_size=8).map(tuple),
        st.lists(GOS, max_size=30).map(tuple),
        st.lists(st.builds(Menu, short(80), PATHS, options()), max_size=3, unique_by=lambda menu: menu.path).map(tuple),
        st.none() | GOS,
        words(4_000),
        st.sampled_from(("neutral", "good", "warn", "bad")),
        st.lists(st.builds(Download, short(40), st.binary(max_size=9), short(90)), max_size=2).map(tuple),
    )


@st.composite
def fields(draw: st.DrawFn, id: str) -> Field:
    kind = draw(
        st.sampled_from(("line", "text", "number", "choice", "choices", "people", "groups", "channels", "file"))
    )
    among = draw(options())
    match kind:
        case "number":
            values = draw(st.sampled_from(((), ("1",), ("0.5",), ("many",))))
        case "choice":
            values = draw(st.sampled_from(((), (among[0].value,), ("gone",))))
        case "choices":
            values = tuple(each.value for each in among if draw(st.booleans()))
        case "people" | "groups" | "channels":
            values = draw(st.sampled_from(((), ("U024BE7LH",), ("U024BE7LH", "U0OTHER"))))
        case _:
            values = draw(st.just(()) | words(3_000).map(lambda text: (text[:3_000],)))
    most = draw(st.sampled_from((1, 2, 80, 3_000)))
    return Field(id, draw(short(60)) or "Label", kind, values, draw(short(200)), among, draw(st.booleans()), 0, most)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    made = tuple(draw(fields(f"f{n}")) for n in range(draw(st.integers(1, 5))))
    return Form(draw(PATHS), draw(short(60)) or "Form", made, draw(short(30)) or "Save", draw(words(3_000)))
