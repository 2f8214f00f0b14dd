"""The page's side of the API, without a page: requests and an event stream, read as a browser reads it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout

NAMES = count(1)


@dataclass(frozen=True, slots=True)
class Told:
    """One server-sent event."""

    id: str
    kind: str
    body: dict[str, Any]


class Watching:
    """An open event stream, and what a page knows from it so far."""

    def __init__(self, events: AsyncIterator[Told]) -> None:
        self._events = events
        self.told: list[Told] = []
        self.posts: dict[str, dict[str, Any]] = {}
        self.settled: set[str] = set()
        self.state: dict[str, Any] = {}
        self.notices: list[dict[str, Any]] = []

    async def until(self, holds: Callable[[Watching], object], most_s: float = 10.0) -> None:
        """Read on until `holds` of what is known."""
        async with asyncio.timeout(most_s):
            while not holds(self):
                self._take(await anext(self._events))

    async def until_settled(self, *posts: str) -> None:
        await self.until(lambda known: known.settled.issuperset(posts) and known.state)

    @property
    def last(self) -> str:
        """The id a browser would reconnect with."""
        return next((event.id for event in reversed(self.told) if event.id), "")

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.told]

    def _take(self, event: Told) -> None:
        self.told.append(event)
        match event.kind:
            case "posts":
                self.posts = {post["post"]: post["card"] for post in event.body["posts"]}
                self.settled = set(self.posts)
                self.state = event.body["state"]
            case "state":
                self.state = event.body
            case "notice":
                self.notices.append(event.body)
            case "gone":
                self.state = {}
            case kind:
                self.posts[event.body["post"]] = event.body["card"]
                if kind == "settled":
                    self.settled.add(event.body["post"])


class Page:
    """One person's browser."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self.http = http
        self.url = url.rstrip("/")

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.http.get(self.url + path, headers=headers) as response:
            return response.status, await response.json()

    async def send(self, method: str, path: str, body: object) -> tuple[int, Any]:
        async with self.http.request(method, self.url + path, json=body) as response:
            return response.status, await response.json()

    async def begin(self, **form: object) -> str:
        """Start an interview of one question, and wait for the question; its id."""
        id = f"test-{next(NAMES)}"
        body = {"id": id, "type": "system-design", "questions": 1} | form
        status, answer = await self.send("POST", "/api/interviews", body)
        assert (status, answer) == (201, {"id": id})
        async with self.events(id) as seen:
            await seen.until_settled("q1")
        return id

    async def write(self, id: str, text: str, message: str = "") -> str:
        message = message or f"m{next(NAMES)}"
        status, _ = await self.send("POST", f"/api/interviews/{id}/messages", {"id": message, "text": text})
        assert status == 202
        return message

    async def press(self, id: str, action: str, turn: int = 0) -> None:
        body = {"id": f"p{next(NAMES)}", "action": action, "turn": turn}
        status, _ = await self.send("POST", f"/api/interviews/{id}/actions", body)
        assert status == 202

    @asynccontextmanager
    async def events(self, id: str, *, after: str = "", last: str = "") -> AsyncGenerator[Watching]:
        """The interview's events; `after` as the page asks, `last` as a browser reconnects."""
        headers = {"Last-Event-ID": last} if last else {}
        async with self.http.get(f"{self.url}/api/interviews/{id}/events?after={after}", headers=headers) as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            yield Watching(read(response))


@asynccontextmanager
async def browse(url: str) -> AsyncGenerator[Page]:
    async with ClientSession(timeout=ClientTimeout(total=30)) as http:
        yield Page(http, url)


async def read(response: ClientResponse) -> AsyncIterator[Told]:
    fields: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if not line:
            if "data" in fields:
                yield Told(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
