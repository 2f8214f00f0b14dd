"""Which interview types there are for a workspace: shipped, over them what holds everywhere, over both its own.

A layer's version of a type hides the one below; archived, it hides the type altogether. What people are offered is the
rest, as far as a type admits them; a channel's usual type comes first, else the workspace's.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, ValidationError

from engine.admin.records import AdminStore, Record
from engine.admin.roles import EVERYWHERE
from engine.catalogue import Whereabouts
from engine.interviews import Frozen, InterviewType, PlatformId, Slug
from engine.questions import QuestionSet

log = logging.getLogger(__name__)

Layer = Literal["shipped", "everywhere", "here"]
DEFAULTS = "types"
"""The id of the record that says what is usual."""
FRESH_S = 1.0
"""How old a look at what is offered may be."""
SCOPES, LENT = 1_000, 8

Shape = Callable[[Mapping[str, InterviewType]], Mapping[str, InterviewType]]


@dataclass(frozen=True, slots=True)
class Held:
    """A type as it stands for a scope. `version` counts the scope's own versions, 0 while it has none."""

    kind: InterviewType
    layer: Layer
    version: int = 0
    archived: bool = False
    at: float = 0.0
    shipped: bool = False

    @property
    def id(self) -> str:
        return self.kind.id


class Defaults(Frozen):
    """The type that is chosen when nothing was said; `usual` is "" where it is the first one."""

    usual: Slug | Literal[""] = ""
    channels: Mapping[PlatformId, Slug] = Field(default_factory=dict[str, str], max_length=500)


class Shelf:
    """Reads the layers. `now` is in seconds, of any clock; `shape` changes what is offered at last."""

    def __init__(
        self,
        store: AdminStore,
        shipped: Mapping[str, InterviewType],
        *,
        now: Callable[[], float],
        shape: Shape = dict,
    ) -> None:
        self.shipped = shipped
        self._store = store
        self._now = now
        self._shape = shape
        self._looks: OrderedDict[str, tuple[float, Mapping[str, InterviewType], tuple[Defaults, ...]]] = OrderedDict()

    async def held(self, scope: str) -> dict[str, Held]:
        """Every type of a scope, archived ones too: the shipped ones first, then the others by title."""
        found = {id: Held(kind, "shipped", shipped=True) for id, kind in self.shipped.items()}
        for layer in dict.fromkeys((EVERYWHERE, scope)):
            for record in await self._store.every(layer, "type"):
                if (kind := read_type(record)) is not None:
                    own = layer == scope
                    version = record.version if own else 0
                    where: Layer = "here" if own else "everywhere"
                    at = found.get(kind.id)
                    shipped = at is not None and at.shipped
                    found[kind.id] = Held(kind, where, version, record.archived, record.at, shipped)
        return {held.id: held for held in sorted(found.values(), key=self._place)}

    async def defaults(self, scope: str) -> tuple[Defaults, int]:
        """What is usual in a scope, and the version of the record that says so."""
        record = await self._store.newest(scope, "defaults", DEFAULTS)
        return (Defaults(), 0) if record is None else (Defaults.model_validate_json(record.body), record.version)

    async def offered(self, where: Whereabouts) -> Mapping[str, InterviewType]:
        """See `Catalogue`."""
        admitted, first = await self._admitted(where)
        ordered = {first: admitted[first], **admitted} if first else admitted
        # One that is open to all is always kept; should all records be unreadable, there are the shipped ones.
        return self._shape(ordered or self.shipped)

    async def usual(self, where: Whereabouts) -> str:
        """See `Catalogue`."""
        return (await self._admitted(where))[1]

    async def _admitted(self, where: Whereabouts) -> tuple[dict[str, InterviewType], str]:
        """What somebody may begin there, and what is usual, "" where nothing is."""
        types, defaults = await self._look(where.home)
        admitted = {
            id: kind for id, kind in types.items() if kind.audience.admits(where.user, where.groups, where.channel)
        }
        usual = [each.channels.get(where.channel, "") for each in defaults] + [each.usual for each in defaults]
        return admitted, next((id for id in usual if id in admitted), "")

    def forget(self) -> None:
        """Look anew at the next question: something was changed."""
        self._looks.clear()

    async def _look(self, scope: str) -> tuple[Mapping[str, InterviewType], tuple[Defaults, ...]]:
        if (known := self._looks.get(scope)) is not None and 0 <= self._now() - known[0] < FRESH_S:
            return known[1], known[2]
        at = self._now()
        types = {id: held.kind for id, held in (await self.held(scope)).items() if not held.archived}
        layers = dict.fromkeys((scope, EVERYWHERE))
        defaults = tuple([(await self.defaults(layer))[0] for layer in layers])
        self._looks[scope] = (at, types, defaults)
        while len(self._looks) > SCOPES:
            self._looks.popitem(last=False)
        return types, defaults

    def _place(self, held: Held) -> tuple[int, str]:
        order = list(self.shipped)
        return (order.index(held.id) if held.id in order else len(order), held.kind.title.casefold())


class StoredSets:
    """The question sets that admins put into the store, and those lent for a moment to whoever tries them first."""

    def __init__(self, store: AdminStore) -> None:
        self._store = store
        self._lent: OrderedDict[str, QuestionSet] = OrderedDict()

    def lend(self, questions: QuestionSet) -> None:
        """Have a set at hand that is not stored."""
        self._lent[questions.digest] = questions
        while len(self._lent) > LENT:
            self._lent.popitem(last=False)

    async def set(self, home: str, digest: str) -> QuestionSet | None:
        """See `QuestionSets`."""
        return await self.kept(home, digest) or self._lent.get(digest)

    async def kept(self, home: str, digest: str) -> QuestionSet | None:
        """The same, of those that are stored."""
        for scope in dict.fromkeys((home, EVERYWHERE)):
            if (record := await self._store.newest(scope, "questions", digest)) is not None:
                return QuestionSet.model_validate_json(record.body)
        return None


def read_type(record: Record) -> InterviewType | None:
    """A version of a type; `None` for one that this program cannot read."""
    try:
        return InterviewType.model_validate_json(record.body)
    except ValidationError:
        log.warning("an interview type cannot be read", extra={"type": record.id, "version": record.version})
        return None
