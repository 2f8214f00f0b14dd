"""The shipped interview types, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.library.types import load_types
from engine.errors import PromptError
from engine.feedback.verdict import sections_for
from engine.interviews import ROLE_LEVELS

TYPES = load_types()


def test_the_three_formats_and_a_custom_example_are_shipped_the_custom_one_last() -> None:
    assert list(TYPES) == ["behavioral", "coding", "system-design", "mixed"]
    assert [kind.format for kind in TYPES.values()] == ["behavioral", "coding", "system_design", "custom"]


@pytest.mark.parametrize("name", TYPES)
def test_every_type_is_for_every_role_and_asks_more_of_higher_ones(name: str) -> None:
    bars = [TYPES[name].roles[role] for role in ROLE_LEVELS]
    assert [bar.start for bar in bars] == [1, 2, 3, 4, 5]
    assert [bar.meets for bar in bars] == sorted(bar.meets for bar in bars)


@pytest.mark.parametrize("name", ["behavioral", "coding", "system-design"])
def test_the_standard_types_have_the_same_four_criteria(name: str) -> None:
    assert [criterion.id for criterion in TYPES[name].criteria] == [
        "technical_accuracy",
        "communication_clarity",
        "problem_solving",
        "completeness",
    ]
    assert len(sections_for(TYPES[name].criteria)) == 9


def test_a_type_must_be_named_like_its_file_and_be_whole(tmp_path: Path) -> None:
    folder = tmp_path / "types"
    folder.mkdir()
    text = (Path(__file__).parents[3] / "prompts" / "types" / "mixed.yaml").read_text("utf-8")
    (folder / "other.yaml").write_text(text, "utf-8")
    with pytest.raises(PromptError, match=r"types/other\.yaml: id: the file is named other\.yaml"):
        load_types(tmp_path)
    (folder / "other.yaml").write_text(text.replace("problem_solving: 40", "problem_solving: 41"), "utf-8")
    with pytest.raises(PromptError, match=r"they must sum to 100"):
        load_types(tmp_path)
