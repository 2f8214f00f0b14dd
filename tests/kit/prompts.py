"""Small prompts to test with."""

from __future__ import annotations

from typing import Any

from engine.prompting import MessageTemplate, Prompt, Variable

MARKER = "5f" * 16
USER = Variable(trust="user", max_len=30_000)
SYSTEM = Variable()


def prompt(*messages: tuple[str, str], task: Any = "model_answer", **variables: Variable) -> Prompt:
    given_ = {"marker": SYSTEM, "question": USER} | variables
    told = messages or (("system", "Data stands between {{marker}}."), ("user", "{{question}}"))
    return Prompt(
        task=task,
        title="A test",
        variables=given_,
        messages=tuple(MessageTemplate.model_validate({"role": role, "text": text}) for role, text in told),
    )
