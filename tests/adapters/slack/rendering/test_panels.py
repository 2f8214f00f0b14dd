"""Admins' panels and forms: whatever stands in them, Slack takes them, says all of it and acts upon none of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.names import field_id, go_id, read_field, read_go
from adapters.slack.parse import parse
from adapters.slack.render.page import Look, chars
from adapters.slack.render.panel_forms import field_errors, filled_fields, form_view, group_option
from adapters.slack.render.panel_parts import sparks
from adapters.slack.render.panels import IN_FILE, panel_card, panel_view
from adapters.slack.seen import Submitted
from adapters.surface.choices import Option
from adapters.surface.panels import Code, Download, Facts, Field, Form, Go, Menu, Panel, Row, Series, Table, Words
from tests.adapters.slack.rendering.reading import blocks_of
from tests.kit.admin_panels import CHOICE, EVERY_KIND
from tests.kit.cards import letters
from tests.kit.panels import forms, panels
from tests.wire.slack.blocks import validate_message, validate_view
from tests.wire.slack.forms import fill
from tests.wire.slack.words import interactive, live_markup, visible_text

some = settings(max_examples=60, deadline=None)
MARKUP = "*bold* _it_ `code` <@U1ANN> <!channel> <https://x.example|y> :tada: & > ok"
ROOM_CHARS = 13_200
"""What one message holds, counted as Slack does."""
LOOKS = st.builds(Look, charts=st.booleans(), tables=st.booleans())


def said(blocks: Sequence[dict[str, Any]], files: Sequence[Download] = ()) -> str:
    return visible_text("", list(blocks)) + "".join(file.content.decode("utf-8", "replace") for file in files)


def pressed(blocks: Sequence[Any]) -> list[str]:
    """Where the buttons lead, in order."""
    return [each["value"] for _, each in interactive(list(blocks)) if each["type"] == "button" and "value" in each]


@given(panels())
@some
def test_any_panel_is_a_modal_that_slack_takes(panel: Panel) -> None:
    view = panel_view(panel)
    assert validate_view(view.json) == []
    gos = [*panel.buttons, *((panel.back,) if panel.back else ())]
    assert pressed(blocks_of(view.json))[-len(gos) :] == [go.path for go in gos] or not gos


@given(panels(), LOOKS)
@some
def test_any_panel_is_a_message_that_slack_takes(panel: Panel, look: Look) -> None:
    card = panel_card(panel, look)
    assert validate_message(list(card.page.blocks)) == []
    assert sum(map(chars, card.page.blocks)) <= ROOM_CHARS
    assert 0 < len(card.page.text) <= 3_000


@given(panels())
@some
def test_nothing_of_a_panel_is_cut_without_saying_so(panel: Panel) -> None:
    view = panel_view(panel)
    shown = said(blocks_of(view.json), view.files)
    for part in panel.parts:
        match part:
            case Words(text=text) | Code(text=text):
                assert letters(text) in letters(shown)
            case Facts(pairs=pairs):
                assert all(letters(value) in letters(shown) for _, value in pairs)
            case Row(title=title, about=about, who=None):
                assert letters(title) in letters(shown)
                assert letters(about) in letters(shown)
            case _:
                pass


@given(forms(), st.booleans())
@some
def test_any_form_is_a_modal_that_slack_takes(form: Form, grouped: bool) -> None:
    groups = [group_option("S012GROUP", "Crew", "crew")] if grouped else []
    amiss = {form.fields[0].id: "That will not do.", "": "Nor will the whole."}
    for problems in (None, amiss):
        assert validate_view(form_view(form, groups, problems)) == []
    assert field_errors(form, amiss) is None


@given(forms())
@some
def test_a_form_comes_back_as_it_was_filled_in(form: Form) -> None:
    """Handed in untouched, every field says what it held."""
    view = form_view(form)
    handed_in = view | {"id": "V1", "state": {"values": fill(blocks_of(view), {})}}
    submitted = parse({"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": handed_in})
    assert isinstance(submitted, Submitted)
    back = filled_fields(submitted.entered)
    for field in form.fields:
        if field.kind == "file" or (field.kind == "choice" and "gone" in field.values):
            continue
        expected = () if field.values == ("",) else field.values
        if field.kind == "choices":
            assert set(back[field.id]) == set(field.values)
        elif field.kind == "choice":
            assert back[field.id] in (field.values, ("",))
        elif field.kind in ("people", "channels") and field.most == 1:
            assert back[field.id] == expected[:1]
        else:
            assert back[field.id] == expected


def test_what_looks_like_markup_acts_nowhere() -> None:
    panel = Panel(
        MARKUP, (
            Words(MARKUP), Words(MARKUP, small=True), Facts(((MARKUP, MARKUP),)), Row(MARKUP, MARKUP, Go("G", "a")),
                 Table((MARKUP,), ((MARKUP,),), MARKUP), Code(MARKUP)),
        (Go(MARKUP, "b"),), (Menu(MARKUP, "c", (Option("x", MARKUP, MARKUP),)),), notice=MARKUP,
    )  # fmt: skip
    for blocks in (blocks_of(panel_view(panel).json), blocks_of(panel_card(panel).page)):
        assert live_markup("", blocks) == []
        assert "mrkdwn" not in str(blocks)
    assert "<@U1ANN>" not in panel_card(panel).page.text


def test_a_person_in_a_row_is_shown_by_name() -> None:
    ann = Row("Person U1ANN", "coach since today", who=("user", "U1ANN"))
    [row] = blocks_of(panel_view(Panel("People", (ann,))).json)
    assert live_markup("", [row]) == ["<@U1ANN>"]
    [stranger] = blocks_of(panel_view(Panel("People", (Row("Person ann", who=("user", "<!here>")),))).json)
    assert live_markup("", [stranger]) == []


def test_a_text_that_no_modal_holds_goes_whole_into_a_file() -> None:
    text = "\n".join(f"line {n} of a very long prompt" for n in range(5_000))
    view = panel_view(Panel("Version 3", (Code(text),), (Go("Back", "prompts"),)))
    [file] = view.files
    assert text in file.content.decode()
    assert file.name == "version-3.txt"
    assert IN_FILE in said(blocks_of(view.json))
    assert len(panel_view(Panel("Short", (Code(text[:50_000]),))).files) == 0


def test_a_menu_says_what_is_chosen_and_where_it_leads() -> None:
    [block] = blocks_of(panel_view(Panel("x", (), (), (CHOICE,))).json)
    element = block["accessory"]
    assert element["initial_option"]["value"] == "b"
    assert read_go(element["action_id"], "a") == "sample/pick/a"
    assert read_go(go_id("types/x", 2), "types/x") == "types/x"
    assert read_go("rehearse.home.start", "types/x") == ""


def test_every_kind_of_field_is_the_input_that_suits_it() -> None:
    view = form_view(EVERY_KIND, [group_option("S1CREW", "Crew", "crew")])
    kinds = [block["element"]["type"] for block in blocks_of(view) if block["type"] == "input"]
    assert kinds == [
        "plain_text_input", "plain_text_input", "number_input", "static_select", "checkboxes", "multi_users_select",
        "multi_static_select", "multi_conversations_select", "file_input",
    ]  # fmt: skip
    assert read_field(field_id("a/b", "line", "title")) == ("line", "title")


def test_groups_that_slack_does_not_name_are_typed_by_their_ids() -> None:
    form = Form("a", "Groups", (Field("groups", "Groups", "groups", ("S1", "S2")),))
    [block] = blocks_of(form_view(form))
    assert block["element"]["initial_value"] == "S1 S2"
    assert filled_fields({block["block_id"]: ("S1, S3 <!subteam^S4|@crew>",)}) == {"groups": ("S1", "S3", "S4")}


def test_problems_stand_at_their_fields_where_they_have_one() -> None:
    errors = field_errors(EVERY_KIND, {"line": "Too short."})
    assert errors == {"response_action": "errors", "errors": {"sample/form|line|line": "Too short."}}
    assert field_errors(EVERY_KIND, {"": "Nothing fits."}) is None
    above = form_view(EVERY_KIND, (), {"": "Nothing fits.", "line": "Too short."})
    assert "A line: Too short." in said(blocks_of(above))


@pytest.mark.parametrize("look", [None, Look(), Look(charts=False, tables=False)])
def test_figures_are_there_in_every_look(look: Look | None) -> None:
    panel = Panel("Team", (
        Series("Scores", ("Mon", "Tue", "Wed"), (0.25, None, 0.75), ("n=3", "", "n=5")),
        Series("None", ("Mon",), (None,)), Table(("Version", "Sessions"), (("a1b2", "120"),), "Arms"),
        Table(("A",), (), "Empty"), Table(("Name", "About"), (("x" * 60, "y" * 60),)),
    ))  # fmt: skip
    blocks = blocks_of(panel_view(panel).json) if look is None else blocks_of(panel_card(panel, look).page)
    shown = str(blocks)
    assert "0.25" in shown
    assert "a1b2" in shown
    assert "Nothing yet." in shown
    assert sparks([0.0, None, 1.0]) == "▁ · █"
