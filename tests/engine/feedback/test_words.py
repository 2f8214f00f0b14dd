"""Words and sentences that know where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feedback.words import content_stems, sentences, stem, words


@pytest.mark.parametrize(
    "forms",
    [
        "roll rolls rolled rolling",
        "stop stops stopped stopping",
        "miss missed missing misses",
        "query queries",
        "retry retries retried",
        "box boxes",
        "cache caches cached caching",
        "prioritise prioritised prioritize prioritizing",
        "agree agreed agreement",
        "validate validated validation",
        "decision decisions",
        "behaviour behavior",
        "quick quickly",
        "write wrote written writing",
        "index indices indexes",
        "two 2",
        "colleague teammate teammates",
        "give gave given giving",
    ],
)
def test_the_forms_of_a_word_share_their_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_different_words_keep_different_stems() -> None:
    different = ("us", "use", "bus", "is", "hour", "our", "process", "protest", "hash", "has", "test")
    assert len({stem(word) for word in different}) == len(different)


def test_short_and_mixed_words_stay_as_they_are() -> None:
    assert [stem(word) for word in ("s3", "p99", "api", "it's", "api's")] == ["s3", "p99", "api", "it", "api"]


def test_words_know_their_place_and_are_compared_in_one_form() -> None:
    text = "Ｆｕｌｌ cost: O( N · log k ), 1,000 rows; it’s fine."
    found = words(text)
    assert [word.plain for word in found] == ["full", "cost", "o(nlogk)", "1,000", "rows", "it's", "fine"]
    assert [text[word.begin : word.end] for word in found][:3] == ["Ｆｕｌｌ", "cost", "O( N · log k )"]


def test_sentences_end_at_stops_lines_and_semicolons_but_not_inside_numbers() -> None:
    text = 'It took 2.5 s. "Why?" I asked!\n\n- first\n...\nthen a.b; done'
    assert [text[each.begin : each.end] for each in sentences(text)] == [
        "It took 2.5 s.",
        '"Why?',
        '" I asked!',
        "- first",
        "then a.b",
        "done",
    ]


def test_what_a_phrase_is_about() -> None:
    assert content_stems("Told the people it affected") == {"tell", "peopl", "affect"}


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_every_word_stands_where_it_says(text: str) -> None:
    for sentence in sentences(text):
        assert 0 <= sentence.begin < sentence.end <= len(text)
        assert sentence.words
        for word in sentence.words:
            assert sentence.begin <= word.begin < word.end <= sentence.end
            assert word.stem == stem(word.plain)
