"""Whether anything in a Slack workspace goes by its user groups: only then is Slack asked about them."""

from __future__ import annotations

from adapters.recent import Recent
from engine.admin.records import AdminStore
from engine.admin.roles import EVERYWHERE
from engine.admin.shelf import read_type

KNOWN_MOST, KNOWN_FOR_S = 10_000, 1.0


class ByGroups:
    """Looks at the grants and at whom interview types are for; what was found is believed for a second."""

    def __init__(self, store: AdminStore) -> None:
        self._store = store
        self._known: Recent[str, bool] = Recent(KNOWN_MOST, for_s=KNOWN_FOR_S)

    async def __call__(self, scope: str) -> bool:
        if (known := self._known.get(scope)) is not None:
            return known
        return self._known.keep(scope, await self._granted(scope) or await self._offered(scope))

    async def _granted(self, scope: str) -> bool:
        return any(grant.kind == "group" for grant in await self._store.grants(scope))

    async def _offered(self, scope: str) -> bool:
        for layer in (scope, EVERYWHERE):
            for record in await self._store.every(layer, "type"):
                kind = None if record.archived else read_type(record)
                if kind is not None and kind.audience.groups:
                    return True
        return False
