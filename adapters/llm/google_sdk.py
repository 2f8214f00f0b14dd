"""Google's SDK as an encoder, and our own reading of what comes back.

The SDK's stream costs 200 µs of CPU per event, dies of SSE comments, and does not close its connection when it is left.
So the SDK builds the request (its types, its headers, its address rules) and a request hook takes it away just before
it is sent; then the same client sends it for us, and the body is read as bytes. A hook is the documented place to look
at a request and to stop it, so this needs no private name of the SDK. Requests without a stream, such as looking a
model up, go the SDK's own way.

The transport is always httpx2: left to itself the SDK takes aiohttp where it is installed, with other timeouts and a
hidden retry.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing, asynccontextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from adapters.llm.failures import retry_after_s
from adapters.llm.gemini_events import body_failure
from engine.errors import Failed, Garbled, Misconfigured, ModelError, Unreachable
from engine.ports import Source

if TYPE_CHECKING:
    import httpx2
    from google.genai import Client
    from google.genai.types import Content, GenerateContentConfig

API_VERSION = "v1beta"
CONNECT_S = 10.0
OURS = "rehearse.sent_by_us"
STREAM_PATH = ":streamGenerateContent"


class _Encoded(Exception):
    """Carries a finished request out of the SDK."""

    def __init__(self, request: httpx2.Request) -> None:
        self.request = request
        super().__init__("the request was taken over")


async def _take_over(request: httpx2.Request) -> None:
    if STREAM_PATH in request.url.path and OURS not in request.extensions:
        raise _Encoded(request)


class _Models(Protocol):
    """What we use of the SDK's models. Its own signatures name types of libraries that are not installed."""

    def generate_content_stream(
        self, *, model: str, contents: list[Content], config: GenerateContentConfig
    ) -> Awaitable[AsyncIterator[object]]: ...

    def get(self, *, model: str) -> Awaitable[object]: ...


class GoogleConnection:
    """The clients one provider shares among all its calls: the SDK's, and the HTTP client under it."""

    def __init__(
        self, *, api_key: str, base_url: str | None, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._transport = transport
        self._clients: tuple[Client, httpx2.AsyncClient] | None = None
        self._making = Lock()

    def clients(self) -> tuple[Client, httpx2.AsyncClient]:
        """The clients, made at first use: 70 ms once the SDK is imported. May be called from a thread."""
        with self._making:  # warming up, in a thread, and the first answer may come at once
            if self._clients is None:
                import httpx2
                from google import genai
                from google.genai import types

                http = httpx2.AsyncClient(
                    transport=self._transport,
                    timeout=httpx2.Timeout(None, connect=CONNECT_S),
                    limits=httpx2.Limits(max_connections=1000, max_keepalive_connections=100),
                    event_hooks={"request": [_take_over]},
                    follow_redirects=True,
                )
                options = types.HttpOptions(
                    base_url=self._base_url,
                    api_version=API_VERSION,
                    retry_options=types.HttpRetryOptions(attempts=1),
                    httpx_async_client=http,
                )
                self._clients = genai.Client(api_key=self._api_key, enterprise=False, http_options=options), http
            return self._clients

    async def encoded(
        self, model: str, contents: list[Content], config: GenerateContentConfig, source: Source
    ) -> httpx2.Request:
        """The request the SDK would send. Raises `ModelError`."""
        import httpx2

        client, _ = self.clients()
        try:
            models = cast("_Models", client.aio.models)
            stream = await models.generate_content_stream(model=model, contents=contents, config=config)
            async for _ in stream:
                break
        except _Encoded as encoded:
            request = encoded.request
            timeout = httpx2.Timeout(None, connect=CONNECT_S)
            request.extensions = {**request.extensions, OURS: True, "timeout": timeout.as_dict()}
            return request
        except (ValueError, TypeError) as error:
            raise Misconfigured(source.provider, source.model, f"the SDK cannot encode it: {error}"[:300]) from error
        raise Failed(source.provider, source.model, "the SDK sent the request in another way than expected")

    @asynccontextmanager
    async def sent(self, request: httpx2.Request, source: Source) -> AsyncGenerator[httpx2.Response]:
        """Send an encoded request; its response is open until the end of the block. Raises `ModelError` on entering."""
        import httpx2

        _, http = self.clients()
        try:
            response = await http.send(request, stream=True)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise mapped(error, source) from error
        try:
            if response.status_code != 200:
                raise await _refused(response, source)
            yield response
        finally:
            await response.aclose()

    async def look_up(self, model: str, source: Source) -> None:
        """Ask Google about a model. Raises `ModelError` where it cannot be used."""
        import httpx2
        from google.genai import errors

        client, _ = self.clients()
        try:
            await cast("_Models", client.aio.models).get(model=model)
        except errors.APIError as error:
            said = json.dumps(cast("object", error.details))  # whatever JSON the server sent
            raise body_failure(said.encode(), source, error.code) or mapped(error, source) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            raise mapped(error, source) from error

    async def aclose(self) -> None:
        """Close all connections. The next call opens new ones."""
        clients, self._clients = self._clients, None
        if clients is not None:
            client, http = clients
            await client.aio.aclose()
            await http.aclose()


async def body(response: httpx2.Response, source: Source) -> AsyncGenerator[bytes]:
    """The bytes of the body as they come, decompressed. Raises `ModelError`."""
    import httpx2

    reads: AsyncIterator[bytes] = response.aiter_bytes()
    try:
        async for read in reads:
            yield read
    except (httpx2.HTTPError, OSError) as error:
        raise mapped(error, source) from error


def mapped(error: Exception, source: Source) -> ModelError:
    """The transport's exception as one of ours."""
    import httpx2

    provider, model = source.provider, source.model
    match error:
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            return Misconfigured(provider, model, f"the address cannot be used: {error}")
        case httpx2.DecodingError():
            return Garbled(provider, model, str(error))
        case _:
            return Unreachable(provider, model, f"{type(error).__name__}: {error}"[:300])


async def _refused(response: httpx2.Response, source: Source) -> ModelError:
    async with aclosing(body(response, source)) as reads:
        page = bytearray()
        async for read in reads:
            page += read
            if len(page) > 64_000:
                break
    delay = retry_after_s(response.headers)
    error = body_failure(bytes(page), source, response.status_code, delay)
    assert error is not None  # there is a status
    return error
