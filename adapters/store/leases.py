"""The right to attend to one thread: a row that says which process holds it and until when.

A lease is free when its row has expired, or when its process is known to be dead. `process` and `fence` together are
never used twice, so each write can check that this very lease still stands; whatever gets past that meets the check of
the session's version. While a lease is held, a task of its own renews it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from adapters.store import measuring, rows, statements
from adapters.store.context import Context
from adapters.store.statements import insert_new, newest_session
from adapters.store.tables import leases, sessions
from adapters.store.waiting import to_the_end
from engine.errors import LeaseLost, StoreError, VersionConflict
from engine.facts import Fact
from engine.inbound import Inbound
from engine.keys import ThreadKey
from engine.session import Session, evolve
from engine.steps import due_at

log = logging.getLogger(__name__)

BEHIND = 16
"""Every so many facts a snapshot is written in any case."""


@dataclass(slots=True)
class _Chapter:
    """What one `record` adds to one interview. `before` is its stored version, 0 when it begins here."""

    before: int
    after: Session


class SqlLease:
    """One try to hold a thread; of use only between `take`, when that said `True`, and `give_up`."""

    def __init__(self, context: Context, key: ThreadKey) -> None:
        self.key = key
        self.session: Session | None = None
        self._held = False
        self._context = context
        self._thread = str(key)
        self._rung = asyncio.Event()
        self._unread: list[Inbound] = []
        self._fence = next(context.fences)
        self._mine = {"of_thread": self._thread, "of_process": context.processes.me, "of_fence": self._fence}

    @property
    def bell(self) -> asyncio.Event:
        """What a delivery in this process rings. While it is silent, this lease knows all the mail of this process."""
        return self._rung

    async def take(self) -> bool:
        """Take the lease; `False` when somebody else holds it."""

        def work(connection: Connection) -> tuple[bool, Session | None, list[Inbound]]:
            if not self._took(connection):
                return False, None, []
            return True, newest_session(connection, self._thread), self._mail(connection)

        self._rung.clear()
        self._held, self.session, self._unread = await self._context.database.write(work, synced=False)
        return self._held

    def _took(self, connection: Connection) -> bool:
        now = self._context.now()
        mine = {
            "process": self._context.processes.me,
            "fence": self._fence,
            "expires_at": now + self._context.lease_s,
        }
        found = connection.execute(statements.HOLDER, {"of_thread": self._thread}).one_or_none()
        if found is None:
            row = {"key": self._thread, "person": rows.person_of(self.key), **mine}
            return insert_new(connection, leases, row)
        process, fence, expires_at = found
        if expires_at > now and not self._context.processes.dead([process]):
            return False
        # Only what was just seen may be replaced: on PostgreSQL somebody may be quicker.
        seen = {"of_thread": self._thread, "of_process": process, "of_fence": fence}
        return connection.execute(statements.TAKE_OVER, seen | mine).rowcount == 1

    async def mail(self) -> Sequence[Inbound]:
        # What another process delivered, `release_if_no_mail` or the poll finds at the latest.
        if self._rung.is_set():
            self._rung.clear()
            try:
                self._unread = await self._context.database.read(self._mail)
            except BaseException:
                self._rung.set()
                raise
        return list(self._unread)

    def _mail(self, connection: Connection) -> list[Inbound]:
        bodies = connection.scalars(statements.MAIL, {"of_thread": self._thread}).all()
        return [rows.read_inbound(body) for body in bodies if body is not None]

    async def record(self, *facts: Fact, read: Inbound | None = None) -> None:
        if facts or read is not None:
            await to_the_end(self._record(facts, read))

    async def _record(self, new: tuple[Fact, ...], read: Inbound | None) -> None:
        self._check_held()
        session = self.session
        fact_rows: list[dict[str, object]] = []
        chapters: dict[str, _Chapter] = {}
        figures = measuring.Figures()
        for fact, body in map(rows.storable_fact, new):
            session = evolve(session, fact)
            figures.take(session, fact)
            chapters.setdefault(session.id, _Chapter(session.version - 1, session)).after = session
            fact_rows.append(
                {
                    "session_id": session.id,
                    "seq": session.version,
                    "person": rows.person_of(self.key),
                    "kind": fact.kind,
                    "at": fact.at,
                    "body": body,
                }
            )

        def work(connection: Connection) -> None:
            self._renew(connection)
            for chapter in chapters.values():
                self._write_chapter(connection, chapter, from_mail=read is not None)
            if fact_rows:
                connection.execute(statements.ADD_FACTS, fact_rows)
            figures.write(connection)
            if read is not None:
                connection.execute(
                    statements.MARK_READ, {"of_thread": self._thread, "of_id": rows.column_text(read.id)}
                )

        try:
            await self._context.database.write(work)
        except LeaseLost:
            self._lose()
            raise
        self.session = session
        if read is not None:
            self._unread = [inbound for inbound in self._unread if inbound.id != read.id]

    def _write_chapter(self, connection: Connection, chapter: _Chapter, *, from_mail: bool) -> None:
        session = chapter.after
        values: dict[str, object] = {
            "version": session.version,
            "due_at": due_at(session),
            "updated_at": session.updated_at,
            "over": session.over,
        }
        # Writing the snapshot is half the cost of a record, and folding a few facts onto an older one is nothing.
        if not (from_mail and chapter.before) or session.version % BEHIND == 0:
            values |= {"shape": rows.shape(), "snapshot": session.model_dump_json()}
        if chapter.before:
            known = {"of_session": session.id, "before": chapter.before}
            if connection.execute(statements.MOVE_ON, known | values).rowcount != 1:
                raise VersionConflict(f"{session.id} is no longer at version {chapter.before}")
            return
        identity = {"id": session.id, "key": self._thread, "number": session.number}
        home = session.setup.home or self.key.scope
        person = {"person": rows.person_of(self.key), "began_at": session.began_at, "home": rows.column_text(home)}
        connection.execute(insert(sessions).values(identity | person | values))
        # Nobody attends to an interview that is not the newest of its thread.
        earlier = (sessions.c.key == self._thread, sessions.c.number < session.number)
        connection.execute(update(sessions).where(*earlier, sessions.c.due_at.is_not(None)).values(due_at=None))

    async def wait_for_mail(self) -> None:
        def work(connection: Connection) -> tuple[bool, bool]:
            return connection.execute(statements.STANDING, self._mine).one()

        while not self._unread and not self._rung.is_set():
            self._check_held()
            # Other processes ring no bell here.
            try:
                async with asyncio.timeout(self._context.poll_s):
                    await self._rung.wait()
            except TimeoutError:
                has_mail, is_mine = await self._context.database.read(work)
                if not is_mine:
                    self._lose()
                elif has_mail:
                    self._rung.set()
        self._check_held()

    async def release_if_no_mail(self) -> bool:
        return await to_the_end(self._release_if_no_mail())

    async def _release_if_no_mail(self) -> bool:
        self._check_held()
        if self._context.bells.expects(self._thread):
            await self._rung.wait()
            return False

        def work(connection: Connection) -> bool:
            if connection.execute(statements.FREE_IF_NO_MAIL, self._mine).rowcount == 1:
                return True
            self._renew(connection)
            return False

        try:
            released = await self._context.database.write(work, synced=False)
        except LeaseLost:
            self._lose()
            raise
        self._held = not released
        self._rung.set()
        return released

    async def give_up(self) -> None:
        """Let somebody else have the thread. What cannot be written now, the lease's end will do."""
        if not self._held:
            return
        self._held = False

        def work(connection: Connection) -> None:
            connection.execute(statements.FREE, self._mine)

        try:
            await self._context.database.write(work, synced=False)
        except StoreError as error:
            log.warning("lease not given back", extra={"key": self._thread, "error": str(error)})

    async def keep_alive(self) -> None:
        """Renew the lease again and again, until it is lost or this is cancelled."""
        while self._held:
            await asyncio.sleep(self._context.lease_s / 3)
            try:
                await to_the_end(self._context.database.write(self._renew, synced=False))
            except LeaseLost:
                self._lose()
            except StoreError as error:
                log.warning("lease not renewed", extra={"key": self._thread, "error": str(error)})

    def _renew(self, connection: Connection) -> None:
        until = self._context.now() + self._context.lease_s
        if connection.execute(statements.RENEW, {**self._mine, "until": until}).rowcount != 1:
            raise self._lost()

    def _check_held(self) -> None:
        if not self._held:
            raise self._lost()

    def _lose(self) -> None:
        self._held = False
        self._rung.set()

    def _lost(self) -> LeaseLost:
        return LeaseLost(f"{self._thread}: this lease is not held any more")
