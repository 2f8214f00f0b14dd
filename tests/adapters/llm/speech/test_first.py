"""Several transcribers as one: who is asked, and which failure a person hears of."""

from __future__ import annotations

import pytest

from adapters.llm.speech.first import FirstOf
from engine.errors import Busy, Misconfigured, ModelError, TimedOut, Unheard
from engine.ports import Recording, Source, Transcript
from tests.kit.recordings import recording

SILENT = Unheard("a", "m", hint="I could not hear any words.")
TOO_LARGE = Unheard("a", "m", hint="Too large.", elsewhere=True)
BUSY = Busy("b", "m", retry_after_s=3)
NO_KEY = Misconfigured("c", "m")
LATE = TimedOut("d", "m")


class Saying:
    """Says a word, or fails; remembers what it was asked."""

    def __init__(self, outcome: str | ModelError) -> None:
        self.outcome = outcome
        self.asked: list[str] = []

    async def transcribe(self, recording: Recording, *, language: str = "") -> Transcript:
        self.asked.append(language)
        if isinstance(self.outcome, ModelError):
            raise self.outcome
        return Transcript(self.outcome, Source("saying", "m"))


@pytest.mark.parametrize("failure", [TOO_LARGE, BUSY, NO_KEY, LATE], ids=lambda failure: str(failure))
async def test_the_next_is_asked_when_one_cannot(failure: ModelError) -> None:
    first, second, third = Saying(failure), Saying("words"), Saying("never")
    transcript = await FirstOf((first, second, third)).transcribe(recording(), language="uk")
    assert transcript.text == "words"
    assert (first.asked, second.asked, third.asked) == (["uk"], ["uk"], [])


async def test_nobody_else_is_asked_to_find_words_in_silence() -> None:
    second = Saying("Thank you for watching.")
    with pytest.raises(Unheard) as caught:
        await FirstOf((Saying(SILENT), second)).transcribe(recording())
    assert caught.value is SILENT
    assert second.asked == []


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ((BUSY, TOO_LARGE), BUSY),
        ((TOO_LARGE, BUSY), BUSY),
        ((NO_KEY, TOO_LARGE), TOO_LARGE),
        ((NO_KEY, LATE), LATE),
        ((LATE, BUSY), LATE),
        ((NO_KEY,), NO_KEY),
    ],
)
async def test_a_person_hears_of_what_helps_them_most(failures: tuple[ModelError, ...], told: ModelError) -> None:
    with pytest.raises(ModelError) as caught:
        await FirstOf([Saying(failure) for failure in failures]).transcribe(recording())
    assert caught.value is told


def test_there_is_somebody_to_ask() -> None:
    with pytest.raises(ValueError, match="no transcriber"):
        FirstOf(())
