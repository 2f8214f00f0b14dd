"""The first transcriber that can: one after the other, until one has written the words down."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from engine.errors import Misconfigured, ModelError, Unheard
from engine.ports import Recording, Transcriber, Transcript

log = logging.getLogger(__name__)


class FirstOf:
    """Transcribers in order. Silence is silence: where one heard no words, no other is asked to find some."""

    def __init__(self, transcribers: Sequence[Transcriber]) -> None:
        if not transcribers:
            raise ValueError("no transcriber")
        self._transcribers = tuple(transcribers)

    async def transcribe(self, recording: Recording, *, language: str = "") -> Transcript:
        failures: list[ModelError] = []
        for transcriber in self._transcribers:
            try:
                return await transcriber.transcribe(recording, language=language)
            except Unheard as unheard:
                if not unheard.elsewhere:
                    raise
                failures.append(unheard)
            except ModelError as error:
                failures.append(error)
            failed = failures[-1]
            who = {"provider": failed.provider, "model": failed.model}
            log.warning("recording not transcribed", extra={**who, "error": str(failed)})
        raise min(failures, key=_use)


def _use(failure: ModelError) -> int:
    """Lowest for what a person should hear of: what passes by waiting, what they can mend, what they cannot."""
    match failure:
        case Misconfigured():
            return 2
        case Unheard():
            return 1
        case _:
            return 0
