"""A prompt's text in the fields of a form, which are smaller: cut between paragraphs, and put together again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from adapters.surface.panels import FIELD_CHARS, Field, Filled, Form
from adapters.surface.panels.prompts_wording import sentences
from engine.prompting.drafting import offers
from engine.prompting.prompt import Prompt

TEXT_FIELDS = 4
ROOMY_CHARS = 2_400
"""Up to where a field is filled, so that there is room to write."""
_NAME = re.compile(r"\b[a-z][a-z0-9_]{2,39}\b")
_MESSAGE = re.compile(r"message ([0-9]+)")
_ROLE = re.compile(r"^# (?:system|user)[ \t]*$", re.MULTILINE)


def pieces(text: str) -> list[str] | None:
    """The text cut between paragraphs into at most four pieces that fit a field; `None` where that is not possible."""
    paragraphs = text.strip().split("\n\n")
    for room in (ROOMY_CHARS, FIELD_CHARS):
        found = _filled(paragraphs, room)
        if len(found) <= TEXT_FIELDS and all(len(piece) <= FIELD_CHARS for piece in found):
            return found
    return None


def together(texts: Sequence[str]) -> str:
    """The text of which these are the pieces; empty ones do not count."""
    return "\n\n".join(text.strip() for text in texts if text.strip()) + "\n"


def edit_form(path: str, prompt: Prompt, texts: Sequence[str], message: str) -> Form:
    """The text to be edited, one empty field beyond it where there is room, and what was changed."""
    shown = [*texts, ""][:TEXT_FIELDS]
    names = ", ".join(offers(prompt.task))
    fields = [
        Field(
            id=f"text_{n}",
            label="Text" if n == 1 else f"Text, part {n}",
            kind="text",
            values=(text,) if text else (),
            hint="Lines “# system” and “# user” begin a message." if n == 1 else "",
            optional=n > 1,
        )
        for n, text in enumerate(shown, 1)
    ]
    fields.append(_message(message))
    return Form(path, "Edit a prompt", tuple(fields), "Check", f"Variables, written {{{{like_this}}}}: {names}.")


def upload_form(path: str) -> Form:
    """The same for a text that is too long for fields, or that was written elsewhere."""
    hint = "Plain text as it is downloaded here, at most 60 kB."
    return Form(path, "Upload a prompt", (Field("file", "File", "file", hint=hint), _message("")), "Check")


def typed(filled: Filled) -> str:
    """What stands in the fields of the form, as one text."""
    return together([filled.one(f"text_{n}") for n in range(1, TEXT_FIELDS + 1)])


def beside(problems: Sequence[str], filled: Filled) -> Mapping[str, str]:
    """Each problem at the field where it stands: where the name it is about is written, or the message it counts."""
    texts = {f"text_{n}": filled.one(f"text_{n}") for n in range(1, TEXT_FIELDS + 1)}
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(_field(problem, texts), []).append(problem)
    return {field: " ".join(sentences(mine)) for field, mine in found.items()}


def _field(problem: str, texts: Mapping[str, str]) -> str:
    counted = _MESSAGE.match(problem)
    there = _fields_of(int(counted[1]), texts) if counted else list(texts)
    for match in _NAME.finditer(problem):
        tag = re.compile(rf"\{{\{{[#/]?{match[0]}\}}\}}")
        if (named := next((field for field in there if tag.search(texts[field])), None)) is not None:
            return named
    return there[0] if there else "text_1"


def _fields_of(number: int, texts: Mapping[str, str]) -> list[str]:
    """The fields that hold something of the message with this number, from 1."""
    found: list[str] = []
    before = 0
    for field, text in texts.items():
        begin = [match.start() for match in _ROLE.finditer(text)]
        first = before if not begin or text[: begin[0]].strip() else before + 1
        if text and first <= number <= before + len(begin):
            found.append(field)
        before += len(begin)
    return found


def _filled(paragraphs: Sequence[str], room: int) -> list[str]:
    found: list[str] = []
    for paragraph in paragraphs:
        if found and len(found[-1]) + 2 + len(paragraph) <= room:
            found[-1] = f"{found[-1]}\n\n{paragraph}"
        else:
            found.append(paragraph)
    return found


def _message(message: str) -> Field:
    values = (message,) if message else ()
    return Field("message", "What you changed, and why", "line", values=values, optional=True, most=500)
