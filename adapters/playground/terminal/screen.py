"""The screen: settled cards are printed once and scroll away; the one card that grows is repainted in place below them.

Where nothing can be repainted (a pipe, a dumb terminal) only settled cards are printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.spinner import Spinner
from rich.text import Text

from adapters.playground.terminal.cards import card_view
from adapters.playground.terminal.clean import plain
from adapters.playground.terminal.feedback import GrowingFeedback
from adapters.playground.terminal.marks import marks_for
from adapters.surface.wording import PREPARING
from engine.conversation import posts
from engine.events import Card, Event, FeedbackCard, ModelAnswerCard, Notice, Opened, QuestionCard, ReportCard, Settled
from engine.session import Session
from engine.steps import Ask, Summarise, next_step

REPAINTS_PER_S = 10
LINES_LEFT_FREE = 2


class Screen:
    """A `View` on a console; standard output where none is given."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console = console or Console(highlight=False)
        self.marks = marks_for(console)
        self.repaints = console.is_terminal and not console.is_dumb_terminal
        self._live: Live | None = None
        self._growing = ""
        self._shown: dict[str, Card] = {}

    def remember(self, session: Session) -> None:
        """Take all posts of this interview as shown."""
        self._shown = {post: _bare(card) for post, card in posts(session)}

    def show(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.say(event.text, style="yellow" if event.error else "italic")
        elif isinstance(event, Settled):
            self._settle(event.post, event.card)
        elif isinstance(event, Opened) or event.post == self._growing or not self._growing:
            self._growing = event.post
            self._paint(self._draft(event.card))

    def wait(self, session: Session | None) -> None:
        if self._live is None:
            self._paint(self._spinner(_patience(session)))

    def listen(self) -> None:
        self._growing = ""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def expect_again(self) -> None:
        for letter in "qm":
            newest = next((post for post in reversed(self._shown) if post.startswith(letter)), "")
            self._shown.pop(newest, None)

    def say(self, text: str, *, style: str = "") -> None:
        """A sentence outside any card."""
        self.listen()
        self.console.print(Text(plain(text), style=style))

    def print(self, *what: RenderableType) -> None:
        """Something to stay above what grows."""
        self.listen()
        self.console.print(*what)

    def _settle(self, post: str, card: Card) -> None:
        bare = _bare(card)
        if self._shown.get(post) == bare:
            return
        self._shown[post] = bare
        self.print(card_view(card, self.marks))

    def _draft(self, card: Card) -> RenderableType:
        if isinstance(card, FeedbackCard):
            return GrowingFeedback(card, self.marks)
        if isinstance(card, QuestionCard) and not card.text:
            return self._spinner(PREPARING)
        if isinstance(card, ReportCard) and card.report is None:
            return self._spinner("Writing your report…")
        if isinstance(card, ModelAnswerCard) and not card.text:
            return self._spinner("Writing a model answer…")
        return Fitting(card_view(card, self.marks))

    def _spinner(self, text: str) -> RenderableType:
        return Spinner(self.marks.spinner, text=Text(text, style="dim"), style="cyan")

    def _paint(self, what: RenderableType) -> None:
        if not self.repaints:
            return
        if self._live is None:
            self._live = Live(
                what,
                console=self.console,
                transient=True,
                refresh_per_second=REPAINTS_PER_S,
                vertical_overflow="crop",
                # Nobody else writes to the screen, and prompt_toolkit must find the real one.
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start(refresh=True)
        else:
            self._live.update(what)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Something that grows at its end, cut at its top to what the screen can hold."""

    whole: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        most = max(options.size.height - LINES_LEFT_FREE, 5)
        lines = console.render_lines(self.whole, options, pad=False)
        for line in lines if len(lines) <= most else [lines[0], *lines[len(lines) - most + 1 :]]:
            yield from line
            yield Segment.line()


def _bare(card: Card) -> Card:
    """Without its buttons, which come and go and are not shown here."""
    if isinstance(card, QuestionCard | FeedbackCard):
        return card.model_copy(update={"actions": ()})
    return card


def _patience(session: Session | None) -> str:
    step = next_step(session)
    if session is None:
        return "Starting…"
    if isinstance(step, Ask):
        return PREPARING
    return "Writing your report…" if isinstance(step, Summarise) else "Reading your answer…"
