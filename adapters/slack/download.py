"""The bytes of a file at Slack, and no further: the token goes to Slack alone, and nothing endless is read.

A bot token in the wrong hands reads a workspace, and a message may name any address as its file's. So the token goes to
Slack's file host only (with another Web API address, such as GovSlack's, to that host), and redirects are followed by
hand: to such a host with the token, to Slack's own CDN without it, elsewhere never. A page where a file should be means
that Slack wants somebody to log in. What a file is, and what a person is told, is left to `files.py`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

Failure = Literal["forbidden", "foreign", "gone", "large", "unavailable"]
"""Why there are no bytes: no right to them, not at Slack, deleted, over the limit, not now."""

CONNECT_S, SILENCE_S = 10.0, 20.0
HOPS = 3

# The host ends where the address is still unmistakable: no user, no backslash, nothing a second parser reads otherwise.
_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?(?=/)[^\x00-\x1f\x7f\\]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Download:
    """All bytes of a file, and what the server calls them."""

    content: bytes
    media_type: str


async def download(client: AsyncWebClient, url: str, *, limit_bytes: int, deadline_s: float) -> Download | Failure:
    """Fetch a file with the client's token, in its session if it has one. Never raises for what a server does."""
    if not _trusted(client, url):
        return "foreign"
    try:
        async with asyncio.timeout(deadline_s), _session(client) as session:
            for _ in range(1 + HOPS):
                headers = {"Accept-Encoding": "identity"}
                if _trusted(client, url):
                    headers["Authorization"] = f"Bearer {client.token}"
                elif not _at_cdn(url):
                    return "forbidden"  # to a page for logging in
                async with session.get(
                    url,
                    headers=headers,
                    allow_redirects=False,
                    proxy=client.proxy,
                    ssl=True if client.ssl is None else client.ssl,
                    timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENCE_S),
                ) as response:
                    onward = response.headers.get("Location") if 300 <= response.status < 400 else None
                    if onward is None:
                        return await _read(response, limit_bytes)
                    url = urljoin(url, onward)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        log.warning("file not fetched from Slack", extra={"error": type(error).__name__})
    return "unavailable"


async def _read(response: aiohttp.ClientResponse, limit_bytes: int) -> Download | Failure:
    match response.status:
        case 200:
            pass
        case 401 | 403:
            return "forbidden"
        case 404 | 410:
            return "gone"
        case status:
            log.warning("file not fetched from Slack", extra={"status": status})
            return "unavailable"
    if (response.content_length or 0) > limit_bytes:
        return "large"
    content = bytearray()
    async for piece in response.content.iter_any():
        content += piece
        if len(content) > limit_bytes:
            return "large"
    return Download(bytes(content), response.content_type)


def _trusted(client: AsyncWebClient, url: str) -> bool:
    """Whether the token may go there."""
    origin, api = _origin(url), _origin(client.base_url)
    if origin is None or api is None:
        return False
    scheme, host, port = api
    if host == "slack.com" or host.endswith(".slack.com"):
        return origin == ("https", "files.slack.com", "")
    return origin in ((scheme, host, port), (scheme, f"files.{host}", port))


def _at_cdn(url: str) -> bool:
    origin = _origin(url)
    return origin is not None and origin[0] == "https" and origin[1].endswith(".slack-edge.com") and not origin[2]


def _origin(url: str) -> tuple[str, str, str] | None:
    found = _ADDRESS.fullmatch(url)
    return (found[1].lower(), found[2].lower(), found[3] or "") if found else None


@asynccontextmanager
async def _session(client: AsyncWebClient) -> AsyncGenerator[aiohttp.ClientSession]:
    if client.session is not None and not client.session.closed:
        yield client.session
    else:
        async with aiohttp.ClientSession(trust_env=client.trust_env_in_session) as session:
            yield session
