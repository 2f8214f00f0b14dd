"""A panel as messages: what stands in it, its menus and buttons, and the way to its further pages.

A panel that can be shown once more by its path has pages to leaf through, with its buttons on each. What came of an act
cannot be asked for again; what does not fit of it comes in further messages, its buttons in the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from adapters.discord.names import panel_id, read_panel
from adapters.discord.render.page import FILE, MEDIA_GALLERY, Attachment, Json, Page, Size, attached_to, size, walk
from adapters.discord.render.panel_parts import Made, part_made
from adapters.discord.render.parts import (
    AMBER,
    BLURPLE,
    DANGER,
    GREEN,
    OPTIONS,
    PRIMARY,
    RED,
    SECONDARY,
    button,
    row,
    rows,
    select,
    separator,
    text,
    texts,
)
from adapters.discord.render.words import escaped, pieces, shortened, small
from adapters.surface.choices import Option
from adapters.surface.panels import Go, Menu, Panel, Style, Tone

ACCENTS: dict[Tone, int] = {"neutral": BLURPLE, "good": GREEN, "warn": AMBER, "bad": RED}
STYLES: dict[Style, int] = {"plain": SECONDARY, "primary": PRIMARY, "danger": DANGER}
TITLE_CHARS = 200
FILES = 10
TAIL = Size(18, 500, 4_000)
"""Buttons and menus that take more stand once, after everything else, and not on every page."""
MENU_BYTES = 7_000
CARD = Size(1, 0, 12)
PAGER = Size(3, 0, 500)
OF_THE_CARD = re.compile(r"prompts/[^/]+/rollout/(raise|hold|resume|rollback|promote/yes)/.+")
BEFORE, AFTER = "Previous page", "Next page"

Name = Callable[[str], str]
"""What a button that leads to a path is called."""


def panel_pages(panel: Panel, path: str = "", *, guild: str = "", card: bool = False) -> tuple[Page, ...]:
    """The pages of a panel; without a `path`, the messages. `guild` goes along with every button.

    `card`: it stands in a direct message and stays there. What its buttons lead to stands beside it, except for what is
    done to the very thing that it shows.
    """

    def name(path: str) -> str:
        return panel_id(path, guild=guild, beside=card and not OF_THE_CARD.fullmatch(path))

    made = Made()
    made.components += _head(panel)
    for part in panel.parts:
        part_made(part, made, lambda go: _button(go, name))
    for file in panel.files:
        made.download(file)
    tail = list(_tail(panel, name))
    fixed = size(*tail)
    everywhere = bool(path) and fixed.parts <= TAIL.parts and fixed.chars <= TAIL.chars and fixed.bytes <= TAIL.bytes
    blocks = made.components if everywhere else [*made.components, *tail]
    foot = tail if everywhere else []
    sheets = _shared_out(blocks, foot, panel.title, paging=bool(path))
    return tuple(
        _page(panel, sheet + foot, made.files, (n, len(sheets)), path, guild) for n, sheet in enumerate(sheets, 1)
    )


def _head(panel: Panel) -> list[Json]:
    """What was just done, and where one is."""
    notice = texts(pieces(panel.notice))
    title = texts(_title(panel.title))
    return [*notice, separator(), *title] if notice else title


def _title(title: str) -> Iterator[str]:
    if len(title) <= TITLE_CHARS and title.strip():
        yield f"### {escaped(' '.join(title.split()))}"
    else:
        yield from pieces(title)


def _tail(panel: Panel, name: Name) -> Iterator[Json]:
    for menu in panel.menus:
        if menu.options:
            yield from _menu(menu, name)
    yield from rows([_button(go, name) for go in (*panel.buttons, *([panel.back] if panel.back else []))])


def _button(go: Go, name: Name) -> Json:
    return button(go.label or "…", name(go.path), STYLES[go.style])


def _menu(menu: Menu, name: Name) -> Iterator[Json]:
    """A menu; where it shows what is chosen, its name stands above it."""
    options = menu.options[:OPTIONS]
    made = _light(name(menu.path), options, menu)
    if any(option.value == menu.chosen for option in options):
        yield text(f"**{escaped(shortened(menu.label, TITLE_CHARS)) or '–'}**")
    yield row(made)


def _light(custom_id: str, options: Sequence[Option], menu: Menu) -> Json:
    """The menu so that it fits on a page, if need be without descriptions, or with shorter names."""
    for shorter in (
        options,
        [Option(each.value, each.label) for each in options],
        [Option(each.value, shortened(each.label, 40)) for each in options],
    ):
        made = select(custom_id, shorter, menu.chosen, placeholder=menu.label)
        if size(made).bytes <= MENU_BYTES:
            break
    return made


def _shared_out(blocks: Sequence[Json], foot: Sequence[Json], title: str, *, paging: bool) -> list[list[Json]]:
    """The blocks in order on as few pages as hold them, each with room for what stands on every page."""
    every = CARD + size(*foot) + (PAGER if paging else Size())
    later = every + size(text(small(_part(title, 99, 99))))
    alone = CARD + size(*foot)
    if _fits(alone, blocks):
        return [list(blocks)]
    sheets: list[list[Json]] = [[]]
    for block in blocks:
        if sheets[-1] and not _fits(every if len(sheets) == 1 else later, [*sheets[-1], block]):
            sheets.append([])
        sheets[-1].append(block)
    return sheets


def _fits(taken: Size, blocks: Sequence[Json]) -> bool:
    shown = sum(each.get("type") in (FILE, MEDIA_GALLERY) for block in blocks for each in walk(block))
    return shown <= FILES and (taken + size(*blocks)).fits()


def _page(
    panel: Panel, blocks: Sequence[Json], files: Sequence[Attachment], at: tuple[int, int], path: str, guild: str
) -> Page:
    number, count = at
    inside = [text(small(_part(panel.title, number, count))), *blocks] if number > 1 else list(blocks)
    if count > 1 and path:
        turns = [(label, n) for label, n in ((BEFORE, number - 1), (AFTER, number + 1)) if 1 <= n <= count]
        inside.append(
            row(*(button(f"{label} ({n} of {count})", panel_id(path, guild=guild, page=n)) for label, n in turns))
        )
    card: Json = {"type": 17, "accent_color": ACCENTS[panel.tone], "components": _apart(inside)}
    shown = attached_to(card)
    return Page((card,), tuple(file for file in files if file.name in shown))


def _part(title: str, number: int, count: int) -> str:
    return f"{escaped(shortened(title, 80))} · page {number} of {count}"


def _apart(components: Iterable[Json]) -> list[Json]:
    """No two parts of a message may have the same name."""
    seen: dict[str, int] = {}

    def renamed(component: Json) -> Json:
        made = dict(component)
        inside, beside = component.get("components"), component.get("accessory")
        if isinstance(inside, list):
            made["components"] = [renamed(each) for each in cast("list[Json]", inside)]
        if isinstance(beside, dict):
            made["accessory"] = renamed(cast("Json", beside))
        name = component.get("custom_id")
        if isinstance(name, str):
            times = seen[name] = seen.get(name, 0) + 1
            led = read_panel(name)
            if times > 1 and led is not None:
                made["custom_id"] = panel_id(led.path, guild=led.guild, nth=times, beside=led.beside)
        return made

    return [renamed(each) for each in components]
