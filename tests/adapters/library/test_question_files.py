"""A team's questions in files: what is written reads back, and what is odd is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.library.question_files import read_questions, written_csv, written_yaml
from engine.admin.type_bodies import plain_questions, set_of
from engine.errors import Wrong
from engine.questions import KeyPoint, OwnQuestion, QuestionSet

line = st.text(min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
cue = line.map(lambda text: text.replace(";", ",").strip()).filter(bool)
points = st.builds(KeyPoint, point=line, cues=st.lists(cue, max_size=3).map(tuple))
texts = st.builds(
    lambda head, tail: f"{head}{tail} and so on", st.sampled_from(["", "=", "+", "-", "@", "'", "'="]), line
)
question = st.builds(
    OwnQuestion,
    text=texts,
    topic=st.just("") | line,
    level=st.none() | st.integers(1, 5),
    minutes=st.none() | st.integers(1, 120),
    key_points=st.lists(points, max_size=4).map(tuple),
    hints=st.lists(line, max_size=3).map(tuple),
    follow_ups=st.lists(line, max_size=3).map(tuple),
)
sets = st.lists(question, min_size=1, max_size=4, unique_by=lambda each: each.id).map(
    lambda found: QuestionSet(questions=tuple(found))
)


@given(sets)
def test_csv_reads_back_as_what_was_written(questions: QuestionSet) -> None:
    written = written_csv(plain_questions(questions))
    assert set_of(read_questions(written.encode(), name="q.csv")) == questions


@given(sets)
def test_yaml_reads_back_as_what_was_written(questions: QuestionSet) -> None:
    written = written_yaml(plain_questions(questions))
    assert set_of(read_questions(written.encode(), name="q.yaml")) == questions


@given(sets)
def test_no_cell_can_be_taken_for_a_formula(questions: QuestionSet) -> None:
    import csv
    import io

    for row in csv.reader(io.StringIO(written_csv(plain_questions(questions)), newline="")):
        assert not any(cell[:1] in ("=", "+", "-", "@") for cell in row)


def test_a_spreadsheets_csv_is_read_with_its_mark_and_semicolons() -> None:
    head, points = "\ufeffQuestion;Level;Key points;Cues\r\n", '"Faster reads\nSlower writes"'
    raw = f'{head}"What is an index; and why?";2;{points};"fast; quick"\r\n'
    assert read_questions(raw.encode(), name="q.csv") == [
        {
            "text": "What is an index; and why?",
            "level": 2,
            "key_points": [{"point": "Faster reads", "cues": ["fast", "quick"]}, "Slower writes"],
        }
    ]


def test_points_may_stand_on_one_line_with_bars() -> None:
    found = read_questions(b"question,key_points\nWhat is an index good for?,reads | writes\n")
    assert found == [{"text": "What is an index good for?", "key_points": ["reads", "writes"]}]


def test_a_formula_is_only_text() -> None:
    raw = b'question,topic\n"=HYPERLINK(""http://x"",""Click"")",@topic\n'
    assert read_questions(raw, name="q.csv") == [{"text": '=HYPERLINK("http://x","Click")', "topic": "@topic"}]


def test_lines_that_were_pasted_are_questions_with_points_below() -> None:
    text = "What is an index?\n- reads get faster\n* writes cost more\n\nWhy two replicas?\n"
    assert read_questions(text.encode()) == [
        {"text": "What is an index?", "key_points": ["reads get faster", "writes cost more"]},
        {"text": "Why two replicas?"},
    ]


def test_pasted_yaml_is_known_by_its_words() -> None:
    assert read_questions(b"- text: What is an index for?\n  level: 2\n") == [
        {"text": "What is an index for?", "level": 2}
    ]
    assert read_questions(b"questions:\n- text: What is it?\n", name="x.yml") == [{"text": "What is it?"}]


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        (b"question,level\nWhat is an index?,easy\n", "q.csv", r"q\.csv, line 2: level must be a whole number"),
        (b"question,answer\nA,B\n", "q.csv", r"line 1: there is no column 'answer'"),
        (b"topic,level\nA,1\n", "q.csv", "one column must be called question"),
        (b"question,question\nA,1\n", "q.csv", "a column is there twice"),
        (b"question,topic\nWhat, really, is it?\n", "q.csv", "3 cells, but 2 columns"),
        (b"question,cues\nWhat is it?,a\n", "q.csv", "cues, but no key points"),
        (b'question,key_points,cues\nWhat?,a,"x\ny"\n', "q.csv", "2 lines of cues for 1 key points"),
        (b'question,topic\n"What?,a\n', "q.csv", r"q\.csv, line 2: unexpected end of data"),
        (b"\n", "q.csv", "is empty"),
        (b"question,topic\n", "q.csv", "no question in it"),
        (b"", "", "no question in it"),
        (b"\xff\xfe", "q.csv", "not UTF-8"),
        (b"x" * 300_000, "q.csv", "larger than 256 kB"),
        (b"- a point\n", "", "before the first question"),
        (b"just: words\n", "q.yaml", "expected a list of questions"),
        (b"- [\n", "q.yaml", r"q\.yaml, line"),
        (b"What is it?\n" * 201, "q.txt", "200 at most"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nquestions: [*b, *b]\n", "q.yaml", "anchors and aliases are not used here"),
    ],
)
def test_what_is_odd_is_refused_with_its_place(raw: bytes, name: str, why: str) -> None:
    with pytest.raises(Wrong, match=why) as refused:
        read_questions(raw, name=name)
    assert list(refused.value.problems) == ["file"]
