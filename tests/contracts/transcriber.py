"""What every `Transcriber` promises, whatever stands behind it.

A test class inherits `TranscriberContract` and overrides the `hearing` fixture: a transcriber, and a way to say what is
in the next recordings it is given. The wire's faults have a suite of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from engine.errors import Unheard
from engine.ports import Transcriber
from tests.kit.recordings import flac, m4a, mp3, ogg, recording, wav, webm

SAID = "So – I would put a cache in front of the database, and measure the hit rate, naïvely said."


@dataclass(frozen=True, slots=True)
class Hearing:
    """`says(text)`: from now on this is what is said in every recording. `hang()`: the next one is never answered."""

    transcriber: Transcriber
    says: Callable[[str], None]
    hang: Callable[[], None]
    left: Callable[[], Any]
    """Waits until the one that was never answered has been given up; whether its connection was closed."""
    begun: Callable[[], Any]
    """Waits until the one that is never answered has arrived."""


class TranscriberContract:
    """The promises. Subclasses bring the transcriber."""

    @pytest.fixture
    def hearing(self) -> Any:
        raise NotImplementedError

    async def test_what_was_said_is_written_down_and_says_by_whom(self, hearing: Hearing) -> None:
        hearing.says(SAID)
        transcript = await hearing.transcriber.transcribe(recording())
        assert transcript.text == SAID
        assert transcript.source.provider
        assert transcript.source.model

    @pytest.mark.parametrize("content", [m4a(), ogg(), wav(0.1), webm(), mp3(), flac()], ids=range(6))
    async def test_a_recording_is_known_by_its_bytes_whatever_it_is_called(
        self, hearing: Hearing, content: bytes
    ) -> None:
        hearing.says(SAID)
        for name, media_type in (("audio_message", "video/mp4"), ("a.ogg", ""), ("../../etc/x.exe", "text/html")):
            transcript = await hearing.transcriber.transcribe(recording(content, name, media_type))
            assert transcript.text == SAID

    @pytest.mark.parametrize("words", ["", "  \n", "…", "\u200b\u2060 . "], ids=range(4))
    async def test_silence_is_said_kindly(self, hearing: Hearing, words: str) -> None:
        hearing.says(words)
        with pytest.raises(Unheard) as caught:
            await hearing.transcriber.transcribe(recording())
        assert "could not hear any words" in caught.value.hint
        assert not caught.value.elsewhere

    async def test_nothing_invisible_comes_through(self, hearing: Hearing) -> None:
        hearing.says("put a\u202e cache\U000e0041 in\x07 front\r\nof it\u200b")
        transcript = await hearing.transcriber.transcribe(recording())
        assert transcript.text == "put a cache in front\nof it"

    async def test_more_than_anybody_says_is_refused(self, hearing: Hearing) -> None:
        hearing.says("and so on " * 5_000)
        with pytest.raises(Unheard, match="characters"):
            await hearing.transcriber.transcribe(recording())

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7 not a sound", b"\x00"], ids=range(3))
    async def test_what_is_no_recording_is_refused(self, hearing: Hearing, content: bytes) -> None:
        with pytest.raises(Unheard) as caught:
            await hearing.transcriber.transcribe(recording(content, "notes.pdf", "application/pdf"))
        assert "type your answer" in caught.value.hint

    async def test_too_large_a_recording_is_refused_with_the_size_that_would_do(self, hearing: Hearing) -> None:
        with pytest.raises(Unheard) as caught:
            await hearing.transcriber.transcribe(recording(m4a() + bytes(25_000_001)))
        assert " MB" in caught.value.hint

    @pytest.mark.parametrize("language", ["en", "pt-BR", "EN_us", "tlh", "no language at all", "\n", "x" * 500])
    async def test_a_language_is_a_hint_and_never_an_error(self, hearing: Hearing, language: str) -> None:
        hearing.says(SAID)
        assert (await hearing.transcriber.transcribe(recording(), language=language)).text == SAID

    async def test_recordings_heard_at_once_do_not_mix(self, hearing: Hearing) -> None:
        hearing.says(SAID)
        heard = await asyncio.gather(*(hearing.transcriber.transcribe(recording()) for _ in range(5)))
        assert [transcript.text for transcript in heard] == [SAID] * 5

    async def test_cancellation_closes_the_connection_at_once(self, hearing: Hearing) -> None:
        hearing.hang()
        task = asyncio.create_task(hearing.transcriber.transcribe(recording()))
        await hearing.begun()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await hearing.left()
