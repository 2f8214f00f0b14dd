"""The validator: what discord.py builds within the limits passes, and each limit refuses one more."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from tests.wire.discord.components import numbered, visible_text, walk
from tests.wire.discord.problems import form_errors
from tests.wire.discord.validate import COMPONENTS_V2, validate_message, validate_modal

Json = dict[str, Any]


def text(content: str = "text") -> Json:
    return {"type": 10, "content": content}


def button(custom_id: str = "b", **more: object) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": custom_id, **more}


def row(*inside: Json) -> Json:
    return {"type": 1, "components": list(inside)}


def card(*components: Json) -> Json:
    return {"flags": COMPONENTS_V2, "components": list(components)}


def label(component: Json, **more: object) -> Json:
    return {"type": 18, "label": "Label", "component": component, **more}


def modal(*components: Json, title: str = "Title", custom_id: str = "modal") -> Json:
    return {"title": title, "custom_id": custom_id, "components": list(components)}


def options(n: int) -> list[Json]:
    return [{"label": f"{i}", "value": f"{i}"} for i in range(n)]


def codes(payload: Json, **how: Any) -> list[str]:
    return [problem.code for problem in validate_message(payload, **how)]


async def test_a_card_and_a_modal_of_discord_py_pass() -> None:
    view = ui.LayoutView()
    picture = ui.MediaGallery(discord.MediaGalleryItem("attachment://scores.png", description="Scores"))
    menu = ui.Select(custom_id="pick", options=[discord.SelectOption(label="One"), discord.SelectOption(label="Two")])
    view.add_item(
        ui.Container(
            ui.TextDisplay("# Feedback"),
            ui.Separator(),
            ui.Section("**Depth** 3/5", accessory=ui.Button(label="Why?", custom_id="why:1", emoji="🔍")),
            picture,
            ui.ActionRow(ui.Button(label="Next", custom_id="next"), ui.Button(label="Docs", url="https://example.org")),
            ui.ActionRow(menu),
            accent_colour=discord.Colour.green(),
        )
    )
    payload: Json = {"flags": COMPONENTS_V2, "components": view.to_components()}
    assert validate_message(payload, files=["scores.png"]) == []
    assert codes(payload) == ["UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"]

    form = ui.Modal(title="Your answer", custom_id="iv:1:2")
    form.add_item(ui.Label(text="Answer", component=ui.TextInput(style=discord.TextStyle.paragraph, max_length=4000)))
    form.add_item(ui.Label(text="Files", component=ui.FileUpload(required=False, min_values=0, max_values=3)))
    sure = [discord.RadioGroupOption(label="Sure"), discord.RadioGroupOption(label="Unsure")]
    form.add_item(ui.Label(text="How sure?", component=ui.RadioGroup(options=sure, required=False)))
    assert validate_modal(form.to_dict()) == []


def test_forty_components_and_four_thousand_characters_are_the_most() -> None:
    assert codes(card(*[text() for _ in range(40)])) == []
    assert codes(card(*[text() for _ in range(41)])) == ["COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"]
    section = {"type": 9, "components": [text()], "accessory": button()}
    nested = {"type": 17, "components": [section, *[text() for _ in range(36)]]}
    assert len(list(walk([nested]))) == 40
    assert codes(card(nested)) == []
    assert codes(card(nested, text())) == ["COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"]
    assert codes(card(text("x" * 2500), text("y" * 1500))) == []
    assert codes(card(text("x" * 2500), text("y" * 1501))) == ["COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"]


@pytest.mark.parametrize(
    ("payload", "path", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", **card(text())}, "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
        (card(), "components", "BASE_TYPE_BAD_LENGTH"),
        (card(text(" ")), "components.0.content", "BASE_TYPE_REQUIRED"),
        (card(row()), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (card(row(*[button(str(n)) for n in range(6)])), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (card(button()), "components.0.type", "UNION_TYPE_CHOICES"),
        (card(row(text())), "components.0.components.0.type", "UNION_TYPE_CHOICES"),
        (card({"type": 9, "components": [text()]}), "components.0.accessory", "BASE_TYPE_REQUIRED"),
        (
            card({"type": 9, "components": [text()] * 4, "accessory": button()}),
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (card(row(button("x" * 101))), "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"),
        (card(row(button(label="x" * 81))), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
        (card(row(button("a"), button("a"))), "components.0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (card(text() | {"id": 3}, text() | {"id": 3}), "components.1.id", "COMPONENT_ID_DUPLICATED"),
        (
            card(row({"type": 3, "custom_id": "s", "options": options(26)})),
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (card({"type": 12, "items": []}), "components.0.items", "BASE_TYPE_BAD_LENGTH"),
        (card({"type": 17, "components": [{"type": 17}]}), "components.0.components.0.type", "UNION_TYPE_CHOICES"),
        ({"components": [text()]}, "components.0.type", "UNION_TYPE_CHOICES"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ],
)
def test_a_message_is_refused_where_it_is_wrong(payload: Json, path: str, code: str) -> None:
    assert (path, code) in [(".".join(each.path), each.code) for each in validate_message(payload)]


@pytest.mark.parametrize(
    ("payload", "path", "code"),
    [
        (modal(text(), title="x" * 46), "title", "BASE_TYPE_BAD_LENGTH"),
        (modal(text(), custom_id=""), "custom_id", "BASE_TYPE_REQUIRED"),
        (modal(*[text() for _ in range(6)]), "components", "BASE_TYPE_BAD_LENGTH"),
        (modal(row(button())), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (
            modal(label({"type": 4, "custom_id": "a", "style": 2, "max_length": 4001})),
            "components.0.component.max_length",
            "NUMBER_TYPE_MAX",
        ),
        (
            modal(label({"type": 4, "custom_id": "a", "style": 1}, label="x" * 46)),
            "components.0.label",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modal(label({"type": 19, "custom_id": "a", "min_values": 0})),
            "components.0.component.min_values",
            "SELECT_COMPONENT_MIN_VALUES_LESS_THAN_REQUIRED_VALUES",
        ),
        (
            modal(label({"type": 19, "custom_id": "a", "max_values": 11})),
            "components.0.component.max_values",
            "NUMBER_TYPE_MAX",
        ),
        (
            modal(label({"type": 21, "custom_id": "a", "options": options(1)})),
            "components.0.component.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modal(label({"type": 22, "custom_id": "a", "options": options(11)})),
            "components.0.component.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (modal(label(button())), "components.0.component.type", "UNION_TYPE_CHOICES"),
    ],
)
def test_a_modal_is_refused_where_it_is_wrong(payload: Json, path: str, code: str) -> None:
    assert (path, code) in [(".".join(each.path), each.code) for each in validate_modal(payload)]


def test_errors_are_nested_as_discord_nests_them() -> None:
    errors = form_errors(validate_message(card(text(), row(button("x" * 101)))))
    refused = {"code": "BASE_TYPE_BAD_LENGTH", "message": "Must be between 1 and 100 in length."}
    assert errors == {"components": {"1": {"components": {"0": {"custom_id": {"_errors": [refused]}}}}}}


def test_components_are_numbered_around_the_ids_they_have() -> None:
    given = [{"type": 17, "components": [text("one"), text("two") | {"id": 2}, row(button())]}, text("three")]
    assert [each["id"] for each in walk(numbered(given))] == [1, 3, 2, 4, 5, 6]
    assert visible_text(given) == "one\ntwo\nthree"
