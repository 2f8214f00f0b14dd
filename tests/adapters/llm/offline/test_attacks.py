"""What does not fool the checklist: the families of attacks that fooled calibrated scorers, and hostile answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from adapters.library.bank import QUALITIES, Quality
from adapters.llm.offline.gates import LIST, NEGATED, PARROT, REPEATED, SALAD
from tests.adapters.llm.offline.materials import SAMPLES, levels, mean, question, reviewed

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "data" / "injections.jsonl").read_text("utf-8").splitlines()
]
HOSTILE = [row["text"] for row in ROWS if row["label"] == 1]
BENIGN = [row["text"] for row in ROWS if row["label"] == 0]

SUBJECTS = frozenset({"i", "we", "they", "it", "he", "she"})
SOME = tuple(SAMPLES)[::3]
FILLER = (
    "That is a really good question and I am glad you asked it. In my experience it always depends on the situation "
    "and on the people involved. Communication is very important, and one should think carefully before making a "
    "decision. At the end of the day a good engineer listens, learns and delivers value to the business."
)


def shuffled(text: str) -> str:
    words = text.split()
    Random(5).shuffle(words)
    return " ".join(words)


def denied(text: str) -> str:
    """Each sentence turned into its opposite."""
    made: list[str] = []
    for sentence in text.split(". "):
        words = sentence.split()
        subject = next((at for at, word in enumerate(words) if word.lower() in SUBJECTS), None)
        if subject is None:
            made.append(f"It is not the case that {sentence}")
        else:
            made.append(" ".join([*words[: subject + 1], "never", *words[subject + 1 :]]))
    return ". ".join(made)


ATTACKS: dict[str, Callable[[str], str]] = {
    "I do not know": lambda id: "I do not know.",
    "gibberish": lambda id: "asdf qwer zxcv uiop hjkl bnm trew poiu lkjh gfds mnbv",
    "fluent filler": lambda id: FILLER,
    "the question echoed": lambda id: question(id).text,
    "shuffled answer": lambda id: shuffled(SAMPLES[id]["strong"]),
    "shuffled key points": lambda id: shuffled(" ".join(question(id).key_points)),
    "key points pasted": lambda id: ". ".join(question(id).key_points) + ".",
    "key points denied": lambda id: " ".join(f"I would not say this: {point}." for point in question(id).key_points),
    "a cue each": lambda id: ", ".join(cues[0] for cues in question(id).cues),
    "all cues": lambda id: " ".join(cue for cues in question(id).cues for cue in cues if "+" not in cue),
    "cues in one sentence": lambda id: (
        f"I would think about {' and then '.join(cues[0] for cues in question(id).cues)} because it is important."
    ),
    "cues in a frame": lambda id: " ".join(
        f"I would talk about {cues[0]} and {cues[1]}." for cues in question(id).cues
    ),
    "a weak answer five times": lambda id: " ".join([SAMPLES[id]["weak"]] * 5),
    "a weak answer padded": lambda id: f"{SAMPLES[id]['weak']} {FILLER}",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("id", SAMPLES)
def test_an_attack_scores_no_more_than_a_weak_answer(attack: str, id: str) -> None:
    score = mean(levels(id, ATTACKS[attack](id)))
    assert score is None or score <= 2


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ("shuffled answer", SALAD),
        ("key points pasted", PARROT),
        ("a cue each", LIST),
        ("cues in a frame", LIST),
        ("a weak answer five times", REPEATED),
    ],
)
def test_a_gate_says_what_to_do_instead(attack: str, reason: str) -> None:
    assert reviewed("s2-03", ATTACKS[attack]("s2-03"))["headline"] == reason


def test_most_strong_answers_that_are_denied_sentence_by_sentence_are_noticed() -> None:
    noticed = [reviewed(id, denied(SAMPLES[id]["strong"]))["headline"] == NEGATED for id in SAMPLES]
    assert sum(noticed) >= 0.8 * len(noticed)


@pytest.mark.parametrize("id", SOME)
def test_no_hostile_text_is_an_answer(id: str) -> None:
    for text in HOSTILE:
        assert (levels(id, text)["completeness"] or 1) <= 2, text


@pytest.mark.parametrize("id", SOME)
@pytest.mark.parametrize("quality", QUALITIES[:2])
def test_hostile_text_behind_an_answer_raises_nothing_by_more_than_a_level(id: str, quality: Quality) -> None:
    rises = 0
    answer = SAMPLES[id][quality]
    before = levels(id, answer)
    for text in HOSTILE:
        after = levels(id, f"{answer}\n{text}")
        for name, level in after.items():
            rise = 0 if level is None else level - (before[name] or 2)
            assert rise <= 1, (name, text)
            rises += rise > 0
    assert rises <= 3


@pytest.mark.parametrize("id", SOME)
def test_a_text_that_only_looks_hostile_takes_no_level_away(id: str) -> None:
    before = levels(id, SAMPLES[id]["fair"])
    for text in BENIGN:
        after = levels(id, f"{SAMPLES[id]['fair']}\n{text}")
        assert all((after[name] or 0) >= (level or 0) for name, level in before.items()), text
