"""Pay for first times at start, in a thread: SDK imports, clients, and the first stream of each API.

The first stream of a process builds type tables and imports modules for up to two seconds, which would freeze every
conversation of this process. So each provider's twin is made once with a transport that answers from memory, and
asked for one answer, by the very code that real answers take. Nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.llm.compatible import Compatible
from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
from adapters.llm.tokens import load_ranks
from engine.errors import ModelError
from engine.ports import LLMProvider, Message, Request

if TYPE_CHECKING:
    from httpx2 import MockTransport

REQUEST = Request(
    purpose="scoring",
    task="review",
    messages=(
        Message("system", "Be brief."),
        Message("user", "Hello."),
        Message("assistant", "Hi."),
        Message("user", "Go on."),
    ),
    sections=("ok",),
    schema={
        "type": "object",
        "properties": {"ok": {"type": "string"}},
        "required": ["ok"],
        "additionalProperties": False,
    },
    user="warm",
)

RESPONSES = b"""event: response.output_item.added
data: {"type":"response.output_item.added","item":{"id":"m","type":"message","phase":"final_answer","content":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"m","delta":"{\\"ok\\":\\"yes\\"}"}

event: response.completed
data: {"type":"response.completed","response":{"output":[],"usage":{"input_tokens":1,"output_tokens":1}}}

"""
CHAT = b"""data: {"choices":[{"index":0,"delta":{"content":"{\\"ok\\":\\"yes\\"}"},"finish_reason":"stop"}]}

data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}

data: [DONE]

"""
GEMINI = b"""data: {"candidates":[{"content":{"parts":[{"text":"{\\"ok\\":\\"yes\\"}"}]},"finishReason":"STOP"}]}

"""


NOBODY = "http://127.0.0.1:1/"


async def warm_up(providers: Iterable[LLMProvider], ranks: Path | None = None) -> None:
    """Make ready what the first answers will need. Providers without an SDK cost nothing; `ranks` is for `tokens`."""
    for provider in providers:
        await asyncio.to_thread(_warm, provider)
    await asyncio.to_thread(load_ranks, ranks)
    # What was just imported stays for ever. Unless it is taken out of the collector's sight, every full collection
    # walks through all of it, and holds the loop up for 15 ms or more.
    gc.collect()
    gc.freeze()


def _warm(provider: LLMProvider) -> None:
    match provider:
        case OpenAI():
            provider.connection.client()
            twin = OpenAI(api_key="warm", model=provider.model, transport=_answering(RESPONSES))
        case Compatible():
            provider.connection.client()
            twin = Compatible(base_url="http://warm", model=provider.model, transport=_answering(CHAT))
        case Gemini():
            provider.connection.clients()
            twin = Gemini(api_key="warm", model=provider.model, transport=_answering(GEMINI))
        case _:
            return
    asyncio.run(_ask(twin))


async def _ask(twin: OpenAI | Compatible | Gemini) -> None:
    import httpx2

    # The first real connection imports its event loop's backend; one that is refused at once does as well.
    async with httpx2.AsyncClient(trust_env=False, timeout=1.0) as client:
        with suppress(httpx2.HTTPError):
            await client.get(NOBODY)
    try:
        await twin.complete(REQUEST)
    except ModelError as error:
        raise AssertionError("the canned answer must be readable") from error
    finally:
        await twin.aclose()


def _answering(body: bytes) -> MockTransport:
    import httpx2

    def answer(request: httpx2.Request) -> httpx2.Response:
        del request
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    return httpx2.MockTransport(answer)
