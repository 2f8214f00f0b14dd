"""The form before an interview: what kind, for which role, how many questions. Enter takes what is proposed.

Each question goes away once it is answered, and one line that says what was chosen stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import HSplit, Layout
from prompt_toolkit.styles import Style
from prompt_toolkit.widgets import Label, RadioList
from rich.console import Console
from rich.text import Text

from adapters.playground.terminal.chosen import Chosen
from adapters.playground.terminal.clean import plain
from engine.interviews import InterviewType, RoleLevel

T = TypeVar("T")
MOST_QUESTIONS = 20
FOCUS_CHARS = 200
LEFT_OF_OPTION = 9
STYLE = Style.from_dict({"radio-selected": "bold ansicyan", "radio-checked": "bold ansicyan"})


async def fill(given: Chosen, types: Mapping[str, InterviewType], console: Console) -> Chosen:
    """Ask for what is not given. Raises `KeyboardInterrupt` or `EOFError` when the person leaves."""
    most = console.width - LEFT_OF_OPTION
    kinds = [(kind.id, _shortened(f"{kind.title}: {kind.description}", most)) for kind in types.values()]
    type_id = given.type_id or await _choose("What would you like to practise?", kinds)
    kind = types[type_id]
    roles: list[RoleLevel] = list(kind.roles)
    usual: RoleLevel = "mid" if "mid" in roles else roles[0]
    offered: list[tuple[RoleLevel, str]] = [(role, role) for role in roles]
    role = given.role or await _choose("For which role?", offered, default=usual)
    questions = given.questions or await _number("How many questions?", kind.questions)
    focus = given.focus
    if focus is None:
        focus = (await _line("Anything to focus on? (Enter for nothing special)"))[:FOCUS_CHARS]
    console.print(
        Text(" · ".join(filter(None, (kind.title, role, f"{questions} questions", plain(focus)))), style="bold")
    )
    return Chosen(type_id, role, questions, focus)


async def confirm(question: str, yes: str, no: str) -> bool:
    """Whether `yes` was chosen, which is proposed."""
    return await _choose(question, [(True, yes), (False, no)], default=True)


async def _choose(message: str, options: list[tuple[T, str]], *, default: T | None = None) -> T:
    # prompt_toolkit's own ChoiceInput is this, but leaves the whole list on the screen.
    radio = RadioList(
        values=options,
        default=default,
        select_on_focus=True,
        open_character="",
        close_character="",
        select_character=">",
        show_numbers=True,
        show_cursor=False,
        show_scrollbar=False,
    )
    keys = KeyBindings()

    @keys.add("enter", eager=True)
    def take(event: KeyPressEvent) -> None:
        event.app.exit(result=radio.current_value)

    @keys.add("c-c")
    @keys.add("<sigint>")
    def leave(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    question = Label(FormattedText([("bold", message)]), dont_extend_height=True)
    application: Application[T] = Application(
        layout=Layout(HSplit([question, radio]), focused_element=radio),
        key_bindings=keys,
        style=STYLE,
        erase_when_done=True,
    )
    return await application.run_async()


async def _number(question: str, usual: int) -> int:
    while True:
        said = await _line(f"{question} (1 to {MOST_QUESTIONS}, Enter for {usual})")
        if not said:
            return usual
        if said.isascii() and said.isdigit() and 1 <= int(said) <= MOST_QUESTIONS:
            return int(said)


async def _line(question: str) -> str:
    message = FormattedText([("bold", question), ("", "\n> ")])
    return (await PromptSession[str](message, erase_when_done=True).prompt_async()).strip()


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
