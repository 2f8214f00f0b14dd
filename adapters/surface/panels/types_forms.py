"""The forms a type is changed with: what each holds at first, and the fields of a type that come of it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import cast

from adapters.library.question_files import read_questions
from adapters.surface.choices import Option
from adapters.surface.panels import OPTIONS, Field, Filled, Form
from adapters.surface.panels.types_words import AS_USUAL, FEEDBACK, FORMATS, SOURCES, criteria, level_word, options
from adapters.surface.wording import LANGUAGES, ROLES
from engine.admin.type_bodies import Body, weights_of, weights_text, with_criterion
from engine.admin.type_drafts import Working
from engine.errors import Wrong
from engine.interviews import HIGHEST_LEVEL, RESERVED, ROLE_LEVELS, Criterion, RoleLevel

ANCHORS = 5
_LEVELS = tuple(Option(str(level), level_word(level)) for level in range(1, HIGHEST_LEVEL + 1))


@contextmanager
def at_fields(about: str) -> Generator[None]:
    """What is amiss at `about.<field>` stands at the field of that name in a form."""
    try:
        yield
    except Wrong as error:
        problems: dict[str, list[str]] = {}
        for place, why in error.problems.items():
            field = place.removeprefix(f"{about}.") if place.startswith(f"{about}.") else place
            problems.setdefault(field.partition(".")[0], []).append(why)
        raise Wrong({field: " ".join(whys) for field, whys in problems.items()}) from error


@contextmanager
def in_field(field: str) -> Generator[None]:
    """Whatever is amiss stands at one field."""
    try:
        yield
    except Wrong as error:
        raise Wrong({field: " ".join(list(error.problems.values())[:5])}) from error


def basics(working: Working) -> Form:
    body = working.body
    language = str(body["language"])
    known = LANGUAGES if language in LANGUAGES else {language: language, **LANGUAGES}
    fields = (
        Field("title", "Title", "line", (str(body["title"]),), most=80),
        Field("description", "Description", "text", (str(body.get("description") or ""),), optional=True, most=1_000),
        Field("format", "Format", "choice", (str(body["format"]),), options=options(FORMATS)),
        Field("language", "Language", "choice", (language,), options=options(known)),
    )
    return Form(f"types/{working.id}/basics", "Title and format", fields)


def basics_of(filled: Filled) -> dict[str, object]:
    return {name: filled.one(name) for name in ("title", "description", "format", "language")}


def length(working: Working) -> Form:
    body = working.body
    usual = Option(AS_USUAL, "The level of the role")
    start, minutes = str(body.get("start_level") or AS_USUAL), body.get("minutes")
    fields = (
        Field("questions", "Questions", "number", (str(body["questions"]),), least=1, most=20),
        Field("follow_ups", "Follow-ups to a question, at most", "number", (str(body["follow_ups"]),), least=0, most=3),
        Field("minutes", "Minutes per question", "number", (str(minutes),) if minutes else (), optional=True, least=1,
              most=120, hint="Empty: as each question says"),
        Field("feedback", "Feedback", "choice", (str(body["feedback"]),), options=options(FEEDBACK)),
        Field("start_level", "Starts at", "choice", (start,), options=(usual, *_LEVELS)),
    )  # fmt: skip
    return Form(f"types/{working.id}/length", "Length and pace", fields)


def length_of(filled: Filled) -> dict[str, object]:
    start = filled.one("start_level")
    return {
        "questions": _number(filled, "questions"),
        "follow_ups": _number(filled, "follow_ups"),
        "minutes": _number(filled, "minutes") if filled.one("minutes") else None,
        "feedback": filled.one("feedback"),
        "start_level": None if start in ("", AS_USUAL) else _number(filled, "start_level"),
    }


def index_of(working: Working, number: str) -> int | None:
    """A criterion's place from its number in a path, from 1; `None` where there is none."""
    known = len(criteria(working.body))
    return int(number) - 1 if number.isdecimal() and 1 <= int(number) <= known else None


