"""How a session looks from the page: what is asked for beside the posts themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.catalogue import Whereabouts
from engine.conversation import posts
from engine.desk import Desk
from engine.events import Card
from engine.feedback.model import OFFLINE
from engine.interviews import LEVEL_NAMES, Frozen, InterviewType, RoleLevel
from engine.keys import ThreadKey
from engine.receive import WORDS
from engine.session import Attempt, Session, Turn
from engine.steps import Ask, ModelAnswer, Review, Step, Summarise, next_step

PLATFORM, PERSON = "local", "you"

LANGUAGES = {
    "en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "it": "Italiano", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "tr": "Türkçe", "uk": "Українська", "hi": "हिन्दी", "ja": "日本語",
    "ko": "한국어", "zh": "中文",
}  # fmt: skip


def thread_key(interview: str) -> ThreadKey:
    """Every interview of the page is a thread of its own, of this machine's only person."""
    return ThreadKey(platform=PLATFORM, channel=interview, user=PERSON)


class PostView(Frozen):
    post: str
    card: Card


class PartView(Frozen):
    message: str
    text: str


class AnswerView(Frozen):
    """The messages an answer is made of, so that each can be edited."""

    parts: tuple[PartView, ...]
    editable: bool
    submitted: bool


class StateView(Frozen):
    """All that the page shows besides posts. `writing` is the post being worked on now, if any."""

    id: str
    number: int
    title: str
    format: str
    role: RoleLevel
    focus: str
    language: str
    feedback: str
    questions: int
    asked: int
    level: int
    paused: bool
    stopped: bool
    over: bool
    began_at: float
    updated_at: float
    score: float | None
    bar: float | None
    quiet_s: float
    writing: str
    posts: tuple[str, ...]
    answers: Mapping[str, AnswerView]
    asked_at: Mapping[int, float]
    ratings: Mapping[int, int]


class InterviewView(Frozen):
    """An interview as it stands. `last` is the id of the newest event that is already part of it."""

    state: StateView
    posts: tuple[PostView, ...]
    last: str


class EngineView(Frozen):
    label: str
    offline: bool


class ChoicesView(Frozen):
    """What the start form offers."""

    types: tuple[InterviewType, ...]
    levels: tuple[str, ...]
    languages: Mapping[str, str]
    engine: EngineView
    commands: tuple[str, ...]


async def choices(desk: Desk) -> ChoicesView:
    """The start form's choices, the engine's label, and the words that are commands rather than answers."""
    engine = EngineView(label=desk.engine_label, offline=desk.engine_label.startswith(OFFLINE))
    me = thread_key("-")
    types = await desk.offered(Whereabouts(me.scope, me.user))
    return ChoicesView(
        types=tuple(types.values()), levels=LEVEL_NAMES, languages=LANGUAGES, engine=engine, commands=tuple(WORDS)
    )


def post_views(session: Session) -> tuple[PostView, ...]:
    return tuple(PostView(post=post, card=card) for post, card in posts(session))


def history_views(sessions: Sequence[Session], now: float) -> tuple[StateView, ...]:
    """Interviews, newest first. One that another followed in the same thread is addressed `<thread>~<number>`."""
    newest: dict[str, int] = {}
    for session in sessions:
        newest[session.key.channel] = max(session.number, newest.get(session.key.channel, 0))
    views = [(state_view(session, now), session.number == newest[session.key.channel]) for session in sessions]
    return tuple(view if last else view.model_copy(update={"id": f"{view.id}~{view.number}"}) for view, last in views)


def state_view(session: Session, now: float) -> StateView:
    """The state at `now`, in epoch seconds."""
    report = session.report
    step = next_step(session)
    return StateView(
        id=session.key.channel,
        number=session.number,
        title=session.setup.type.title,
        format=session.setup.type.format,
        role=session.setup.role,
        focus=session.setup.focus,
        language=session.setup.language,
        feedback=session.setup.type.feedback,
        questions=session.setup.questions,
        asked=session.asked,
        level=session.level,
        paused=session.paused,
        stopped=session.stopped,
        over=session.over,
        began_at=session.began_at,
        updated_at=session.updated_at,
        score=report.score if report else None,
        bar=report.bar if report else None,
        quiet_s=session.setup.quiet_s,
        writing=post_of(step) if step and step.due_at <= now else "",
        posts=tuple(post for post, _ in posts(session)),
        answers=dict(_answers(session)),
        asked_at={turn.number: turn.asked_at for turn in session.turns},
        ratings={turn.number: turn.rating for turn in session.turns if turn.rating},
    )


def post_of(step: Step) -> str:
    """The post that a step writes to."""
    match step:
        case Ask(turn=turn):
            return f"q{turn}"
        case Review(turn=turn, attempt=attempt):
            return f"f{turn}.{attempt}"
        case ModelAnswer(turn=turn):
            return f"m{turn}"
        case Summarise():
            return "report"


def _answers(session: Session) -> Iterable[tuple[str, AnswerView]]:
    for turn in session.turns:
        for k, attempt in enumerate(turn.attempts, start=1):
            if attempt.parts:
                parts = tuple(PartView(message=part.message, text=part.text) for part in attempt.parts)
                editable = _editable(session, turn, attempt)
                yield f"a{turn.number}.{k}", AnswerView(parts=parts, editable=editable, submitted=attempt.submitted)


def _editable(session: Session, turn: Turn, attempt: Attempt) -> bool:
    closed = session.over or session.stopped or turn.skipped
    return attempt is turn.attempt and attempt.feedback is None and not closed
