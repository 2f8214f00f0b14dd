"""Feedback as a card shows it: the one that is settled, and the parts that it shares with one still growing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.events import FeedbackCard, SectionView
from engine.feedback.evidence import NOT_VERIFIED
from engine.feedback.model import OFFLINE, Confidence, CriterionFeedback, Feedback, Origin, level_score
from engine.feedback.visible import READ_CHARS
from engine.inbound import Action
from engine.interviews import Criterion, Setup
from engine.session import Session, Turn

STAND_IN = "No model could be reached, so this is the offline checklist; the full review follows by itself."
BROKE_OFF = "The model broke off here; the full review follows by itself."
OFFLINE_NOTE = "A checklist made from your wording. Nobody has judged whether it is correct."


def settled_card(session: Session, turn: Turn, attempt: int, actions: tuple[Action, ...] = ()) -> FeedbackCard:
    """The card of a turn's `attempt`-th attempt (from 1), which must have its feedback."""
    this = turn.attempts[attempt - 1]
    feedback = this.feedback
    if feedback is None:
        raise ValueError(f"turn {turn.number}, attempt {attempt}: no feedback yet")
    setup = session.setup
    views = {part.criterion: settled_view(setup, part) for part in feedback.criteria}
    return FeedbackCard(
        turn=turn.number,
        attempt=attempt,
        state="settled",
        headline=feedback.headline,
        sections=tuple(views.get(each.id) or waiting_view(setup, each) for each in setup.type.criteria),
        rewrite=feedback.rewrite,
        additional_notes=feedback.additional_notes,
        next_drill=feedback.next_drill,
        checklist=feedback.checklist,
        score=feedback.score(setup.bar.weights),
        before=score_before(session, turn, attempt),
        bar=level_score(setup.bar.meets),
        hints=this.hints,
        engine=feedback.engine,
        confidence=feedback.confidence,
        provisional=this.provisional,
        notes=notes(feedback, provisional=this.provisional, cut=len(this.text) > READ_CHARS),
        actions=actions,
    )


def settled_view(setup: Setup, part: CriterionFeedback) -> SectionView:
    """A criterion with its level, the anchor it reaches and the one it could reach next."""
    criterion = next((each for each in setup.type.criteria if each.id == part.criterion), None)
    anchors = criterion.anchors if criterion else ()
    level = part.level
    return SectionView(
        criterion=part.criterion,
        title=criterion.title if criterion else part.criterion,
        weight=setup.bar.weights.get(part.criterion, 0),
        state="settled",
        assessment=part.assessment,
        quotes=part.quotes,
        fix=part.fix,
        level=level,
        score=part.score,
        meets=None if level is None else level >= setup.bar.meets,
        reason=part.reason,
        anchor="" if level is None else "".join(anchors[level - 1 : level]),
        next_anchor="" if level is None else "".join(anchors[level : level + 1]),
    )


def waiting_view(setup: Setup, criterion: Criterion) -> SectionView:
    """A criterion nothing is known about yet."""
    return SectionView(criterion=criterion.id, title=criterion.title, weight=setup.bar.weights.get(criterion.id, 0))


def score_before(session: Session, turn: Turn, attempt: int) -> float | None:
    """The score of the attempt before this one; `None` for the first."""
    earlier = turn.attempts[attempt - 2].feedback if attempt > 1 else None
    return earlier.score(session.setup.bar.weights) if earlier else None


def notes(feedback: Feedback, *, provisional: bool, cut: bool = False) -> tuple[str, ...]:
    """What has to be said about a review beside what it says."""
    offline = any(origin.provider == OFFLINE for origin in feedback.origins.values())
    said: list[str] = []
    if provisional:
        said.append(STAND_IN if offline else BROKE_OFF)
    elif offline:
        said.append(OFFLINE_NOTE)
    if any(part.reason == NOT_VERIFIED for part in feedback.criteria):
        said.append("Some levels rest on more than your wording shows; a person may read it differently.")
    if cut:
        said.append(f"Only the first {READ_CHARS:,} characters of your answer were read.")
    said += (reason for reason in dict.fromkeys(feedback.missing.values()) if reason != feedback.headline)
    return tuple(said)


def engine_label(origins: Iterable[Origin]) -> str:
    """Who judged, in the order they came in."""
    labels = list(dict.fromkeys(origin.label for origin in origins))
    return ", then ".join(labels)


def confidence(origins: Mapping[str, Origin], *, whole: bool) -> Confidence:
    """How much weight a review can bear. Never high: agreement with people has not been measured."""
    by_model = [origin for origin in origins.values() if origin.provider != OFFLINE]
    return "medium" if whole and len(by_model) == len(origins) and by_model else "low"
