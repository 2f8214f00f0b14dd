"""What a surface may ask of the product: list types, begin, hand in, look, forget. Every surface has only this door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from engine.catalogue import Catalogue, Shipped, Whereabouts
from engine.errors import SettingsError
from engine.inbound import Begin, Given, Inbound
from engine.interviews import Audience, InterviewType, RoleLevel, Setup
from engine.keys import ThreadKey
from engine.pinning import chosen
from engine.ports import Store
from engine.preferences import Preferences
from engine.prompting import PromptRegistry
from engine.session import Session


class Admission(Protocol):
    """Whether somebody may do something that is limited where they are. `home` is the scope whose limits hold."""

    async def begin(self, home: str, key: ThreadKey, id: str) -> None:
        """Count an interview, once per `id`. Raises `OverLimit`, with a hint that says when it resets."""
        ...

    async def hear(self, home: str, key: ThreadKey, seconds: float, id: str = "") -> None:
        """Count a recording of so many seconds, once per `id` where there is one. Raises `OverLimit`, likewise."""
        ...


class Desk:
    """The door. `deliver` puts something into the mailbox, durably, and wakes whoever attends; `now` is epoch seconds.

    `engine_label` says in plain words which models answer ("gpt-6-luna and gemini-3.8-flash", "offline checklist").
    """

    def __init__(
        self,
        *,
        store: Store,
        prompts: PromptRegistry,
        types: Mapping[str, InterviewType],
        deliver: Callable[[Inbound], Awaitable[bool]],
        now: Callable[[], float],
        engine_label: str,
        catalogue: Catalogue | None = None,
        admission: Admission | None = None,
    ) -> None:
        self.types = types
        self._catalogue = catalogue or Shipped(types)
        self._admission = admission
        self.engine_label = engine_label
        self._store = store
        self._prompts = prompts
        self._deliver = deliver
        self._now = now

    async def begin(
        self,
        key: ThreadKey,
        *,
        id: str,
        type_id: str,
        role: RoleLevel = "mid",
        questions: int | None = None,
        level: int | None = None,
        focus: str = "",
        language: str | None = None,
        quiet_s: float = 3.0,
        question: str = "",
        answer: str = "",
        where: Whereabouts | None = None,
    ) -> bool:
        """Start an interview; `False` when `id` was delivered before.

        With a `question` (up to `GIVEN_CHARS` characters), the interview is that one question and no follow-up; with
        an `answer` too, it is reviewed at once.
        `where` says whose rules hold, and which types are offered there; by default those of the key's workspace.
        Raises `SettingsError` for a type that is not offered, or a role the type is not made for, and `OverLimit`.
        Prompt versions are pinned here.
        """
        where = where or Whereabouts(key.scope, key.user, key.channel)
        types = await self.offered(where)
        kind = types.get(type_id)
        if kind is None:
            raise SettingsError(f"There is no interview type {type_id!r}. Choose one of: {', '.join(types)}.")
        if role not in kind.roles:
            raise SettingsError(f"{kind.title} is made for {', '.join(kind.roles)}, not for {role!r}.")
        # Who else may use the type are other people's ids, and no part of this interview.
        kind = kind.model_copy(update={"audience": Audience()})
        if question:
            kind, questions = kind.model_copy(update={"follow_ups": 0, "feedback": "each"}), 1
        if self._admission is not None:
            await self._admission.begin(where.home, key, id)
        assigned = await chosen(self._prompts, kind, await self._prompts.assign(key.person))
        setup = Setup(
            type=kind,
            role=role,
            questions=questions or kind.questions,
            start_level=level or kind.starts(role),
            focus=focus,
            language=language or kind.language,
            prompts=assigned.prompts,
            arms=assigned.arms,
            quiet_s=quiet_s,
            home=where.home,
        )
        given = Given(question=question, answer=answer) if question else None
        return await self.deliver(Begin(id=id, key=key, at=self._now(), setup=setup, given=given))

    async def hear(self, home: str, key: ThreadKey, seconds: float, id: str = "") -> None:
        """Ask before a recording is written down: so many seconds, counted once per `id` (its message's or file's).

        `home` is the scope whose limits hold there, as `Whereabouts.home`. Raises `OverLimit`, whose hint says when it
        resets and what can be done instead.
        """
        if self._admission is not None:
            await self._admission.hear(home, key, seconds, id)

    async def offered(self, where: Whereabouts) -> Mapping[str, InterviewType]:
        """What may be begun there, by id, the usual one first."""
        return await self._catalogue.offered(where)

    async def usual(self, where: Whereabouts) -> str:
        """The type that admins made usual there; "" where there is none, and each surface has its own idea."""
        return await self._catalogue.usual(where)

    async def deliver(self, inbound: Inbound) -> bool:
        """Hand in what a person did; `False` for a duplicate. What this returned for is never lost."""
        return await self._deliver(inbound)

    async def session(self, key: ThreadKey) -> Session | None:
        """The newest interview under this key."""
        return await self._store.session(key)

    async def history(self, key: ThreadKey, limit: int = 50) -> Sequence[Session]:
        """The interviews of this key's person in this workspace, newest first."""
        return await self._store.sessions(platform=key.platform, workspace=key.workspace, user=key.user, limit=limit)

    async def about(self, key: ThreadKey) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """All else that is kept about this key's person, ready for JSON, by what it is. See `Store.about`."""
        return await self._store.about(platform=key.platform, workspace=key.workspace, user=key.user)

    async def forget(self, key: ThreadKey) -> int:
        """Delete everything about this key's person in this workspace; how many interviews that were."""
        return await self._store.forget(platform=key.platform, workspace=key.workspace, user=key.user)

    async def preferences(self, key: ThreadKey) -> Preferences:
        """What this key's person set for themselves in this workspace."""
        return await self._store.preferences(platform=key.platform, workspace=key.workspace, user=key.user)

    async def prefer(self, key: ThreadKey, preferences: Preferences) -> None:
        """Remember what this key's person sets for themselves."""
        whose = {"platform": key.platform, "workspace": key.workspace, "user": key.user}
        await self._store.keep_preferences(preferences, **whose)
