"""Whatever a panel or a form says, Discord takes it, nothing of it is lost, every button is there, and no word acts."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.names import read_panel
from adapters.discord.render.page import Json, Page
from adapters.discord.render.panel_forms import amiss_panel, form_modal
from adapters.discord.render.panels import panel_pages
from adapters.discord.render.words import escaped, shortened
from adapters.surface.panels import (
    Amiss,
    Code,
    Download,
    Facts,
    Field,
    Form,
    Go,
    Menu,
    Panel,
    Row,
    Series,
    Table,
    Words,
)
from tests.adapters.discord.rendering.any_panels import LISTS, PANELS, forms, paths_in, said_in
from tests.adapters.discord.rendering.reading import components, contents, pressable, taken
from tests.kit.cards import letters
from tests.kit.cardview import kinds, tree
from tests.kit.cardview.markdown import ACTING
from tests.wire.discord.validate import validate_modal

GUILD = "1171155998112591923"
TURN = re.compile(r"rh:ap\d")
some = settings(max_examples=40, deadline=None)


def leads(pages: tuple[Page, ...]) -> Counter[str]:
    """Where the buttons lead, but for those that turn pages."""
    found = [led for each in pressable(pages) if (led := read_panel(each)) is not None and not TURN.match(each)]
    return Counter(led.path for led in found)


def parts(modal: Json) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", modal["components"])


def words_of(panel: Panel, pages: tuple[Page, ...]) -> str:
    """All that is read on the pages, without what stands on each of them."""
    everywhere = {f"**{escaped(shortened(menu.label, 200))}**" for menu in panel.menus}
    said = [text for n, page in enumerate(pages) for text in contents([page])[bool(n) :] if text not in everywhere]
    return letters("".join([*said, *(file.text for page in pages for file in page.files)]))


@given(PANELS | LISTS, st.sampled_from(("", "types")), st.sampled_from(("", GUILD)))
@some
def test_every_page_of_any_panel_is_one_that_discord_takes(panel: Panel, path: str, guild: str) -> None:
    pages = panel_pages(panel, path, guild=guild)
    assert [problem for page in pages for problem in taken(page)] == []
    assert all(read_panel(each) is not None for each in pressable(pages))


@given(PANELS | LISTS, st.sampled_from(("", "types")))
@some
def test_no_word_of_a_panel_is_lost_and_no_button_dropped(panel: Panel, path: str) -> None:
    pages = panel_pages(panel, path)
    found = words_of(panel, pages)
    for said in said_in(panel):
        assert letters(said) in found
    assert Counter(paths_in(panel)) <= leads(pages)
    files = {file.content for page in pages for file in page.files}
    assert {file.content or b"\n" for file in panel.files} <= files


@given(PANELS)
@some
def test_nothing_that_an_admin_wrote_can_act(panel: Panel) -> None:
    for content in contents(panel_pages(panel, "types")):
        acting = {kind for kind in kinds(tree(content)) if kind in ACTING}
        assert acting <= {"mention"}
        assert not acting or any(type(part).__name__ == "Mention" for part in panel.parts)
        assert "@everyone" not in content
        assert "@here" not in content


@given(PANELS | LISTS)
@some
def test_every_page_leads_to_the_ones_beside_it(panel: Panel) -> None:
    pages = panel_pages(panel, "types", guild=GUILD)
    for n, page in enumerate(pages, 1):
        turns = [led.page for each in pressable([page]) if (led := read_panel(each)) and TURN.match(each)]
        assert turns == [each for each in (n - 1, n + 1) if 1 <= each <= len(pages)] * (len(pages) > 1)


@given(forms(), st.sampled_from(("", GUILD)))
@some
def test_any_form_is_one_that_discord_takes(form: Form, guild: str) -> None:
    modal = form_modal(form, guild=guild)
    assert list(map(str, validate_modal(modal))) == []
    led = read_panel(str(modal["custom_id"]))
    assert led is not None
    assert (led.path, led.guild) == (form.path, guild)
    inside = [each["component"] for each in parts(modal) if each["type"] == 18]
    assert [each["custom_id"] for each in inside] == [each.id for each in form.fields]


def test_a_list_of_sixty_has_pages_each_with_the_buttons_below() -> None:
    rows = tuple(Row(f"Type {n}", "system design · 4 questions", Go("Open", f"types/t{n}")) for n in range(60))
    panel = Panel("Interview types", rows, (Go("New type…", "types/new", "primary"),), back=Go("Back", "menu"))
    pages = panel_pages(panel, "types")
    assert len(pages) == 6
    assert all({"rh:a:types/new", "rh:a:menu"} <= set(pressable([page])) for page in pages)
    assert "rh:ap2:types" in pressable([pages[0]])
    assert contents([pages[1]])[0] == "-# Interview types · page 2 of 6"


def test_what_came_of_an_act_is_never_done_again_to_see_the_rest_of_it() -> None:
    rows = tuple(Row(f"Type {n}", button=Go("Open", f"types/t{n}")) for n in range(20))
    pages = panel_pages(Panel("Types", rows, back=Go("Back", "menu"), notice="Restored."))
    assert len(pages) == 2
    assert not any(led.page > 1 for each in pressable(pages) if (led := read_panel(each)))
    assert [("rh:a:menu" in pressable([page])) for page in pages] == [False, True]


def test_two_buttons_that_lead_to_the_same_are_told_apart() -> None:
    row = Row("Backend", button=Go("Open", "types/backend"))
    (page,) = panel_pages(Panel("Types", (row, row), (Go("Open the first", "types/backend"),)), "types")
    assert pressable([page]) == ["rh:a:types/backend", "rh:a2:types/backend", "rh:a3:types/backend"]
    assert {read_panel(each) for each in pressable([page])} == {read_panel("rh:a:types/backend")}


def test_a_long_text_goes_along_as_a_file_which_has_every_letter() -> None:
    yaml = "title: Backend\n" + "# a line of some length\n" * 400
    (page,) = panel_pages(Panel("Export", (Code(yaml, "yaml"),)), "types/backend/yaml")
    [file] = page.files
    assert (file.name, file.content.decode()) == ("text.yaml", yaml)


def test_a_narrow_table_stands_in_columns_and_a_wide_one_in_lines() -> None:
    narrow = Table(("Type", "n", "Mean"), (("Backend", "12", "0.62"), ("Behavioral", "3", "0.5")))
    assert contents(panel_pages(Panel("Team", (narrow,))))[1] == (
        "```\nType         n  Mean\nBackend     12  0.62\nBehavioral   3   0.5\n```"
    )
    wide = Table(
        ("Version", "Sessions", "Mean latency", "Tokens", "Cost"), (("v3", "120", "410 ms", "3,100", "$0.02"),)
    )
    assert contents(panel_pages(Panel("Figures", (wide,))))[1] == (
        "**v3** · Sessions `120` · Mean latency `410 ms` · Tokens `3,100` · Cost `$0.02`"
    )


def test_the_same_name_for_two_files_is_told_apart() -> None:
    panel = Panel(
        "Export", files=(Download("types.yaml", b"a"), Download("types.yaml", b"b"), Download("../x y", b"c"))
    )
    (page,) = panel_pages(panel)
    assert [file.name for file in page.files] == ["types.yaml", "types-2.yaml", "x-y"]


def test_facts_series_and_small_print_read_well() -> None:
    panel = Panel(
        "Backend",
        (
            Facts((("Level", "mid"), ("Owner", ""))),
            Series("Scores", ("May",), (0.5,), ("n = 4",)),
            Words("a\nb", small=True),
        ),
    )
    said = contents(panel_pages(panel, "types/backend"))
    assert said[1:] == [
        "**Level:** mid\n**Owner:**", "**Scores**\n■■■■■□□□□□ **0.50** May · n = 4", "-# a b",
    ]  # fmt: skip


def test_a_menu_says_its_name_where_its_choice_hides_it() -> None:
    menu = Menu("Default type", "types/default", (), "")
    assert pressable(panel_pages(Panel("Types", menus=(menu,)))) == []


def test_a_form_that_was_refused_says_what_is_wrong_by_field_and_leads_back_into_it() -> None:
    form = Form("types/backend/weights", "Weights", (Field("weights", "Weights in percent", "text"),))
    panel = amiss_panel(Amiss(form, {"weights": "They come to 90, not 100.", "": "Nothing was changed."}))
    pages = panel_pages(panel)
    assert "**Weights in percent**" in contents(pages)
    assert "They come to 90, not 100." in contents(pages)
    assert pressable(pages) == ["rh:a:types/backend/weights", "rh:a:menu"]


@pytest.mark.parametrize("fields", [4, 5])
def test_a_hint_too_long_for_a_field_stands_above_where_there_is_room(fields: int) -> None:
    long = "One criterion a line: its name, a colon, its weight in percent, and after a dash what it looks at. " * 2
    form = Form(
        "x", "New", tuple(Field(f"f{n}", f"Field {n}", "line", hint=long) for n in range(fields)), intro="Hello"
    )
    modal = form_modal(form)
    texts = [each["content"] for each in parts(modal) if each["type"] == 10]
    assert (long.strip() in str(texts)) == (fields < 5)


def test_components_of_a_panel_carry_its_tone() -> None:
    colours = {components(panel_pages(Panel("T", tone=tone)))[0]["accent_color"] for tone in ("good", "warn", "bad")}
    assert len(colours) == 3
