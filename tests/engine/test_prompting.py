"""A prompt is filled strictly, known by its content, and refused when it could be misused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.errors import PromptError
from engine.prompting import Prompt, Variable, lint
from engine.prompting.template import fill, parse
from tests.kit.prompts import MARKER, SYSTEM, USER, prompt


def render(p: Prompt, **values: Any) -> list[str]:
    return [turn.text for turn in p.render({"marker": MARKER, "question": "q?"} | values, marker=MARKER)]


PLAIN = st.text().filter(lambda text: "{{" not in text)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@given(PLAIN)
def test_text_without_tags_stays_as_it_is(text: str) -> None:
    assert fill(parse(text), {}) == text


@given(st.lists(st.tuples(PLAIN, NAMES)), st.dictionaries(NAMES, st.text()))
def test_values_are_put_in_once_and_never_read_as_templates(
    pieces: list[tuple[str, str]], values: dict[str, str]
) -> None:
    # A brace at the end of a text would join the tag that follows it.
    template = "".join(text.rstrip("{") + "{{" + name + "}}" for text, name in pieces)
    assert fill(parse(template), values) == "".join(text.rstrip("{") + values.get(name, "") for text, name in pieces)


def test_a_section_stands_only_with_something_to_say() -> None:
    parts = parse("a{{#x}} has {{x}} and {{y}}{{/x}}b{{#z}}!{{/z}}")
    assert fill(parts, {"x": "X", "y": "Y"}) == "a has X and Yb"
    assert fill(parts, {"x": "", "y": "Y", "z": "1"}) == "ab!"


@pytest.mark.parametrize(
    "template",
    [
        "{{",
        "{{ x }}",
        "{{X}}",
        "{{x",
        "{{#x}}",
        "{{/x}}",
        "{{#x}}{{/y}}",
        "{{#x}}{{#y}}{{/y}}{{/x}}",
        "{{>x}}",
        "{{#x}}{{ ",
    ],
)
def test_anything_else_with_two_braces_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"template|section|nest|closed|open"):
        parse(template)


def test_json_in_a_prompt_is_no_template() -> None:
    assert fill(parse('{"a": {"b": 1}} and }}'), {}) == '{"a": {"b": 1}} and }}'


def test_values_become_text_by_their_type() -> None:
    p = prompt(
        ("system", "{{level}} {{level_name}} {{role}} {{format}} {{marker}}"),
        ("user", "{{question}}{{#key_points}}\n{{key_points}}{{/key_points}}"),
        level=Variable(type="int"),
        level_name=Variable(type="float"),
        role=Variable(type="enum", values=("mid", "senior")),
        format=SYSTEM,
        key_points=Variable(type="list", required=False, trust="user"),
    )
    assert render(p, level=3, level_name=3.5, role="mid", format="coding", key_points=["one", "{{two}}"]) == [
        f"3 3.5 mid coding {MARKER}",
        f"[begin question {MARKER}]\nq?\n[end question {MARKER}]\n"
        f"[begin key_points {MARKER}]\n- one\n- {{{{two}}}}\n[end key_points {MARKER}]",
    ]
    assert render(p, level=3, level_name=3, role="mid", format="x", key_points=[])[0].startswith("3 3 mid")


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        (SYSTEM, None, "role: missing"),
        (SYSTEM, "", "role: empty"),
        (SYSTEM, "  ", "role: empty"),
        (SYSTEM, 3, "role: int is not str"),
        (SYSTEM, "x" * 501, "role: 501 characters, at most 500"),
        (Variable(type="int"), "3", "role: str is not int"),
        (Variable(type="int"), True, "role: bool is not int"),
        (Variable(type="int"), 3.5, "role: float is not int"),
        (Variable(type="float"), "3", "role: str is not float"),
        (Variable(type="list"), "a", "role: str is not list"),
        (Variable(type="list", max_len=10), ["a", "b", "c"], "role: 11 characters, at most 10"),
        (Variable(type="enum", values=("a", "b")), "c", "role: 'c' is none of a, b"),
        (Variable(type="enum", values=("a", "b")), 1, "role: int is not enum"),
    ],
)
def test_a_wrong_value_fails_before_any_call(variable: Variable, value: object, complaint: str) -> None:
    p = prompt(("system", "{{role}} {{marker}}"), ("user", "{{question}}"), role=variable)
    with pytest.raises(PromptError, match=complaint):
        render(p, role=value)


def test_a_value_nobody_declared_fails() -> None:
    with pytest.raises(PromptError, match="extra: not declared"):
        render(prompt(), extra="x")


def test_an_absent_optional_value_leaves_no_trace() -> None:
    p = prompt(
        ("system", "{{marker}}"),
        ("user", "{{question}}"),
        ("user", "{{key_points}}"),
        key_points=Variable(type="list", required=False, trust="user"),
    )
    assert len(render(p)) == 2


def test_an_enum_and_nothing_else_lists_values() -> None:
    with pytest.raises(ValidationError):
        Variable(type="enum")
    with pytest.raises(ValidationError):
        Variable(values=("a",))


def test_the_same_content_is_the_same_version_and_any_change_another() -> None:
    one = prompt()
    assert one.ref == f"model_answer@{one.digest}"
    assert len(one.digest) == 12
    again = Prompt.model_validate_json(one.model_dump_json())
    assert (again, again.digest) == (one, one.digest)
    reordered = one.model_copy(update={"variables": dict(reversed(list(one.variables.items())))})
    assert reordered.digest == one.digest
    assert one.model_copy(update={"title": "Another"}).digest != one.digest
    assert prompt(question=USER.model_copy(update={"max_len": 9})).digest != one.digest


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (prompt(("system", "{{question}} {{marker}}")), "message 1: question may only stand in a user message"),
        (prompt(("user", "{{question}}"), ("user", "{{marker}}")), "no system message says what the marker means"),
        (prompt(("system", "{{marker}}"), ("user", "x")), "question is declared and never used"),
        (prompt(("system", "{{marker}}"), ("user", "x")), "question must be used by a prompt for model_answer"),
        (prompt(("system", "{{marker}}{{role}}"), ("user", "{{question}}")), "message 1: role is not declared"),
        (prompt(("system", "{{marker}}{{#role}}x{{/role}}"), ("user", "{{question}}")), "role is not declared"),
        (prompt(("system", "{{marker}} {{ x }}"), ("user", "{{question}}")), "message 1: template syntax"),
        (prompt(question=SYSTEM), "question can hold a candidate's words; declare it with trust: user"),
        (prompt(("system", "{{marker}}{{answer}}"), ("user", "{{question}}"), answer=SYSTEM), "model_answer offers"),
    ],
)  # fmt: skip
def test_lint_finds_what_is_wrong_and_nothing_is_rendered(broken: Prompt, problem: str) -> None:
    assert [each for each in lint(broken) if problem in each]
    with pytest.raises(PromptError):
        render(broken)


def test_a_system_value_may_be_trusted_less() -> None:
    cautious = prompt(("system", "{{marker}}"), ("user", "{{question}} {{role}}"), role=USER)
    assert lint(cautious) == []
    assert f"[begin role {MARKER}]" in render(cautious, role="mid")[1]
