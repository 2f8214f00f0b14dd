"""Which workspaces installed an app: sealed bodies that nobody here can read, and the claim to renew one.

What a body holds, and how it is sealed, is the platform adapter's business; so is what to do with a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, Delete, Update, and_, delete, insert, select, update

from adapters.store.context import Context
from adapters.store.statements import put
from adapters.store.tables import installation_teams, installations, oauth_states
from adapters.store.waiting import to_the_end

_ROW = select(installations.c.enterprise, installations.c.team, installations.c.version, installations.c.body)


@dataclass(frozen=True, slots=True)
class Kept:
    """An installation as it was read. `team` is "" where a whole organisation installed the app."""

    enterprise: str
    team: str
    version: int
    body: str


class SqlInstallations:
    """The installations of one app. Times are epoch seconds."""

    def __init__(self, context: Context, app: str) -> None:
        self._context = context
        self._database = context.database
        self._app = app

    async def put(self, enterprise: str, team: str, body: str) -> None:
        """Keep an installation, in the place of an earlier one; whoever was renewing that one has lost it."""

        def work(connection: Connection) -> None:
            where = self._one(enterprise, team)
            version = connection.scalar(select(installations.c.version).where(where).with_for_update()) or 0
            # A workspace has one installation, whatever it said of its organisation before.
            if team:
                connection.execute(delete(installations).where(self._mine, installations.c.team == team))
            row = {"app": self._app, "enterprise": enterprise, "team": team}
            put(connection, installations, row | {"version": version + 1, "busy_until": 0.0, "body": body})

        await to_the_end(self._database.write(work))

    async def of_team(self, team: str) -> Kept | None:
        """The installation a workspace goes by: its own, or else its organisation's."""

        def work(connection: Connection) -> Kept | None:
            own = connection.execute(_ROW.where(self._mine, installations.c.team == team)).first()
            if own is not None:
                return _kept(own)
            joined = (installation_teams.c.app == self._app, installation_teams.c.team == team)
            enterprise = connection.scalar(select(installation_teams.c.enterprise).where(*joined))
            if enterprise is None:
                return None
            return _kept(connection.execute(_ROW.where(self._one(enterprise, ""))).first())

        return await self._database.read(work)

    async def of_organisation(self, enterprise: str) -> Kept | None:
        """The installation of a whole organisation."""
        query = _ROW.where(self._one(enterprise, ""))
        found = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return _kept(found)

    async def all(self) -> Sequence[Kept]:
        """Every installation."""
        query = _ROW.where(self._mine).order_by(installations.c.enterprise, installations.c.team)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [kept for row in found if (kept := _kept(row))]

    async def join(self, team: str, enterprise: str) -> None:
        """Remember that a workspace goes by its organisation's installation."""
        row = {"app": self._app, "team": team, "enterprise": enterprise}
        await to_the_end(self._database.write(lambda connection: put(connection, installation_teams, row)))

    async def claim(self, enterprise: str, team: str, version: int, until: float) -> bool:
        """Be the only one who may replace this version, until then; `False` when somebody else is, or did."""
        free = and_(
            self._one(enterprise, team),
            installations.c.version == version,
            installations.c.busy_until <= self._context.now(),
        )
        return await self._changed(update(installations).where(free).values(busy_until=until))

    async def release(self, enterprise: str, team: str, version: int) -> None:
        """Give a claim back without a replacement."""
        mine = and_(self._one(enterprise, team), installations.c.version == version)
        await self._changed(update(installations).where(mine).values(busy_until=0.0))

    async def replace(self, enterprise: str, team: str, version: int, body: str) -> bool:
        """Put a new body in the place of this version; `False`, and nothing written, when it is another by now."""
        mine = and_(self._one(enterprise, team), installations.c.version == version)
        change = update(installations).where(mine).values(version=version + 1, busy_until=0.0, body=body)
        return await self._changed(change)

    async def drop(self, enterprise: str, team: str) -> Sequence[str]:
        """Forget an installation; the workspaces that went by it.

        A workspace that goes by its organisation's installation only leaves that.
        """

        def work(connection: Connection) -> list[str]:
            teams = installation_teams.c
            if team:
                own = and_(self._mine, installations.c.team == team)
                connection.execute(delete(installations).where(own))
                connection.execute(delete(installation_teams).where(teams.app == self._app, teams.team == team))
                return [team]
            joined = and_(teams.app == self._app, teams.enterprise == enterprise)
            left = list(connection.scalars(select(teams.team).where(joined)))
            connection.execute(delete(installation_teams).where(joined))
            connection.execute(delete(installations).where(self._one(enterprise, "")))
            return left

        return await to_the_end(self._database.write(work))

    async def keep_state(self, state: str, until: float) -> None:
        """Expect somebody to come back with this state, until then."""

        def work(connection: Connection) -> None:
            connection.execute(delete(oauth_states).where(oauth_states.c.expires_at <= self._context.now()))
            connection.execute(insert(oauth_states).values(state=_digest(state), expires_at=until))

        await to_the_end(self._database.write(work))

    async def take_state(self, state: str) -> bool:
        """Whether this state was expected; from now on it is not."""
        expected = (oauth_states.c.state == _digest(state), oauth_states.c.expires_at > self._context.now())
        return await self._changed(delete(oauth_states).where(*expected))

    @property
    def _mine(self) -> ColumnElement[bool]:
        return installations.c.app == self._app

    def _one(self, enterprise: str, team: str) -> ColumnElement[bool]:
        return and_(self._mine, installations.c.enterprise == enterprise, installations.c.team == team)

    async def _changed(self, change: Update | Delete) -> bool:
        work = self._database.write(lambda connection: connection.execute(change).rowcount == 1)
        return await to_the_end(work)


def _kept(row: tuple[str, str, int, str] | None) -> Kept | None:
    if row is None:
        return None
    enterprise, team, version, body = row
    return Kept(enterprise, team, version, body)


def _digest(state: str) -> str:
    return sha256(state.encode("utf-8", "replace")).hexdigest()
