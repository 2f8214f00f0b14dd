"""What the validator lets through, and what it refuses, block by block."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.slack.blocks import validate_message, validate_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str = "text") -> Json:
    return {"text": plain(text), "value": value}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": plain("Press"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def chart(**more: Any) -> Json:
    series = [{"name": "Scores", "data": [{"label": "One", "value": 3}, {"label": "Two", "value": 4.5}]}]
    axes = {"categories": ["One", "Two"], "x_label": "Answer"}
    drawn = {"type": "bar", "series": series, "axis_config": axes, **more}
    return {"type": "data_visualization", "title": "Scores", "chart": drawn}


def data_table(rows: int = 1, **more: Any) -> Json:
    row = [{"type": "raw_text", "text": "one"}, {"type": "raw_number", "value": 1, "text": "1"}]
    return {"type": "data_table", "caption": "Scores", "rows": [row] * (rows + 1), **more}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]}


FEEDBACK: Json = {
    "type": "feedback_buttons",
    "action_id": "f",
    "positive_button": {"text": plain("👍"), "value": "yes"},
    "negative_button": {"text": plain("👎"), "value": "no"},
}
CONFIRM: Json = {
    "title": plain("Sure?"),
    "text": mrkdwn("It is *gone* then."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}

GOOD: dict[str, Json] = {
    "section": {"type": "section", "text": mrkdwn("x" * 3000), "accessory": button()},
    "fields": {"type": "section", "fields": [mrkdwn("x" * 2000), *[mrkdwn("x")] * 9], "expand": True},
    "header": {"type": "header", "text": plain("x" * 150)},
    "divider": {"type": "divider"},
    "image": {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a chart", "title": plain("Chart")},
    "slack file": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a chart"},
    "context": {"type": "context", "elements": [mrkdwn("x")] * 10},
    "actions": actions(button(value="x" * 2000, confirm=CONFIRM, style="danger")),
    "overflow": actions({"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(5)]}),
    "feedback": {"type": "context_actions", "elements": [FEEDBACK]},
    "markdown": {"type": "markdown", "text": "x" * 12_000},
    "rich text": rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": "U1"}),
    "chart": chart(),
    "pie": chart(type="pie", segments=[{"label": "a", "value": 1}]) | {
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    },
    "data table": data_table(100, page_size=10),
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    "input": {"type": "input", "label": plain("L"), "element": {"type": "plain_text_input", "action_id": "i"}},
}  # fmt: skip

BAD: dict[str, Json] = {
    "too long a section": {"type": "section", "text": mrkdwn("x" * 3001)},
    "an empty text": {"type": "section", "text": mrkdwn("")},
    "a section of nothing": {"type": "section"},
    "eleven fields": {"type": "section", "fields": [mrkdwn("x")] * 11},
    "too long a field": {"type": "section", "fields": [mrkdwn("x" * 2001)]},
    "a header in mrkdwn": {"type": "header", "text": mrkdwn("x")},
    "too long a header": {"type": "header", "text": plain("x" * 151)},
    "emoji in mrkdwn": {"type": "section", "text": {**mrkdwn("x"), "emoji": True}},
    "an unknown field": {"type": "divider", "colour": "red"},
    "an unknown block": {"type": "marquee"},
    "an image without alt text": {"type": "image", "image_url": "https://x.test/a.png"},
    "eleven of context": {"type": "context", "elements": [mrkdwn("x")] * 11},
    "a button in context": {"type": "context", "elements": [button()]},
    "no actions": actions(),
    "26 actions": actions(*[button(action_id=str(number)) for number in range(26)]),
    "one action id twice": actions(button(), button()),
    "too long a button": actions(button(text=plain("x" * 76))),
    "too long a value": actions(button(value="x" * 2001)),
    "an empty value": actions(button(value="")),
    "too long an action id": actions(button(action_id="x" * 256)),
    "a style": actions(button(style="green")),
    "a long confirm": actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})),
    "six in the overflow": actions(
        {"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]}
    ),
    "one value twice": actions({"type": "overflow", "action_id": "o", "options": [option("a"), option("a")]}),
    "an option's value": actions({"type": "overflow", "action_id": "o", "options": [option("x" * 151)]}),
    "an option's text": actions({"type": "overflow", "action_id": "o", "options": [option("a", "x" * 76)]}),
    "another first choice": actions(
        {"type": "static_select", "action_id": "s", "options": [option("a")], "initial_option": option("b")}
    ),
    "101 options": actions(
        {"type": "static_select", "action_id": "s", "options": [option(str(number)) for number in range(101)]}
    ),
    "eleven checkboxes": actions(
        {"type": "checkboxes", "action_id": "c", "options": [option(str(number)) for number in range(11)]}
    ),
    "feedback in actions": actions(FEEDBACK),
    "feedback with no value": {
        "type": "context_actions",
        "elements": [{**FEEDBACK, "positive_button": {"text": plain("x")}}],
    },
    "too much Markdown": {"type": "markdown", "text": "x" * 12_001},
    "rich text of a kind": {"type": "rich_text", "elements": [{"type": "rich_text_table", "elements": []}]},
    "a chart's title": {**chart(), "title": "x" * 51},
    "a point too few": chart(axis_config={"categories": ["One", "Two", "Three"]}),
    "21 categories": chart(axis_config={"categories": [str(number) for number in range(21)]}),
    "a label of 21": chart(axis_config={"categories": ["x" * 21]}),
    "a series twice": chart(series=[chart()["chart"]["series"][0]] * 2),
    "a slice of nothing": {**chart(), "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}},
    "a table without caption": {key: value for key, value in data_table().items() if key != "caption"},
    "101 data rows": data_table(101),
    "a page of 101": data_table(page_size=101),
    "rows of two widths": {**data_table(), "rows": [[{"type": "raw_text", "text": "x"}] * n for n in (1, 2)]},
    "an empty cell": {**data_table(), "rows": [[{"type": "raw_text", "text": ""}]]},
    "an alert": {"type": "alert", "text": plain("x")},
    "an input in a button": {"type": "input", "label": plain("L"), "element": button()},
}


@pytest.mark.parametrize("block", GOOD.values(), ids=GOOD.keys())
def test_good_blocks_are_let_through(block: Json) -> None:
    assert validate_message([block]) == []


@pytest.mark.parametrize("block", BAD.values(), ids=BAD.keys())
def test_bad_blocks_are_refused_where_they_are_bad(block: Json) -> None:
    problems = validate_message([block])
    assert problems
    assert any("[json-pointer:/blocks/0" in problem for problem in problems)


def test_a_message_holds_fifty_blocks_and_two_charts() -> None:
    assert validate_message([{"type": "divider"}] * 50) == []
    assert validate_message([{"type": "divider"}] * 51)
    assert validate_message([chart()] * 2) == []
    assert validate_message([chart()] * 3)


def test_all_text_of_a_message_counts_with_a_hundred_a_block() -> None:
    section = {"type": "section", "text": mrkdwn("x" * 2540)}
    assert validate_message([section] * 5) == []
    assert "msg_blocks_too_long" in validate_message([section] * 5 + [{"type": "divider"}])[0]
    assert validate_message([section] * 6, most_chars=None) == []


def test_block_ids_are_unique_in_a_message() -> None:
    assert validate_message([{"type": "divider", "block_id": "a"}] * 2)


def test_all_markdown_of_a_message_counts_together() -> None:
    assert validate_message([{"type": "markdown", "text": "x" * 7000}] * 2)


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("x" * 24), "submit": plain("Go"), "blocks": [GOOD["input"]], **more}


def test_views_keep_to_their_limits() -> None:
    assert validate_view(modal(private_metadata="x" * 3000)) == []
    assert validate_view({"type": "home", "blocks": [{"type": "divider"}] * 100}) == []
    assert validate_view(modal(title=plain("x" * 25)))
    assert validate_view(modal(private_metadata="x" * 3001))
    assert validate_view(modal(submit=None))
    assert validate_view(modal(blocks=[{"type": "divider"}] * 101))
    assert validate_view({"type": "home", "blocks": [], "title": plain("x")})
    assert validate_view({"type": "home", "blocks": [chart()]})
