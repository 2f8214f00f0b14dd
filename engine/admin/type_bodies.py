"""An interview type as plain values, the way a form or a file holds it: read with every complaint in plain words.

A body may be unfit for use while somebody works on it. A complaint is kept under the place it is about, in words
between dots: `title`, `criteria.1.anchors.0`, `roles.mid.weights`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.errors import Wrong
from engine.interviews import Criterion, InterviewType
from engine.questions import QuestionSet

Body = Mapping[str, object]
NEW_ID_CHARS = 40
"""A new type's id must leave room for the words of a path beside it."""
LABELS = {
    "id": "the id", "title": "the title", "format": "the format", "description": "the description",
    "criteria": "the criteria", "roles": "the role levels", "questions": "the number of questions",
    "follow_ups": "the number of follow-ups", "feedback": "when feedback comes", "source": "where questions come from",
    "language": "the language", "minutes": "the minutes per question", "start_level": "the level to start at",
    "own_questions": "the own questions", "audience": "who may use it", "prompts": "the prompts",
}  # fmt: skip
"""What each field is called in a sentence, in the order they are told in."""
Model = TypeVar("Model", bound=BaseModel)
_Naming = Callable[[str], str]
_Reweigh = Callable[[Mapping[str, int]], dict[str, int]]


def body_of(kind: InterviewType) -> dict[str, object]:
    """A type as plain values."""
    return cast("dict[str, object]", kind.model_dump(mode="json"))


def type_of(body: Body) -> InterviewType:
    """The type that plain values make. Raises `Wrong` with every complaint."""
    return _read(InterviewType, body)


def set_of(questions: Iterable[object]) -> QuestionSet:
    """The set that plain values make. Raises `Wrong`, whose places begin with `own_questions.<number from 0>`."""
    try:
        return _read(QuestionSet, {"questions": list(questions)}, _in_question)
    except Wrong as error:
        raise Wrong({f"own_{place}": why for place, why in error.problems.items()}) from error


def plain_questions(questions: QuestionSet | None) -> list[object]:
    """A set as plain values, as short as `set_of` reads them."""
    plain: list[object] = []
    for each in questions.questions if questions else ():
        points = [point.model_dump(mode="json") if point.cues else point.point for point in each.key_points]
        values = each.model_dump(mode="json", exclude_defaults=True)
        plain.append(values | {"key_points": points} if points else values)
    return plain


def held_questions(body: Body) -> list[object] | None:
    """The own questions that a body holds as plain values; `None` where it names a set."""
    held = body.get("own_questions")
    return cast("list[object]", held) if isinstance(held, list) else None


def problems_of(body: Body) -> Mapping[str, str]:
    """What keeps a body from being a type; nothing when nothing does."""
    try:
        type_of(body)
    except Wrong as error:
        return error.problems
    return {}


def under(place: str, problems: Mapping[str, str]) -> dict[str, str]:
    """Those of the problems that are at a place or below it."""
    return {at: why for at, why in problems.items() if at == place or at.startswith(f"{place}.")}


def with_criterion(body: Body, criterion: Criterion) -> dict[str, object]:
    """The body with a criterion put in at the end, or in the place of the one with its id. A new one weighs nothing."""
    plain = criterion.model_dump(mode="json")
    known = _criteria(body)
    if any(each["id"] == criterion.id for each in known):
        return {**body, "criteria": [plain if each["id"] == criterion.id else each for each in known]}
    return {
        **body,
        "criteria": [*known, plain],
        "roles": _reweighed(body, lambda weights: {**weights, criterion.id: 0}),
    }


def without_criterion(body: Body, id: str) -> dict[str, object]:
    """The body without a criterion; its weight goes to the others in proportion."""
    kept = [each for each in _criteria(body) if each["id"] != id]
    return {**body, "criteria": kept, "roles": _reweighed(body, lambda weights: _shared(weights, id))}


def weights_of(order: Iterable[str], text: str) -> dict[str, int]:
    """Weights written as `30/20/30/20`, in the order of the criteria. Raises `Wrong` under `weights`."""
    names = list(order)
    pieces = [piece.strip().removesuffix("%").strip() for piece in text.split("/")]
    if len(pieces) != len(names):
        raise Wrong({"weights": f"Write {len(names)} numbers with / between them, one per criterion in order."})
    if not all(piece.isascii() and piece.isdigit() and len(piece) <= 3 for piece in pieces):
        raise Wrong({"weights": "Weights are whole numbers with / between them, such as 30/20/30/20."})
    return dict(zip(names, map(int, pieces), strict=True))


