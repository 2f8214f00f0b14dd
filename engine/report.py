"""The numbers of the final report, and the words it falls back on when no model can write them. Pure.

Every figure is a mean over what was scored; what was not scored is counted and said, never filled in.
"""

from __future__ import annotations

from engine.facts import CriterionTrend, Report, TrendPoint
from engine.feedback.model import level_score, mean
from engine.session import Session

FIXES = 3


def report_numbers(session: Session) -> Report:
    """The report with all its figures, and plain words taken from the reviews."""
    turns = [turn for turn in session.turns if not turn.swapped]
    reviewed = [(turn, turn.feedback) for turn in turns if turn.feedback is not None]
    scores = [session.score(turn) for turn, _ in reviewed]
    criteria: list[CriterionTrend] = []
    for criterion in session.setup.type.criteria:
        found = [
            c.score for _, f in reviewed for c in f.criteria if c.criterion == criterion.id and c.score is not None
        ]
        criteria.append(CriterionTrend(criterion=criterion.id, title=criterion.title, score=mean(found), n=len(found)))
    trend = tuple(
        TrendPoint(turn=turn.number, level=turn.question.level, score=session.score(turn), hints=turn.attempt.hints)
        for turn, _ in reviewed
    )
    engines = dict.fromkeys(feedback.engine for _, feedback in reviewed if feedback.engine)
    return Report(
        summary=_summary(session, len(reviewed), scores, criteria),
        fixes=advised_fixes(session)[:FIXES],
        drill=next((f.next_drill for _, f in reversed(reviewed) if f.next_drill), ""),
        score=mean(scores),
        bar=level_score(session.setup.bar.meets),
        criteria=tuple(criteria),
        trend=trend,
        answered=sum(turn.answered and not turn.skipped for turn in turns),
        skipped=sum(turn.skipped for turn in turns),
        unscored=sum(score is None for score in scores),
        engine=", ".join(engines),
    )


def advised_fixes(session: Session) -> tuple[str, ...]:
    """All that the reviews advised, the weakest criterion first, each once."""
    found = [
        (criterion.level if criterion.level is not None else 6, turn.number, criterion.fix)
        for turn in session.turns
        if turn.feedback is not None
        for criterion in turn.feedback.criteria
        if criterion.fix
    ]
    return tuple(dict.fromkeys(fix for _, _, fix in sorted(found, key=lambda item: item[:2])))


def _summary(session: Session, n: int, scores: list[float | None], criteria: list[CriterionTrend]) -> str:
    if n == 0:
        return "No answer was reviewed in this interview, so there is nothing to score yet."
    plural = "answer was" if n == 1 else "answers were"
    sentences = [f"{n} {plural} reviewed."]
    overall = mean(scores)
    if overall is None:
        return f"{sentences[0]} None could be scored, so this report shows no numbers."
    sentences.append(f"The mean score is {overall:.2f} of 1.")
    known = [c for c in criteria if c.score is not None]
    if len(known) > 1:
        best = max(known, key=lambda c: c.score or 0.0)
        weakest = min(known, key=lambda c: c.score or 0.0)
        if best.score != weakest.score:
            sentences.append(f"{best.title} was strongest, {weakest.title.lower()} has most to gain.")
    return " ".join(sentences)
