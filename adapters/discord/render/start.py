"""The way into an interview: what kind it is to be, where it is held when direct messages are refused, its first card.

What has been chosen so far stands in the `custom_id` of every part of the picker, so it needs no memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from adapters.discord.names import (
    FOCUS,
    LEVEL,
    QUESTIONS,
    ROLE,
    START_FORM,
    TYPE,
    Picked,
    pick_id,
    place_id,
)
from adapters.discord.render.inputs import field, modal, typed
from adapters.discord.render.page import Json, Page, paged, walk
from adapters.discord.render.parts import AMBER, BLURPLE, OPTIONS, SUCCESS, button, row, select, text, texts
from adapters.discord.render.words import escaped, named, packed, prose, small, unescaped
from adapters.surface.choices import Option, fitting_role, levels, roles_of, types_of
from adapters.surface.marks import count, score_bar, score_words
from adapters.surface.wording import ROLES
from engine.facts import Report
from engine.interviews import LEVEL_NAMES, InterviewType, RoleLevel

Place = Literal["direct", "thread", "forms"]

MOST_QUESTIONS, FOCUS_CHARS = 20, 200
FOCUS_ID = 1_002
"""The `id` of the text that holds the focus; `focus_of` reads it."""
_FOCUS = "Focus:"

PRACTISE = "Practise"
HOW = "I ask one question at a time, you answer in your own words, and you watch the feedback being written."
MANY_TYPES = "There are more types than this menu holds: /interview start finds all of them by name."
_HOW: Mapping[Place, str] = {
    "direct": "Write your answers here, in as many messages as you like, or send a voice message. A short pause or "
    "“Done” ends an answer.",
    "thread": "This thread holds you and me; moderators of this server can read it as well.",
    "forms": "Only you see these messages. Answer with the button “Answer in a form”. Discord drops them when it is "
    "restarted; your interview is kept, and /interview resume shows it again.",
}
_TYPED = "Write your answers here, in as many messages as you like. A short pause or “Done” ends an answer."
_NOT_TYPED = "I cannot read what is written here, so answer with the button “Answer in a form”."

REFUSED = "I could not open a direct message with you"
_REFUSED = (
    "Discord does not let me write to you. Allow direct messages from this server in your privacy settings and press "
    "Try again, or choose another way:"
)
_THREAD = (
    "**Use a private thread**\nA thread of this channel that holds you and me. Nobody else is invited, but "
    "**moderators of this server can read it**."
)
_HERE = (
    "**Stay in private messages here**\nOnly you see them, and nothing stays in the channel. You answer in forms. "
    "Discord drops such messages when it is restarted; your interview is kept, and /interview resume shows it again."
)


def settled_pick(types: Mapping[str, InterviewType], picked: Picked | None = None) -> Picked:
    """What was picked, as far as it exists; the first type and its middle role otherwise."""
    kind = types.get(picked.type_id if picked else "") or next(iter(types.values()))
    wished = picked or Picked(kind.id)
    return wished.but(type_id=kind.id, role=fitting_role(kind, wished.role))


def start_page(types: Mapping[str, InterviewType], picked: Picked | None = None) -> Page:
    """The picker: two menus and a button."""
    chosen = settled_pick(types, picked)
    kind = types[chosen.type_id]
    facts = f"**{escaped(kind.title)}** · {count(chosen.questions or kind.questions, 'question')}"
    if chosen.level:
        facts += f" · begins at {LEVEL_NAMES[chosen.level - 1]}"
    kinds = sorted(types_of(types), key=lambda option: option.value != kind.id) if len(types) > OPTIONS else None
    contents = [f"### {PRACTISE}\n{HOW}", "\n".join((facts, *prose(kind.description)))]
    if kinds:
        contents.append(small(MANY_TYPES))
    menus = [
        row(select(pick_id("type", chosen), kinds or types_of(types), kind.id, placeholder="What to practise")),
        row(select(pick_id("role", chosen), roles_of([kind]), chosen.role, placeholder="Role level")),
        row(button("Start", pick_id("go", chosen), SUCCESS), button("More choices…", pick_id("form", chosen))),
    ]
    return paged(texts(contents), title=PRACTISE, accent=BLURPLE, tail=menus, file="practise.md")[-1]


def start_form(types: Mapping[str, InterviewType], picked: Picked | None = None, *, focus: str = "") -> Json:
    """The modal with all the choices, filled in as far as they are known."""
    chosen = settled_pick(types, picked)
    kind = types[chosen.type_id]
    kinds = sorted(types_of(types), key=lambda option: option.value != kind.id) if len(types) > OPTIONS else None
    numbers = [Option(str(n), count(n, "question")) for n in range(1, MOST_QUESTIONS + 1)]
    begins = [Option("0", "As the role level says"), *levels()]
    return modal(START_FORM, "Start an interview", [
        field("What do you want to practise?", select(TYPE, kinds or types_of(types), kind.id)),
        field("Role level", select(ROLE, roles_of(list(types.values())), chosen.role)),
        field("How many questions?", select(QUESTIONS, numbers, str(chosen.questions or kind.questions))),
        field("Difficulty to start with", select(LEVEL, begins, str(chosen.level)), "It moves with your answers."),
        field("Focus", typed(FOCUS, focus, most=FOCUS_CHARS, required=False,
                             placeholder="For example: caching, conflict at work")),
    ])  # fmt: skip


def refused_page(picked: Picked, *, threads: bool = True, focus: str = "") -> Page:
    """A direct message was refused: where to go on, and who could read it there. `threads`: there can be one here."""
    contents = [f"### {REFUSED}\n{_REFUSED}", *([_THREAD] if threads else []), _HERE]
    made = texts(contents)
    if focus.strip():
        made.append(text(small(f"{_FOCUS} {escaped(focus)}")) | {"id": FOCUS_ID})
    choices = [button("Use a private thread", place_id("thread", picked))] if threads else []
    choices += [button("Stay in private messages here", place_id("here", picked))]
    again = button("Try again", pick_id("go", picked))
    return paged(made, title=REFUSED, accent=AMBER, tail=[row(*choices, again)])[0]


def focus_of(components: Sequence[object]) -> str:
    """The focus that the components of a `refused_page` show."""
    for component in components:
        for each in walk(cast("Json", component)) if isinstance(component, dict) else ():
            if each.get("id") == FOCUS_ID:
                return unescaped(str(each.get("content", ""))).removeprefix("-# ").removeprefix(_FOCUS).strip()
    return ""


def intro_page(
    title: str, role: RoleLevel, questions: int, *, focus: str = "", place: Place = "direct", typed: bool = True,
    report: Report | None = None,
) -> Page:  # fmt: skip
    """The first card of an interview; with its score once it is over. `typed`: what is written in a thread is read."""
    head = f"### Mock interview · {escaped(title)}\n{ROLES[role]} · {count(questions, 'question')}"
    lines = [f"{head} · focus: {escaped(focus)}" if focus.strip() else head]
    if report is not None:
        bar = "" if report.score is None else f"{score_bar(report.score)} "
        lines.append(f"Over · {bar}**{score_words(report.score)}**")
    else:
        lines.append(small(_HOW[place]))
        lines += [small(_TYPED if typed else _NOT_TYPED)] if place == "thread" else []
    return paged(texts(packed(lines, "\n")), title="Mock interview", accent=BLURPLE)[0]


def scored_pages(answer: str, question: str = "") -> tuple[Page, ...]:
    """The first card of an interview over one message that somebody wanted scored."""
    contents = ["### Feedback on an answer", *named("The question", question), *named("The answer", answer)]
    return paged(texts(contents), title="Feedback on an answer", accent=BLURPLE, file="answer.md")
