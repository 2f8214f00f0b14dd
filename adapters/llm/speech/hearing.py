"""What all transcribers share: a recording made ready to send, a deadline, and words made fit to be an answer.

The sentences for the person stand here too, so that every model says the same. How a recording is sent and what comes
back is left to each model's file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from typing import TypeVar

from adapters.sounds import Sound, labelled, sound
from engine.errors import Rejected, TimedOut, Unheard
from engine.feedback.visible import visible
from engine.ports import Recording, Source, Transcript

DEADLINE_S = 90.0
"""For one recording, sending included: 25 MB over a slow line take most of it, ten minutes of speech a few seconds."""

TRANSCRIPT_CHARS = 40_000
"""Four times what anybody says in ten minutes."""

TOO_LARGE = "That recording is too large: I can take {megabytes} MB. Please send a shorter one, or type your answer."
NOT_SOUND = "I could not play that recording. Please record it again, or type your answer."
SILENT = (
    "I could not hear any words in that recording. Please check your microphone and try again, or type your answer."
)
TOO_LONG = "There is more in that recording than I can take in. Please keep it under ten minutes, or type your answer."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upload:
    """A recording as a model is sent it. The name is ours: the sender's says nothing that a model needs."""

    name: str
    media_type: str
    content: bytes


def upload(recording: Recording, takes: Collection[Sound], limit_bytes: int, source: Source) -> Upload:
    """The recording under a name and type that are true. Raises `Unheard` where this model cannot take it."""
    if len(recording.content) > limit_bytes:
        said = TOO_LARGE.format(megabytes=limit_bytes // 1_000_000)
        detail = f"{len(recording.content)} bytes"
        raise Unheard(source.provider, source.model, detail, hint=said, elsewhere=True)
    kind = sound(recording.content) or labelled(recording.name, recording.media_type)
    if kind is None or not recording.content:
        raise Unheard(source.provider, source.model, "not a recording", hint=NOT_SOUND)
    if kind not in takes:
        raise Unheard(source.provider, source.model, f"does not take {kind.ending}", hint=NOT_SOUND, elsewhere=True)
    return Upload(f"answer.{kind.ending}", kind.media_type, recording.content)


def transcript(text: str, source: Source) -> Transcript:
    """A model's words as a transcript. Raises `Unheard` where there are none, or more than anybody can say."""
    said = visible(text).strip()
    if not any(char.isalnum() for char in said):
        raise Unheard(source.provider, source.model, "no words", hint=SILENT)
    if len(said) > TRANSCRIPT_CHARS:
        raise Unheard(source.provider, source.model, f"{len(said)} characters", hint=TOO_LONG)
    return Transcript(said, source)


def refused(rejected: Rejected) -> Unheard:
    """What a server's complaint about the request means here: the recording is no good to this model."""
    return Unheard(rejected.provider, rejected.model, rejected.detail, hint=NOT_SOUND, elsewhere=True)


async def within(deadline_s: float, answer: Awaitable[T], source: Source) -> T:
    """Await for so long at most. Raises `TimedOut`."""
    limit = asyncio.timeout(deadline_s)
    try:
        async with limit:
            return await answer
    except TimeoutError as error:
        if limit.expired():
            raise TimedOut(source.provider, source.model, stage="total") from error
        raise


def language_code(language: str) -> str:
    """The language without its country (ISO 639): `pt` of `pt-BR`; "" for what is no code."""
    code = language.replace("_", "-").partition("-")[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else ""
