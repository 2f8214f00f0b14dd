"""The shipped bank and samples keep their laws; a broken file is refused with its place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from adapters.library.bank import QUALITIES, load_bank, sample_answers
from engine.errors import PromptError
from engine.feedback.checklist import checklist, coverage
from engine.interviews import Format, Question

BANK = load_bank()
SAMPLES = sample_answers()
FORMATS: tuple[Format, ...] = ("behavioral", "system_design", "coding")


def sampled(id: str) -> Question:
    question = BANK.get(id)
    assert question is not None, f"{id} is not in the bank"
    return question


def covered(question: Question, answer: str) -> float:
    return coverage(checklist(question.key_points, question.cues, answer))


def test_there_are_four_questions_or_more_per_format_and_level() -> None:
    counts = Counter((question.format, question.level) for question in BANK)
    assert min(counts[format, level] for format in FORMATS for level in range(1, 6)) >= 4
    assert min(Counter(question.format for question in BANK)[format] for format in FORMATS) >= 20


@pytest.mark.parametrize("question", tuple(BANK), ids=lambda question: question.id)
def test_a_question_has_all_that_an_interview_needs(question: Question) -> None:
    assert 4 <= len(question.key_points) <= 7
    assert min(len(cues) for cues in question.cues) >= 3
    assert all(len({cue.casefold() for cue in cues}) == len(cues) for cues in question.cues)
    assert len(question.follow_ups) >= 2
    assert 2 <= len(question.hints) <= 3
    assert question.roles
    assert question.tags
    assert question.text.endswith((".", "?"))


@pytest.mark.parametrize("question", tuple(BANK), ids=lambda question: question.id)
def test_a_question_does_not_answer_itself(question: Question) -> None:
    assert covered(question, question.text) <= 0.25


def test_each_format_has_four_questions_with_sample_answers() -> None:
    counts = Counter(sampled(id).format for id in SAMPLES)
    assert min(counts[format] for format in FORMATS) >= 4


@pytest.mark.parametrize("id", SAMPLES)
def test_better_samples_cover_clearly_more(id: str) -> None:
    weak, fair, strong = (covered(sampled(id), SAMPLES[id][quality]) for quality in QUALITIES)
    assert weak + 0.2 <= fair
    assert fair + 0.1 <= strong
    assert weak <= 0.45
    assert strong >= 0.9


def test_strong_samples_cover_little_of_another_question() -> None:
    others = [covered(sampled(other), SAMPLES[id]["strong"]) for id in SAMPLES for other in SAMPLES if id != other]
    assert mean(others) <= 0.15
    assert sum(share > 0.34 for share in others) <= 0.08 * len(others)


QUESTION = """
- id: c9-01
  level: 3
  text: What would you do about this?
  topic: Doing
  key_points:
  - {point: One, cues: [one]}
  - {point: Two, cues: [two]}
