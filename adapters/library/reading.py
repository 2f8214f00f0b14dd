"""A data file read strictly: plain values only, no aliases, no duplicate keys, and every complaint names its place.

YAML is kept to what a person can see on the page: mappings, lists, strings, whole and decimal numbers, yes and no.
Anchors and aliases are refused, because nine lines of them can unfold into gigabytes. What a file *means* is left to
the modules beside this one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from engine.errors import PromptError

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_PLAIN = "tag:yaml.org,2002:"

Value = str | int | float | bool | list["Value"] | dict[str, "Value"] | None
Source = Traversable | str
"""A file, or what a complaint calls text that came from elsewhere."""
Model = TypeVar("Model", bound=BaseModel)


def shipped() -> Traversable:
    """The folder of data that comes with the product."""
    return resources.files("prompts")


def files(folder: Traversable) -> Iterator[Traversable]:
    """The YAML files of a folder by name. Raises `PromptError` when there is no such folder or nothing in it."""
    try:
        found = sorted((item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name)
    except OSError as error:
        raise PromptError(place(folder), "the folder cannot be read") from error
    if not found:
        raise PromptError(place(folder), "no .yaml file here")
    yield from found


def place(file: Source, *inside: str) -> str:
    """How a complaint names a place: "prompts/bank/coding.yaml, question c3-02"."""
    parts = str(file).replace("\\", "/").split("/")
    start = len(parts) - 1 - parts[::-1].index("prompts") if "prompts" in parts else -2
    return ", ".join(("/".join(parts[start:]), *inside))


def read(file: Traversable) -> dict[str, Value]:
    """The mapping a YAML file holds. Raises `PromptError` when it is anything else, or not strict."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise PromptError(place(file), "the file cannot be read") from error
    if len(raw) > MAX_BYTES:
        raise PromptError(place(file), f"larger than {MAX_BYTES} bytes")
    value = parsed(file, raw)
    if not isinstance(value, dict):
        raise PromptError(place(file), "expected a mapping at the top")
    return value


def parsed(file: Source, raw: bytes) -> Value:
    """What YAML says, in plain values; `None` for nothing. Raises `PromptError` where it is not strict."""
    try:
        text = raw.decode("utf-8")
        _refuse_what_unfolds(file, text)
        node = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise PromptError(place(file), "not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "somewhere"
        raise PromptError(place(file, line), error.problem or "not YAML") from error
    except yaml.YAMLError as error:
        raise PromptError(place(file), f"not YAML: {error}".splitlines()[0]) from error
    return None if node is None else _value(file, node)


def entries(file: Traversable, top: Mapping[str, Value], name: str, key: str) -> Iterator[tuple[str, dict[str, Value]]]:
    """The mappings of a list, each with the word that names it: its own `key`, or its number."""
    items = top.get(name)
    if not isinstance(items, list) or not items:
        raise PromptError(place(file), f"{name}: expected a list with at least one entry")
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise PromptError(place(file, f"{name} {number}"), "expected a mapping")
        own = item.get(key)
        yield (own if isinstance(own, str) and own else f"number {number}"), item


def only(file: Traversable, top: Mapping[str, Value], *names: str) -> None:
    """Refuse keys that nobody reads."""
    if unknown := sorted(set(top) - set(names)):
        raise PromptError(place(file), f"unknown: {', '.join(unknown)}; known here: {', '.join(names)}")


def model(kind: type[Model], value: Value, where: str) -> Model:
    """A value as a model of ours, nothing converted; every complaint in one sentence. Raises `PromptError`."""
    try:
        return kind.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        raise PromptError(where, "; ".join(_complaints(error))) from error


def _complaints(error: ValidationError) -> Iterator[str]:
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(str(part) for part in item["loc"])
        what = item["msg"].removeprefix("Value error, ")
        yield f"{where}: {what}" if where else what


def _refuse_what_unfolds(file: Source, text: str) -> None:
    """Before anything is built: an event costs a line of input, a node tree may cost far more."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = f"line {event.start_mark.line + 1}" if event.start_mark else "somewhere"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PromptError(place(file, line), "anchors and aliases are not used here")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise PromptError(place(file, line), f"nested deeper than {MAX_DEPTH}")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(file: Source, node: yaml.Node) -> Value:
    if not isinstance(node, yaml.ScalarNode) and node.tag not in (f"{_PLAIN}map", f"{_PLAIN}seq"):
        raise PromptError(place(file, _line(node)), f"{node.tag} is not used here")
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item) for item in cast("list[yaml.Node]", node.value)]
    return _scalar(file, node)


def _mapping(file: Source, node: yaml.MappingNode) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for name, item in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        key = _value(file, name)
        if not isinstance(key, str):
            raise PromptError(place(file, _line(name)), "a key must be a word")
        if key in made:
            raise PromptError(place(file, _line(name)), f"{key} is written twice")
        made[key] = _value(file, item)
    return made


def _scalar(file: Source, node: yaml.Node) -> Value:
    text = cast("str", node.value)
    try:
        match node.tag.removeprefix(_PLAIN):
            case "str":
                return text
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "bool":
                return text.lower() in {"yes", "true", "on"}
            case "null":
                return None
            case other:
                raise PromptError(place(file, _line(node)), f"{other} is not used here; put the text in quotes")
    except ValueError as error:
        raise PromptError(place(file, _line(node)), f"{text[:40]!r} is not a plain number; quote it") from error


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"
