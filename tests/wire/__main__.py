"""`python -m tests.wire --openai-port 0 --gemini-port 0`: both servers, answering plausibly until interrupted."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from tests.wire.faults import Fault
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server
from tests.wire.server import Script


async def run(openai_port: int, gemini_port: int, script: Script) -> None:
    """Serve until cancelled."""
    async with openai_server(openai_port) as openai, gemini_server(gemini_port) as gemini:
        openai.otherwise = gemini.otherwise = script
        print(f"OPENAI_BASE_URL={openai.base_url}/v1", flush=True)
        print(f"GOOGLE_GEMINI_BASE_URL={gemini.base_url}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire", description=__doc__)
    parser.add_argument("--openai-port", type=int, default=0)
    parser.add_argument("--gemini-port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.016, help="seconds between two chunks")
    parser.add_argument("--chunk-chars", type=int, default=6)
    parser.add_argument("--fault", choices=[fault.name for fault in Fault], help="misbehave like this, always")
    parser.add_argument("--after-chars", type=int, default=200)
    given = parser.parse_args()
    fault = Fault[given.fault] if given.fault else None
    script = Script(chunk_chars=given.chunk_chars, delay_s=given.delay, fault=fault, after_chars=given.after_chars)
    with suppress(KeyboardInterrupt):
        asyncio.run(run(given.openai_port, given.gemini_port, script))


if __name__ == "__main__":
    main()
