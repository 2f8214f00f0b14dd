"""OpenAI's audio transcriptions.

The API tells a recording's kind by its file name, so the name is made from the bytes. A language it does not know is
left out and the recording sent once more. The answer is read as bytes, like every other answer of ours.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from pydantic import BaseModel, ValidationError

from adapters.llm.capabilities import table
from adapters.llm.openai_sdk import Connection, body, entered
from adapters.llm.speech.hearing import (
    DEADLINE_S,
    Upload,
    language_code,
    refused,
    transcript,
    upload,
    within,
)
from adapters.sounds import FLAC, M4A, MP3, OGG, WAV, WEBM
from engine.errors import Garbled, Rejected
from engine.ports import Recording, Source, Transcript

TAKES = (FLAC, M4A, MP3, OGG, WAV, WEBM)
LIMIT_BYTES = 25_000_000
"""The "Speech to text" guide: 25 MB, and these kinds of file."""

PAGE_BYTES = 1_000_000
"""More than this is no transcript."""


class _Answer(BaseModel):
    text: str


class OpenAITranscriber:
    """One transcribing model of OpenAI. The connection stays its maker's to close."""

    def __init__(
        self, connection: Connection, *, model: str | None = None, name: str = "openai", deadline_s: float = DEADLINE_S
    ) -> None:
        self._connection = connection
        self._source = Source(name, model or table().defaults.openai_speech)
        self._deadline_s = deadline_s

    async def transcribe(self, recording: Recording, *, language: str = "") -> Transcript:
        sent = upload(recording, TAKES, LIMIT_BYTES, self._source)
        heard = self._heard(sent, language_code(language))
        return transcript(await within(self._deadline_s, heard, self._source), self._source)

    async def _heard(self, sent: Upload, language: str) -> str:
        try:
            return await self._asked(sent, language)
        except Rejected as rejected:
            if not language or "language" not in (rejected.param or rejected.detail).lower():
                raise refused(rejected) from rejected
        return await self._heard(sent, "")

    async def _asked(self, sent: Upload, language: str) -> str:
        from openai import omit

        source = self._source
        call = self._connection.client().audio.transcriptions.with_streaming_response.create(
            file=(sent.name, sent.content, sent.media_type),
            model=source.model,
            response_format="json",
            language=language or omit,
        )
        page = bytearray()
        async with AsyncExitStack() as stack:
            async for read in body(await entered(stack, call, source), source):
                page += read
                if len(page) > PAGE_BYTES:
                    raise Garbled(source.provider, source.model, f"a transcript of over {PAGE_BYTES} bytes")
        try:
            return _Answer.model_validate_json(page).text
        except ValidationError:  # its text would carry the speaker's words into the log
            raise Garbled(source.provider, source.model, "not a transcript") from None
