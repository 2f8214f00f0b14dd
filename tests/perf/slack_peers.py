"""Two bots as people write them: an edit every second, and slack_sdk's own helper for streams.

They get the same text at the same pace as ours, without the engine; what a model's pace is, stands here too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.perf.slack_sight import Answer
from tests.perf.slack_text import CHUNKS_PER_S, FIRST_S, stream

TEAM = "T0REHEARSE"
SECTION_CHARS = 3_000
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


async def edit_every_second(client: AsyncWebClient, channel: str, thread: str) -> Answer:
    """`chat.update` with all there is once a second; what is refused is left out, the last is tried three times."""
    sent = asyncio.get_running_loop().time()
    clock, shown = Clock(stream().plain), float("-inf")
    text, ts = "", ""
    async for piece in clock:
        text += piece
        if (now := asyncio.get_running_loop().time()) < shown + 1.0:
            continue
        shown = now
        try:
            if ts:
                await client.chat_update(channel=channel, ts=ts, text="…", blocks=sections(text))
            else:
                posted = await client.chat_postMessage(
                    channel=channel, thread_ts=thread, text="…", blocks=sections(text)
                )
                ts = str(posted["ts"])
        except SlackApiError as error:
            shown += float(error.response.headers.get("Retry-After", 0))
    for _ in range(3):
        try:
            await client.chat_update(channel=channel, ts=ts, text="…", blocks=sections(text))
            break
        except SlackApiError as error:
            await asyncio.sleep(float(error.response.headers.get("Retry-After", 1)))
    return Answer(channel, 0, sent, clock.first_chunk, buttons=False)


async def chat_stream(client: AsyncWebClient, channel: str, thread: str) -> Answer:
    """slack_sdk's own helper, as its documentation shows it."""
    sent = asyncio.get_running_loop().time()
    clock = Clock(stream().plain)
    with suppress(SlackApiError):
        streamer = await client.chat_stream(
            channel=channel, thread_ts=thread, recipient_team_id=TEAM, recipient_user_id="U0"
        )
        async for piece in clock:
            await streamer.append(markdown_text=piece)
        await streamer.stop()
    return Answer(channel, 0, sent, clock.first_chunk, buttons=False)


def with_retries(client: AsyncWebClient) -> AsyncWebClient:
    """The same client with slack_sdk's handler of rate limits, as it is made by default."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler())
    return client


def sections(text: str) -> list[dict[str, object]]:
    """A long text as blocks."""
    parts = [text[at : at + SECTION_CHARS] for at in range(0, len(text), SECTION_CHARS)]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in parts]
