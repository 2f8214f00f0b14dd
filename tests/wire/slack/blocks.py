"""A validator of Block Kit: what Slack refuses with `invalid_blocks` or `invalid_arguments` is a problem here.

`validate_message` and `validate_view` need no server, so that what renders blocks can be tested against them directly.
Elements, figures and rich text have files of their own.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from tests.wire.slack import data_blocks
from tests.wire.slack.elements import (
    IN_ACTIONS,
    IN_CONTEXT,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    image,
)
from tests.wire.slack.problems import ID_CHARS, Json, Problems

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARS = 12_000
MESSAGE_CHARS = 13_200
"""All text of a message's blocks, escaped, with `BLOCK_CHARS` for each block. Undocumented, but measured by
several. Beyond it `chat.*` answer `msg_blocks_too_long`; views and response URLs know no such limit."""
BLOCK_CHARS = 100


def validate_message(blocks: Any, *, most: int = MESSAGE_BLOCKS, most_chars: int | None = MESSAGE_CHARS) -> list[str]:
    """What Slack would refuse in the blocks of one message; empty when it would take them."""
    problems = Problems()
    if not isinstance(blocks, list | tuple):
        return ["[ERROR] must be an array [json-pointer:/blocks]"]
    if len(blocks) > most:
        problems.add("/blocks", f"no more than {most} items allowed")
    _walk(blocks, "/blocks", problems)
    if most_chars is not None and counted_chars(blocks) > most_chars:
        problems.add("/blocks", f"msg_blocks_too_long: more than {most_chars} characters in all blocks")
    markdown = sum(len(str(block.get("text"))) for block in blocks if _is(block, "markdown"))
    if markdown > MARKDOWN_CHARS:
        problems.add("/blocks", f"no more than {MARKDOWN_CHARS} characters allowed in all markdown blocks")
    return problems.found


def counted_chars(blocks: Sequence[Any]) -> int:
    """What Slack counts against the size of a message."""
    return sum(BLOCK_CHARS + _chars(block) for block in blocks)


def _chars(said: Any) -> int:
    if isinstance(said, list):
        return sum(map(_chars, said))
    if not isinstance(said, dict):
        return 0
    text = said.get("text")
    escaped = text if said.get("type") == "mrkdwn" else html.escape(text, quote=False) if isinstance(text, str) else ""
    return len(escaped or "") + sum(_chars(value) for value in said.values())


def validate_view(view: Any) -> list[str]:
    """What Slack would refuse in a modal or Home view; empty when it would take it."""
    if not isinstance(view, dict):
        return ["[ERROR] must be an object [json-pointer:/view]"]
    kind = view.get("type")
    problems = Problems(where=str(kind))
    at = "/view"
    problems.one_of(view, "type", at, ("modal", "home"), required=True)
    common = "blocks private_metadata callback_id external_id"
    if kind == "home":
        problems.keys(view, at, common)
    else:
        problems.keys(view, at, f"{common} title submit close clear_on_close notify_on_close submit_disabled")
        problems.text(view, "title", at, 24, plain=True)
        problems.text(view, "submit", at, 24, plain=True, required=False)
        problems.text(view, "close", at, 24, plain=True, required=False)
    problems.string(view, "private_metadata", at, 3000, required=False, shortest=0)
    problems.string(view, "callback_id", at, ID_CHARS, required=False, shortest=0)
    problems.string(view, "external_id", at, ID_CHARS, required=False, shortest=0)
    blocks = problems.items(view, "blocks", at, VIEW_BLOCKS, least=0 if kind == "home" else 1)
    _walk(blocks, f"{at}/blocks", problems)
    if kind == "modal" and any(_is(block, "input") for block in blocks) and not view.get("submit"):
        problems.add(at, "submit is required when an input block is in the blocks array")
    return problems.found


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _walk(blocks: Sequence[Any], at: str, problems: Problems) -> None:
    for number, block in enumerate(blocks):
        check_block(block, f"{at}/{number}", problems)


def check_block(said: Any, at: str, problems: Problems) -> None:
    """Note what is wrong with one block."""
    if not isinstance(said, dict):
        problems.add(at, "must be an object")
        return
    kind = said.get("type")
    if kind not in BLOCKS:
        problems.add(f"{at}/type", f"unsupported block type: {kind}")
        return
    if kind in _ONLY_IN and problems.where not in _ONLY_IN[kind]:
        problems.add(f"{at}/type", f"block type {kind} is not supported in a {problems.where}")
    block_id = problems.string(said, "block_id", at, ID_CHARS, required=False, shortest=0)
    if block_id:
        if block_id in problems.block_ids:
            problems.add(f"{at}/block_id", f"block_id already exists: {block_id}")
        problems.block_ids.add(block_id)
    BLOCKS[kind](said, at, problems)
    action_ids = [one["action_id"] for one in _elements(said) if one.get("action_id")]
    for twice in sorted({one for one in action_ids if action_ids.count(one) > 1}):
        problems.add(at, f'`action_id` "{twice}" already exists in this block')


def _elements(block: Json) -> list[Json]:
    held = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    return [one for one in held if isinstance(one, dict)]


def _section(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id text fields accessory expand")
    if said.get("text") is None and said.get("fields") is None:
        problems.add(at, "missing required field: text or fields")
    problems.text(said, "text", at, 3000, required=False)
    for number, field in enumerate(problems.items(said, "fields", at, 10, required=False)):
        problems.text_object(field, f"{at}/fields/{number}", 2000)
    if said.get("accessory") is not None:
        check_element(said["accessory"], f"{at}/accessory", problems, IN_SECTION)


def _header(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id text level")
    problems.text(said, "text", at, 150, plain=True)


def _divider(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id")


def _image(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id image_url slack_file alt_text title")
    image(said, at, problems)
    problems.text(said, "title", at, 2000, plain=True, required=False)


def _holds(most: int, allowed: frozenset[str], keys: str = "") -> Callable[[Json, str, Problems], None]:
    def check(said: Json, at: str, problems: Problems) -> None:
        problems.keys(said, at, f"block_id elements {keys}")
        for number, element in enumerate(problems.items(said, "elements", at, most)):
            check_element(element, f"{at}/elements/{number}", problems, allowed)

    return check


def _input(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id label element hint optional dispatch_action")
    problems.text(said, "label", at, 2000, plain=True)
    problems.text(said, "hint", at, 2000, plain=True, required=False)
    element = problems.object(said, "element", at)
    if element is not None:
        check_element(element, f"{at}/element", problems, IN_INPUT)


def _markdown(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id text")
    problems.string(said, "text", at, MARKDOWN_CHARS)


def _card(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id title subtitle body hero_image icon actions slack_icon subtext")
    problems.text(said, "title", at, 150, required=False)
    problems.text(said, "subtitle", at, 150, required=False)
    problems.text(said, "body", at, 200, required=False)
    for number, one in enumerate(problems.items(said, "actions", at, 25, required=False)):
        check_element(one, f"{at}/actions/{number}", problems, frozenset({"button"}))
    if not said.keys() & {"title", "body", "hero_image", "actions"}:
        problems.add(at, "missing required field: title, body, hero_image or actions")


def _carousel(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id elements")
    for number, card in enumerate(problems.items(said, "elements", at, 10)):
        if not _is(card, "card"):
            problems.add(f"{at}/elements/{number}/type", "must be a card")
        else:
            check_block(card, f"{at}/elements/{number}", problems)


def _container(said: Json, at: str, problems: Problems) -> None:
    problems.keys(
        said, at, "block_id title rich_text_title subtitle child_blocks is_collapsible default_collapsed width "
        "has_header_divider icon",
    )  # fmt: skip
    problems.text(said, "title", at, 150, required=said.get("rich_text_title") is None)
    problems.text(said, "subtitle", at, 150, required=False)
    children = problems.items(said, "child_blocks", at, 10)
    _walk(children, f"{at}/child_blocks", problems)
    if any(_is(child, "container") for child in children):
        problems.add(f"{at}/child_blocks", "a container may not hold a container")


def _alert(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id text level")
    problems.text(said, "text", at, 3000)
    problems.one_of(said, "level", at, ("default", "info", "warning", "error", "success"))


def _task_card(said: Json, at: str, problems: Problems) -> None:
    problems.string(said, "task_id", at, ID_CHARS)
    problems.string(said, "title", at, 3000)
    problems.one_of(said, "status", at, ("pending", "in_progress", "complete", "error"))


def _loose(said: Json, at: str, problems: Problems) -> None:
    """A block that nobody here sends; its type is known and that is all."""


BLOCKS: dict[str, Callable[[Json, str, Problems], None]] = {
    "section": _section, "header": _header, "divider": _divider, "image": _image, "input": _input,
    "actions": _holds(25, IN_ACTIONS), "context": _holds(10, IN_CONTEXT),
    "context_actions": _holds(5, IN_CONTEXT_ACTIONS), "markdown": _markdown, "rich_text": data_blocks.rich_text,
    "data_visualization": data_blocks.data_visualization, "data_table": data_blocks.data_table,
    "table": data_blocks.table, "card": _card, "carousel": _carousel, "container": _container, "alert": _alert,
    "task_card": _task_card, "plan": _loose, "video": _loose, "file": _loose, "call": _loose,
}  # fmt: skip
_ONLY_IN = {
    "alert": ("modal",),
    **dict.fromkeys(
        ("context_actions", "data_visualization", "data_table", "table", "markdown", "task_card", "plan", "carousel"),
        ("message",),
    ),
}
