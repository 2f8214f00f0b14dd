"""The forms that change limits: what stands in them, and what was written into them. An empty field is no limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from adapters.surface.choices import Option
from adapters.surface.panels import Field, Filled, Form
from engine.admin.limits import CHARS, NUMBER, TIMES, checked, read_limit
from engine.errors import Wrong
from engine.limits.model import MOST, Limits
from engine.limits.words import MICROS

MONEY = "Write an amount of dollars such as 2.50, or nothing for no limit."
WITHOUT = "none"


@dataclass(frozen=True, slots=True)
class LimitsForm:
    """A form: the words on the button that opens it, and its fields by the full names of limits."""

    button: str
    title: str
    fields: Mapping[str, str]
    intro: str


EMPTY = "Leave a field empty for no limit."
FORMS: Mapping[str, LimitsForm] = {
    "person": LimitsForm(
        "Change for each person",
        "Limits for each person",
        {
            "person.interviews": "Interviews a day",
            "person.answers": "Answers a day",
            "person.open": "Interviews open at once",
            "person.answer_chars": "Characters of an answer",
            "person.audio_minutes": "Minutes of audio a day",
        },
        EMPTY,
    ),
    "all": LimitsForm(
        "Change for everybody",
        "Limits for everybody together",
        {
            "workspace.interviews": "Interviews a day",
            "workspace.answers": "Answers a day",
            "workspace.open": "Interviews open at once",
            "workspace.audio_minutes": "Minutes of audio a day",
        },
        EMPTY,
    ),
    "cost": LimitsForm(
        "Change tokens and cost",
        "Limits on tokens and cost",
        {
            "person.tokens": "Tokens a day, each person",
            "person.cost_micros": "Dollars a day, each person",
            "workspace.tokens": "Tokens a day, everybody",
            "workspace.cost_micros": "Dollars a day, everybody",
        },
        f"{EMPTY} One review sets aside about 15,000 tokens while it is written.",
    ),
}


def limits_form(name: str, limits: Limits, seen: int) -> Form:
    """The form with what holds now."""
    form = FORMS[name]
    known = limits.by_name()
    fields = tuple(_field(full, label, known[full]) for full, label in form.fields.items())
    return Form(f"limits/set/{name}/{seen}", form.title, fields, intro=form.intro)


def filled_limits(name: str, limits: Limits, filled: Filled) -> Limits:
    """The limits with what was written in their place. Raises `Wrong`, field by field."""
    known, problems = limits.by_name(), dict[str, str]()
    for full in FORMS[name].fields:
        try:
            known[full] = read_limit(full, filled.one(_id(full)))
        except ValueError:
            problems[_id(full)] = _hint(full)
    if problems:
        raise Wrong(problems)
    try:
        return checked(known)
    except Wrong as error:
        raise Wrong({_id(full): _hint(full) for full in error.problems}) from error


def lift_form() -> Form:
    """Who may use more today, and how much."""
    times = [Option(str(each), f"{each} times as much", "") for each in TIMES]
    options = (*times, Option(WITHOUT, "As much as they like", "what everybody shares still has its limits"))
    fields = (
        Field("person", "Person", "people", least=1, most=1),
        Field("times", "How much, until the day is over", "choice", ("2",), options=options),
    )
    return Form("limits/allow", "Let a person use more today", fields, submit="Allow")


def read_lift(filled: Filled) -> tuple[str, int | None]:
    """Who, and how many times as much. Raises `Wrong`."""
    user, times = filled.one("person"), filled.one("times")
    if not user:
        raise Wrong({"person": "Choose a person."})
    if times != WITHOUT and not times.isdecimal():
        raise Wrong({"times": "Choose how much."})
    return user, None if times == WITHOUT else int(times)


def _field(full: str, label: str, value: int | None) -> Field:
    if full.endswith("cost_micros"):
        shown = () if value is None else (_dollars(value),)
        return Field(_id(full), label, "line", shown, "Empty: no limit", optional=True, most=20)
    least, most = (100, 40_000) if full == "person.answer_chars" else (0, MOST)
    shown = () if value is None else (str(value),)
    return Field(_id(full), label, "number", shown, "Empty: no limit", optional=True, least=least, most=most)


def _dollars(micros: int) -> str:
    value = Decimal(micros) / MICROS
    return f"{value:.2f}" if micros % 10_000 == 0 else f"{value.normalize():f}"


def _hint(full: str) -> str:
    if full.endswith("cost_micros"):
        return MONEY
    return CHARS if full == "person.answer_chars" else NUMBER


def _id(full: str) -> str:
    return full.replace(".", "-")
