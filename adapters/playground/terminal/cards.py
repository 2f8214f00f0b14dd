"""Cards as a terminal shows them: questions, answers, hints, model answers. A card in, something to print out.

Feedback and reports, which are more than a paragraph, have files of their own. Whatever a person or a model wrote is
put in as plain `Text`, never as markup.
"""

from __future__ import annotations

from typing import assert_never

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from adapters.playground.terminal.clean import plain
from adapters.playground.terminal.feedback import feedback_panel
from adapters.playground.terminal.marks import Marks
from adapters.playground.terminal.report import report_panel
from adapters.surface.cards import hint_name, model_answer_name, question_name
from adapters.surface.wording import PREPARING, WRITING
from engine.events import AnswerCard, Card, FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, ReportCard

ANSWER_LINES = 6


def card_view(card: Card, marks: Marks) -> RenderableType:
    """What to print for a card, as it is now."""
    match card:
        case QuestionCard():
            return question_panel(card)
        case AnswerCard():
            return answer_view(card, marks)
        case FeedbackCard():
            return feedback_panel(card, marks)
        case HintCard():
            return Panel(Text(plain(card.text)), title=hint_name(card), title_align="left", border_style="yellow")
        case ModelAnswerCard():
            return Panel(
                Text(plain(card.text) or WRITING),
                title=model_answer_name(card),
                subtitle=plain(card.engine) or None,
                title_align="left",
                subtitle_align="right",
                border_style="magenta",
            )
        case ReportCard():
            return report_panel(card, marks)
        case _:
            assert_never(card)


def question_panel(card: QuestionCard) -> Panel:
    """A question with its number, level, topic and time."""
    parts = [question_name(card), card.level_name, plain(card.topic)]
    body: list[RenderableType] = [Text(plain(card.text) or PREPARING, style="bold")]
    if card.level_reason:
        body.append(Padding(Text(plain(card.level_reason), style="italic"), (1, 0, 0, 0)))
    return Panel(
        Group(*body),
        title=" · ".join(part for part in parts if part),
        subtitle=f"about {card.minutes} min" if card.minutes else None,
        title_align="left",
        subtitle_align="right",
        border_style="cyan",
        padding=(0, 1),
    )


def answer_view(card: AnswerCard, marks: Marks) -> RenderableType:
    """The candidate's own words, the middle of long ones left out: they know what they wrote."""
    lines = plain(card.text).strip().splitlines() or [""]
    if len(lines) > ANSWER_LINES:
        left_out = len(lines) - ANSWER_LINES + 1
        lines = [*lines[: ANSWER_LINES - 2], f"… {left_out} more lines …", lines[-1]]
    name = "You" if card.attempt == 1 else f"You, attempt {card.attempt}"
    text = Text("\n").join([Text(line) for line in lines])
    return Group(Text(f"{name}:", style="bold green"), Padding(text, (0, 0, 0, 2), expand=False))
