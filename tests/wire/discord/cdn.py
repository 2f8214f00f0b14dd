"""Files: where they are kept, and addresses that are signed and run out, as those of the real CDN do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import quote

from aiohttp import web

from tests.wire.discord.clock import Clock
from tests.wire.discord.errors import ApiError
from tests.wire.discord.faults import Faults, reset
from tests.wire.discord.world import Attachment, Channel

LIFE_S = 24 * 3600
GONE = "This content is no longer available."


class Cdn:
    """Every file that was ever sent."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self.base_url = ""
        self.fetched: list[int] = []
        """Attachments that were downloaded, by id."""
        self._clock = clock
        self._faults = faults
        self._files: dict[tuple[int, int], Attachment] = {}
        self._secret = secrets.token_bytes(16)

    def address(self, channel: Channel, attachment: Attachment) -> str:
        """A fresh address; it works for a day."""
        self._files[channel.id, attachment.id] = attachment
        kind = "ephemeral-attachments" if attachment.ephemeral else "attachments"
        path = f"/cdn/{kind}/{channel.id}/{attachment.id}/{quote(attachment.filename)}"
        now = int(self._clock.now())
        expires, issued = f"{now + LIFE_S:x}", f"{now:x}"
        signed = self._sign(channel.id, attachment.id, expires)
        return f"{self.base_url}{path}?ex={expires}&is={issued}&hm={signed}&"

    def expire(self) -> None:
        """Let every address given out so far stop working; those worded from now on work."""
        self._secret = secrets.token_bytes(16)

    async def get(self, request: web.Request) -> web.Response:
        """GET of a file."""
        try:
            cut = await self._faults.befall(request, "/cdn/{kind}/{channel}/{attachment}/{name}", self._clock.now())
        except ApiError as error:
            return web.Response(status=error.status, text=str(error.body), headers=error.headers)
        channel, attachment = int(request.match_info["channel"]), int(request.match_info["attachment"])
        expires = request.query.get("ex", "")
        found = self._files.get((channel, attachment))
        signed = hmac.compare_digest(request.query.get("hm", ""), self._sign(channel, attachment, expires))
        if found is None or not signed or int(expires, 16) < self._clock.now():
            return web.Response(status=404, text=GONE)
        self.fetched.append(attachment)
        if cut:
            await reset(request)
        return web.Response(body=found.content, content_type=found.content_type)

    def _sign(self, channel: int, attachment: int, expires: str) -> str:
        return hmac.new(self._secret, f"{channel}/{attachment}/{expires}".encode(), hashlib.sha256).hexdigest()
