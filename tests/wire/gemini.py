"""Gemini: v1beta streamGenerateContent, generateContent and models, as Google speaks them."""

from __future__ import annotations

import base64
import binascii
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web

from tests.wire.faults import Fault
from tests.wire.server import Call, Dialect, Wire, Words, event, serve

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

HEARD = frozenset(f"audio/{kind}" for kind in ("aac", "aiff", "flac", "mp3", "mp4", "mpeg", "ogg", "wav", "webm"))
INLINE_BYTES = 20_000_000


def gemini_server(port: int = 0) -> AbstractAsyncContextManager[Wire]:
    """A running server; give the SDK its `base_url` as it is."""
    return serve((GeminiDialect(),), models=_models, port=port)


def status_error(status: int, message: str = "Something is wrong.", *details: dict[str, Any]) -> dict[str, Any]:
    """A Google error body; `details` are `google.rpc` messages."""
    error: dict[str, Any] = {"code": status, "message": message, "status": STATUSES.get(status, "UNKNOWN")}
    return {"error": error | ({"details": list(details)} if details else {})}


def retry_info(delay: str) -> dict[str, Any]:
    """The `google.rpc.RetryInfo` that comes with a 429."""
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def bad_key() -> dict[str, Any]:
    """What Google answers to a wrong key: a 400."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    return status_error(400, "API key not valid. Please pass a valid API key.", info)


def _models(wire: Wire) -> web.RouteTableDef:
    routes = web.RouteTableDef()

    @routes.get("/v1beta/models/{model}")
    async def model(request: web.Request) -> web.Response:
        name = request.match_info["model"]
        if request.headers.get("x-goog-api-key") == "wrong":
            return web.json_response(bad_key(), status=400)
        if wire.models and name not in wire.models:
            return web.json_response(status_error(404, f"models/{name} is not found."), status=404)
        return web.json_response({"name": f"models/{name}", "version": "001", "displayName": name})

    return routes


class GeminiDialect(Dialect):
    """POST /v1beta/models/{model}:streamGenerateContent and :generateContent."""

    def owns(self, path: str) -> bool:
        return path.startswith("/v1beta/models/") and path.endswith((":streamGenerateContent", ":generateContent"))

    def read(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any] | None, str, bool]:
        said = next((c for c in reversed(body.get("contents", [])) if c.get("role", "user") == "user"), {})
        text = "".join(part.get("text", "") for part in said.get("parts", []))
        config = body.get("generationConfig", {})
        return config.get("responseJsonSchema"), text, path.endswith(":streamGenerateContent")

    def begin(self, call: Call) -> Words:
        return _Gemini(call)

    def complaint(self, call: Call) -> dict[str, Any] | None:
        if int(call.headers.get("Content-Length", 0)) > INLINE_BYTES:
            return status_error(400, "Request payload size exceeds the limit: 20971520 bytes.")
        for content in call.body.get("contents", []):
            for part in content.get("parts", []):
                if (inline := part.get("inlineData")) is not None and not _sound(inline):
                    return status_error(
                        400, f"Unsupported MIME type: {inline.get('mimeType') or inline.get('mime_type')}"
                    )
        return None

    def error_body(self, status: int, fault: Fault | None) -> dict[str, Any]:
        if fault is Fault.NO_QUOTA:
            info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "INSUFFICIENT_QUOTA"}
            return status_error(status, "Your prepaid credits are used up.", info)
        return status_error(status)


def _sound(inline: dict[str, Any]) -> bool:
    try:
        # Google's JSON takes both ways to write a name and both alphabets of Base64; its SDK sends the rarer ones.
        kind = inline.get("mimeType") or inline.get("mime_type")
        return bool(base64.urlsafe_b64decode(inline["data"])) and kind in HEARD
    except binascii.Error:
        return False


class _Gemini(Words):
    def __init__(self, call: Call) -> None:
        self._model = call.path.rpartition("/")[2].partition(":")[0]
        self._tokens = 0

    def _usage(self) -> dict[str, Any]:
        return {
            "promptTokenCount": 1200,
            "cachedContentTokenCount": 1024,
            "candidatesTokenCount": self._tokens,
            "thoughtsTokenCount": 64,
            "totalTokenCount": 1264 + self._tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1200}],
        }

    def _chunk(self, parts: list[dict[str, Any]] | None, finish: str | None = None) -> dict[str, Any]:
        candidate: dict[str, Any] = {"index": 0}
        if parts is not None:
            candidate["content"] = {"parts": parts, "role": "model"}
        if finish:
            candidate["finishReason"] = finish
        return self._around([candidate])

    def _around(self, candidates: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
        head = {"candidates": candidates} if candidates else {}
        tail = {"usageMetadata": self._usage(), "modelVersion": self._model, "responseId": "mAVWabcdEfGhIjKl"}
        return head | fields | tail

    def opening(self) -> bytes:
        return event(self._chunk([{"text": "**Thinking about it**", "thought": True}]))

    def delta(self, text: str) -> bytes:
        self._tokens += max(1, len(text) // 4)
        return event(self._chunk([{"text": text}]))

    def ending(self, text: str) -> bytes:
        return event(self._chunk([{"text": ""}], "STOP"))

    def fault(self, fault: Fault, text: str) -> bytes:
        match fault:
            case Fault.INCOMPLETE:
                return event(self._chunk(None, "MAX_TOKENS"))
            case Fault.CONTENT_FILTER | Fault.REFUSAL:
                return event(self._chunk(None, "SAFETY"))
            case Fault.PROMPT_BLOCK:
                return event(self._around([], promptFeedback={"blockReason": "PROHIBITED_CONTENT"}))
            case Fault.FAILED:
                return event(self._chunk(None, "OTHER"))
            case _:
                return event(status_error(500))

    def whole(self, text: str) -> dict[str, Any]:
        self._tokens = len(text) // 4
        return self._chunk([{"text": text}], "STOP")
