"""A bot as people write it with discord.py: an edit every second, by the bot's token or by an interaction's.

It gets the same text at the same pace as ours, without the engine.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import discord

from tests.perf.chat_pace import Clock
from tests.perf.chat_sight import Answer
from tests.perf.chat_text import SHORT, stream


async def edit_every_second(client: discord.Client, channel: str, press: tuple[str, str, str] | None = None) -> Answer:
    """One message with all there is, once a second and at the end. A `press` pays for it with its token.

    discord.py tries what is refused five times; the answer of whoever is refused more often is lost.
    """
    sent = asyncio.get_running_loop().time()
    clock, shown = Clock(stream(0, SHORT).plain), float("-inf")
    where = (
        discord.Webhook.partial(int(press[0]), press[1], client=client)
        if press
        else client.get_partial_messageable(int(channel))
    )
    text, message = "", None
    with suppress(discord.HTTPException):
        async for piece in clock:
            text += piece
            if (now := asyncio.get_running_loop().time()) < shown + 1.0:
                continue
            shown = now
            if message is not None:
                await message.edit(view=_view(text))
            elif isinstance(where, discord.Webhook):
                message = await where.send(view=_view(text), wait=True)
            else:
                message = await where.send(view=_view(text))
        if message is not None:
            await message.edit(view=_view(text))
    return Answer(channel, 0, sent, clock.first_chunk, buttons=False)


def _view(text: str) -> Any:
    return discord.ui.LayoutView(timeout=None).add_item(discord.ui.TextDisplay(text))
