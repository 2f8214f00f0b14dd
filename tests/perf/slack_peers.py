"""Two bots as people write them: an edit every second, and slack_sdk's own helper for streams.

They get the same text at the same pace as ours, without the engine.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.perf.chat_pace import Clock
from tests.perf.chat_sight import Answer
from tests.perf.chat_text import stream

TEAM = "T0REHEARSE"
STREAM, STREAM_RETRIED = "chat_stream", "chat_stream + retries"
SECTION_CHARS = 3_000


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
    """A long text as blocks, with no word torn."""
    parts: list[str] = []
    while len(text) > SECTION_CHARS:
        end = text.rindex(" ", 0, SECTION_CHARS)
        parts, text = [*parts, text[:end]], text[end:]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in (*parts, text)]
