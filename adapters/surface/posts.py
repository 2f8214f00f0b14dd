"""What of a post matters to whoever delivers it, on every platform alike: a card, or something of the platform's."""

from __future__ import annotations

import hashlib

from engine.events import AnswerCard, FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, ReportCard
from engine.inbound import Action

LEADING: frozenset[Action] = frozenset({"next", "retry", "skip", "resume"})


def is_shown(shown: object) -> bool:
    """An answer stands in the conversation already."""
    return not isinstance(shown, AnswerCard)


def has_text(shown: object) -> bool:
    """Whether a growing post has anything to read yet."""
    match shown:
        case FeedbackCard():
            return bool(shown.headline or any(section.state != "waiting" for section in shown.sections))
        case ModelAnswerCard() | QuestionCard():
            return bool(shown.text)
        case ReportCard():
            return shown.report is not None
        case _:
            return True


def body(shown: object) -> str:
    """All that a settled card says, but for its buttons, in twelve letters; "" for anything else."""
    match shown:
        case FeedbackCard() | QuestionCard():
            card = shown.model_copy(update={"actions": ()})
        case AnswerCard() | HintCard() | ModelAnswerCard() | ReportCard():
            card = shown
        case _:
            return ""
    return hashlib.sha256(card.model_dump_json().encode()).hexdigest()[:12]


def leads_on(shown: object) -> bool:
    """Whether it has buttons that somebody may be waiting for."""
    return isinstance(shown, FeedbackCard | QuestionCard) and not LEADING.isdisjoint(shown.actions)
