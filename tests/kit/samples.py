"""A small interview on system design, from question to report, as people look at it and tests begin from it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.library.types import load_types
from engine.events import FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, SectionView
from engine.facts import CriterionTrend, Report, TrendPoint
from engine.feedback.model import ChecklistItem
from engine.interviews import Setup
from engine.keys import ThreadKey
from engine.session import Session

TYPES = load_types()
KIND = TYPES["system-design"]
BAR = KIND.roles["senior"]

QUESTION = (
    "Design the service that shortens links for a marketing team: 50 million new links a month, and a click has to be "
    "redirected within 50 ms. Which parts do you need, and where does it break first?"
)
ANSWER = (
    "I’d first ask whether links expire and whether clicks must be counted exactly. Say 20 new links a second and "
    "2,000 clicks a second at peak. Redirects read from a cache in front of a key-value store, so a click costs one "
    "lookup. Ids come from a counter that hands out ranges, so two servers never collide. The store breaks first "
    "when one campaign goes viral; I’d shed load by serving the hot key from each server’s memory."
)
_SAID = (
    ("You put figures first and chose the cache from them, and the range counter does rule out collisions. What the "
     "cache does when it is cold is left open, and that is where 50 ms are lost.",
     ("Redirects read from a cache in front of a key-value store",),
     "Say what the first click after a restart costs.", 4),
    ("Requirements, numbers, design, weakness: easy to follow, each part announced before it comes.",
     ("I’d first ask whether links expire",), "", 4),
    ("One alternative is missing: random ids would need no counter at all, at the price of a check for collisions.",
     ("Ids come from a counter that hands out ranges",), "Name random ids and say why you did not take them.", 3),
    ("Counting clicks came up as a question and was then dropped; deleting links and abuse are not mentioned.", (),
     "Come back to counting: a queue and an hourly sum are enough here.", 2),
)  # fmt: skip


def _section(n: int, state: str = "settled") -> SectionView:
    criterion = KIND.criteria[n]
    said, quotes, fix, level = _SAID[n]
    base = SectionView(criterion=criterion.id, title=criterion.title, weight=BAR.weights[criterion.id])
    if state == "waiting":
        return base
    if state == "growing":
        return base.model_copy(update={"state": "growing", "assessment": said[:68]})
    return SectionView(
        criterion=criterion.id, title=criterion.title, weight=BAR.weights[criterion.id], state="settled",
        assessment=said, quotes=quotes, fix=fix, level=level, score=(level - 1) / 4, meets=level >= BAR.meets,
        anchor=criterion.anchors[level - 1], next_anchor=criterion.anchors[level],
    )  # fmt: skip


def question(level: int = 4) -> QuestionCard:
    return QuestionCard(
        turn=2, number=2, total=4, level=level, level_name="Advanced", topic="key-value stores",
        text=QUESTION, minutes=8,
        level_reason="One level up: your last answer was well above the bar.", actions=("hint", "skip", "stop"),
    )  # fmt: skip


def growing() -> FeedbackCard:
    return FeedbackCard(
        turn=2, attempt=2, status="Looking at problem solving…", headline="A design that follows from its figures.",
        sections=(_section(0), _section(1), _section(2, "growing"), _section(3, "waiting")), bar=0.75, before=0.44,
        engine="gpt-6-luna",
    )  # fmt: skip


def settled() -> FeedbackCard:
    return FeedbackCard(
        turn=2, attempt=2, state="settled",
        headline="A design that follows from its figures; what happens when the cache is cold is the part to add.",
        sections=tuple(_section(n) for n in range(4)),
        rewrite="After a restart the first click on a link takes two lookups, about [how many?] ms; I warm the cache "
        "with the links of running campaigns.",
        next_drill="Five minutes: take the same design and say aloud what each part does in the first second after a "
        "restart.",
        checklist=(
            ChecklistItem(point="Estimates reads and writes",
                          quote="Say 20 new links a second and 2,000 clicks a second at peak."),
            ChecklistItem(point="Makes ids without collisions", quote="Ids come from a counter that hands out ranges"),
            ChecklistItem(point="Says how clicks are counted"),
        ),
        score=0.57, before=0.44, bar=0.75, hints=1, engine="gpt-6-luna", confidence="medium",
        notes=("Some levels rest on more than your wording shows; a person may read it differently.",),
        actions=("next", "retry", "model_answer", "helpful", "unhelpful"),
    )  # fmt: skip


def report() -> Report:
    return Report(
        summary="Four answers were reviewed. You estimate before you draw and your structure carries. What is missing "
        "is the bad day: cold caches, lost queues, one region gone.",
        fixes=("Name the first thing that fails, before you are asked.",
               "For each choice say one thing you did not take, and why.",
               "Come back to every question you asked at the start."),
        drill="Take yesterday’s design and remove one part. Say what the user sees, and what you do in the first "
        "minute.",
        score=0.66, bar=0.75,
        criteria=tuple(CriterionTrend(criterion=each.id, title=each.title, score=score, n=n)
                       for each, score, n in zip(KIND.criteria, (0.75, 0.81, 0.56, 0.44), (4, 4, 4, 3), strict=True)),
        trend=(TrendPoint(turn=1, level=3, score=0.81), TrendPoint(turn=2, level=4, score=0.57, hints=1),
               TrendPoint(turn=3, level=4, score=0.62), TrendPoint(turn=4, level=4, score=0.71)),
        answered=4, engine="gpt-6-luna",
    )  # fmt: skip


def session(number: int, type_id: str = "system-design", *, score: float | None = None, **changes: object) -> Session:
    kind = TYPES[type_id]
    setup = Setup(type=kind, role="senior", questions=4, start_level=4)
    done = None if score is None else report().model_copy(update={"score": score})
    key = ThreadKey(platform="slack", workspace="T1", channel="D1", thread=f"{number}.0001", user="U024BE7LH")
    began = 1_700_000_000.0 + 86_400 * 3 * number
    return Session(key=key, number=1, version=1, setup=setup, began_at=began, updated_at=began, level=4,
                   report=done).model_copy(update=changes)  # fmt: skip


def sessions() -> Sequence[Session]:
    scores = (
        ("behavioral", 0.38),
        ("system-design", 0.47),
        ("coding", 0.55),
        ("system-design", 0.52),
        ("system-design", 0.66),
    )
    past = [session(n, kind, score=score) for n, (kind, score) in enumerate(scores, 1)]
    return [session(9, "coding", paused=True), *reversed(past)]


HINT = HintCard(turn=2, rung=1, rungs=2, text="Begin with the figures: how many new links, how many clicks a second?")
MODEL_ANSWER = ModelAnswerCard(
    turn=2, engine="gpt-6-luna",
    text="I assume 20 writes and 2,000 reads a second.\n\nIds are random, seven letters long:\n\n```python\n"
    "def short(n=7):\n    return ''.join(choice(ALPHABET) for _ in range(n))\n```\n\nWhat makes this strong:\n"
    "- figures first\n- one choice weighed",
)  # fmt: skip
