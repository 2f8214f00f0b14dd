"""A prompt version: messages with declared variables, known by their content, and the rules a good one keeps.

`trust` says where a value comes from. What a candidate can influence is `user`, may only stand in a user-role message,
and is always put between two lines that carry a marker nobody could have guessed. Which values a task offers, and how
far each is trusted, is said by `offered.py`; a prompt can ask for less and never trust more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from engine.errors import PromptError
from engine.interviews import Frozen
from engine.ports import Message, Task
from engine.prompting.offered import ESSENTIAL, MARKER, OFFERED, Trust
from engine.prompting.template import conditions, fill, names, parse

Value = str | int | float | list[str] | tuple[str, ...]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Variable(Frozen):
    """What may be put in. `max_len` counts the characters of the text it becomes; `values` are those of an enum."""

    type: Literal["str", "int", "float", "enum", "list"] = "str"
    required: bool = True
    max_len: int = Field(default=500, ge=1, le=100_000)
    trust: Trust = "system"
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _enum_has_values(self) -> Self:
        if (self.type == "enum") != bool(self.values):
            raise ValueError("an enum, and nothing else, lists its values")
        return self


class MessageTemplate(Frozen):
    """One message of the template."""

    role: Literal["system", "user"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=40_000)]


class Prompt(Frozen):
    """An immutable prompt version. The same content is the same version, whoever wrote it and wherever it is kept."""

    task: Task
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    variables: Mapping[Name, Variable] = Field(default_factory=dict[Name, Variable])
    messages: tuple[MessageTemplate, ...] = Field(min_length=1, max_length=12)

    @property
    def digest(self) -> str:
        """The first 12 hex digits of the SHA-256 of the canonical JSON."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @property
    def ref(self) -> str:
        """How this version is named everywhere: `task@digest`."""
        return f"{self.task}@{self.digest}"

    def render(self, values: Mapping[str, Value | None], *, marker: str) -> tuple[Message, ...]:
        """The messages with the values put in; messages that come out empty are left out.

        Raises `PromptError`, before anything is sent, for a value that is missing, not declared, of the wrong type, not
        among an enum's, or longer than declared, and for a prompt that `lint` finds fault with.
        """
        if problems := lint(self):
            raise PromptError(self.ref, problems[0])
        if extra := values.keys() - self.variables.keys():
            raise PromptError(self.ref, f"{min(extra)}: not declared")
        texts: dict[str, str] = {}
        for name, variable in self.variables.items():
            text = self._text(name, variable, values.get(name))
            texts[name] = fence(name, text, marker) if variable.trust == "user" and text else text
        turns = (Message(message.role, fill(parse(message.text), texts).strip()) for message in self.messages)
        return tuple(turn for turn in turns if turn.text)

    def _text(self, name: str, variable: Variable, value: Value | None) -> str:
        if value is None:
            if variable.required:
                raise PromptError(self.ref, f"{name}: missing")
            return ""
        text = _as_text(variable, value)
        if text is None:
            raise PromptError(self.ref, f"{name}: {type(value).__name__} is not {variable.type}")
        if variable.required and not text.strip():
            raise PromptError(self.ref, f"{name}: empty")
        if variable.values and text not in variable.values:
            raise PromptError(self.ref, f"{name}: {text!r} is none of {', '.join(variable.values)}")
        if len(text) > variable.max_len:
            raise PromptError(self.ref, f"{name}: {len(text)} characters, at most {variable.max_len}")
        return text


def fence(name: str, text: str, marker: str) -> str:
    """Somebody else's words as data, between two lines nobody could have written in advance."""
    return f"[begin {name} {marker}]\n{text}\n[end {name} {marker}]"


def lint(prompt: Prompt) -> list[str]:
    """What is wrong with a prompt, in sentences; nothing when it is fit for use."""
    problems = _distrusted(prompt)
    used: set[str] = set()
    fenced = False
    instructed: set[str] = set()
    for number, message in enumerate(prompt.messages, 1):
        try:
            parts = parse(message.text)
        except ValueError as error:
            problems.append(f"message {number}: {error}")
            continue
        put_in = names(parts)
        for name in sorted((put_in | conditions(parts)) - prompt.variables.keys()):
            problems.append(f"message {number}: {name} is not declared")
        mine = {name for name in put_in if name in prompt.variables and prompt.variables[name].trust == "user"}
        if mine and message.role != "user":
            problems.append(f"message {number}: {min(mine)} may only stand in a user message")
        fenced = fenced or bool(mine)
        used |= put_in
        if message.role == "system":
            instructed |= put_in
    problems += [f"{name} is declared and never used" for name in sorted(prompt.variables.keys() - used)]
    problems += [f"{name} must be used by a prompt for {prompt.task}" for name in sorted(ESSENTIAL[prompt.task] - used)]
    if fenced and MARKER not in instructed:
        problems.append(f"no system message says what the {MARKER} means")
    return problems


def _distrusted(prompt: Prompt) -> list[str]:
    """Variables that the task does not offer, or that are declared as more than they are."""
    problems: list[str] = []
    offered = {**OFFERED[prompt.task], MARKER: "system"}
    for name, variable in sorted(prompt.variables.items()):
        if name not in offered:
            problems.append(f"{name}: {prompt.task} offers {', '.join(sorted(offered))}")
        elif variable.trust == "system" and offered[name] == "user":
            problems.append(f"{name} can hold a candidate's words; declare it with trust: user")
    return problems


def _as_text(variable: Variable, value: Value) -> str | None:
    """The value as it stands in a prompt; `None` when it is of another type than declared."""
    match variable.type, value:
        case _, bool():
            return None
        case (("str" | "enum"), str()):
            return value
        case "int", int():
            return str(value)
        case "float", int() | float():
            return f"{value:g}"
        case "list", list() | tuple():
            return "\n".join(f"- {item}" for item in value)
        case _:
            return None
