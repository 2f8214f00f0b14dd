"""What is taken as a part of an answer besides words that are typed: text to read, a recording to listen to.

    a recording of up to 25 MB and 10 minutes   -> Clip
    text of up to 200 kB                        -> Text
    anything else                               -> Refused   with what the person can send instead

Bytes decide what a file is, not its labels. How it is fetched safely is the business of the platform that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.plaintext import plain_text
from adapters.sounds import seconds, sound
from engine.feedback.visible import visible
from engine.ports import Recording

TEXT_BYTES = 200_000
CLIP_BYTES = 25_000_000
CLIP_S = 600.0
UNSAID_CLIP_BYTES = 9_600_000
"""Ten minutes at 128 kbit/s: how large a clip may be that does not say how long it is."""

PASTE = "Please paste the part you mean as a message"
INSTEAD = "I can read plain text and source code, and listen to voice clips."
PICTURE = f"I can't see pictures. {PASTE}, or describe the picture in words. {INSTEAD}"
VIDEO = f"I can't watch videos. Please record an audio clip instead, or type your answer. {INSTEAD}"
PDF = f"I can't read PDFs. {PASTE}, or save it as plain text. {INSTEAD}"
OFFICE = f"I can't read office documents. {PASTE}, or save it as plain text. {INSTEAD}"
ARCHIVE = f"I don't unpack archives. Please send the one file you mean, or paste it as a message. {INSTEAD}"
NOT_TEXT = f"That file is not plain text, whatever it is called. {PASTE}. {INSTEAD}"
EMPTY = "That file is empty. Please send it again, or paste its text as a message."
TEXT_TOO_LARGE = f"That file is too large: I read up to {TEXT_BYTES // 1000} kB of text. {PASTE}."
CLIP_TOO_LARGE = f"That recording is too large: I can take {CLIP_BYTES // 1_000_000} MB. Please send a shorter one."
CLIP_TOO_LONG = f"That recording is too long: I listen for up to {CLIP_S / 60:.0f} minutes. Please send a shorter one."
NOT_SOUND = "I could not play that recording. Please record it again, or type your answer."

KINDS = {
    PDF: "pdf",
    OFFICE: "doc docx dot dotx odt rtf pages xls xlsx xlsm ods numbers ppt pptx odp key gdoc gsheet gpres epub",
    ARCHIVE: "zip gz gzip tgz tar bz2 xz 7z rar jar zst",
}
UNREADABLE = {name: sentence for sentence, names in KINDS.items() for name in names.split()}
"""Endings of names of files that are never fetched."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a text file: 1 to 200,000 characters, none of them invisible."""

    text: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording, and how long it lasts as far as anybody said."""

    recording: Recording
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is nothing, in a sentence for the person."""

    sentence: str


Fetched = Text | Clip | Refused


def unreadable(media_type: str, ending: str) -> str | None:
    """Why a file of this kind is not fetched, as far as its labels say."""
    main = media_type.partition("/")[0]
    if main == "video":
        return VIDEO
    if main == "image":
        return PICTURE
    if media_type == "application/pdf":
        return PDF
    if "officedocument" in media_type or "opendocument" in media_type or "msword" in media_type:
        return OFFICE
    return UNREADABLE.get(ending.lower())


def text_in(content: bytes) -> Fetched:
    """The text that these bytes are."""
    text = plain_text(content)
    if text is None:
        return Refused(NOT_TEXT)
    text = visible(text).strip("\n")
    return Text(text) if text.strip() else Refused(EMPTY)


def clip_in(content: bytes, name: str, media_type: str, *, said_s: float = 0.0, recorded: bool = False) -> Fetched:
    """The recording that these bytes are. `said_s` is how long it is said to last, 0 where nobody said; a `recorded`
    one comes from the platform's own recorder, and an unknown kind of it is for the transcriber to judge.
    """
    if not content:
        return Refused(EMPTY)
    if sound(content) is None and not recorded:
        return Refused(NOT_SOUND)
    length = max(filter(None, (said_s, seconds(content))), default=None)
    if (length is not None and length > CLIP_S + 1) or (length is None and len(content) > UNSAID_CLIP_BYTES):
        return Refused(CLIP_TOO_LONG)
    return Clip(Recording(name, media_type, content), length)
