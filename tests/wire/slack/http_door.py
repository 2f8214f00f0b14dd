"""The Events API over HTTP: signed requests to the app's URL, as Slack words them; and the means to send bad ones."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.wire.slack.delivery import Answer, Delivery

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]


class HttpDoor:
    """Delivers to one URL."""

    def __init__(self, url: str, slack: Slack) -> None:
        self.url = url
        self._slack = slack
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False)

    async def close(self) -> None:
        await self._session.close()

    def signed(self, body: str, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """The headers Slack signs a body with; of another time or secret where a test wants to cheat."""
        stamp = str(int(time.time() if at is None else at))
        key = (self._slack.app.signing_secret if secret is None else secret).encode()
        signature = "v0=" + hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}

    async def post(self, body: str, headers: Mapping[str, str], within_s: float = 3.0) -> tuple[int, str]:
        """A raw request, however wrong: the status and text of its answer."""
        timeout = aiohttp.ClientTimeout(total=within_s)
        async with self._session.post(self.url, data=body.encode(), headers=headers, timeout=timeout) as reply:
            return reply.status, await reply.text()

    async def challenge(self) -> None:
        """The handshake when a URL is configured. AssertionError when the app does not pass it."""
        body = json.dumps({"type": "url_verification", "token": "x", "challenge": "say-this-back"})
        status, said = await self.post(body, {"Content-Type": "application/json", **self.signed(body)})
        passed = status == 200 and "say-this-back" in said
        assert passed, f"the URL did not pass Slack's challenge: {status} {said}"

    def worded(self, delivery: Delivery) -> tuple[str, str]:
        """The body of a delivery and its content type."""
        match delivery.kind:
            case "events_api":
                return json.dumps(delivery.payload), "application/json"
            case "slash_commands":
                return urlencode(delivery.payload), "application/x-www-form-urlencoded"
            case _:
                return urlencode({"payload": json.dumps(delivery.payload)}), "application/x-www-form-urlencoded"

    async def deliver(self, delivery: Delivery, number: int, reason: str, within_s: float) -> Answer:
        body, content_type = self.worded(delivery)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self.signed(body)
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        try:
            timeout = aiohttp.ClientTimeout(total=within_s)
            async with self._session.post(self.url, data=body.encode(), headers=headers, timeout=timeout) as reply:
                text = await reply.text()
                if not 200 <= reply.status < 300:
                    no_retry = reply.headers.get("X-Slack-No-Retry") == "1"
                    return Answer(False, "http_error", reply.status, text, no_retry)
                if text and reply.content_type == "application/json":
                    return Answer(True, "", reply.status, json.loads(text))
                return Answer(True, "", reply.status, text or None)
        except TimeoutError:
            return Answer(False, "http_timeout")
        except aiohttp.ClientError:
            return Answer(False, "connection_failed")
