"""What cards are called, and the short lines on them. Other people's words are made inert by whoever shows them."""

from __future__ import annotations

from adapters.surface.marks import NOT_SCORED, count
from adapters.surface.wording import DISCLAIMER
from adapters.surface.words import one_line
from engine.events import FeedbackCard, HintCard, ModelAnswerCard, QuestionCard
from engine.facts import CriterionTrend, Report
from engine.feedback.model import ChecklistItem


def question_name(card: QuestionCard) -> str:
    return (
        f"Follow-up to question {card.number}"
        if card.kind == "follow_up"
        else f"Question {card.number} of {card.total}"
    )


def question_minutes(card: QuestionCard) -> str:
    """How long an answer may take; "" as long as there is no question."""
    return f"about {card.minutes} min" if card.minutes and card.text else ""


def hint_name(card: HintCard) -> str:
    return f"Hint {card.rung} of {card.rungs}"


def model_answer_name(card: ModelAnswerCard) -> str:
    return f"Model answer to question {card.turn}"


def feedback_name(card: FeedbackCard) -> str:
    name = "Provisional feedback" if card.provisional else "Feedback"
    return f"{name}, attempt {card.attempt}" if card.attempt > 1 else name


def points_found(card: FeedbackCard) -> str:
    return f"{sum(item.found for item in card.checklist)} of {len(card.checklist)} found"


def point_words(item: ChecklistItem) -> tuple[str, str]:
    """A key point, ticked or not, and where the answer has it."""
    said = f"“{one_line(item.quote)}”" if item.found else "not found"
    return f"{'✓' if item.found else '○'} {one_line(item.point)}", said


def closing_texts(card: FeedbackCard) -> tuple[tuple[str, str], ...]:
    """What a review ends with, each text with its name, blank ones as well."""
    return ("Said better", card.rewrite), ("Also", card.additional_notes), ("Next drill", card.next_drill)


def judged(card: FeedbackCard, engine: str) -> str:
    """Who judged, and with how much help; `engine` is the card's, made inert."""
    by = f"Judged by {engine}, {card.confidence} confidence" if engine.strip() else ""
    hints = f"{count(card.hints, 'hint')} used" if card.hints else ""
    return " · ".join(part for part in (by, hints) if part)


def reviewed(engine: str) -> str:
    """The small print of a report; `engine` is the report's, made inert."""
    return f"Reviewed by {engine} · {DISCLAIMER}" if engine.strip() else DISCLAIMER


def criterion_note(report: Report, criterion: CriterionTrend) -> str:
    """Over how many answers a criterion was scored, where that is not as with the others; begins with a dot."""
    usual = max(each.n for each in report.criteria)
    if not criterion.n:
        return f" · {NOT_SCORED}"
    return "" if criterion.n == usual else f" · {criterion.n} of {usual} scored"


def answers_counted(report: Report) -> str:
    counts = (
        count(report.answered, "answer"),
        f"{report.skipped} skipped" if report.skipped else "",
        f"{report.unscored} not scored" if report.unscored else "",
    )
    return ", ".join(each for each in counts if each)
