"""How the offline coach closes: an outline instead of a model's answer, and the report in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from engine.interviews import Format
from engine.material import ModelAnswerMaterial, ReportMaterial

LABEL = "Offline checklist, low confidence"
_FORM: Mapping[Format, str] = {
    "behavioral": (
        "Tell it as one story: situation, your task, what you did and why, the result with a number, what you took "
        "from it. Lead with the result if it is a good one."
    ),
    "system_design": (
        "Say it in this order: what it must do and how much of it, data and calls, the main path, then what happens "
        "when a part fails or the load grows. Name what you would not build."
    ),
    "coding": (
        "Say it in this order: what is unclear, the approach and why not the other one, the code, its cost in time and "
        "space, the edge cases you would test."
    ),
    "custom": "Begin with your answer in one sentence, then the reasons, then what could go wrong.",
}
_DRILL = "Choose one of today's questions and answer it again in three days, aloud and without notes."


def outline(material: ModelAnswerMaterial) -> str:
    """The key points of a question as an outline that says it is one."""
    form = _FORM[material.format]
    if not material.key_points:
        return f"There is no outline on file for this question, and the offline coach writes no answers. {form}"
    points = "\n".join(f"{number}. {point}" for number, point in enumerate(material.key_points, 1))
    return (
        "This is an outline of what a strong answer covers, the most important first. It comes from the offline "
        f"checklist; no model wrote an answer.\n\n{points}\n\n{form}"
    )


def report(material: ReportMaterial) -> Mapping[str, str | Sequence[str]]:
    """The closing words: only figures that were computed, at most three fixes, one drill."""
    numbers = material.numbers
    said = [f"{LABEL}.", f"You answered {numbers.answered} {'question' if numbers.answered == 1 else 'questions'}."]
    if numbers.skipped:
        said.append(f"{numbers.skipped} skipped.")
    if numbers.score is None:
        said.append("None of your answers could be scored, so there are no numbers.")
    else:
        bar = "" if numbers.bar is None else f"; {numbers.bar:.2f} is what this role asks for"
        said.append(f"The mean score is {numbers.score:.2f} of 1{bar}.")
        known = sorted((item.score, item.title) for item in numbers.criteria if item.score is not None)
        if len(known) > 1:
            said.append(f"Strongest: {known[-1][1]} ({known[-1][0]:.2f}). Weakest: {known[0][1]} ({known[0][0]:.2f}).")
    if any(item.score is None for item in numbers.criteria):
        said.append("Nobody has checked whether what you said is right.")
    fixes = [fix for fix, _ in Counter(material.fixes).most_common(3)]
    drill = numbers.drill or next((drill for drill in reversed(material.drills) if drill), _DRILL)
    return {"summary": " ".join(said), "fixes": fixes, "drill": drill}
