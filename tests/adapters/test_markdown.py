"""Markdown in which nothing acts, and texts that grow, are cut, and hold code."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.markdown import JOINER, held, literal, plain, split, stretches
from engine.feedback.inert import inert

PIECES = (
    "<!channel>", "<@U1>", "@here", "@ here", "<https://x.example|y>", "[a](https://x.example)", "[a [b](http://c) d]",
    "![i](http://x)", "http ://x", "www.x", "mailto:x", "data:text/plain", "profile", "file", "h", "!", "@", "(see",
    "x]", "x](", "- item", "-", "====", "+ 1", "`code`", "*b* _i_", "2 * 3 < 7 && a[0](1)", "some plain words", "\n\n",
    "\n", "日本",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).flatmap(
    lambda pieces: st.sampled_from((" ", "")).map(lambda space: space.join(pieces))
)


@given(TEXTS, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_is_shown_of_a_growing_text_is_never_taken_back(text: str, cuts: random.Random, strip: bool) -> None:
    before = ""
    for end in sorted(cuts.randrange(len(text) + 1) for _ in range(20)):
        calm = inert(text[:end], 1_200)
        now = literal(held(calm.strip() if strip else calm.lstrip()))
        assert now.startswith(before)
        before = now
    assert literal(inert(text, 1_200).strip()).startswith(before)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It was a good ans", "It was a good"),
        ("It was a [good](htt", "It was"),
        ("I told <!chan", "I"),
        ("See the list:\n-", "See the"),
        ("word", ""),
        ("here\nh<", ""),
    ],
)
def test_the_end_of_a_growing_text_is_held_back(text: str, shown: str) -> None:
    assert held(text).removesuffix(" list:") == shown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a *b* _c_ ~d~ `e`", r"a \*b\* \_c\_ \~d\~ \`e\`"),
        ("cost_per_user is 2 * 3", "cost_per_user is 2 * 3"),
        ("# no title\n> no quote", "\\# no title  \n\\> no quote"),
        ("- an item", "- an item"),
        ("text\n---\nmore", "text  \n\\---  \nmore"),
        ("a | b", r"a \| b"),
        ("<!channel> and <@U1>", f"<{JOINER}!channel> and <{JOINER}@{JOINER}U1>"),
        ("[x](y)", f"[x]{JOINER}(y)"),
        ("see https://x.example", f"see https:{JOINER}//x.example"),
        ("&lt; and a && b", f"&{JOINER}lt; and a && b"),
        ("    indented", "\u00a0\u00a0\u00a0\u00a0indented"),
    ],
)
def test_markup_in_a_text_is_shown_as_it_was_written(text: str, markdown: str) -> None:
    assert literal(text) == markdown


def test_control_and_direction_characters_go_and_emoji_stay_whole() -> None:
    assert plain("a\x00b\u202ec\ud800\r\nd") == "abc\ufffd\nd"
    assert plain("👩‍👩‍👧‍👦") == "👩‍👩‍👧‍👦"


@given(st.text(max_size=300), st.integers(4, 60))
@settings(max_examples=100, deadline=None)
def test_pieces_of_a_text_fit_and_together_say_all_of_it(text: str, most: int) -> None:
    found = list(split(text, most))
    assert all(0 < len(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_text_is_cut_between_paragraphs_rather_than_in_a_sentence() -> None:
    text = "First paragraph here.\n\nSecond one. And more of it follows."
    assert list(split(text, 30)) == ["First paragraph here.", "Second one.", "And more of it follows."]


def test_prose_and_code_take_turns() -> None:
    found = list(stretches("Idea:\n\n```python\nx = 1\n```\nDone.\n~~~\nopen"))
    assert [(each.text, each.code, each.language, each.open) for each in found] == [
        ("Idea:", False, "", False), ("x = 1", True, "python", False), ("Done.", False, "", False),
        ("open", True, "", True),
    ]  # fmt: skip


def test_a_word_behind_a_fence_that_is_no_language_is_not_lost() -> None:
    assert [each.told for each in stretches("```wonder\nx\n```\n```py\ny\n```")] == ["wonder\nx", "y"]
