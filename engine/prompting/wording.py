"""How the engine's own values read in a prompt: a rubric with its anchors, computed numbers, a language's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.facts import Report
from engine.interviews import Criterion, Format

_FORMATS: dict[Format, str] = {
    "behavioral": "behavioral interview",
    "system_design": "system design interview",
    "coding": "coding interview",
    "custom": "interview",
}
_LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


def format_name(format: Format) -> str:
    """The format in words."""
    return _FORMATS[format]


def language_name(tag: str) -> str:
    """What a language tag means. A candidate chooses it, so anything that is no tag becomes English."""
    if not _TAG.fullmatch(tag):
        return "English"
    primary, _, rest = tag.partition("-")
    name = _LANGUAGES.get(primary.lower(), f'the language with the code "{primary.lower()}"')
    return f"{name} ({tag})" if rest else name


def anchors(criteria: Sequence[Criterion]) -> str:
    """The rubric: per criterion its section name, what it means and what each level looks like."""
    return "\n\n".join(_criterion(criterion) for criterion in criteria)


def numbers(report: Report) -> str:
    """The computed figures of a whole interview, for a model that must not compute any."""
    lines = [
        f"Answered {report.answered}, skipped {report.skipped}, not scored {report.unscored}.",
        f"Overall: {_score(report.score)}" + (f"; this role's bar is {report.bar:.2f}." if report.bar else "."),
        *(f"{each.title}: {_score(each.score)} over {each.n} answers." for each in report.criteria),
    ]
    if scored := [f"{point.score:.2f}" for point in report.trend if point.score is not None]:
        lines.append(f"Answer by answer: {', '.join(scored)}.")
    return "\n".join(lines)


def _criterion(criterion: Criterion) -> str:
    head = f"{criterion.id}: {criterion.title}"
    if criterion.description:
        head += f". {criterion.description}"
    return "\n".join([head, *(f"  level {level}: {text}" for level, text in enumerate(criterion.anchors, 1))])


def _score(score: float | None) -> str:
    return "not scored" if score is None else f"{score:.2f}"
