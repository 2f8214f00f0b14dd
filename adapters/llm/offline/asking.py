"""What the offline coach asks: a question of the bank, and a follow-up on what an answer left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice

from engine.feedback.words import content_stems
from engine.interviews import Format
from engine.material import FollowUpMaterial, QuestionMaterial

Section = str | Sequence[str]

# For when the bank has nothing left: plain questions that fit any level. No cues, so their answers are not scored.
_PLAIN: Mapping[Format, tuple[str, ...]] = {
    "behavioral": (
        "Tell me about a piece of work from the last year that did not go as planned. What did you do about it?",
        "Tell me about a decision of yours that somebody disagreed with. How did it end?",
        "Describe a time when you had too much to do. What did you leave, and how did you choose?",
    ),
    "system_design": (
        "Pick a system you know well. What would break first at ten times its load, and what would you do about it?",
        "Pick a feature you use every day and design its backend: data, calls, and what happens when a part fails.",
        "Design the back-up and restore of a service you know. How would you show that a restore works?",
    ),
    "coding": (
        "Take a list of log lines with time stamps. Find the minute with the most lines, and give the cost.",
        "Explain how you would test a function that parses dates that people typed. Which cases matter most?",
        "Take a function you wrote lately. How would you make it ten times faster, and how would you know?",
    ),
}
_DEEPER: Mapping[Format, tuple[str, ...]] = {
    "behavioral": ("What would you do differently today, and why?", "Which alternative did you decide against?"),
    "system_design": ("Which part of this fails first, and what happens then?", "What did you leave out on purpose?"),
    "coding": ("Which input would break this, and how would you test it?", "What does it cost in time and space?"),
}
_HINT = "Start with one concrete example and say what you did, decided or would do first."


def ask(material: QuestionMaterial) -> Mapping[str, Section]:
    """The first seed word for word, or a plain question where there is none."""
    asked = {turn.question for turn in material.past}
    for seed in material.seeds:
        if seed.text not in asked:
            return {
                "topic": seed.topic,
                "question": seed.text,
                "key_points": list(seed.key_points),
                "hints": list(seed.hints),
            }
    plain = _of(_PLAIN, material.format)
    turn = len(material.past) % len(plain)
    text = next((text for text in islice(cycle(plain), turn, turn + len(plain)) if text not in asked), plain[turn])
    return {"topic": "Your own work", "question": text, "key_points": [], "hints": [_HINT]}


def follow_up(material: FollowUpMaterial) -> Mapping[str, Section]:
    """The prepared follow-up that is closest to what was left out; a plain one where none was prepared."""
    open_ = [text for text in material.candidates if text not in material.asked_before]
    gaps = {point: content_stems(point) for point in material.uncovered}
    if open_:
        shared = {text: max((len(content_stems(text) & gap) for gap in gaps.values()), default=0) for text in open_}
        text = max(open_, key=shared.__getitem__)
        about = [point for point, gap in gaps.items() if len(content_stems(text) & gap) > 1]
        return {"question": text, "key_points": about[:3], "hints": []}
    for point in material.uncovered:
        text = (
            f"There is one thing you have not come to yet: {point[:1].lower()}{point[1:]}. What would you say to that?"
        )
        if text not in material.asked_before:
            return {"question": text, "key_points": [point], "hints": []}
    deeper = _of(_DEEPER, material.format)
    return {
        "question": next((text for text in deeper if text not in material.asked_before), deeper[-1]),
        "key_points": [],
        "hints": [],
    }


def _of(texts: Mapping[Format, tuple[str, ...]], format: Format) -> tuple[str, ...]:
    """The texts of a format; of all formats in turn for a custom one."""
    if format in texts:
        return texts[format]
    longest = max(len(each) for each in texts.values())
    return tuple(each[row] for row in range(longest) for each in texts.values() if row < len(each))
