"""Words from plain lines: standard input that is no terminal, or a file of answers.

A thread reads ahead a little, because a blocking read cannot be given up; so nothing is lost when a wait for a line is
cancelled, and the program can end while the thread still waits.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from engine.receive import command
from engine.session import Session

LINES_AHEAD = 100
CHUNK_BYTES = 65_536
Prompt = Callable[[Literal["answer", "choose"]], None]
AFTER_FEEDBACK = frozenset({"retry", "model_answer", "helpful", "unhelpful", "next", "stop", "pause"})


def raw_lines(descriptor: int) -> Iterator[bytes]:
    """The lines of an open file or pipe. Python's own reader would hold a lock in which the program cannot end."""
    rest = b""
    while chunk := os.read(descriptor, CHUNK_BYTES):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        yield rest


class Lines:
    """Lines as they come; `None` for ever after the last one."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._room = threading.Semaphore(LINES_AHEAD)
        self._source = source
        threading.Thread(target=self._pump, name="rehearse-lines", daemon=True).start()

    async def next(self) -> str | None:
        line = await self._lines.get()
        if line is None:
            self._lines.put_nowait(None)
        else:
            self._room.release()
        return line

    def peek(self) -> str | None:
        """The next line if it is there already, left where it is; `None` when there is none yet, or none any more."""
        if self._lines.empty():
            return None
        line = self._lines.get_nowait()
        rest = [line, *(self._lines.get_nowait() for _ in range(self._lines.qsize()))]
        for each in rest:
            self._lines.put_nowait(each)
        return line

    def _pump(self) -> None:
        try:
            for line in self._source:
                self._room.acquire()
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line.decode("utf-8", "replace").rstrip("\r\n"))
            self._loop.call_soon_threadsafe(self._lines.put_nowait, None)
        except RuntimeError:
            return  # the loop is closed: nobody reads any more


class OnePerLine:
    """A `Candidate` for scripts: every line is an answer or a command word; blank ones are skipped.

    After feedback the interview goes on by itself, unless the next line is there already and says otherwise. When the
    lines end early, the interview is stopped, which still gives a report.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def answer(self, session: Session) -> str:
        while (line := await self._lines.next()) is not None:
            if line.strip():
                return line
        return "stop"

    async def choose(self, session: Session) -> str:
        while (line := self._lines.peek()) is not None:
            if line.strip():
                break
            await self._lines.next()
        if line is not None and command(line) in AFTER_FEEDBACK:
            return await self._lines.next() or "next"
        return "next"


class Paragraphs:
    """A `Candidate` behind a pipe or a dumb terminal: an answer ends with a blank line, with `done`, or at the end."""

    def __init__(self, lines: Lines, ask: Prompt) -> None:
        self._lines = lines
        self._ask = ask
        self._part: list[str] = []

    async def answer(self, session: Session) -> str:
        self._ask("answer")
        while True:
            line = await self._lines.next()
            if line is None:
                return self._taken() or "stop"
            action = command(line)
            if not self._part and action is not None and action != "done":
                return line
            if (not line.strip() and self._part) or action == "done":
                return self._taken() or "done"
            if line.strip():
                self._part.append(line)

    async def choose(self, session: Session) -> str:
        self._ask("choose")
        line = await self._lines.next()
        return "stop" if line is None else line.strip() or "next"

    def _taken(self) -> str:
        taken, self._part = "\n".join(self._part), []
        return taken
