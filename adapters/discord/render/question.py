"""Questions, hints, model answers, and an answer that came by form."""

from __future__ import annotations

from adapters.discord.names import form_id, menu_id
from adapters.discord.render.page import Json, Page, paged
from adapters.discord.render.parts import BLURPLE, GREY, button, press, row, select, texts
from adapters.discord.render.words import escaped, packed, prose, quoted, small
from adapters.surface.cards import hint_name, model_answer_name, question_minutes, question_name
from adapters.surface.choices import Option
from adapters.surface.wording import LABELS, NOT_THE_ONLY_ONE, PREPARING, WRITING
from engine.events import HintCard, ModelAnswerCard, QuestionCard
from engine.inbound import Action

FORM = "Answer in a form"
MENU = "More: repeat, easier, harder, pause, end"
_IN_REACH: tuple[Action, ...] = ("done", "hint", "skip")
_IN_MENU: tuple[tuple[Action, str], ...] = (
    ("repeat", "Show the question again"),
    ("easier", "Another question, one level down"),
    ("harder", "Another question, one level up"),
    ("pause", "Stop the clock; nothing is lost"),
    ("stop", "End the interview, with a report on what there is"),
)


def question_pages(card: QuestionCard, owner: str) -> tuple[Page, ...]:
    """A question with its number, level, topic and time, and all that can be done while it is open."""
    name = question_name(card)
    level = f"{escaped(card.level_name)} (level {card.level} of 5)"
    about = " · ".join(part for part in (level, escaped(card.topic), question_minutes(card)) if part.strip())
    contents = [f"### {name}\n{small(about)}", *(prose(card.text) if card.text.strip() else [f"*{PREPARING}*"])]
    if card.level_reason.strip():
        contents.append(small(escaped(card.level_reason)))
    buttons = question_buttons(card, owner)
    return paged(texts(contents), title=name, accent=BLURPLE if buttons else GREY, tail=buttons, file="question.md")


def question_buttons(card: QuestionCard, owner: str) -> list[Json]:
    """All of them while the question is open, two while it is paused: they do not come and go with every message."""
    if not card.actions or not card.text:
        return []
    if "resume" in card.actions:
        return [row(press("resume", owner, card.turn), press("stop", owner, card.turn))]
    options = [Option(action, LABELS[action], about) for action, about in _IN_MENU]
    reach = [press(action, owner, card.turn) for action in _IN_REACH]
    menu = select(menu_id(owner, card.turn), options, placeholder=MENU)
    return [row(*reach, button(FORM, form_id(owner, card.turn))), row(menu)]


def hint_pages(card: HintCard) -> tuple[Page, ...]:
    name = hint_name(card)
    return paged(texts(packed([f"**{name}**", *prose(card.text)], "\n")), title=name, accent=BLURPLE, file="hint.md")


def model_answer_pages(card: ModelAnswerCard) -> tuple[Page, ...]:
    """A model answer, growing or whole."""
    name = model_answer_name(card)
    if not card.text.strip():
        return paged(texts([f"### {name}", f"*{WRITING}*"]), title=name, accent=GREY)
    about = " · ".join(part for part in (escaped(card.engine), NOT_THE_ONLY_ONE) if part)
    contents = [f"### {name}", *prose(card.text), small(about)]
    return paged(texts(contents), title=name, accent=BLURPLE, file="model-answer.md")


def answer_pages(answer: str, name: str = "Your answer") -> tuple[Page, ...]:
    """An answer that came by form or by voice, where nothing else shows it."""
    return paged(texts(packed([f"**{name}**", *quoted(answer)], "\n")), title=name, file="answer.md")
