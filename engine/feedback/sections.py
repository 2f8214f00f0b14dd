"""One settled section: a model's claim after the answer has been asked about it.

Text is made inert and cut to size. A criterion keeps the quotes that are evidence, and its level only as far as they
carry it; what could not be kept is said in `reason`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.feedback.evidence import NEEDS_EVIDENCE, NO_EVIDENCE, NOT_VERIFIED, Evidence
from engine.feedback.inert import inert
from engine.feedback.model import OFFLINE, CriterionFeedback, Origin
from engine.feedback.suspicion import instructions
from engine.feedback.verdict import CriterionVerdict
from engine.feedback.visible import visible

CHARS: Mapping[str, int] = {
    "headline": 300, "assessment": 1_200, "fix": 600, "rewrite": 2_000, "additional_notes": 1_200, "next_drill": 600,
    "summary": 300,
}  # fmt: skip
FIXES = 3
NO_LEVEL = "No level from 1 to 5 was given for this."
LEFT_OPEN = "There was not enough in the answer to judge this."
NOT_OFFLINE = "The offline checklist does not judge this."


def told(name: str, text: str, evidence: Evidence) -> str:
    """A text section, fit to be shown and kept.

    The summary is read by later prompts, so one that gives instructions is not kept: an answer may have dictated it. A
    rewrite may use the candidate's figures only.
    """
    if name == "summary" and instructions(visible(text)):
        return ""
    calm = inert(text, CHARS[name]).strip()
    return evidence.without_invented_numbers(calm) if name == "rewrite" else calm


def judged(
    criterion: str, verdict: CriterionVerdict, evidence: Evidence, origin: Origin, *, strict: bool = False
) -> CriterionFeedback:
    """A criterion's section, its claims held against the answer."""
    quotes = evidence.quotes(verdict.quotes)
    level, reason = verdict.level, ""
    if level is None:
        meant = NOT_OFFLINE if origin.provider == OFFLINE else LEFT_OPEN
        reason = meant if verdict.usable_level else NO_LEVEL
    elif level > NEEDS_EVIDENCE and not quotes:
        level, reason = None, NO_EVIDENCE
    else:
        # The offline checklist says nothing but what it found in the wording, so there is nothing to verify.
        reason = "" if origin.provider == OFFLINE or evidence.verifies(level) else NOT_VERIFIED
        level = evidence.allowed(level, strict=strict)
    return CriterionFeedback(
        criterion=criterion,
        quotes=quotes,
        assessment=inert(verdict.assessment, CHARS["assessment"]).strip(),
        fix=inert(verdict.fix, CHARS["fix"]).strip(),
        level=level,
        reason=reason,
        origin=origin,
    )


def with_few_fixes(parts: Sequence[CriterionFeedback], weights: Mapping[str, int]) -> tuple[CriterionFeedback, ...]:
    """The same, with advice on at most three criteria: those of the lowest level, then of the most weight."""

    def urgency(part: CriterionFeedback) -> tuple[int, int]:
        return (part.level if part.level is not None else 6, -weights.get(part.criterion, 0))

    kept = {part.criterion for part in sorted((part for part in parts if part.fix), key=urgency)[:FIXES]}
    return tuple(part if part.criterion in kept else part.model_copy(update={"fix": ""}) for part in parts)
