"""OpenAI: Responses, Chat Completions, transcriptions and models, as OpenAI and compatible servers speak them."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web

from tests.wire.faults import Fault
from tests.wire.server import Call, Dialect, Wire, Words, event, serve

ERRORS: dict[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "This request is wrong."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", "unsupported_country_region_territory", "Country not supported."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    422: ("invalid_request_error", None, "Unprocessable."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached."),
}

STARTS = {
    "flac": (b"fLaC",),
    "m4a": (b"ftyp",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3"),
    "mp4": (b"ftyp",),
    "mpeg": (b"ID3", b"\xff\xfb"),
    "mpga": (b"ID3", b"\xff\xfb"),
    "oga": (b"OggS",),
    "ogg": (b"OggS",),
    "wav": (b"RIFF",),
    "webm": (b"\x1a\x45\xdf\xa3",),
}
"""The endings OpenAI takes, and what a file of that kind begins with (an MP4 box says its size first)."""
LANGUAGES = frozenset(("ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "uk", "zh"))


def openai_server(port: int = 0) -> AbstractAsyncContextManager[Wire]:
    """A running server; its API is under `{base_url}/v1`."""
    return serve((ResponsesDialect(), ChatDialect(), TranscriptionsDialect()), models=_models, port=port)


def _models(wire: Wire) -> web.RouteTableDef:
    routes = web.RouteTableDef()

    @routes.get("/v1/models/{model}")
    async def model(request: web.Request) -> web.Response:
        name = request.match_info["model"]
        if request.headers.get("Authorization") == "Bearer wrong":
            return web.json_response(_error(401, None), status=401)
        if wire.models and name not in wire.models:
            return web.json_response(_error(404, None), status=404)
        known = {"id": name, "object": "model", "created": 1, "owned_by": "wire"}
        return web.json_response(known | {"shutdown_date": wire.models.get(name)})

    @routes.get("/v1/models")
    async def models(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") == "Bearer wrong":
            return web.json_response(_error(401, None), status=401)
        if not wire.models:
            return web.json_response(_error(404, None), status=404)
        known = [{"id": name, "object": "model", "created": 1, "owned_by": "wire"} for name in wire.models]
        return web.json_response({"object": "list", "data": known})

    return routes


def _error(status: int, fault: Fault | None) -> dict[str, Any]:
    kind, code, message = ERRORS.get(status, ("server_error", None, "The server had an error."))
    if fault is Fault.NO_QUOTA:
        kind, code, message = "insufficient_quota", "insufficient_quota", "You exceeded your current quota."
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _said(messages: list[dict[str, Any]]) -> str:
    content = next((m["content"] for m in reversed(messages) if m.get("role") == "user"), "")
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class ResponsesDialect(Dialect):
    """POST /v1/responses."""

    def owns(self, path: str) -> bool:
        return path.endswith("/responses")

    def read(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any] | None, str, bool]:
        given = body.get("input", "")
        shape = body.get("text", {}).get("format", {})
        return shape.get("schema"), given if isinstance(given, str) else _said(given), body.get("stream", False)

    def begin(self, call: Call) -> Words:
        return _Responses(call)

    def error_body(self, status: int, fault: Fault | None) -> dict[str, Any]:
        return _error(status, fault)


class _Responses(Words):
    def __init__(self, call: Call) -> None:
        self._number = 0
        self._obfuscated = call.body.get("stream_options", {}).get("include_obfuscation", True)
        self._item = "msg_0a8f1d27c8e64f6cb0b1f6a3d2c4e5f60718293a4b5c6d7e"
        self._response: dict[str, Any] = {
            "id": "resp_0a8f1d27c8e64f6cb0b1f6a3d2c4e5f60718293a4b5c6d7e",
            "object": "response",
            "created_at": 1764000000,
            "status": "in_progress",
            "error": None,
            "incomplete_details": None,
            "model": call.body.get("model", ""),
            "output": [],
            "parallel_tool_calls": True,
            "store": False,
            "tool_choice": "auto",
            "tools": [],
            "usage": None,
        }

    def _event(self, name: str, **fields: Any) -> bytes:
        self._number += 1
        return event({"type": name, "sequence_number": self._number, **fields}, name)

    def _at(self) -> dict[str, Any]:
        return {"item_id": self._item, "output_index": 1, "content_index": 0}

    def opening(self) -> bytes:
        reasoning = {"id": "rs_1", "type": "reasoning", "summary": []}
        message = {"id": self._item, "type": "message", "status": "in_progress", "role": "assistant", "content": []}
        part = {"type": "output_text", "text": "", "annotations": []}
        return b"".join(
            (
                self._event("response.created", response=self._response),
                self._event("response.in_progress", response=self._response),
                self._event("response.output_item.added", output_index=0, item=reasoning),
                self._event("response.reasoning_summary_text.delta", item_id="rs_1", delta="Thinking about it."),
                self._event("response.output_item.done", output_index=0, item=reasoning),
                *self._remark(),
                self._event("response.output_item.added", output_index=1, item=message),
                self._event("response.content_part.added", **self._at(), part=part),
            )
        )

    def _remark(self) -> list[bytes]:
        at = {"item_id": "msg_aside", "output_index": 2, "content_index": 0}
        item = {"id": "msg_aside", "type": "message", "role": "assistant", "phase": "commentary", "content": []}
        return [
            self._event("response.output_item.added", output_index=2, item=item),
            self._event("response.output_text.delta", **at, delta="Let me look at this.", logprobs=[]),
        ]

    def delta(self, text: str) -> bytes:
        padding = {"obfuscation": "Xf3kPq9"} if self._obfuscated else {}
        return self._event("response.output_text.delta", **self._at(), delta=text, logprobs=[], **padding)

    def ending(self, text: str) -> bytes:
        part = {"type": "output_text", "text": text, "annotations": []}
        done = self._event("response.output_text.done", **self._at(), text=text, logprobs=[])
        return done + self._event("response.content_part.done", **self._at(), part=part) + self._end("completed", part)

    def _end(self, status: str, part: dict[str, Any], **fields: Any) -> bytes:
        item = {"id": self._item, "type": "message", "status": status, "role": "assistant", "content": [part]}
        usage = {
            "input_tokens": 1200,
            "input_tokens_details": {"cached_tokens": 1024, "cache_write_tokens": 0},
            "output_tokens": 300,
            "output_tokens_details": {"reasoning_tokens": 64},
            "total_tokens": 1500,
        }
        response = self._response | {"status": status, "output": [item], "usage": usage} | fields
        item_done = self._event("response.output_item.done", output_index=1, item=item)
        return item_done + self._event(f"response.{status}", response=response)

    def fault(self, fault: Fault, text: str) -> bytes:
        part = {"type": "output_text", "text": text, "annotations": []}
        match fault:
            case Fault.ERROR:
                return self._event("error", code="server_error", message="The server had an error.", param=None)
            case Fault.ERROR_NESTED:
                return event({"error": {"code": "server_error", "type": "server_error", "message": "Sorry."}}, "error")
            case Fault.INCOMPLETE:
                return self._end("incomplete", part, incomplete_details={"reason": "max_output_tokens"})
            case Fault.CONTENT_FILTER | Fault.PROMPT_BLOCK:
                return self._end("incomplete", part, incomplete_details={"reason": "content_filter"})
            case Fault.REFUSAL:
                sorry = "I can't help with that."
                return (
                    self._event("response.refusal.delta", **self._at(), delta=sorry)
                    + self._event("response.refusal.done", **self._at(), refusal=sorry)
                    + self._end("completed", {"type": "refusal", "refusal": sorry})
                )
            case _:
                return self._end("failed", part, error={"code": "server_error", "message": "It failed."})

    def whole(self, text: str) -> dict[str, Any]:
        part = {"type": "output_text", "text": text, "annotations": []}
        item = {"id": self._item, "type": "message", "status": "completed", "role": "assistant", "content": [part]}
        usage = {"input_tokens": 1200, "output_tokens": 300, "total_tokens": 1500}
        return self._response | {"status": "completed", "output": [item], "usage": usage}


class ChatDialect(Dialect):
    """POST /v1/chat/completions. `refuses` names request fields this server answers with a 400, as local ones do."""

    def __init__(self, refuses: tuple[str, ...] = ()) -> None:
        self.refuses = refuses

    def owns(self, path: str) -> bool:
        return path.endswith("/chat/completions")

    def read(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any] | None, str, bool]:
        shape = body.get("response_format", {}).get("json_schema", {})
        return shape.get("schema"), _said(body.get("messages", [])), body.get("stream", False)

    def begin(self, call: Call) -> Words:
        return _Chat(call)

    def error_body(self, status: int, fault: Fault | None) -> dict[str, Any]:
        return _error(status, fault)


class _Chat(Words):
    def __init__(self, call: Call) -> None:
        self._model = call.body.get("model", "")
        self._usage_wanted = call.body.get("stream_options", {}).get("include_usage", False)

    def _chunk(self, delta: dict[str, Any] | None, finish: str | None = None, **fields: Any) -> bytes:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        head = {"id": "chatcmpl-Bq1", "object": "chat.completion.chunk", "created": 1764000000, "model": self._model}
        return event(head | {"choices": choices} | fields)

    def _end(self, finish: str) -> bytes:
        usage = {
            "prompt_tokens": 1200,
            "completion_tokens": 300,
            "total_tokens": 1500,
            "prompt_tokens_details": {"cached_tokens": 1024},
            "completion_tokens_details": {"reasoning_tokens": 64},
        }
        counts = self._chunk(None, usage=usage) if self._usage_wanted else b""
        return self._chunk({}, finish) + counts + b"data: [DONE]\n\n"

    def opening(self) -> bytes:
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def delta(self, text: str) -> bytes:
        return self._chunk({"content": text})

    def ending(self, text: str) -> bytes:
        return self._end("stop")

    def fault(self, fault: Fault, text: str) -> bytes:
        match fault:
            case Fault.INCOMPLETE:
                return self._end("length")
            case Fault.CONTENT_FILTER | Fault.PROMPT_BLOCK:
                return self._end("content_filter")
            case Fault.REFUSAL:
                return self._chunk({"refusal": "I can't help with that."}) + self._end("stop")
            case Fault.ERROR:
                return event({"type": "error", "code": "server_error", "message": "Sorry."}, "error")
            case _:
                return event({"error": {"type": "server_error", "code": 500, "message": "Sorry."}})

    def whole(self, text: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500}
        head = {"id": "chatcmpl-Bq1", "object": "chat.completion", "created": 1764000000, "model": self._model}
        return head | {"choices": [choice], "usage": usage}


class TranscriptionsDialect(Dialect):
    """POST /v1/audio/transcriptions. The file's name says what it is; a name that lies is refused as by OpenAI."""

    def owns(self, path: str) -> bool:
        return path.endswith("/audio/transcriptions")

    def read(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any] | None, str, bool]:
        return None, "", False

    def begin(self, call: Call) -> Words:
        return _Transcription()

    def complaint(self, call: Call) -> dict[str, Any] | None:
        file = call.body.get("file")
        if not isinstance(file, dict):
            return _refused("file", None, "you must provide a file")
        ending = file["name"].rpartition(".")[2]
        head = file["content"][:12]
        if not (head.startswith(STARTS.get(ending, ())) or head[4:].startswith(STARTS.get(ending, ()))):
            return _refused("file", "unsupported_value", f"Unsupported file format {ending}")
        language = call.body.get("language")
        if language is not None and language not in LANGUAGES:
            return _refused("language", "invalid_language_format", f"Invalid language '{language}'.")
        return None

    def error_body(self, status: int, fault: Fault | None) -> dict[str, Any]:
        return _error(status, fault)


def _refused(param: str, code: str | None, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


class _Transcription(Words):
    """The one JSON object there is, in pieces, so that it can be cut anywhere."""

    def opening(self) -> bytes:
        return b'{"text":"'

    def delta(self, text: str) -> bytes:
        return json.dumps(text)[1:-1].encode()

    def ending(self, text: str) -> bytes:
        return b'","languages":[{"code":"en"}],"usage":{"type":"duration","seconds":12.4}}'

    def fault(self, fault: Fault, text: str) -> bytes:
        return b""

    def whole(self, text: str) -> dict[str, Any]:
        return {"text": text, "languages": [{"code": "en"}], "usage": {"type": "duration", "seconds": 12.4}}
