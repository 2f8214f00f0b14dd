"""Trying a version: every task has a sample, whoever answers, and what comes back is shown as it can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.library.prompts import load_prompts
from adapters.library.types import load_types
from adapters.llm.offline.coach import Offline
from engine.admin.trying import Trial, Tried
from engine.errors import AllDown, ModelError, OverLimit
from engine.ports import Request
from engine.prompting import Prompt
from engine.prompting.sampling import ANSWER, sample
from tests.kit.interviews import interview_type
from tests.kit.model import Model

PROMPTS = {each.task: each for each in load_prompts()}


def trial(model: Model) -> Trial:
    return Trial(provider=model, offline=Offline(), marker=lambda: "5f" * 16, kind=interview_type(), clock=lambda: 0.0)


async def tried(prompt: Prompt, model: Model | None = None, *, answer: str = "", offline: bool = False) -> Tried:
    return await trial(model or Model()).run(prompt, answer=answer, offline=offline, user="u")


@pytest.mark.parametrize("task", PROMPTS)
@pytest.mark.parametrize("offline", [False, True])
async def test_every_shipped_prompt_can_be_tried(task: Any, offline: bool) -> None:
    prompt = PROMPTS[task]
    found = await tried(prompt, offline=offline)
    assert not found.unreadable
    assert all(found.sections.values())


@pytest.mark.parametrize("kind", load_types().values(), ids=lambda kind: kind.id)
@pytest.mark.parametrize("task", PROMPTS)
def test_every_type_has_a_sample_for_every_task(kind: Any, task: Any) -> None:
    assert sample(task, kind).task == task


async def test_an_answer_of_ones_own_is_tried_instead() -> None:
    model = Model()
    await tried(PROMPTS["review"], model, answer="I broke the build once.")
    said = model.asked[0].messages[-1].text
    assert "I broke the build once." in said
    assert ANSWER not in said


async def test_a_template_is_filled_and_shown_as_it_is_sent() -> None:
    found = await tried(PROMPTS["review"])
    assert "5f5f5f" in found.messages[0].text


@pytest.mark.parametrize(
    ("text", "sections"),
    [("not JSON", {"text": "not JSON"}), ('{"headline": "Good."}', {"headline": "Good."})],
)
async def test_what_is_out_of_shape_is_shown_and_said(text: str, sections: dict[str, str]) -> None:
    found = await tried(PROMPTS["review"], Model(answer=lambda _: text))
    assert (found.unreadable, found.sections) == (True, sections)


async def test_a_limit_that_is_reached_is_said_and_models_that_are_down_too() -> None:
    over = OverLimit("tokens", "Today's budget is used up.", resets_at=None)

    def limited(request: Request, n: int) -> ModelError:
        down = AllDown()
        down.__cause__ = over
        return down

    with pytest.raises(OverLimit, match="tokens"):
        await tried(PROMPTS["review"], Model(fail=limited))
    with pytest.raises(AllDown):
        await tried(PROMPTS["review"], Model(fail=lambda request, n: AllDown()))


async def test_sections_of_any_kind_are_words() -> None:
    answer = {
        "summary": "One.", "fixes": ["first", {"say": "it", "level": 3, "why": None}], "drill": "Five minutes.",
    }  # fmt: skip
    found = await tried(PROMPTS["report"], Model(answer=lambda _: json.dumps(answer), fallback=True))
    assert found.sections["fixes"] == "- first\n- say: it\nlevel: 3\nwhy: –"
    assert found.engine == "model m-1 (stood in)"
