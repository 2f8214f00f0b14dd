"""Forms: start an interview, score one answer, delete everything. What comes back is read by whoever opened them."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.slack.names import FORGET_FORM, SCORE_FORM, START_FORM
from adapters.slack.render.blocks import line, pieces, quote, rich, section, small, text
from adapters.slack.render.inputs import FIELD, field, languages, modal, number, pick, typed
from adapters.slack.render.page import Json
from adapters.surface.choices import fitting_role, levels, roles_of, types_of
from engine.interviews import GIVEN_CHARS, InterviewType

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
    blocks = [
        field(TYPE, "What do you want to practise?", pick(types_of(types), kind.id, radio=True)),
        field(ROLE, "Role level", pick(roles_of(list(types.values())), fitting_role(kind, role))),
        field(QUESTIONS, "Questions", number(questions or kind.questions, least=1, most=20)),
        field(FOCUS, "Focus", typed(focus, most=FOCUS_CHARS, placeholder="For example: caching, conflict at work"),
              optional=True),
        field(LEVEL, "Difficulty to start with", pick(levels(), str(level or "")), optional=True,
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
        field(TYPE, "Score it as", pick(types_of(types), kind.id)),
        field(ROLE, "Role level", pick(roles_of(list(types.values())), fitting_role(kind, role))),
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
