"""The form before an interview: what kind, for which role, how many questions. Enter takes what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.shortcuts.choice_input import ChoiceInput
from rich.console import Console
from rich.text import Text

from engine.interviews import InterviewType, RoleLevel

T = TypeVar("T")
QUESTION_COUNTS = (1, 2, 3, 4, 6, 8)
FOCUS_CHARS = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form asks for; `None` and "" where nothing was chosen yet."""

    type_id: str | None = None
    role: RoleLevel | None = None
    questions: int | None = None
    focus: str | None = None


async def fill(given: Chosen, types: Mapping[str, InterviewType], console: Console) -> Chosen:
    """Ask for what is not given. Raises `KeyboardInterrupt` or `EOFError` when the person leaves."""
    type_id = given.type_id or await _choose(
        "What would you like to practise?",
        [(kind.id, f"{kind.title}: {_first_sentence(kind.description)}") for kind in types.values()],
    )
    kind = types[type_id]
    roles: list[RoleLevel] = list(kind.roles)
    usual: RoleLevel = "mid" if "mid" in roles else roles[0]
    offered: list[tuple[RoleLevel, str]] = [(role, role) for role in roles]
    role = given.role or await _choose("For which role?", offered, default=usual)
    counts = sorted({*QUESTION_COUNTS, kind.questions})
    questions = given.questions or await _choose(
        "How many questions?", [(n, str(n)) for n in counts], default=kind.questions
    )
    focus = given.focus
    if focus is None:
        console.print(Text("Anything to focus on? (Enter for no)", style="bold"))
        focus = (await PromptSession[str]("> ").prompt_async()).strip()[:FOCUS_CHARS]
    return Chosen(type_id, role, questions, focus)


async def confirm(question: str, yes: str, no: str) -> bool:
    """Whether `yes` was chosen, which is proposed."""
    return await _choose(question, [(True, yes), (False, no)], default=True)


async def _choose(message: str, options: list[tuple[T, str]], *, default: T | None = None) -> T:
    asked = ChoiceInput(message=message, options=options, default=default, show_frame=False)
    return await asked.prompt_async()


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".")
