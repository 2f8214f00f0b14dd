"""Slack's requests over HTTP: only signed ones, only once, only such as can be read.

Bolt checks the signature. What cannot be read is refused here; what a request means is no business of this file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import cast

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.recent import Recent

log = logging.getLogger(__name__)

SIGNED_FOR_S = 300.0
"""So long Slack's signature is good; within it, none is taken twice."""
SIGNATURES_MOST = 50_000


class Post:
    """`POST /slack/events`. A request that was answered well is refused when it is sent again, signature and all."""

    def __init__(self, bolt: AsyncApp) -> None:
        self._bolt = bolt
        self._answered: Recent[str, bool] = Recent(SIGNATURES_MOST, for_s=SIGNED_FOR_S * 2)

    async def answer(self, request: web.Request) -> web.Response:
        signature = request.headers.get("X-Slack-Signature", "")
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not (signature.isascii() and stamp.isascii() and stamp.isdecimal()) or self._answered.get(signature):
            return self._refused(request)
        try:
            asked = _bolt_request(await request.read(), request.headers)
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 - Bolt reads it, and whatever it trips over is the sender's mistake
            log.warning("a request that is not Slack's way of writing was refused")
            return web.json_response({"error": "not understood"}, status=400)
        said = await self._bolt.async_dispatch(asked)
        if said.status == 401:
            return self._refused(request)
        if said.status == 200:
            self._answered.keep(signature, True)
        return await to_aiohttp_response(said)

    def _refused(self, request: web.Request) -> web.Response:
        log.warning("a request without a good signature was refused", extra={"remote": request.remote or ""})
        return web.json_response({"error": "invalid request"}, status=401)


def _bolt_request(body: bytes, headers: Mapping[str, str]) -> AsyncBoltRequest:
    """Raises whatever it meets in a body that is no JSON object, or not one of the shapes Slack sends."""
    request = AsyncBoltRequest(body=body.decode(), headers=dict(headers))
    if not isinstance(cast("object", request.body), dict):
        raise ValueError("not an object")
    return request
