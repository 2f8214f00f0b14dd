"""Which processes that share a SQLite file are alive, so that the leases of a killed one are free at once.

Each process holds an operating-system lock on a file of its own beside the database. The system gives the lock up when
the process ends, however it ends; unlike a process id it is right across containers and is never used twice. Where
there are no such locks (Windows), nobody is known to be dead, and a lease is free when it has expired.

Only called from the store's own threads: this is blocking work.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

if sys.platform == "win32":

    def _lock(file: int) -> bool:
        raise NotImplementedError

else:
    import fcntl

    def _lock(file: int) -> bool:
        """Lock an open file for as long as it is open; `False` when somebody else has."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Processes(Protocol):
    """Who is alive. `me` is this store's own name, never used before or after."""

    @property
    def me(self) -> str: ...

    def dead(self, names: Iterable[str]) -> list[str]:
        """Those that certainly live no more."""
        ...

    def close(self) -> None: ...


def processes_beside(path: Path) -> Processes:
    """Those that share the database file `path`."""
    if sys.platform == "win32":
        return UnknownProcesses()
    return LocalProcesses(path.with_name(f"{path.name}-processes"))


class UnknownProcesses:
    """Nobody is known to be dead."""

    def __init__(self) -> None:
        self.me = uuid.uuid4().hex

    def dead(self, names: Iterable[str]) -> list[str]:
        del names
        return []

    def close(self) -> None:
        pass


class LocalProcesses:
    """Those that keep their lock files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.me = uuid.uuid4().hex
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.dead(path.name for path in folder.iterdir() if not path.name.startswith("."))
        # Locked before it has its name, so that it is never seen unlocked.
        unnamed = folder / f".{self.me}"
        self._lock = os.open(unnamed, os.O_CREAT | os.O_RDWR, 0o600)
        _lock(self._lock)
        unnamed.rename(folder / self.me)

    def dead(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name != self.me and self._is_dead(name)]

    def _is_dead(self, name: str) -> bool:
        path = self._folder / name
        try:
            lock = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            if not _lock(lock):
                return False
            path.unlink(missing_ok=True)
            return True
        finally:
            os.close(lock)

    def close(self) -> None:
        """Give the lock up, and with it every lease."""
        (self._folder / self.me).unlink(missing_ok=True)
        os.close(self._lock)
