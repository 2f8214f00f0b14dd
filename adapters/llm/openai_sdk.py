"""What the two OpenAI protocols share: one client, an open stream of bytes, and the SDK's errors as ours.

The SDK encodes and sends the request; the body is read as bytes, because its typed events cost five times the CPU
of everything else in a stream. The SDK is imported when the client is first needed, so that a process without OpenAI
never pays for it; `warm_up` does that in a thread.

Transport: aiohttp under the SDK's client, half the CPU per event of httpx2. It reports a dropped connection as a
timeout, which does us no harm: every wait of ours has its own deadline, so whatever it calls a timeout is a broken
connection.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from adapters.llm.failures import Complaint, failure, retry_after_s
from engine.errors import Garbled, Misconfigured, ModelError, Unreachable
from engine.ports import Source

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncAPIResponse, AsyncOpenAI

CONNECT_S = 10.0

R = TypeVar("R")


class Connection:
    """The client one provider shares among all its calls. An empty key is for servers that want none."""

    def __init__(
        self, *, api_key: str, base_url: str | None, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._transport = transport
        self._client: AsyncOpenAI | None = None
        self._making = Lock()

    def client(self) -> AsyncOpenAI:
        """The client, made at first use: 20 ms once the SDK is imported. May be called from a thread."""
        with self._making:  # warming up, in a thread, and the first answer may come at once
            if self._client is None:
                import httpx2
                from openai import AsyncOpenAI, DefaultAioHttpClient

                # Reading has no timeout here: keep-alive comments would reset it. The deadlines are `reading.Watch`'s.
                timeout = httpx2.Timeout(None, connect=CONNECT_S)
                self._client = AsyncOpenAI(
                    api_key=self._api_key or "none",
                    base_url=self._base_url,
                    max_retries=0,
                    timeout=timeout,
                    http_client=DefaultAioHttpClient(timeout=timeout)
                    if self._transport is None
                    else httpx2.AsyncClient(transport=self._transport),
                )
            return self._client

    async def aclose(self) -> None:
        """Close all connections. The next call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


async def entered(
    stack: AsyncExitStack, call: AbstractAsyncContextManager[AsyncAPIResponse[R]], source: Source
) -> AsyncAPIResponse[R]:
    """Send the request and wait for the headers; the stack closes the response. Raises `ModelError`."""
    try:
        return await stack.enter_async_context(call)
    except Exception as error:
        raise mapped(error, source) from error


async def body(response: AsyncAPIResponse[R], source: Source) -> AsyncGenerator[bytes]:
    """The bytes of the body as they come, decompressed. Raises `ModelError`."""
    async with aclosing(response.http_response.aiter_bytes()) as reads:
        try:
            async for read in reads:
                yield read
        except Exception as error:
            raise mapped(error, source) from error


def mapped(error: Exception, source: Source) -> ModelError:
    """The SDK's or the transport's exception as one of ours; an exception that is neither is raised as it is."""
    import aiohttp
    import httpx2
    import openai

    provider, model = source.provider, source.model
    cause = error.__cause__ or error
    match error:
        case openai.APIStatusError():
            complaint = Complaint(
                status=error.status_code,
                words=(str(error.code or ""), str(error.type or "")),
                # The SDK finds the message where OpenAI puts it; other servers put theirs elsewhere.
                message=error.message if error.type or error.code else error.response.text[:1000],
                param=error.param,
                retry_after_s=retry_after_s(error.response.headers),
            )
            return failure(complaint, provider, model)
        case httpx2.DecodingError():
            return Garbled(provider, model, str(error))
        case _ if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.InvalidURL | UnicodeError):
            return Misconfigured(provider, model, f"the address or the key cannot be used: {cause}")
        case openai.APIConnectionError() | httpx2.HTTPError() | aiohttp.ClientError() | OSError():
            return Unreachable(provider, model, f"{type(cause).__name__}: {cause}"[:300])
        case openai.OpenAIError():
            return Misconfigured(provider, model, str(error)[:300])
        case _:
            raise error
