"""A file that came with a message or a form: its text, a recording, or a sentence that says why not.

It is fetched at once, since its address is good for a day only and a form's file is kept nowhere else, from Discord's
own hosts, without any token, following no redirect, and no further than its kind may be large. What is made of its
bytes is `adapters/files.py`'s. Names and contents never reach the log.
"""

from __future__ import annotations

import asyncio
import logging
import re

import aiohttp

from adapters import files
from adapters.discord.payloads import Attachment
from adapters.files import (
    CLIP_BYTES,
    CLIP_S,
    CLIP_TOO_LARGE,
    CLIP_TOO_LONG,
    EMPTY,
    PASTE,
    TEXT_BYTES,
    TEXT_TOO_LARGE,
    Fetched,
    Refused,
    clip_in,
    text_in,
)

log = logging.getLogger(__name__)

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
DEADLINE_S, CONNECT_S, SILENCE_S = 60.0, 10.0, 20.0
ENDINGS = re.compile(
    r"\.(py|js|ts|go|rs|java|kt|c|h|cpp|cs|rb|php|swift|sql|sh|txt|md|json|ya?ml|toml|csv|log|html?)$", re.IGNORECASE
)
"""Source code that Discord calls a video (`.ts`) or an application is text all the same."""

GONE = "That file is no longer there. Please send it again."
NOT_NOW = "I could not get that file from Discord just now. Please send it again in a moment."
ELSEWHERE = f"That file lies outside Discord, and I don't open other sites. {PASTE}, or upload the file here."

# The host ends where the address is still unmistakable: no user, no backslash, nothing a second parser reads otherwise.
_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?(?=/)[^\x00-\x1f\x7f\\]*", re.IGNORECASE)


class Files:
    """Fetches what comes with messages. `api` is another address of the API, whose host then holds files as well."""

    def __init__(self, *, api: str | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._elsewhere = _origin(f"{api.rstrip('/')}/") if api else None
        self._deadline_s = deadline_s

    async def fetch(self, file: Attachment) -> Fetched:
        """The inside of a file. Never raises for what a file or a server is like."""
        if sentence := _unwanted(file):
            return Refused(sentence)
        if not self._trusted(file.url):
            return Refused(ELSEWHERE)
        limit = CLIP_BYTES if file.is_sound else TEXT_BYTES
        try:
            async with asyncio.timeout(self._deadline_s), aiohttp.ClientSession(trust_env=True) as session:
                content = await _read(session, file.url, limit)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("file not fetched from Discord", extra={"error": type(error).__name__})
            return Refused(NOT_NOW)
        if isinstance(content, int):
            log.warning("file not fetched from Discord", extra={"status": content})
            return Refused(GONE if content in (403, 404, 410) else NOT_NOW)
        if content is None:
            return Refused(_too_large(file))
        if file.is_sound:
            return clip_in(content, file.filename, file.content_type, said_s=file.duration_secs, recorded=file.is_voice)
        return text_in(content)

    def _trusted(self, url: str) -> bool:
        origin = _origin(url)
        if origin is None:
            return False
        return origin == self._elsewhere or (origin[0] == "https" and origin[1] in HOSTS and not origin[2])


async def _read(session: aiohttp.ClientSession, url: str, limit: int) -> bytes | int | None:
    """All of it; the status where there is none; `None` when it is more than the limit."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENCE_S)
    headers = {"Accept-Encoding": "identity"}
    async with session.get(url, headers=headers, allow_redirects=False, timeout=timeout) as response:
        if response.status != 200:
            return response.status
        if (response.content_length or 0) > limit:
            return None
        content = bytearray()
        async for piece in response.content.iter_any():
            content += piece
            if len(content) > limit:
                return None
        return bytes(content)


def _unwanted(file: Attachment) -> str | None:
    """Why this file is not fetched, as far as its labels say."""
    if not file.is_sound and not ENDINGS.search(file.filename):
        ending = file.filename.rpartition(".")[2] if "." in file.filename else ""
        if sentence := files.unreadable(file.content_type.partition(";")[0], ending):
            return sentence
    if not file.url:
        return NOT_NOW
    if file.size > (CLIP_BYTES if file.is_sound else TEXT_BYTES):
        return _too_large(file)
    if file.is_sound and file.duration_secs > CLIP_S + 1:
        return CLIP_TOO_LONG
    if file.is_voice and not file.size:
        return EMPTY
    return None


def _too_large(file: Attachment) -> str:
    return CLIP_TOO_LARGE if file.is_sound else TEXT_TOO_LARGE


def _origin(url: str) -> tuple[str, str, str] | None:
    found = _ADDRESS.fullmatch(url)
    return (found[1].lower(), found[2].lower(), found[3] or "") if found else None