def weights_text(order: Iterable[str], weights: Mapping[str, int]) -> str:
    """The weights in the order of the criteria, as `weights_of` reads them."""
    return "/".join(str(weights.get(name, 0)) for name in order)


def _in_type(place: str) -> str:
    """A place as a reader finds it: numbers from 1."""
    first, *rest = place.split(".")
    words = _counted(rest)
    return " ".join([LABELS.get(first, first.replace("_", " ")), *(f"({', '.join(words)})" for _ in words[:1])])


def _in_question(place: str) -> str:
    _, *rest = place.split(".")
    return f"question {', '.join(_counted(rest))}" if rest else "the list of questions"


def _counted(parts: Iterable[str]) -> list[str]:
    return [str(int(part) + 1) if part.isdigit() else part.replace("_", " ") for part in parts]


_MUST_BE = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "must be a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "must be a number"),
    **dict.fromkeys(("tuple_type", "list_type"), "must be a list"),
    **dict.fromkeys(("model_type", "dict_type", "model_attributes_type"), "must be a mapping of names to values"),
    "string_type": "must be text",
}


def _read(model: type[Model], body: Body, named: _Naming = _in_type) -> Model:
    try:
        # Through JSON: what has no place there has none here either, and numbers stay what they are.
        return model.model_validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        problems: dict[str, str] = {}
        for item in error.errors(include_url=False, include_input=False):
            problems |= _complaint(item, named)
        if len(problems) > 1:
            # A list that holds one bad entry is also said to be too short.
            problems = {at: why for at, why in problems.items() if len(under(at, problems)) == 1}
        raise Wrong(problems) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise Wrong({"": "This holds something that is neither text, a number, a list nor yes or no."}) from error


def _complaint(item: ErrorDetails, named: _Naming) -> dict[str, str]:
    context: Mapping[str, object] = item.get("ctx") or {}
    if item["type"] == "inconsistent":
        inside = cast("Mapping[str, str]", context["problems"])
        return {place: _sentence(why) for place, why in inside.items()}
    if item["type"] == "json_invalid":
        return {"": "This holds letters that cannot be kept."}
    place = ".".join(str(part) for part in item["loc"] if part != "[key]")
    if not place:
        place, _, why = item["msg"].removeprefix("Value error, ").partition(": ")
        return {place: _sentence(why)}
    return {place: _sentence(f"{named(place)} {_says(item, context)}")}


def _says(item: ErrorDetails, context: Mapping[str, object]) -> str:
    match item["type"]:
        case "missing":
            return "must be given"
        case "extra_forbidden":
            return "is not known here"
        case "string_too_long" | "too_long":
            return f"may have at most {context['max_length']} {_unit(context)}"
        case "string_too_short" | "too_short":
            least = context["min_length"]
            return "must not be empty" if least == 1 else f"needs at least {least} {_unit(context)}"
        case "greater_than_equal":
            return f"must be {context['ge']:g} or more"
        case "less_than_equal":
            return f"must be {context['le']:g} or less"
        case "literal_error":
            return f"must be one of {context['expected']}".replace(" or ", ", ")
        case "string_pattern_mismatch":
            return (
                "may only have small letters, digits, - and _"
                if item["loc"][-1] == "id"
                else "cannot be taken as written"
            )
        case kind:
            return _MUST_BE.get(kind) or f"cannot be taken: {item['msg'].removeprefix('Value error, ')}"


def _unit(context: Mapping[str, object]) -> str:
    return "entries" if context.get("field_type") in {"List", "Tuple", "Dictionary"} else "characters"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _criteria(body: Body) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", body["criteria"])


def _reweighed(body: Body, change: _Reweigh) -> dict[str, object]:
    roles = cast("Mapping[str, Mapping[str, object]]", body["roles"])
    return {role: {**bar, "weights": change(cast("Mapping[str, int]", bar["weights"]))} for role, bar in roles.items()}


def _shared(weights: Mapping[str, int], gone: str) -> dict[str, int]:
    """Largest remainders first, so that whole numbers sum to what they summed to before."""
    kept = {name: weight for name, weight in weights.items() if name != gone}
    whole, rest = sum(weights.values()), sum(kept.values())
    if not kept:
        return kept
    exact = {name: weight * whole / rest if rest else whole / len(kept) for name, weight in kept.items()}
    made = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda name: made[name] - exact[name])[: whole - sum(made.values())]:
        made[name] += 1
    return made
