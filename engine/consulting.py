"""Asking a model for something: a request made from what is known, and an answer that is held to its shape.

Who asks for what is left to `engine/asking.py` and `engine/performing.py`; reviews, which are streamed, to
`engine/reviewing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from pydantic import TypeAdapter, ValidationError

from engine.errors import Garbled
from engine.feedback.inert import inert
from engine.feedback.model import Origin
from engine.keys import ThreadKey
from engine.material import Material
from engine.ports import Account, Completion, LLMProvider, Request, Source
from engine.prompting import PromptStore, build_request
from engine.session import Session

_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


@dataclass(frozen=True, slots=True)
class Consultant:
    """One provider (usually the router) and the prompts to ask it with.

    `pseudonym(key)` is a stable hash of a person for the provider; `marker()` gives 128 random bits in hex.
    """

    provider: LLMProvider
    prompts: PromptStore
    marker: Callable[[], str]
    pseudonym: Callable[[ThreadKey], str]

    async def request(self, session: Session, material: Material) -> Request:
        """The request for a task, made with the prompt version the session is pinned to."""
        # An interview that began before a task existed has no pin for it.
        ref = session.setup.prompts.get(material.task) or (await self.prompts.production())[material.task]
        ref = await self.prompts.in_force(ref)
        request = build_request(
            await self.prompts.prompt(ref),
            material,
            user=self.pseudonym(session.key),
            marker=self.marker,
            ref=ref,
            count=lambda text: self.provider.count_tokens(text).upper,
        )
        return replace(request, account=account_of(session))

    async def sections(self, session: Session, material: Material) -> tuple[Completion, Mapping[str, object]]:
        """A whole answer and its sections. Raises `Garbled` when it is no JSON object, and what `complete` raises."""
        completion = await self.provider.complete(await self.request(session, material))
        try:
            return completion, _OBJECT.validate_json(completion.text)
        except ValidationError as error:
            raise Garbled(completion.source.provider, completion.source.model, "not a JSON object") from error


def account_of(session: Session) -> Account:
    """Whose budgets pay for an interview."""
    return Account(session.setup.home or session.key.scope, session.key)


def origin(source: Source) -> Origin:
    """Who wrote something, as it is kept."""
    return Origin(provider=source.provider, model=source.model, fallback=source.fallback)


def text_of(value: object, chars: int) -> str:
    """A section that should be text, made inert and bounded; "" for anything else."""
    return inert(value.strip())[:chars].strip() if isinstance(value, str) else ""


def texts_of(value: object, chars: int) -> tuple[str, ...]:
    """A section that should be a list of texts, likewise."""
    if not isinstance(value, list):
        return ()
    return tuple(text for item in cast("list[object]", value) if (text := text_of(item, chars)))