def criterion(working: Working, index: int | None) -> Form:
    each: Body = criteria(working.body)[index] if index is not None else {}
    anchors = "\n".join(cast("Iterable[str]", each.get("anchors") or ()))
    fields = (
        Field("title", "Title", "line", (str(each.get("title") or ""),), most=60),
        Field("description", "What it looks at", "line", (str(each.get("description") or ""),), optional=True,
              most=500),
        Field("anchors", "Levels 1 to 5, a line each", "text", (anchors,),
              hint="From absent to excellent: what an answer of this level shows"),
    )  # fmt: skip
    number = "new" if index is None else str(index + 1)
    intro = "" if index is not None else "A new criterion weighs nothing until you set weights under role levels."
    return Form(f"types/{working.id}/c/{number}/edit", "Criterion", fields, intro=intro)


def criterion_of(working: Working, index: int | None, filled: Filled) -> tuple[dict[str, object], str]:
    """The changed fields, and the place of the criterion among them."""
    known = criteria(working.body)
    anchors = [" ".join(line.split()) for line in filled.one("anchors").splitlines() if line.strip()]
    if len(anchors) != ANCHORS:
        raise Wrong({"anchors": f"Write five lines, one for each level from 1 to 5; there are {len(anchors)}."})
    if not filled.one("title"):
        raise Wrong({"title": "The title must not be empty."})
    id = str(known[index]["id"]) if index is not None else _new_criterion(filled.one("title"), known)
    made = Criterion.model_construct(
        id=id, title=filled.one("title"), description=filled.one("description"),
        anchors=cast("tuple[str, str, str, str, str]", tuple(anchors)),
    )  # fmt: skip
    body = with_criterion(working.body, made)
    place = len(known) if index is None else index
    return {"criteria": body["criteria"], "roles": body["roles"]}, f"criteria.{place}"


def role(working: Working, role: str) -> Form:
    bars = cast("Mapping[str, Body]", working.body["roles"])
    order = [str(each["id"]) for each in criteria(working.body)]
    # A role level that is new begins as the one that is there.
    bar = bars.get(role) or next(iter(bars.values()))
    weights = weights_text(order, cast("Mapping[str, int]", bar["weights"]))
    titles = " / ".join(str(each["title"]) for each in criteria(working.body))
    fields = (
        Field("offered", "Offered", "choice", ("yes",),
              options=(Option("yes", "Yes, people may choose it"), Option("no", "No"))),
        Field("meets", "Average level that meets the bar", "line", (f"{cast('float', bar['meets']):g}",), most=4,
              hint="1 to 5"),
        Field("start", "First question's level", "choice", (str(bar["start"]),), options=_LEVELS),
        Field("weights", "Weights in percent", "line", (weights,), most=40, hint=titles),
        Field("expects", "What is expected of this level", "text", (str(bar.get("expects") or ""),), optional=True,
              most=500),
    )  # fmt: skip
    return Form(f"types/{working.id}/role/{role}", ROLES[cast("RoleLevel", role)], fields)


def role_of(working: Working, role: str, filled: Filled) -> dict[str, object]:
    bars = dict(cast("Mapping[str, Body]", working.body["roles"]))
    if filled.one("offered") == "no":
        bars.pop(role, None)
        if not bars:
            raise Wrong({"offered": "At least one role level is needed."})
        return {"roles": bars}
    order = [str(each["id"]) for each in criteria(working.body)]
    try:
        meets = float(filled.one("meets").replace(",", "."))
    except ValueError:
        raise Wrong({"meets": "Write a number from 1 to 5, such as 3.5."}) from None
    if not 1 <= meets <= HIGHEST_LEVEL:
        raise Wrong({"meets": "Write a number from 1 to 5, such as 3.5."})
    weights = weights_of(order, filled.one("weights"))
    bars[role] = {
        "meets": meets,
        "start": _number(filled, "start"),
        "weights": weights,
        "expects": filled.one("expects"),
    }
    return {"roles": {each: bars[each] for each in ROLE_LEVELS if each in bars}}


