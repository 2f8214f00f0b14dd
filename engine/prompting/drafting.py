"""Writing a prompt version as text: `# system` and `# user` lines and what stands below them, and nothing else.

An author edits words, and names variables where they belong; what a variable is (type, length, how far it is trusted)
is known from the version they began with, or from what the task offers. A draft with problems is shown with them and
never kept. Files with front matter, as they are shipped, are read by `adapters/library`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches, unified_diff

from pydantic import ValidationError

from engine.ports import Task
from engine.prompting.context import utf8_bound
from engine.prompting.offered import ESSENTIAL, MARKER, OFFERED
from engine.prompting.prompt import MessageTemplate, Prompt, Variable, lint
from engine.prompting.requests import INPUT_TOKENS
from engine.prompting.template import conditions, names, parse

_ROLE = re.compile(r"^# (system|user)[ \t]*(?:\n|\Z)", re.MULTILINE)
WORDS_TOKENS = INPUT_TOKENS // 2
"""What a prompt's own words may cost at most, by an upper bound; the rest is for what is put in."""
_TYPES = {"level": "int", "minutes": "int", "meets": "float"}
_LISTS = frozenset({"seeds", "asked", "key_points", "uncovered", "candidates", "fixes", "drills"})
_CHARS = {"system": 30_000, "user": 60_000}


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt version as it was written; `problems` in sentences. `prompt` is fit for use when there are none."""

    prompt: Prompt | None
    problems: tuple[str, ...]


def as_text(prompt: Prompt) -> str:
    """A prompt's messages as an author edits them."""
    return "\n\n".join(f"# {message.role}\n\n{message.text}" for message in prompt.messages) + "\n"


def drafted(base: Prompt, text: str, *, title: str = "") -> Draft:
    """The version that this text makes of another one. Never raises."""
    # Half a surrogate pair can neither be kept nor sent.
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n")
    before, *pieces = _ROLE.split(text)
    if before.strip() or not pieces:
        return Draft(None, ("the text must begin with a line “# system” or “# user”",))
    pairs = [(role, words.strip()) for role, words in zip(pieces[::2], pieces[1::2], strict=True)]
    if empty := [f"message {number}: empty" for number, (_, words) in enumerate(pairs, 1) if not words]:
        return Draft(None, tuple(empty))
    try:
        messages = tuple(MessageTemplate.model_validate({"role": role, "text": words}) for role, words in pairs)
        used = {name for message in messages for name in _used(message)}
        variables = {name: _variable(base, name) for name in sorted(used) if name in _offered(base)}
        content = {"task": base.task, "title": title or base.title, "variables": variables, "messages": messages}
        prompt = Prompt.model_validate(content)
    except ValidationError as error:
        return Draft(None, tuple(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()))
    return Draft(prompt, tuple(problems(prompt)))


def problems(prompt: Prompt) -> list[str]:
    """All that speaks against keeping a version: what `lint` finds, names nobody knows, and too many words."""
    found = [each for each in lint(prompt) if not each.endswith("is not declared")]
    found = [*_unknown(prompt), *found]
    if (tokens := sum(utf8_bound(message.text) for message in prompt.messages)) > WORDS_TOKENS:
        found.append(f"up to {tokens:,} tokens before anything is put in; at most {WORDS_TOKENS:,}")
    return found


def offers(task: Task) -> tuple[str, ...]:
    """The variables that a prompt of this task may use."""
    return (*sorted(OFFERED[task]), MARKER)


def difference(old: Prompt, new: Prompt, *, context: int = 3) -> str:
    """What changed between two versions, as a unified diff; "" when nothing did."""
    lines = unified_diff(_lines(old), _lines(new), old.ref, new.ref, lineterm="", n=context)
    return "\n".join(lines)


def _lines(prompt: Prompt) -> list[str]:
    declared = (f"{name}: {_declared(variable)}" for name, variable in sorted(prompt.variables.items()))
    return [f"title: {prompt.title}", *declared, *as_text(prompt).splitlines()]


def _declared(variable: Variable) -> str:
    need = "required" if variable.required else "optional"
    values = f" ({', '.join(variable.values)})" if variable.values else ""
    return f"{variable.type}{values}, {need}, at most {variable.max_len} characters, trust {variable.trust}"


def _used(message: MessageTemplate) -> frozenset[str]:
    try:
        parts = parse(message.text)
    except ValueError:
        return frozenset()
    return names(parts) | conditions(parts)


def _offered(base: Prompt) -> frozenset[str]:
    return frozenset({*OFFERED[base.task], MARKER})


def _variable(base: Prompt, name: str) -> Variable:
    """As the other version declares it, or as the task offers it."""
    if (known := base.variables.get(name)) is not None:
        return known
    trust = OFFERED[base.task].get(name, "system")
    kind = "list" if name in _LISTS else _TYPES.get(name, "str")
    fields = {"type": kind, "trust": trust, "max_len": _CHARS[trust], "required": name in ESSENTIAL[base.task]}
    return Variable.model_validate(fields)


def _unknown(prompt: Prompt) -> Iterator[str]:
    """Variables that are neither declared nor offered, with the one that may have been meant."""
    offered = sorted(_offered(prompt))
    for number, message in enumerate(prompt.messages, 1):
        for name in sorted(_used(message) - prompt.variables.keys()):
            near = get_close_matches(name, offered, n=1)
            hint = f"did you mean {near[0]}?" if near else f"{prompt.task} offers {', '.join(offered)}"
            yield f"message {number}: {name} is not declared; {hint}"
