"""Trying a prompt version on a sample: one request, answered by a model or by the offline coach; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from pydantic import TypeAdapter, ValidationError

from engine.errors import AllDown, OverLimit, Wrong
from engine.feedback.inert import inert
from engine.interviews import InterviewType
from engine.ports import Account, LLMProvider, Message, Usage
from engine.prompting.prompt import Prompt
from engine.prompting.requests import build_request
from engine.prompting.sampling import sample

ANSWER_CHARS = 6_000
NOTHING = "–"
_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. `sections` are the answer's parts in words; `unreadable` where it did not keep to its shape."""

    messages: tuple[Message, ...]
    sections: Mapping[str, str]
    unreadable: bool
    engine: str
    took_s: float
    usage: Usage


class Trial:
    """`provider` is asked as interviews ask it; `offline` costs nothing and reads no instructions.

    `marker` draws 128 random bits in hex, `kind` is the type of interview the sample is taken from, `clock` counts
    seconds.
    """

    def __init__(
        self,
        *,
        provider: LLMProvider,
        offline: LLMProvider,
        marker: Callable[[], str],
        kind: InterviewType,
        clock: Callable[[], float],
    ) -> None:
        self._provider = provider
        self._offline = offline
        self._marker = marker
        self._kind = kind
        self._clock = clock

    async def run(
        self, prompt: Prompt, *, answer: str, offline: bool, user: str, account: Account | None = None
    ) -> Tried:
        """A model that is asked answers, or nobody does. `account`: whose budgets pay.

        Raises `Wrong` for an answer that is too long, `OverLimit`, and what the provider raises.
        """
        if len(answer) > ANSWER_CHARS:
            raise Wrong({"answer": f"A sample answer has at most {ANSWER_CHARS:,} characters, not {len(answer):,}."})
        provider = self._offline if offline else self._provider
        request = build_request(
            prompt,
            sample(prompt.task, self._kind, answer),
            user=user,
            marker=self._marker,
            count=lambda text: provider.count_tokens(text).upper,
        )
        request = request if offline else replace(request, account=account).for_models_only()
        began = self._clock()
        try:
            completion = await provider.complete(request)
        except AllDown as error:
            if isinstance(error.__cause__, OverLimit):
                raise error.__cause__ from error
            raise
        took_s = self._clock() - began
        sections, unreadable = _sections(completion.text, request.sections)
        source = completion.source
        engine = f"{source.provider} {source.model}" + (" (stood in)" if source.fallback else "")
        return Tried(request.messages, sections, unreadable, engine.strip(), took_s, completion.usage)


def _sections(text: str, names: tuple[str, ...]) -> tuple[dict[str, str], bool]:
    if not names:
        return {"text": inert(text).strip()}, not text.strip()
    try:
        found = _OBJECT.validate_json(text)
    except ValidationError:
        return {"text": inert(text).strip()}, True
    return {name: inert(_words(found[name])).strip() or NOTHING for name in names if name in found}, any(
        name not in found for name in names
    )


def _words(value: object) -> str:
    """A section as somebody may read it."""
    match value:
        case str():
            return value
        case list():
            return "\n".join(f"- {_words(item)}" for item in cast("list[object]", value))
        case dict():
            pairs = cast("dict[str, object]", value).items()
            return "\n".join(f"{name}: {_words(item)}" for name, item in pairs)
        case None:
            return NOTHING
        case _:
            return str(value)
