"""The prompt versions an interview type asks for, in place of what its tasks would get otherwise.

A type names a label or a version; a rollout of that task is then none of its business. What is not there any more, or
was retired, is not waited for: the interview gets the version in production, and the log says so.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from engine.interviews import InterviewType
from engine.prompting.standing import Standing
from engine.prompting.store import PromptRegistry
from engine.trials.rollout import Assignment

log = logging.getLogger(__name__)


async def chosen(prompts: PromptRegistry, kind: InterviewType, assigned: Assignment) -> Assignment:
    """The assignment, with the type's own choices in it."""
    pinned: dict[str, str] = dict(assigned.prompts)
    for task, choice in kind.prompts.items():
        if task not in pinned:
            log.warning("an interview type names a task that has no prompt", extra={"type": kind.id, "task": task})
            continue
        standing = await prompts.standing(task)
        if (ref := resolved(standing, choice)) is None:
            log.warning("a type's prompt is gone", extra={"type": kind.id, "task": task, "prompt": choice})
            ref = standing.production
        pinned[task] = ref
    arms = {task: arm for task, arm in assigned.arms.items() if task not in kind.prompts}
    return replace(assigned, prompts=pinned, arms=arms)


def resolved(standing: Standing, choice: str) -> str | None:
    """The version that a label or a version means; `None` when there is none, or it was retired."""
    ref = choice if "@" in choice else standing.labels.get(choice, "")
    return next((each.ref for each in standing.versions if each.ref == ref and each.status != "retired"), None)
