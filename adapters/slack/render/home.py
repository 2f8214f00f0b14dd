"""The Home tab: go on, start, see how it goes; settings and one's own data; for admins the interview types.

A Home view holds a hundred blocks and no charts, so progress is drawn in letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.slack.names import (
    COMMAND,
    HOME_EXPORT,
    HOME_FORGET,
    HOME_HISTORY,
    HOME_LANGUAGE,
    HOME_LIVE,
    HOME_START,
)
from adapters.slack.render.blocks import (
    actions,
    button,
    divider,
    escaped,
    header,
    line,
    rich,
    section,
    small,
    text,
)
from adapters.slack.render.inputs import languages
from adapters.slack.render.lists import row_block
from adapters.slack.render.page import Json
from adapters.slack.render.panel_parts import go_button, row_blocks
from adapters.slack.render.panels import buttons
from adapters.surface.lists import Row, row
from adapters.surface.marks import count
from adapters.surface.panels import Go, Panel
from adapters.surface.panels import Row as ListRow
from adapters.surface.words import in_short, shortened
from engine.admin.roles import AdminRole, at_least
from engine.interviews import InterviewType
from engine.preferences import Preferences
from engine.session import Session

ON = "on"
"""The value of a ticked box."""

OPEN_ROWS, PAST_ROWS, DRAWN, TYPE_ROWS, ALERT_ROWS = 3, 5, 10, 20, 5
OPEN = "Open"
"""The button of a way in the menu; whatever needs somebody has a word of its own."""
ABOUT_CHARS = 160
SPARKS = "▁▂▃▄▅▆▇█"
DATA_NOTE = (
    "Your interviews are seen by nobody else here. Export them as a file, or delete them for good, whenever you like."
)


def home_view(
    types: Mapping[str, InterviewType],
    sessions: Sequence[Session],
    preferences: Preferences,
    *,
    admin: tuple[AdminRole, Panel] | None = None,
) -> Json:
    """One person's Home. `sessions` are theirs, newest first; `admin` is their role and the menu that goes with it."""
    rows = [row(session) for session in sessions]
    blocks = [*_going_on(rows), *_start(types, first=not rows), *_progress(rows), *_past(rows)]
    blocks += [*_settings(preferences), *_data(), *(_admin(types, *admin) if admin is not None else [])]
    return {"type": "home", "blocks": blocks}


def _going_on(rows: Sequence[Row]) -> list[Json]:
    still_open = [each for each in rows if not each.over]
    if not still_open:
        return []
    more = len(still_open) - OPEN_ROWS
    note = small(f"{count(more, 'older one is', 'older ones are')} open as well: see History." if more > 0 else "")
    return [header("Go on"), *map(row_block, still_open[:OPEN_ROWS]), *note]


def _start(types: Mapping[str, InterviewType], *, first: bool) -> list[Json]:
    greeting = (
        "Welcome! Choose an interview and press *Start*: I ask one question at a time, you answer in your own words, "
        "and you watch the feedback being written. At the end there is a report. Nobody else sees any of it."
        if first
        else f"Press *Start*, or write `{COMMAND} start` anywhere."
    )
    blocks = [header("Practise"), section(greeting)]
    for id, kind in list(types.items())[:TYPE_ROWS]:
        about = escaped(in_short(kind.description, ABOUT_CHARS))
        words = f"*{escaped(kind.title)}* · {count(kind.questions, 'question')}\n{about}".rstrip()
        blocks.append(section(words, button("Start", f"{HOME_START}.{id}", id, spoken=f"Start {kind.title}")))
    return [*blocks, actions(button("More choices…", HOME_START, style="primary"))]


def _progress(rows: Sequence[Row]) -> list[Json]:
    scored = [each for each in rows if each.over and each.score is not None][:DRAWN]
    if len(scored) < 2:
        return []
    scores = [each.score or 0.0 for each in reversed(scored)]
    runs = (
        text(f"{scores[0]:.2f}  {_sparks(scores)}  "),
        text(f"{scores[-1]:.2f}", bold=True),
        text(f"  over your last {len(scored)} scored interviews, the newest on the right"),
    )
    return [
        header("Progress"),
        rich(line(*runs)),
        *small(f"{COMMAND} progress draws the line, and shows each criterion."),
    ]


def _sparks(scores: Sequence[float]) -> str:
    """Scores as columns side by side, the lowest for 0 and the highest for 1."""
    return " ".join(SPARKS[round(score * (len(SPARKS) - 1))] for score in scores)


def _past(rows: Sequence[Row]) -> list[Json]:
    past = [each for each in rows if each.over]
    if not past:
        return []
    return [header("Last interviews"), *map(row_block, past[:PAST_ROWS]), actions(button("History", HOME_HISTORY))]


def _settings(preferences: Preferences) -> list[Json]:
    tick: Json = {
        "text": {"type": "plain_text", "text": "Show feedback while it is written"},
        "description": {"type": "plain_text", "text": "Otherwise it comes once it is whole."},
        "value": ON,
    }
    live: Json = {"type": "checkboxes", "action_id": HOME_LIVE, "options": [tick]}
    if preferences.live:
        live["initial_options"] = [tick]
    chosen = languages(preferences.language, action_id=HOME_LANGUAGE)
    return [
        divider(),
        header("Settings"),
        actions(live),
        section("*Language* of questions and feedback, from the next interview on", chosen),
    ]


def _data() -> list[Json]:
    export = button("Export my data", HOME_EXPORT)
    return [*small(DATA_NOTE), actions(export, button("Delete my data…", HOME_FORGET, style="danger"))]


def _admin(types: Mapping[str, InterviewType], role: AdminRole, menu: Panel) -> list[Json]:
    """The menu in a few lines: what needs somebody first, then the ways, then the types."""
    rows = [part for part in menu.parts if isinstance(part, ListRow) and part.button is not None]
    ways = [Go(part.title, part.button.path) for part in rows if part.button is not None and part.button.label == OPEN]
    alerts = [part for part in rows if part.button is not None and part.button.label != OPEN][:ALERT_ROWS]
    blocks = [divider(), header("For admins and coaches"), *(block for part in alerts for block in row_blocks(part))]
    blocks += [*buttons(ways[:25]), section("*Interview types* that everybody here can choose from")]
    verb = "Edit" if at_least(role, "admin") else "Show"
    for id, kind in list(types.items())[:TYPE_ROWS]:
        words = f"*{escaped(kind.title)}* · `{escaped(id)}`\n{_facts(kind)}"
        go = go_button(Go(verb, f"types/{id}")) | {"accessibility_label": shortened(f"{verb} {kind.title}", 75)}
        blocks.append(section(words, go))
    return blocks


def _facts(kind: InterviewType) -> str:
    criteria = count(len(kind.criteria), "criterion", "criteria")
    when = "feedback after each answer" if kind.feedback == "each" else "feedback at the end"
    return f"{criteria} · {count(kind.questions, 'question')} · {count(len(kind.roles), 'role level')} · {when}"
