"""A server that replays one long answer of each API, at 60 events a second or at once. For `streams`, as a process.

Bytes are made before the first request, so that on two cores the server does not slow what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from tests.wire.gemini import GeminiDialect
from tests.wire.openai import ChatDialect, ResponsesDialect
from tests.wire.server import Call

PACED_STREAMS = 40
PACED_EVENTS = 600
EVENTS_PER_S = 60.0

DIALECTS = (ResponsesDialect(), ChatDialect(), GeminiDialect())
PIECE = "the hit rate"


def recorded(path: str) -> Sequence[bytes]:
    """The events of a whole answer, one write each."""
    dialect = next(known for known in DIALECTS if known.owns(path))
    body = {"model": "m", "stream": True, "stream_options": {"include_usage": True, "include_obfuscation": False}}
    words = dialect.begin(Call(path, body, {}, None, ""))
    deltas = [words.delta(f"{PIECE} {n} ") for n in range(PACED_EVENTS)]
    return [words.opening(), *deltas, words.ending(PIECE * PACED_EVENTS)]


async def _serve(*, paced: bool) -> None:
    paths = ("/v1/responses", "/v1/chat/completions", "/v1beta/models/gemini-3.8-flash:streamGenerateContent")
    answers = {path: [b"%x\r\n%s\r\n" % (len(event), event) for event in recorded(path)] for path in paths}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().lower().split("\r\n")
                length = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length")), 0)
                await reader.readexactly(length)
                path = head.split(b" ")[1].decode().partition("?")[0]
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                )
                await _play(writer, answers[path], paced=paced)
                writer.write(b"0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def _play(writer: asyncio.StreamWriter, events: Sequence[bytes], *, paced: bool) -> None:
    clock = asyncio.get_running_loop().time
    started = clock()
    for n, event in enumerate(events):
        if paced:
            await asyncio.sleep(max(0.0, started + n / EVENTS_PER_S - clock()))
        writer.write(event)
        await writer.drain()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--paced", action="store_true")
    asyncio.run(_serve(paced=parser.parse_args().paced))
