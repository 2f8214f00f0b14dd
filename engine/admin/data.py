"""What is kept about people: for how long, how much that is, and letting it go. How it goes is left to the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.admin.people import People
from engine.admin.records import AdminStore
from engine.admin.roles import EVERYWHERE, Actor, needs
from engine.errors import NotAllowed, Wrong
from engine.retention import ID, LONGEST_DAYS, Keeping, Retention, Rule, Standing, Swept, rule_of, sweep_scope
from engine.session import Session

SUBJECT = f"retention:{ID}"
EVERY_INTERVIEW = 100_000


class Archive(Protocol):
    """The part of `engine.ports.Store` that is asked for everything about somebody."""

    async def sessions(self, *, platform: str, workspace: str, user: str, limit: int = 50) -> Sequence[Session]: ...

    async def about(
        self, *, platform: str, workspace: str, user: str
    ) -> Mapping[str, Sequence[Mapping[str, object]]]: ...  # fmt: skip

    async def forget(self, *, platform: str, workspace: str, user: str) -> int: ...

    async def forget_workspace(self, platform: str, workspace: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What holds in a scope, what an earlier version said, and how much there is."""

    rule: Rule
    standing: Standing


class Data:
    """`now` is epoch seconds."""

    def __init__(
        self, *, people: People, store: AdminStore, keeping: Keeping, archive: Archive, now: Callable[[], float]
    ) -> None:
        self._people = people
        self._store = store
        self._keeping = keeping
        self._archive = archive
        self._now = now

    @property
    def roles(self) -> People:
        return self._people

    @needs("viewer")
    async def kept(self, actor: Actor) -> Kept:
        """For how long what is kept, and how much that is."""
        return Kept(await rule_of(self._store, actor.scope), await self._keeping.standing(actor.scope))

    @needs("admin")
    async def keep(self, actor: Actor, answers_days: int | None, scores_days: int | None, *, seen: int) -> Rule:
        """Choose for how long; `None`: until the person asks for deletion. It holds from the next sweep on.

        Raises `Wrong` by field (`answers`, `scores`), and `Overtaken` unless `seen` is the version that counts.
        """
        _check(answers_days, scores_days)
        retention = Retention(answers_days=answers_days, scores_days=scores_days)
        words = f"chose to keep answers {_until(answers_days)} and scores {_until(scores_days)}"
        await self._put(actor, retention, seen=seen, words=words)
        return await rule_of(self._store, actor.scope)

    @needs("admin")
    async def put_back(self, actor: Actor, version: int) -> Rule:
        """Let hold again what an earlier version said; 0: what holds where nobody chose. Raises `Wrong`."""
        seen = await self._store.newest(actor.scope, "retention", ID)
        versions = await self._store.versions(actor.scope, "retention", ID)
        earlier = next((record for record in versions if record.version == version), None)
        if seen is None or (earlier is None and version != 0):
            raise Wrong({"": "There is no such version."})
        words = "went back to an earlier choice of how long answers and scores are kept"
        entry = self._people.entry(actor, await self._people.role(actor), "retention.back", SUBJECT, words)
        body, archived = (earlier.body, earlier.archived) if earlier else (seen.body, True)
        await self._store.put(
            actor.scope, "retention", ID, body, seen=seen.version, entry=entry, archived=archived
        )  # fmt: skip
        return await rule_of(self._store, actor.scope)

    @needs("admin")
    async def purge(self, actor: Actor) -> Swept:
        """Let go now of what would go with the next sweep."""
        swept = Swept()
        since = await self._keeping.since()
        for scope in await self._keeping.scopes() if actor.scope == EVERYWHERE else [actor.scope]:
            swept += await sweep_scope(self._store, self._keeping, scope, self._now(), since)
        words = f"deleted the words of {swept.words} and all of {swept.whole} interviews whose time was over"
        await self._note(actor, "data.purge", "data:purge", words)
        return swept

    @needs("owner")
    async def forget(self, actor: Actor, platform: str, workspace: str, user: str) -> int:
        """Delete everything about a person, on their behalf; how many interviews that were."""
        self._own(actor, platform, workspace)
        count = await self._archive.forget(platform=platform, workspace=workspace, user=user)
        await self._note(actor, "data.forget", "data:person", "deleted everything about a person")
        return count

    @needs("owner")
    async def forget_workspace(self, actor: Actor, platform: str, workspace: str) -> int:
        """Delete everything about everybody in a workspace, and all that its admins set, but for the audit."""
        self._own(actor, platform, workspace)
        count = await self._archive.forget_workspace(platform, workspace)
        await self._note(actor, "data.forget", "data:workspace", "deleted everything about everybody")
        return count

    @needs("owner")
    async def export(self, actor: Actor, platform: str, workspace: str, user: str) -> Mapping[str, object]:
        """Everything about a person, for whoever runs Rehearse and has to answer them. See `Store.about`."""
        if not actor.operator:
            raise NotAllowed("owner", "People export their own data; whoever runs Rehearse may do it for them.")
        who = {"platform": platform, "workspace": workspace, "user": user}
        sessions = await self._archive.sessions(**who, limit=EVERY_INTERVIEW)
        about = await self._archive.about(**who)
        await self._note(actor, "data.export", "data:person", "exported everything about a person")
        return {"interviews": [session.model_dump(mode="json") for session in sessions], **about}

    def _own(self, actor: Actor, platform: str, workspace: str) -> None:
        if not actor.operator and (platform, workspace) != (actor.platform, actor.workspace):
            raise NotAllowed("owner", "That is not your workspace.")

    async def _put(self, actor: Actor, retention: Retention, *, seen: int, words: str) -> None:
        entry = self._people.entry(actor, await self._people.role(actor), "retention.set", SUBJECT, words)
        await self._store.put(actor.scope, "retention", ID, retention.model_dump_json(), seen=seen, entry=entry)

    async def _note(self, actor: Actor, act: str, subject: str, words: str) -> None:
        await self._store.note(self._people.entry(actor, await self._people.role(actor), act, subject, words))


def _until(days: int | None) -> str:
    return "until they are deleted" if days is None else f"for {days} days"


def _check(answers_days: int | None, scores_days: int | None) -> None:
    problems: dict[str, str] = {}
    for name, days in (("answers", answers_days), ("scores", scores_days)):
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            problems[name] = f"From 1 to {LONGEST_DAYS:,} days, or nothing: until the person deletes it."
    if not problems and not Retention(answers_days=answers_days, scores_days=scores_days).consistent:
        problems["scores"] = "Scores are kept at least as long as the answers they were given to."
    if problems:
        raise Wrong(problems)
