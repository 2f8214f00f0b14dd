"""A sample to try a prompt version on: one question, a middling answer to it, and the end of a small interview."""

from __future__ import annotations

from engine.facts import CriterionTrend, Report, TrendPoint
from engine.interviews import InterviewType, RoleLevel
from engine.material import (
    FollowUpMaterial,
    Material,
    ModelAnswerMaterial,
    PastTurn,
    QuestionMaterial,
    ReportMaterial,
    ReviewMaterial,
)
from engine.ports import Task

QUESTION = "Tell me about a mistake of yours that reached users. What did you do, and what is different since?"
ANSWER = (
    "I changed the date handling in our invoice export and some invoices went out with the wrong due date. Support "
    "noticed the next morning. I fixed the code and sent the invoices again. The reason was that I had only tested "
    "with my own time zone. After that I try to test more zones."
)
POINTS = (
    "names the impact on users",
    "says what was done first",
    "finds the cause",
    "says what was changed afterwards",
)
CUES = (
    ("invoices", "customers", "users"),
    ("fixed", "reverted"),
    ("the reason", "root cause"),
    ("since then", "from then on"),
)
_FIX = "Say how many customers were affected."


def sample(task: Task, kind: InterviewType, answer: str = "") -> Material:
    """What this task would be given. `answer` is tried instead of the sample's."""
    role = _role(kind)
    bar, said = kind.roles[role], answer or ANSWER
    past = (PastTurn(1, "ownership", QUESTION, said, "A real mistake, told without its size.", 0.5),)
    match task:
        case "question":
            return QuestionMaterial(kind.format, kind.title, 3, role, bar.expects, "", kind.language, past)
        case "follow_up":
            return FollowUpMaterial(
                kind.format,
                3,
                role,
                kind.language,
                QUESTION,
                said,
                POINTS,
                uncovered=POINTS[:1],
                asked_before=(QUESTION,),
            )
        case "review":
            return ReviewMaterial(
                format=kind.format, level=3, role=role, expects=bar.expects, meets=bar.meets, language=kind.language,
                topic="ownership", question=QUESTION, minutes=5, key_points=POINTS, cues=CUES, criteria=kind.criteria,
                answer=said,
            )  # fmt: skip
        case "model_answer":
            return ModelAnswerMaterial(kind.format, 3, role, kind.language, QUESTION, POINTS)
        case "report":
            return ReportMaterial(
                kind.title, role, kind.language, _numbers(kind), past, (_FIX,), ("Tell it in a minute.",)
            )


def _role(kind: InterviewType) -> RoleLevel:
    return "mid" if "mid" in kind.roles else next(iter(kind.roles))


def _numbers(kind: InterviewType) -> Report:
    return Report(
        summary="One answer was reviewed.",
        score=0.5,
        criteria=tuple(CriterionTrend(criterion=each.id, title=each.title, score=0.5, n=1) for each in kind.criteria),
        trend=(TrendPoint(turn=1, level=3, score=0.5),),
        answered=1,
    )
