"""Interview types as files that an admin exports, edits and brings back: YAML, as the shipped ones are written.

What is read is plain values, which `engine.admin` judges. Nothing in a file can unfold or run: it is held to a size and
a depth, and anchors and aliases are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

import yaml

from adapters.library.reading import Value, parsed
from engine.errors import PromptError, Wrong

FILE_BYTES = 256_000
_HEAD = "# An interview type. Weights are percent, in sum 100 for each role level; anchors describe levels 1 to 5.\n"


_FOLDED = re.compile("[\r\t\x85\u2028\u2029\ufeff]")


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands: an alias could not be read back."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _as_text(_: _Dumper, text: str) -> yaml.Node:
    # A reader folds these into spaces unless they are escaped, which only double quotes can do.
    style = '"' if _FOLDED.search(text) else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _as_text)


def read_type_file(raw: bytes, *, name: str = "the file") -> dict[str, object]:
    """The mapping a file holds. Raises `Wrong` under `file`, with the line."""
    value = read_yaml(raw, name=name)
    if not isinstance(value, dict):
        raise Wrong({"file": f"{name}: expected a mapping at the top, with id, title, format and so on."})
    return cast("dict[str, object]", value)


def read_yaml(raw: bytes, *, name: str = "the file") -> Value:
    """Plain values from YAML of somebody else's. Raises `Wrong` under `file`."""
    if len(raw) > FILE_BYTES:
        raise Wrong({"file": f"{name} is larger than {FILE_BYTES // 1_000} kB."})
    try:
        return parsed(name, raw.removeprefix(b"\xef\xbb\xbf"))
    except PromptError as error:
        raise Wrong({"file": f"{error.place}: {error.detail}."}) from error


def written_type(body: Mapping[str, object]) -> str:
    """A type as `Types.export` gives it, as text that reads back as the same. What is as usual is left out."""
    return _HEAD + dumped(_without_nothing(body))


def _without_nothing(value: object) -> object:
    """Empty values are what a reader fills in anyway."""
    if isinstance(value, dict):
        kept = {name: _without_nothing(each) for name, each in cast("dict[str, object]", value).items()}
        return {name: each for name, each in kept.items() if each not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_without_nothing(each) for each in cast("Sequence[object]", value)]
    return value


def dumped(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
