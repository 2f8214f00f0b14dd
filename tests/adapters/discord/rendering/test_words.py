"""Words of people and models are shown as they were written, and cannot act."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render.words import code_block, escaped, fits, pieces, prose, styled, unescaped
from adapters.markdown import JOINER, plain, stretches
from adapters.surface.words import units
from tests.kit.cards import HOSTILE, letters, words
from tests.kit.cardview import kinds, shown, tree
from tests.kit.cardview.markdown import ACTING

SIGNS = st.text(alphabet="\\`*_~|[]()<>@#:/.-+>! 1ab\n", max_size=40)
OURS = (
    "<@204255221017214977>", "<@&1>", "<#1171155998112591923>", "</interview start:1>", "<id:browse>",
    "<t:1700000000:R>", "<:pepe:1171155998112591923>", "<a:x:1171155998112591923>", ":tada:", "@everyone", "@here", "https://evil.example",
    "<https://evil.example>", "[x](https://evil.example)", "[x](<https://evil.example> 'title')", "||spoiler||",
    "steam://run/1", "<mailto:a@b.example>", "<a@b.example>", "<+15550100>", "-# small", "# big", "### big", "> quote",
    ">>> all", "- item", "* item", "+ item", "12. item", "***all***", "__under__", "~~gone~~", "``two``", "_it_",
    "a_b_c", "C:\\new\\*", "```py\nx\n```", "~~~", "`open", "**open", "||open", "\\<@1>", "\\\\", "*", "_",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from((*HOSTILE, *OURS)) | SIGNS, max_size=6).map(" ".join)
INVITE = re.compile(r"(?:discord(?:app)?\.(?:gg|com)|dis\.gd)/", re.IGNORECASE)
many = settings(max_examples=150, deadline=None)


@given(TEXTS)
@many
def test_any_text_is_shown_letter_for_letter(text: str) -> None:
    nodes = tree(escaped(text))
    assert {node.kind for node in nodes} <= {"text"}
    assert shown(nodes).replace(JOINER, "") == plain(text)


@given(TEXTS)
@many
def test_escaping_can_be_taken_back(text: str) -> None:
    assert unescaped(escaped(text)) == plain(text)


@pytest.mark.parametrize("text", OURS)
def test_each_thing_discord_makes_something_of_stays_words(text: str) -> None:
    for around in ("{}", "so {} there", "line\n{}\nline", "*{}*", "[{}]({})", "x{}x"):
        said = around.replace("{}", text)
        assert shown(tree(escaped(said))).replace(JOINER, "") == said
        assert ACTING.isdisjoint(kinds(tree(styled(said))))


@pytest.mark.parametrize("text", ["discord.gg/abc", "https://discord.com/invite/abc", "dis.gd/x", "DISCORD.GG/abc"])
def test_an_invitation_is_none(text: str) -> None:
    assert not INVITE.search(escaped(text))
    assert not INVITE.search(styled(f"- **{text}** {text}"))


@given(TEXTS | words())
@many
def test_a_models_markdown_may_be_bold_code_and_fences_and_nothing_else(text: str) -> None:
    made = list(prose(text))
    assert all(fits(piece) for piece in made)
    found = [node for piece in made for node in tree(piece)]
    assert set(kinds(found)) <= {"text", "b", "code", "pre"}
    assert letters("".join(stretch.text for stretch in stretches(text))) in letters(shown(found))


@given(st.text(alphabet="`\n ab", max_size=30))
@many
def test_nothing_gets_out_of_a_code_block(code: str) -> None:
    made = code_block(code, "py")
    if code.strip():
        assert {node.kind for node in tree(made)} == {"pre"}


def test_list_items_get_a_dot_and_styles_do_not_run_into_each_other() -> None:
    assert styled("- one\n- **two** `three`") == "• one\n• **two** `three`"
    assert [node.kind for node in tree(styled("`a``b` **c****d**"))] == [
        "code",
        "text",
        "code",
        "text",
        "b",
        "text",
        "b",
    ]


def test_a_long_text_is_cut_between_words_and_nothing_of_it_is_missing() -> None:
    made = list(pieces("słowo 🦜 " * 2_000))
    assert all(units(piece) <= 1_800 for piece in made)
    assert "".join("".join(made).split()) == "słowo🦜" * 2_000
