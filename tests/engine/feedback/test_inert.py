"""A model's words can ping nobody, link nowhere and hide nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feedback.inert import inert, is_inert

HOSTILE = st.lists(
    st.sampled_from(
        ["@", "everyone", "here ", "<", ">", "!channel", "#C1", "@U1", "[", "](", ")", "http", "s://", "evil.example",
         "\u202e", "\u200b", "www.", "mailto:", "javascript:", "|", " ", "\n", "x", "!", "discord.gg/a"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(HOSTILE | st.text())
def test_once_is_enough_and_nothing_grows(text: str) -> None:
    calm = inert(text)
    assert is_inert(calm)
    assert inert(calm) == calm
    assert len(calm) <= len(text)


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        ("Well done @everyone and @here!", "Well done everyone and here!"),
        ("<!channel> hello <@U012> in <#C1|general>", " hello  in "),
        ("<https://evil.example|https://slack.com/signin> now", " now"),
        ("See [the guide](https://evil.example/x) first", "See the guide first"),
        ("![pixel](https://evil.example/p.png)", "pixel"),
        ("Go to https://a.example/b or www.b.example today", "Go to  or  today"),
        ("@@everyoneeveryone", "everyoneeveryone"),
        ("htthttp://x.exampletp://y.example z", "htt z"),
        ("ht<!x>tp://y.example z", " z"),
        ("handlers[i](event) and a < b and @dataclass", "handlers[i](event) and a < b and @dataclass"),
        ("data:image/png;base64,AAAA!", ""),
        ("the data: it was fine", "the data: it was fine"),
        ("zero\u200bwidth \u202eturned\u202c \x1b[31mred", "zerowidth turned [31mred"),
    ],
)
def test_what_is_taken_out_and_what_stays(text: str, calm: str) -> None:
    assert inert(text) == calm


def test_too_long_is_cut_and_shows_it() -> None:
    assert inert("word " * 10, 12) == "word word w…"
    assert inert("short", 12) == "short"
