"""An admin's form as a modal: each field as the input that suits it, and what came of it read back.

A block's id says which form, what kind of field and which one, so that what is handed in can be understood without the
form. People, channels and user groups are chosen from Slack's own lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adapters.slack.names import PANEL_FORM, field_id, read_field
from adapters.slack.render.blocks import line, pieces, plain_text, text
from adapters.slack.render.inputs import (
    EMPTY,
    FIELD,
    INPUT_CHARS,
    OPTION_CHARS,
    choice,
    chosen,
    field,
    modal,
    option,
    pick,
)
from adapters.slack.render.page import Json
from adapters.slack.render.panel_parts import literal
from adapters.slack.render.panels import modal_title
from adapters.slack.render.prose import packed
from adapters.surface.choices import Option
from adapters.surface.panels import Field, Form
from adapters.surface.words import units

LABEL_CHARS = 2_000
BOXES, SELECT_OPTIONS = 10, 100
FILETYPES = ("yaml", "yml", "csv", "txt", "md", "json")
BY_ID = "Slack’s ids of user groups (they begin with S), one after the other."
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SEPARATED = re.compile(r"[\s,;]+")
_GROUP = re.compile(r"<!subteam\^(\w+)[^>]*>")


def form_view(form: Form, groups: Sequence[Option] = (), problems: Mapping[str, str] | None = None) -> Json:
    """The form. `groups` are the user groups there are; `problems` stand above where no field could show them."""
    labels = {each.id: each.label for each in form.fields}
    amiss = [f"{labels[id]}: {why}" if id in labels else why for id, why in (problems or {}).items()]
    title, above = modal_title(form.title)
    blocks = [
        *above,
        *packed(line(text(piece, bold=True)) for why in amiss for piece in pieces(f"⚠ {why}")),
        *literal(form.intro),
        *(_field(form.path, each, groups) for each in form.fields),
    ]
    return modal(PANEL_FORM, title, form.submit, blocks, form.path)


def field_errors(form: Form, problems: Mapping[str, str]) -> Json | None:
    """What tells Slack to show each problem at its field; `None` where one belongs to none of them."""
    blocks = {each.id: field_id(form.path, each.kind, each.id) for each in form.fields}
    if not problems or not problems.keys() <= blocks.keys():
        return None
    errors = {blocks[id]: why for id, why in problems.items()}
    return {"response_action": "errors", "errors": errors}


def filled_fields(entered: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What stands in each field, by its id."""
    return {id: tuple(_read(kind, values)) for (kind, id), values in _by_field(entered)}


def _by_field(entered: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    return ((read_field(block), values) for block, values in entered.items())


def _read(kind: str, values: tuple[str, ...]) -> Iterator[str]:
    for value in values:
        if kind == "ids":
            yield from filter(None, _SEPARATED.split(_GROUP.sub(r" \1 ", value)))
        else:
            yield chosen(value)


def _field(path: str, each: Field, groups: Sequence[Option]) -> Json:
    kind = "ids" if each.kind == "groups" and not groups else each.kind
    hint = f"{each.hint} {BY_ID}".strip() if kind == "ids" else each.hint
    element = _element(each, kind, groups)
    return field(field_id(path, kind, each.id), _label(each.label), element, hint=hint[:LABEL_CHARS],
                 optional=each.optional)  # fmt: skip


def _label(words: str) -> str:
    return words if units(words) <= LABEL_CHARS else words[: LABEL_CHARS // 2]


def _element(each: Field, kind: str, groups: Sequence[Option]) -> Json:
    match kind:
        case "number" if not each.values or _NUMBER.fullmatch(each.values[0].strip()):
            return _number(each)
        case "choice" if each.options:
            return pick([choice(one) for one in each.options], next(iter(each.values), "") or EMPTY)
        case "choices" if each.options:
            return _several(each, each.options)
        case "groups":
            unknown = [Option(id, id) for id in each.values if id not in {one.value for one in groups}]
            return _several(each, [*groups, *unknown], boxes=False)
        case "people":
            return _picker("users", each, {})
        case "channels":
            among: Json = {"filter": {"include": ["public", "private"], "exclude_bot_users": True}}
            return _picker("conversations", each, among)
        case "file":
            kinds = [one.value for one in each.options] or list(FILETYPES)
            return {"type": "file_input", "action_id": FIELD, "filetypes": kinds, "max_files": 1}
        case "ids":
            return _typed(" ".join(each.values), each, multiline=False, bounded=False)
        case _:
            return _typed(next(iter(each.values), ""), each, multiline=kind == "text", bounded=kind != "number")


def _typed(initial: str, each: Field, *, multiline: bool, bounded: bool) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": FIELD, "multiline": multiline}
    if bounded:
        # What stands there already must fit, however long it may be made.
        element["max_length"] = max(1, min(INPUT_CHARS, max(each.most, units(initial))))
        element |= {"min_length": min(each.least, element["max_length"])} if each.least > 0 else {}
    return element | {"initial_value": initial} if initial else element


def _number(each: Field) -> Json:
    element: Json = {
        "type": "number_input", "action_id": FIELD, "is_decimal_allowed": True,
        "min_value": str(each.least), "max_value": str(each.most),
    }  # fmt: skip
    return element | {"initial_value": each.values[0].strip()} if each.values else element


def _several(each: Field, options: Sequence[Option], *, boxes: bool = True) -> Json:
    made = [option(choice(one)) for one in options[:SELECT_OPTIONS]]
    ticked = {value or EMPTY for value in each.values}
    at_first = [one for one in made if one["value"] in ticked]
    if boxes and len(made) <= BOXES:
        element: Json = {"type": "checkboxes", "action_id": FIELD, "options": made}
    else:
        element = {"type": "multi_static_select", "action_id": FIELD, "options": made}
        element |= {"max_selected_items": each.most} if 0 < each.most < len(made) else {}
    return element | {"initial_options": at_first} if at_first else element


def _picker(what: str, each: Field, more: Json) -> Json:
    """Slack's own list of people or channels, for one or for several of them."""
    if each.most == 1:
        first: Json = {f"initial_{what.removesuffix('s')}": each.values[0]} if each.values else {}
        return {"type": f"{what}_select", "action_id": FIELD, **more, **first}
    some: Json = {f"initial_{what}": list(each.values)} if each.values else {}
    limit: Json = {"max_selected_items": each.most} if each.most <= SELECT_OPTIONS else {}
    return {"type": f"multi_{what}_select", "action_id": FIELD, **more, **some, **limit}


def group_option(id: str, name: str, handle: str) -> Option:
    """A user group to choose from."""
    return Option(id, str(plain_text(f"{name} (@{handle})" if handle else name, OPTION_CHARS)["text"]))