def questions(working: Working) -> Form:
    source = str(working.body["source"])
    fields = (
        Field("file", "YAML or CSV file", "file", optional=True),
        Field("text", "Or type or paste them", "text", optional=True,
              hint="A question per line, below it its key points, each after a dash"),
        Field("how", "With those that are there", "choice", ("replace",),
              options=(Option("replace", "Replace them"), Option("add", "Keep them and add"))),
        Field("source", "Questions come from", "choice", (source,), options=options(SOURCES)),
    )  # fmt: skip
    return Form(f"types/{working.id}/questions/put", "Own questions", fields)


def questions_of(filled: Filled, own: list[object]) -> dict[str, object]:
    upload = next(iter(filled.files), None)
    source = {"source": filled.one("source")} if filled.one("source") in SOURCES else {}
    if upload is None and not filled.one("text"):
        raise Wrong({"text": "Type or paste questions, or choose a file."})
    with in_field("file" if upload else "text"):
        put = read_questions(
            upload.content if upload else filled.one("text").encode(), name=upload.name if upload else ""
        )
    return {"own_questions": [*own, *put] if filled.one("how") == "add" else put, **source}


def who(working: Working) -> Form:
    audience = cast("Mapping[str, Iterable[str]]", working.body.get("audience") or {})
    fields = (
        Field("people", "People", "people", tuple(audience.get("people") or ()), optional=True, most=25),
        Field("groups", "Groups", "groups", tuple(audience.get("groups") or ()), optional=True, most=25),
        Field("channels", "Channels", "channels", tuple(audience.get("channels") or ()), optional=True, most=25),
    )
    intro = "Empty: everybody, everywhere. With channels, it can be begun in those only, and not in a direct message."
    return Form(f"types/{working.id}/who", "Who may begin it", fields, intro=intro)


def who_of(filled: Filled) -> dict[str, object]:
    return {"audience": {name: list(filled.fields.get(name, ())) for name in ("people", "groups", "channels")}}


def prompts(working: Working, choices: Mapping[str, Mapping[str, str]]) -> Form:
    chosen = cast("Mapping[str, str]", working.body.get("prompts") or {})
    fields: list[Field] = []
    for task, known in choices.items():
        value = chosen.get(task, AS_USUAL)
        gone = {} if value in known or value == AS_USUAL else {value: "not there any more"}
        listed = [
            Option(AS_USUAL, "As for every type"),
            *(Option(ref, ref, about) for ref, about in {**gone, **known}.items()),
        ]
        fields.append(
            Field(task, task.replace("_", " ").capitalize(), "choice", (value,), options=tuple(listed[:OPTIONS]))
        )
    intro = "A version or label chosen here goes before production, and before a rollout that is open."
    return Form(f"types/{working.id}/prompts", "Prompts", tuple(fields), intro=intro)


def prompts_of(filled: Filled) -> dict[str, object]:
    chosen = {task: filled.one(task) for task in filled.fields}
    return {"prompts": {task: choice for task, choice in chosen.items() if choice not in ("", AS_USUAL)}}


def as_json(value: object) -> str:
    return json.dumps(value)


def _number(filled: Filled, name: str) -> int:
    text = filled.one(name)
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Wrong({name: "Write a whole number."})
    return int(text)


def _new_criterion(title: str, known: Iterable[Body]) -> str:
    words = "".join(char if char.isascii() and char.isalnum() else "_" for char in title.casefold()).strip("_")[:50]
    taken = {str(each["id"]) for each in known} | RESERVED
    base = words or "criterion"
    return next(id for id in (base, *(f"{base}_{n}" for n in range(2, 20))) if id not in taken)
