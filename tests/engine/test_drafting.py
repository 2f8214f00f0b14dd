"""Writing prompts as text: what an author is told, and what comes out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.prompting import Draft, Prompt, Variable, as_text, difference, drafted, lint
from engine.prompting.drafting import WORDS_TOKENS, problems
from tests.kit.prompts import prompt
from tests.kit.scene import PROMPTS

REVIEW = next(each for each in PROMPTS if each.task == "review")


def written(text: str, base: Prompt = REVIEW) -> Draft:
    return drafted(base, text)


@pytest.mark.parametrize("base", PROMPTS, ids=lambda each: each.task)
def test_a_shipped_prompt_reads_back_from_its_text(base: Prompt) -> None:
    assert drafted(base, as_text(base)) == Draft(base, ())
    assert drafted(base, as_text(base).replace("\n", "\r\n")).prompt == base
    assert difference(base, base) == ""


def test_an_author_changes_words_and_sees_what_changed() -> None:
    text = as_text(REVIEW).replace("You are an interview coach.", "You are a patient interview coach.")
    draft = drafted(REVIEW, text, title="Patience")
    assert draft.problems == ()
    assert draft.prompt is not None
    assert draft.prompt.ref != REVIEW.ref
    shown = difference(REVIEW, draft.prompt, context=0)
    assert f"--- {REVIEW.ref}" in shown
    assert "-title: Review one answer against the rubric, evidence first\n+title: Patience" in shown
    assert "+You are a patient interview coach." in shown


def test_a_variable_that_is_used_is_declared_as_the_task_offers_it() -> None:
    bare = prompt(
        ("system", "{{marker}} {{criteria}}"), ("user", "{{question}}{{answer}}"), task="review",
        criteria=Variable(), answer=Variable(trust="user"),
    )  # fmt: skip
    draft = drafted(bare, as_text(bare) + "{{key_points}} {{#past}}{{past}}{{/past}}\n# system\n{{minutes}} {{meets}}")
    assert draft.problems == ()
    assert draft.prompt is not None
    made = draft.prompt.variables
    assert (made["key_points"].type, made["key_points"].trust, made["key_points"].required) == ("list", "user", False)
    assert (made["minutes"].type, made["meets"].type, made["past"].type) == ("int", "float", "str")
    assert made["criteria"] == bare.variables["criteria"]
    assert "+minutes: int, optional, at most 30000 characters, trust system" in difference(bare, draft.prompt)


ASK = "# system\n{{marker}}{{criteria}}\n# user\n{{question}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Judge it.", "must begin with a line"),
        ("Hm.\n# system\nJudge it.", "must begin with a line"),
        ("# system\n\n# user\n{{answer}}", "message 1: empty"),
        ("# system\n" + "x" * 40_001, "at most 40000 characters"),
        (ASK + "{{answr}}", "answr is not declared; did you mean answer?"),
        (ASK + "{{answer}}{{zzz}}", "zzz is not declared; review offers"),
        (ASK, "answer must be used by a prompt for review"),
        (ASK + "\n# system\n{{answer}}", "answer may only stand in a user message"),
        ("# system\n{{criteria}}\n# user\n{{question}}{{answer}}", "no system message says what the marker means"),
        (ASK + "{{answer}}{{#past}}", "never closed"),
        (ASK + "{{answer}}" + "words " * 2_001, "before anything is put in"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    found = " ".join(written(text).problems)
    assert said in found


def test_an_enum_shows_its_values() -> None:
    of = prompt(
        ("system", "{{marker}}{{role}}"), ("user", "{{question}}"), role=Variable(type="enum", values=("a", "b"))
    )
    assert "+role: enum (a, b), required, at most 500 characters, trust system" in difference(prompt(), of)


def test_half_a_character_is_replaced() -> None:
    draft = written(as_text(REVIEW) + "\ud83d")
    assert draft.prompt is not None
    assert draft.prompt.messages[-1].text.endswith("?")


@given(st.text(max_size=200), st.sampled_from(["", "# system\n", "# user\n"]))
def test_no_text_is_too_odd_to_be_answered(text: str, begin: str) -> None:
    draft = written(begin + text)
    assert draft.problems or (draft.prompt is not None and not lint(draft.prompt))


def test_there_is_room_for_the_shipped_prompts() -> None:
    assert max(len(as_text(each)) for each in PROMPTS) < WORDS_TOKENS
    assert problems(REVIEW) == []
