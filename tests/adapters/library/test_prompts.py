"""The shipped prompts: read, fit for use, and sure to fit whatever an interview may hold. And what is refused."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast, get_args

import pytest

from adapters.library.prompts import load_prompts, read_prompt
from engine.errors import PromptError
from engine.facts import CriterionTrend, Report, TrendPoint
from engine.interviews import Criterion, Question
from engine.material import (
    FollowUpMaterial,
    Material,
    ModelAnswerMaterial,
    PastTurn,
    QuestionMaterial,
    ReportMaterial,
    ReviewMaterial,
)
from engine.ports import Task
from engine.prompting import build_request, lint
from engine.prompting.offered import OFFERED

PROMPTS = {prompt.task: prompt for prompt in load_prompts()}
TASKS = cast("tuple[Task, ...]", get_args(Task))

LINE = "w" * 500
LONG = "An answer {{answer}} of forty thousand characters. " * 800
POINTS = (LINE,) * 10
PAST = tuple(
    PastTurn(
        number=n, topic="t" * 80, question="q" * 2_000, answer=LONG if n > 77 else "", summary="s" * 300, score=0.5
    )
    for n in range(1, 81)
)
RUBRIC = tuple(
    Criterion(id=f"c{n}", title="t" * 60, description=LINE, anchors=(LINE, LINE, LINE, LINE, LINE)) for n in range(6)
)
SEED = Question(
    id="s", format="coding", level=3, text="q" * 2_000, topic="t", key_points=(LINE, LINE), cues=((LINE,), (LINE,))
)
REPORT = Report(
    summary="",
    score=0.5,
    bar=0.625,
    criteria=tuple(CriterionTrend(criterion=f"c{n}", title="t" * 60, score=0.5, n=80) for n in range(6)),
    trend=tuple(TrendPoint(turn=n, level=3, score=0.5) for n in range(80)),
)
LARGEST: dict[Task, Material] = {
    "question": QuestionMaterial(
        format="system_design", type_title="t" * 80, level=5, role="intern", expects=LINE, focus="f" * 200,
        language="zh-Hant-TW", past=PAST, seeds=(SEED,) * 40,
    ),
    "follow_up": FollowUpMaterial(
        format="system_design", level=5, role="intern", language="pt-BR", question="q" * 2_000, answer=LONG,
        key_points=POINTS, uncovered=POINTS, candidates=POINTS * 2, asked_before=("q" * 2_000,) * 4,
    ),
    "review": ReviewMaterial(
        format="system_design", level=5, role="intern", expects=LINE, meets=3.5, language="xx-YY", topic="t" * 80,
        question="q" * 2_000, minutes=120, key_points=POINTS, cues=(), criteria=RUBRIC, answer=LONG, past=PAST,
    ),
    "model_answer": ModelAnswerMaterial(
        format="system_design", level=5, role="intern", language="en", question="q" * 2_000, key_points=POINTS
    ),
    "report": ReportMaterial(
        type_title="t" * 80, role="intern", language="en", numbers=REPORT, past=PAST, fixes=("f" * 600,) * 240,
        drills=("d" * 600,) * 80,
    ),
}  # fmt: skip


def test_there_is_one_prompt_per_task_and_nothing_to_complain_about() -> None:
    assert tuple(PROMPTS) == TASKS
    assert [lint(prompt) for prompt in PROMPTS.values()] == [[]] * len(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_the_shipped_prompt_holds_the_largest_material_there_can_be(task: Task) -> None:
    request = build_request(PROMPTS[task], LARGEST[task], user="u", marker=lambda: "ab" * 16, budget=60_000)
    words = "\n".join(turn.text for turn in request.messages)
    assert "ab" * 16 in request.messages[0].text
    assert "{{answer}}" in words or task in ("question", "model_answer")
    assert "{{question}}" not in words
    assert all(turn.role == "user" for turn in request.messages[1:])


@pytest.mark.parametrize("task", TASKS)
def test_the_shipped_prompt_asks_for_every_section_and_every_value_on_offer(task: Task) -> None:
    prompt = PROMPTS[task]
    request = build_request(prompt, LARGEST[task], user="u", marker=lambda: "ab" * 16)
    named = [name for name in request.sections if name not in {each.id for each in RUBRIC}]
    assert [name for name in named if f"`{name}`" not in prompt.messages[0].text] == []
    assert set(prompt.variables) - {"marker"} <= set(OFFERED[task])


def test_a_review_is_told_the_rules_of_the_house() -> None:
    rules = PROMPTS["review"].messages[0].text
    for rule in ("never say hire or no hire", "[how many users?]", "Never invent a number", "copied letter by letter"):
        assert rule in " ".join(rules.split())
    assert rules.index("`quotes`") < rules.index("`assessment`") < rules.index("`fix`") < rules.index("`level`")


GOOD = """\
---
task: model_answer
title: A test
variables:
  marker: {type: str}
  question: {type: str, trust: user}
---
# system
Answer. Data stands between lines with {{marker}}.
# user
{{question}}
"""


def written(folder: Path, text: str | bytes, name: str = "p.md") -> Traversable:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_is_the_same_prompt_with_either_line_end_and_a_byte_order_mark(tmp_path: Path) -> None:
    plain = read_prompt(written(tmp_path, GOOD))
    assert plain == read_prompt(written(tmp_path, "\ufeff" + GOOD.replace("\n", "\r\n")))
    assert [message.role for message in plain.messages] == ["system", "user"]
    assert plain.messages[1].text == "{{question}}"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("---\n", ""), "expected YAML between"),
        (("task: model_answer", "task: poem"), "task"),
        (("title: A test", "titel: A test"), "unknown: titel"),
        (("title: A test", "title: [a"), "line "),
        (("title: A test", "title: 2026-01-01"), "not plain YAML"),
        (("task: model_answer\ntitle: A test\n", "- a\n"), "line "),
        (("# system\n", "Hello\n# system\n"), "must begin with a line"),
        (("# system\nAnswer. Data stands between lines with {{marker}}.\n# user\n{{question}}\n", ""), "must begin"),
        (("{{question}}", "{{questoin}}"), "questoin is not declared"),
        (("{{question}}", "{{question"), "template syntax"),
        (("type: str, trust", "type: word, trust"), "variables.question.type"),
        (("# user\n{{question}}\n", "# user\n\n"), "at least 1 character"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    file = written(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(PromptError) as refused:
        read_prompt(file)
    assert "p.md" in str(refused.value)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [(b"\xff\xfe\x00", "not UTF-8"), (b"-" * 1_000_001, "larger than"), ("---\n- a\n---\n# user\nx\n", "a mapping")],
)
def test_what_is_no_prompt_file_at_all_is_refused(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    with pytest.raises(PromptError, match=complaint):
        read_prompt(written(tmp_path, text))


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="cannot be read"):
        read_prompt(tmp_path / "gone.md")
    with pytest.raises(PromptError, match="cannot be read"):
        load_prompts(tmp_path / "gone")


def test_every_task_needs_exactly_one_file(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "a.md")
    written(tmp_path, "not a prompt", "README.md")
    with pytest.raises(PromptError, match="no prompt for question, follow_up, review, report"):
        load_prompts(tmp_path)
    written(tmp_path, GOOD, "b.md")
    with pytest.raises(PromptError, match=r"b\.md.*another prompt for model_answer"):
        load_prompts(tmp_path)
