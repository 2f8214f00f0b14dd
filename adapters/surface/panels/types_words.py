"""What a type says about itself, in the words of a panel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from adapters.surface.choices import Option
from adapters.surface.panels import OPTIONS, Code, Facts, Part, Words
from adapters.surface.wording import LANGUAGES, ROLES
from engine.admin.shelf import Defaults, Held
from engine.admin.type_bodies import Body, weights_text
from engine.admin.type_changes import Difference
from engine.feedback.model import Feedback
from engine.interviews import LEVEL_NAMES, ROLE_LEVELS, RoleLevel

FORMATS = {
    "behavioral": "Behavioral", "system_design": "System design", "coding": "Coding", "custom": "Mixed or your own",
}  # fmt: skip
SOURCES = {
    "bank": "The bank only, word for word",
    "generated": "Written by a model",
    "both": "A model, with the bank at hand",
}
FEEDBACK = {"each": "After each answer", "end": "At the end"}
LAYERS = {"shipped": "as it is shipped", "everywhere": "set for every workspace", "here": "your own"}
AS_USUAL = "-"
CODE_CHARS, SENTENCES = 2_400, 12


def told(held: Held, defaults: Defaults) -> str:
    """A type in one line of a list."""
    kind = held.kind
    usual = " · usual" if defaults.usual == kind.id else ""
    for_whom = "" if kind.audience.everybody else " · not for everybody"
    return (
        f"{count(kind.questions, 'question')}, {FORMATS[kind.format].lower()} · {LAYERS[held.layer]}{usual}{for_whom}"
    )


def facts(body: Body) -> Facts:
    """How an interview of this type goes."""
    minutes, start = body.get("minutes"), body.get("start_level")
    follow_ups = number(body, "follow_ups")
    length = count(number(body, "questions"), "question")
    more = f"up to {count(follow_ups, 'follow-up')} each" if follow_ups else "no follow-ups"
    pairs = (
        ("Format", FORMATS.get(str(body["format"]), str(body["format"]))),
        ("Length", f"{length}, {more}"),
        ("Time per question", f"{minutes} minutes" if minutes else "each question's own"),
        ("Starts at", level_word(start) if start else "the level of the role"),
        ("Feedback", FEEDBACK[str(body["feedback"])].lower()),
        ("Questions from", SOURCES[str(body["source"])].lower()),
        ("Language", LANGUAGES.get(str(body["language"]), str(body["language"]))),
    )
    return Facts(pairs)


def audience_words(body: Body) -> str:
    audience = cast("Mapping[str, Sequence[str]]", body.get("audience") or {})
    counts = [(len(audience.get(name) or ()), word) for name, word in
              (("people", "person"), ("groups", "group"), ("channels", "channel"))]  # fmt: skip
    named = [count(n, word) for n, word in counts[:2] if n]
    where = f", in {count(counts[2][0], 'channel')}" if counts[2][0] else ", everywhere"
    return (" and ".join(named) or "everybody") + where


def roles_words(body: Body) -> Iterator[tuple[RoleLevel, str]]:
    """Each role level with its bar, or with "" where the type is not made for it."""
    order = [str(each["id"]) for each in criteria(body)]
    bars = cast("Mapping[str, Body]", body["roles"])
    for role in ROLE_LEVELS:
        bar = bars.get(role)
        if bar is None:
            yield role, ""
            continue
        weights = weights_text(order, cast("Mapping[str, int]", bar["weights"]))
        yield role, f"meets at {cast('float', bar['meets']):g} · starts at {bar['start']} · weights {weights}"


def criteria(body: Body) -> Sequence[Body]:
    return cast("Sequence[Body]", body["criteria"])


def number(body: Body, name: str) -> int:
    return cast("int", body[name])


def level_word(level: object) -> str:
    return f"{level} · {LEVEL_NAMES[cast('int', level) - 1]}"


def count(n: int, word: str) -> str:
    many = "people" if word == "person" else f"{word}s"
    return f"{n} {word if n == 1 else many}"


def when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%d %b %Y, %H:%M} UTC"


def difference_parts(difference: Difference) -> tuple[Part, ...]:
    """What changed, for a reader and line by line."""
    if not difference.sentences:
        return (Words("Nothing is different."),)
    told_ = difference.sentences[:SENTENCES]
    more = len(difference.sentences) - len(told_)
    lines = [f"• {sentence}" for sentence in told_] + ([f"… and {more} more"] if more else [])
    return (Words("\n".join(lines)), Code(cut(difference.text), "diff"))


def feedback_parts(feedback: Feedback, titles: Mapping[str, str]) -> tuple[Part, ...]:
    """A review as plain facts."""
    levels = [
        (titles.get(each.criterion, each.criterion), f"level {each.level}" if each.level else f"none: {each.reason}")
        for each in feedback.criteria
    ]
    fixes = [f"• {each.fix}" for each in feedback.criteria if each.fix]
    words = [Words(feedback.headline)] if feedback.headline else []
    return (*words, Facts(tuple(levels)), *([Words("\n".join(fixes))] if fixes else []),
            Words(f"Reviewed by {feedback.engine}. Nothing of this was kept.", small=True))  # fmt: skip


def problems_words(problems: Mapping[str, str]) -> Words:
    lines = [f"• {why}" for why in list(problems.values())[:SENTENCES]]
    return Words("\n".join(lines))


def cut(text: str, chars: int = CODE_CHARS) -> str:
    return text if len(text) <= chars else f"{text[:chars].rsplit(chr(10), 1)[0]}\n…"


def options(words: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in words.items())[:OPTIONS]


def role_named(text: str) -> RoleLevel | None:
    for role in ROLE_LEVELS:
        if role == text:
            return role
    return None


def role_options(body: Body) -> tuple[Option, ...]:
    return tuple(Option(role, ROLES[role]) for role, about in roles_words(body) if about)
