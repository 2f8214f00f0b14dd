"""Forms: start an interview, score one answer, delete everything. What comes back is read by whoever opened them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.slack.names import FORGET_FORM, SCORE_FORM, START_FORM
from adapters.slack.render.blocks import line, pieces, quote, rich, section, small, text
from adapters.slack.render.inputs import FIELD, Choice, field, languages, modal, number, pick, typed
from adapters.slack.render.marks import ROLES
from adapters.slack.render.page import Json
from engine.interviews import GIVEN_CHARS, LEVEL_NAMES, ROLE_LEVELS, InterviewType, RoleLevel

TYPE, ROLE, QUESTIONS, LEVEL = "start.type", "start.role", "start.questions", "start.level"
FOCUS, LANGUAGE, QUESTION, SURE = "start.focus", "start.language", "score.question", "forget.sure"
"""The blocks of the fields: an answer of `{"response_action": "errors", "errors": {ROLE: "…"}}` names one of them."""

FOCUS_CHARS = 200
SURE_VALUE = "sure"


def start_form(
    types: Mapping[str, InterviewType],
    *,
    type_id: str = "",
    role: str = "",
    questions: int | None = None,
    level: int | None = None,
    focus: str = "",
    language: str = "",
    metadata: str = "",
) -> Json:
    """What kind of interview, for which role, how long; filled in as far as it is known."""
    kind = types.get(type_id) or next(iter(types.values()))
    levels = [Choice(str(n), f"{n} · {name}") for n, name in enumerate(LEVEL_NAMES, 1)]
    blocks = [
        field(TYPE, "What do you want to practise?", _types(types, kind.id)),
        field(ROLE, "Role level", _roles([kind, *types.values()], role)),
        field(QUESTIONS, "Questions", number(questions or kind.questions, least=1, most=20)),
        field(FOCUS, "Focus", typed(focus, most=FOCUS_CHARS, placeholder="For example: caching, conflict at work"),
              optional=True),
        field(LEVEL, "Difficulty to start with", pick(levels, str(level or "")), optional=True,
              hint="Left empty, it fits the role level. It moves with your answers."),
        field(LANGUAGE, "Language", languages(language)),
    ]  # fmt: skip
    return modal(START_FORM, "Start an interview", "Start", blocks, metadata)


def score_form(
    types: Mapping[str, InterviewType],
    answer: str,
    *,
    question: str = "",
    type_id: str = "",
    role: str = "",
    metadata: str = "",
) -> Json:
    """Which question a message answers, and how to look at it; the message is shown in full."""
    kind = types.get(type_id) or next(iter(types.values()))
    asked = typed(question, most=GIVEN_CHARS, multiline=True, placeholder="Paste or type the question")
    blocks = [
        rich(line(text("The answer to score", bold=True))),
        *(rich(quote(piece)) for piece in pieces(answer)),
        field(QUESTION, "Which question does it answer?", asked, optional=True),
        field(TYPE, "Score it as", _types(types, kind.id, radio=False)),
        field(ROLE, "Role level", _roles([kind, *types.values()], role)),
    ]
    return modal(SCORE_FORM, "Score this answer", "Score", blocks, metadata)


def forget_form(metadata: str = "") -> Json:
    """Asked before everything about a person is deleted."""
    tick: Json = {"text": {"type": "plain_text", "text": "Yes, delete all of it"}, "value": SURE_VALUE}
    blocks = [
        section(
            "This deletes everything Rehearse keeps about you in this workspace: your interviews with every answer, "
            "feedback and report, your scores and your settings. An interview that is open ends without a report. "
            "*It cannot be undone.*"
        ),
        *small(
            "Messages that stand in Slack belong to your workspace and stay; you can delete your own there. "
            "You may want to export your data first, from the Home tab."
        ),
        field(SURE, "Are you sure?", {"type": "checkboxes", "action_id": FIELD, "options": [tick]}),
    ]
    return modal(FORGET_FORM, "Delete my data", "Delete everything", blocks, metadata)


def _types(types: Mapping[str, InterviewType], chosen: str, *, radio: bool = True) -> Json:
    choices = [Choice(id, kind.title, kind.description) for id, kind in types.items()]
    return pick(choices, chosen, radio=radio)


def _roles(types: Sequence[InterviewType], wished: str) -> Json:
    """The role levels that any type is made for; the one wished for, or the first type's middle, is chosen."""
    known: list[RoleLevel] = [role for role in ROLE_LEVELS if any(role in kind.roles for kind in types)]
    own = [role for role in known if role in types[0].roles]
    chosen = next((role for role in (wished, "mid") if role in own), own[0])
    return pick([Choice(role, ROLES[role]) for role in known], chosen)
