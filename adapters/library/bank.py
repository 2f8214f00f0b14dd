"""The question bank and the sample answers as they are shipped: `prompts/bank/*.yaml` and `prompts/samples.yaml`.

In a file, each key point stands together with the cues that count as evidence for it, so the two cannot drift apart;
here they become the parallel tuples of `engine.interviews.Question`. Choosing a question is `engine.bank`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Literal, get_args

from adapters.library.reading import Value, entries, files, model, only, place, read, shipped
from engine.bank import QuestionBank
from engine.errors import PromptError
from engine.interviews import Format, Frozen, Line, Question

Quality = Literal["weak", "fair", "strong"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)


class SampleAnswer(Frozen):
    """An answer written for demos and tests. `quality` is what its author meant it to be, not a person's rating."""

    question: Line
    quality: Quality
    text: str


class _Point(Frozen):
    point: Line
    cues: tuple[Line, ...]


class _Head(Frozen):
    """What stands above a bank file's questions."""

    version: Literal[1]
    format: Format
    language: Literal["en"]


def load_bank(root: Traversable | None = None) -> QuestionBank:
    """The bank. `root` holds a folder `bank`. Raises `PromptError` naming the file and the question."""
    made: dict[str, Question] = {}
    texts: set[str] = set()
    for file in files((root or shipped()) / "bank"):
        top = read(file)
        only(file, top, "version", "format", "language", "questions")
        head = model(_Head, {name: top[name] for name in top if name != "questions"}, place(file))
        for name, entry in entries(file, top, "questions", "id"):
            where = place(file, f"question {name}")
            question = _question(head.format, entry, where)
            if question.id in made:
                raise PromptError(where, "id: there is another question with this id")
            if question.text in texts:
                raise PromptError(where, "text: there is another question with this text")
            made[question.id] = question
            texts.add(question.text)
    return QuestionBank(made.values())


def sample_answers(root: Traversable | None = None) -> Mapping[str, Mapping[Quality, str]]:
    """Sample answers by question id, each question with all three qualities. Raises `PromptError`."""
    file = (root or shipped()) / "samples.yaml"
    top = read(file)
    only(file, top, "answers")
    made: dict[str, dict[Quality, str]] = {}
    for name, entry in entries(file, top, "answers", "question"):
        sample = model(SampleAnswer, entry, place(file, f"answer to {name}"))
        texts = made.setdefault(sample.question, {})
        if sample.quality in texts:
            raise PromptError(place(file, f"answer to {name}"), f"there are two {sample.quality} answers")
        texts[sample.quality] = " ".join(sample.text.split())
    for name, texts in made.items():
        if missing := [quality for quality in QUALITIES if quality not in texts]:
            raise PromptError(place(file, f"answer to {name}"), f"missing: {', '.join(missing)}")
    return made


def _question(format_: Format, entry: Mapping[str, Value], where: str) -> Question:
    if "format" in entry:
        raise PromptError(where, "format: stands at the top of the file, not at a question")
    points = entry.get("key_points")
    if not isinstance(points, list):
        raise PromptError(where, "key_points: expected a list of {point, cues}")
    pairs = [model(_Point, each, f"{where}, key point {number}") for number, each in enumerate(points, 1)]
    fields: dict[str, Value] = {
        **entry,
        "format": format_,
        "key_points": [pair.point for pair in pairs],
        "cues": [list[Value](pair.cues) for pair in pairs],
    }
    return model(Question, fields, where)
