"""The pace of a model: pieces of a text, each at its moment; and what it costs to play that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from tests.perf.chat_text import CHUNKS_PER_S, FIRST_S

STREAMS = 50
"""Enough of them to tell their cost."""


class Clock:
    """The pieces of a text, each at its moment, however late the reader comes for it."""

    def __init__(self, pieces: tuple[str, ...]) -> None:
        self._pieces = pieces
        self.first_chunk = asyncio.get_running_loop().time() + FIRST_S

    async def __aiter__(self) -> AsyncIterator[str]:
        now = asyncio.get_running_loop().time
        for n, piece in enumerate(self._pieces):
            if (wait_s := self.first_chunk + n / CHUNKS_PER_S - now()) > 0:
                await asyncio.sleep(wait_s)
            yield piece


async def pace_cpu_ms() -> float:
    """What it costs this process to be told 60 times a second that there is a piece, per stream and second."""

    async def listen(n: int) -> None:
        await asyncio.sleep(n / STREAMS / CHUNKS_PER_S)
        async for _ in Clock(("",) * int(CHUNKS_PER_S)):
            pass

    began = time.process_time()
    await asyncio.gather(*(listen(n) for n in range(STREAMS)))
    return (time.process_time() - began) * 1_000 / STREAMS
