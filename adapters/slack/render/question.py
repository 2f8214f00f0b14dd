"""Questions, hints and model answers, and the root message an interview hangs from."""

from __future__ import annotations

from adapters.slack.names import MENU, menu_value
from adapters.slack.render.blocks import actions, fallback, header, line, press, rich, small, text
from adapters.slack.render.page import Json, Page, paged
from adapters.slack.render.prose import prose
from adapters.surface.cards import hint_name, model_answer_name, question_minutes, question_name
from adapters.surface.marks import count, score_bar, score_words
from adapters.surface.wording import LABELS, NOT_THE_ONLY_ONE, PREPARING, ROLES, WRITING
from engine.events import HintCard, ModelAnswerCard, QuestionCard
from engine.facts import Report
from engine.inbound import Action
from engine.interviews import RoleLevel

IN_THREAD = "It goes on in this thread: write your answers here."
_IN_REACH: tuple[Action, ...] = ("done", "hint", "skip")
_IN_MENU: tuple[Action, ...] = ("repeat", "easier", "harder", "pause", "stop")


def question_pages(card: QuestionCard, owner: str) -> tuple[Page, ...]:
    """A question with its number, level, topic and time, and all that can be done while it is open."""
    name = question_name(card)
    facts = (f"{card.level_name} (level {card.level} of 5)", card.topic, question_minutes(card))
    about = " · ".join(part for part in facts if part)
    blocks = [header(name), *small(about), *(prose(card.text) or [rich(line(text(PREPARING, italic=True)))])]
    blocks += small(card.level_reason)
    return paged(blocks, fallback(name, card.level_name, card.text or PREPARING), tail=question_buttons(card, owner))


def question_buttons(card: QuestionCard, owner: str) -> list[Json]:
    """All of them while the question is open, two while it is paused: they do not come and go with every message."""
    if not card.actions or not card.text:
        return []
    if "resume" in card.actions:
        return [actions(press("resume", owner, card.turn), press("stop", owner, card.turn))]
    options: list[Json] = [
        {"text": {"type": "plain_text", "text": LABELS[action]}, "value": menu_value(action, owner, card.turn)}
        for action in _IN_MENU
    ]
    menu: Json = {"type": "overflow", "action_id": MENU, "options": options}
    return [actions(*(press(action, owner, card.turn) for action in _IN_REACH), menu)]


def hint_pages(card: HintCard) -> tuple[Page, ...]:
    name = hint_name(card)
    return paged([rich(line(text(name, bold=True))), *prose(card.text)], fallback(name, card.text))


def model_answer_pages(card: ModelAnswerCard) -> tuple[Page, ...]:
    name = model_answer_name(card)
    blocks = [header(name), *(prose(card.text) or [rich(line(text(WRITING, italic=True)))])]
    return paged([*blocks, *model_answer_ending(card)], fallback(name, card.text or WRITING))


def model_answer_ending(card: ModelAnswerCard) -> list[Json]:
    """What stands below a model answer."""
    return small(" · ".join(part for part in (card.engine, NOT_THE_ONLY_ONE) if part)) if card.text else []


def root_page(title: str, role: RoleLevel, questions: int, *, focus: str = "", report: Report | None = None) -> Page:
    """The message that an interview hangs from; with its score once it is over."""
    parts = (title, ROLES[role], count(questions, "question"))
    blocks = [rich(line(text("Mock interview", bold=True), text(f" · {' · '.join(parts)}")))]
    if focus:
        blocks += small(f"Focus: {focus}")
    if report is None:
        return Page(blocks=(*blocks, *small(IN_THREAD)), text=fallback("Mock interview", *parts))
    bar = "" if report.score is None else f"{score_bar(report.score)} "
    blocks.append(rich(line(text(f"Over · {bar}"), text(score_words(report.score), bold=True))))
    return Page(blocks=tuple(blocks), text=fallback("Mock interview", *parts, f"over, {score_words(report.score)}"))
