"""A candidate at a keyboard: many lines for answers, one line for choices, and a bar that says what can be said.

An answer ends with a blank line, with `done`, or with Ctrl-D; pasted text may hold blank lines. What was typed survives
an interruption by something that had to be shown.
"""

from __future__ import annotations

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from engine.inbound import Action
from engine.receive import command
from engine.session import Session

ANSWER_BAR = " blank line or “done” hands in · hint skip repeat easier harder pause stop help "
CHOICES: tuple[tuple[Action, str], ...] = (
    ("next", "Enter: next"),
    ("retry", "retry"),
    ("model_answer", "model answer"),
    ("helpful", "+1"),
    ("unhelpful", "-1"),
    ("pause", "pause"),
    ("stop", "stop"),
)
LEAVING = "Ctrl-C again leaves without these lines; a blank line hands them in."
STYLE = Style.from_dict({"bottom-toolbar": "noreverse fg:ansibrightblack", "prompt": "bold ansigreen"})


class Keyboard:
    """A `Candidate` at a terminal. Ctrl-C is `pause`."""

    def __init__(self, *, input: Input | None = None, output: Output | None = None) -> None:
        self.draft = ""
        self._warned = False
        self._bar = ANSWER_BAR
        self._lines: PromptSession[str] = PromptSession(
            message=FormattedText([("class:prompt", "> ")]),
            prompt_continuation=FormattedText([("class:prompt", "· ")]),
            multiline=True,
            key_bindings=self._answer_keys(),
            bottom_toolbar=lambda: self._bar,
            erase_when_done=True,
            style=STYLE,
            input=input,
            output=output,
        )
        self._lines.default_buffer.on_text_changed += self._keep
        self._line: PromptSession[str] = PromptSession(
            message=FormattedText([("class:prompt", "> ")]),
            bottom_toolbar=lambda: self._bar,
            erase_when_done=True,
            style=STYLE,
            input=input,
            output=output,
        )

    async def answer(self, session: Session) -> str:
        self._bar = ANSWER_BAR
        while True:
            try:
                said = await self._lines.prompt_async(default=self.draft)
            except KeyboardInterrupt:
                if not self.draft.strip() or self._warned:
                    self.draft = ""
                    return "pause"
                self._warned, self._bar = True, f" {LEAVING} "
                continue
            except EOFError:
                return "pause"
            self.draft, self._warned = "", False
            if said.strip():
                return said

    async def choose(self, session: Session) -> str:
        self._bar = f" {' · '.join(name for action, name in CHOICES if _offered(action, session))} "
        try:
            return (await self._line.prompt_async()).strip() or "next"
        except (KeyboardInterrupt, EOFError):
            return "pause"

    def _keep(self, buffer: Buffer) -> None:
        self.draft = buffer.text

    def _answer_keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter")
        def enter(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            if not buffer.text.strip():
                return
            ended = answer_ended(buffer.text, at_end=buffer.document.is_cursor_at_the_end)
            if ended is None:
                buffer.insert_text("\n")
            else:
                buffer.text = ended
                buffer.validate_and_handle()

        @keys.add("c-d")
        def hand_in(event: KeyPressEvent) -> None:
            if event.current_buffer.text.strip():
                event.current_buffer.validate_and_handle()
            else:
                event.app.exit(exception=EOFError())

        return keys


def answer_ended(text: str, *, at_end: bool) -> str | None:
    """What Enter hands in; `None` when it only begins another line.

    A command word alone is handed in at once. `done` on a line of its own, or an empty last line, ends an answer.
    """
    stripped = text.strip()
    if not stripped or not at_end:
        return None
    lines = text.split("\n")
    if len(lines) == 1:
        return stripped if command(stripped) else None
    if not lines[-1].strip() or command(lines[-1]) == "done":
        return "\n".join(lines[:-1]).rstrip()
    return None


def _offered(action: Action, session: Session) -> bool:
    turn = session.turn
    return action != "model_answer" or turn is None or not turn.model_answer
