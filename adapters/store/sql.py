"""The store on an SQL database. The contract is `engine.ports.Store`; how a lease works is left to `leases.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import ColumnElement, Connection, String, and_, cast, or_, select

from adapters.store import rows
from adapters.store.admin import SqlAdmin
from adapters.store.context import Context
from adapters.store.forgetting import about, forget_everybody, forget_person
from adapters.store.installations import SqlInstallations
from adapters.store.leases import SqlLease
from adapters.store.ledger import SqlLedger
from adapters.store.outcomes import SqlTeam
from adapters.store.prompts import SqlPromptStore
from adapters.store.retention import SqlKeeping
from adapters.store.sharing import SqlSharing
from adapters.store.statements import fact_bodies, insert_new, newest_session, put, sessions_of
from adapters.store.tables import handles, leases, mailbox, sessions
from adapters.store.tables import preferences as preferred
from adapters.store.waiting import to_the_end
from engine.facts import Fact
from engine.inbound import Inbound
from engine.keys import ThreadKey
from engine.ports import TOLD, Lease
from engine.preferences import Preferences
from engine.session import Session


class SqlStore:
    """Opened by `open_store`. What stands beside it keeps in the same database what it says."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._database = context.database
        self.prompts = SqlPromptStore(context.database, context.now)
        self.admin = SqlAdmin(context)
        self.keeping = SqlKeeping(context)
        self.ledger = SqlLedger(context)
        self.team = SqlTeam(context)
        self.sharing = SqlSharing(context, self.team)

    def installations(self, app: str) -> SqlInstallations:
        """The workspaces that installed this app."""
        return SqlInstallations(self._context, app)

    async def deliver(self, inbound: Inbound) -> bool:
        return await to_the_end(self._deliver(inbound))

    async def _deliver(self, inbound: Inbound) -> bool:
        inbound, body = rows.storable_inbound(inbound)
        key = str(inbound.key)
        row = {
            "key": key,
            "id": rows.column_text(inbound.id),
            "person": rows.person_of(inbound.key),
            "arrived_at": self._context.now(),
            "body": body,
        }
        with self._context.bells.delivery(key):
            return await self._database.write(lambda connection: insert_new(connection, mailbox, row))

    @asynccontextmanager
    async def lease(self, key: ThreadKey) -> AsyncGenerator[Lease | None]:
        lease = SqlLease(self._context, key)
        renewing: asyncio.Task[None] | None = None
        with self._context.bells.listen(str(key), lease.bell):
            try:
                if await to_the_end(lease.take()):
                    renewing = asyncio.create_task(lease.keep_alive(), name=f"renew {key}")
                    yield lease
                else:
                    yield None
            finally:
                if renewing is not None:
                    renewing.cancel()
                    await asyncio.gather(renewing, return_exceptions=True)
                await to_the_end(lease.give_up())

    async def due(self, now: float, limit: int = 500, *, without: Collection[str] = frozenset()) -> Sequence[ThreadKey]:
        def work(connection: Connection) -> list[str]:
            holders = select(leases.c.process).where(leases.c.expires_at > now).distinct()
            dead = self._context.processes.dead(connection.scalars(holders).all())
            held = select(leases.c.key).where(leases.c.expires_at > now, leases.c.process.not_in(dead))
            unread = select(mailbox.c.key).where(mailbox.c.body.is_not(None), mailbox.c.key.not_in(held))
            waiting = select(sessions.c.key).where(sessions.c.due_at <= now, sessions.c.key.not_in(held))
            for platform in without:
                unread = unread.where(~mailbox.c.key.startswith(f"{platform}/", autoescape=True))
                waiting = waiting.where(~sessions.c.key.startswith(f"{platform}/", autoescape=True))
            return list(connection.scalars(unread.union(waiting).limit(limit)))

        return [ThreadKey.parse(key) for key in await self._database.read(work)]

    async def session(self, key: ThreadKey) -> Session | None:
        return await self._database.read(lambda connection: newest_session(connection, str(key)))

    async def sessions(self, *, platform: str, workspace: str, user: str, limit: int = 50) -> Sequence[Session]:
        person = rows.person(platform, workspace, user)
        return await self._database.read(lambda connection: sessions_of(connection, person, limit))

    async def facts(self, session_id: str) -> Sequence[Fact]:
        bodies = await self._database.read(lambda connection: fact_bodies(connection, session_id))
        return rows.read_facts(session_id, bodies)

    async def about(self, *, platform: str, workspace: str, user: str) -> Mapping[str, Sequence[Mapping[str, object]]]:
        return await self._database.read(lambda connection: about(connection, platform, workspace, user))

    async def forget(self, *, platform: str, workspace: str, user: str) -> int:
        return await to_the_end(self._forget(lambda each: forget_person(each, platform, workspace, user)))

    async def forget_workspace(self, platform: str, workspace: str) -> int:
        return await to_the_end(self._forget(lambda each: forget_everybody(each, platform, workspace)))

    async def _forget(self, work: Callable[[Connection], int]) -> int:
        forgotten = await self._database.write(work)
        await self._database.scrub()
        return forgotten

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None:
        row = {
            "key": str(key),
            "post": rows.column_text(post),
            "person": rows.person_of(key),
            "handle": rows.column_text(handle),
        }
        await to_the_end(self._database.write(lambda connection: put(connection, handles, row)))

    async def handles(self, key: ThreadKey) -> Mapping[str, str]:
        query = select(handles.c.post, handles.c.handle).where(handles.c.key == str(key))
        return await self._database.read(lambda connection: dict(connection.execute(query).all()))

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]:
        shown = and_(handles.c.key == sessions.c.key, handles.c.post == TOLD)
        reached = cast(sessions.c.number, String) + "." + cast(sessions.c.version, String)
        query = (
            select(sessions.c.key)
            .outerjoin(handles, shown)
            .where(sessions.c.key.startswith(f"{platform}/", autoescape=True), _newest())
            .where(or_(handles.c.handle.is_(None), handles.c.handle != reached))
            .order_by(sessions.c.updated_at.desc())
            .limit(limit)
        )
        keys = await self._database.read(lambda connection: connection.scalars(query).all())
        return [ThreadKey.parse(key) for key in keys]

    async def open_threads(self, platform: str, limit: int = 10_000) -> Sequence[ThreadKey]:
        query = (
            select(sessions.c.key)
            .where(sessions.c.key.startswith(f"{platform}/", autoescape=True), _newest(), ~sessions.c.over)
            .order_by(sessions.c.updated_at.desc())
            .limit(limit)
        )
        keys = await self._database.read(lambda connection: connection.scalars(query).all())
        return [ThreadKey.parse(key) for key in keys]

    async def preferences(self, *, platform: str, workspace: str, user: str) -> Preferences:
        person = rows.person(platform, workspace, user)
        query = select(preferred.c.body).where(preferred.c.person == person)
        body = await self._database.read(lambda connection: connection.scalar(query))
        return Preferences() if body is None else Preferences.model_validate_json(body)

    async def keep_preferences(self, preferences: Preferences, *, platform: str, workspace: str, user: str) -> None:
        row = {"person": rows.person(platform, workspace, user), "body": preferences.model_dump_json()}
        await to_the_end(self._database.write(lambda connection: put(connection, preferred, row)))


def _newest() -> ColumnElement[bool]:
    """Of each thread, the newest interview."""
    later = sessions.alias()
    return ~select(later.c.id).where(later.c.key == sessions.c.key, later.c.number > sessions.c.number).exists()