"""
HEAD = "version: 1\nformat: coding\nlanguage: en\nquestions:"


def bank_of(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "prompts" / "bank"
    folder.mkdir(parents=True)
    (folder / "coding.yaml").write_text(text, "utf-8")
    return tmp_path / "prompts"


def test_a_bank_of_ones_own_can_be_read(tmp_path: Path) -> None:
    (question,) = load_bank(bank_of(tmp_path, HEAD + QUESTION))
    assert (question.format, question.key_points, question.cues) == ("coding", ("One", "Two"), (("one",), ("two",)))


BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"


@pytest.mark.parametrize(
    ("text", "place", "detail"),
    [
        (HEAD + QUESTION + QUESTION, "question c9-01", "another question with this id"),
        (HEAD + QUESTION + QUESTION.replace("c9-01", "c9-02"), "question c9-02", "another question with this text"),
        (HEAD + QUESTION.replace("level: 3", "level: 6"), "question c9-01", "level: "),
        (HEAD + QUESTION.replace("level: 3", "level: '3'"), "question c9-01", "level: "),
        (HEAD + QUESTION.replace("level: 3", "level: 3.5"), "question c9-01", "level: "),
        (HEAD + QUESTION.replace("topic: Doing", "subject: Doing"), "question c9-01", "subject: "),
        (HEAD + QUESTION.replace("topic: Doing", "topic: no"), "question c9-01", "topic: "),
        (HEAD + QUESTION.replace("topic: Doing", "topic:"), "question c9-01", "topic: "),
        (HEAD + QUESTION.replace("topic: Doing", "topic: 2024-01-01"), "line 8", "put the text in quotes"),
        (HEAD + QUESTION.replace("topic: Doing", "topic: Doing: this"), "line 8", ""),
        (HEAD + QUESTION.replace("level: 3", "level: 3_0"), "question c9-01", "level: "),
        (HEAD + QUESTION.replace("level: 3", "level: 0b11"), "line 6", "quote it"),
        (HEAD + QUESTION.replace("topic: Doing", "format: coding"), "question c9-01", "stands at the top"),
        (HEAD + QUESTION.replace("cues: [two]", "cues: []"), "question c9-01", "cues"),
        (HEAD + QUESTION.replace("cues: [two]", "cue: [two]"), "question c9-01, key point 2", "cues"),
        (HEAD + QUESTION.replace("  - {point: Two, cues: [two]}", "  - Two"), "question c9-01, key point 2", ""),
        (HEAD + "\n- id: c9-01\n  key_points: 3", "question c9-01", "key_points: expected a list"),
        (HEAD + "\n- {}", "question number 1", "key_points"),
        (HEAD + "\n- just text", "questions 1", "expected a mapping"),
        (HEAD + " []", "coding.yaml", "at least one entry"),
        (HEAD + " text", "coding.yaml", "at least one entry"),
        (HEAD.replace("version: 1", "version: 2") + QUESTION, "coding.yaml", "version"),
        (HEAD.replace("version: 1\n", "") + QUESTION, "coding.yaml", "version"),
        (HEAD.replace("coding", "chess") + QUESTION, "coding.yaml", "format"),
        ("author: me\n" + HEAD + QUESTION, "coding.yaml", "unknown: author"),
        (HEAD + QUESTION + "  level: 4\n", "line", "level is written twice"),
        (BOMB, "line 1", "anchors and aliases"),
        ("[" * 10_000, "line 1", "nesting depth"),
        ("a: " + "[" * 13 + "]" * 13, "line 1", "nested deeper than 12"),
        ("a: [b", "line", ""),
        ("a: \x00", "coding.yaml", "not YAML"),
        ("1: 2", "line 1", "a key must be a word"),
        ("- 1", "coding.yaml", "expected a mapping at the top"),
        ("", "coding.yaml", "expected a mapping at the top"),
        ("x: !!python/object/apply:os.getcwd []", "coding.yaml", "is not used here"),
        ("# " + "x" * 1_000_001, "coding.yaml", "larger than"),
    ],
)
def test_a_broken_bank_is_refused_with_its_place(tmp_path: Path, text: str, place: str, detail: str) -> None:
    with pytest.raises(PromptError) as caught:
        load_bank(bank_of(tmp_path, text))
    assert caught.value.place.startswith("prompts/bank")
    assert place in caught.value.place
    assert detail in caught.value.detail


def test_every_complaint_about_a_question_is_in_one_sentence(tmp_path: Path) -> None:
    broken = QUESTION.replace("level: 3", "level: 9").replace("topic: Doing", "topic: ''")
    with pytest.raises(PromptError, match=r"level: .*; topic: "):
        load_bank(bank_of(tmp_path, HEAD + broken))


def test_a_file_that_is_no_text_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    root = bank_of(tmp_path, "")
    (root / "bank" / "coding.yaml").write_bytes(b"a: \xff\xfe")
    with pytest.raises(PromptError, match="not UTF-8"):
        load_bank(root)
    (root / "bank" / "coding.yaml").unlink()
    with pytest.raises(PromptError, match=r"no \.yaml file"):
        load_bank(root)
    (root / "bank" / "coding.yaml").mkdir()
    with pytest.raises(PromptError, match="cannot be read"):
        load_bank(root)
    with pytest.raises(PromptError, match="cannot be read"):
        load_bank(tmp_path / "nowhere")


def samples_of(tmp_path: Path, text: str) -> Path:
    (tmp_path / "samples.yaml").write_text(text, "utf-8")
    return tmp_path


ANSWER = "- {question: a, quality: weak, text: hm}\n"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("answers:\n" + ANSWER, "missing: fair, strong"),
        ("answers:\n" + ANSWER + ANSWER, "two weak answers"),
        ("answers:\n" + ANSWER.replace("weak", "superb"), "quality"),
        ("answer: []", "unknown: answer"),
    ],
)
def test_broken_samples_are_refused(tmp_path: Path, text: str, detail: str) -> None:
    with pytest.raises(PromptError, match=detail):
        sample_answers(samples_of(tmp_path, text))
