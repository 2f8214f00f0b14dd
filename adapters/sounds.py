"""What kind of recording some bytes are, and how long it lasts: read from its first and last bytes, never decoded.

Chat platforms mislabel recordings (a voice clip as video, Ogg as anything), so the bytes are believed first and labels
only where they say nothing. A length is only as honest as the file that states it. What to do about a kind or a length
is left to whoever downloads a recording or sends it on.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sound:
    """A container: the file name's ending it is known by, and its media type."""

    ending: str
    media_type: str


M4A = Sound("m4a", "audio/mp4")
WEBM = Sound("webm", "audio/webm")
OGG = Sound("ogg", "audio/ogg")
WAV = Sound("wav", "audio/wav")
MP3 = Sound("mp3", "audio/mpeg")
FLAC = Sound("flac", "audio/flac")
AAC = Sound("aac", "audio/aac")
AIFF = Sound("aiff", "audio/aiff")

LABELS = {
    **dict.fromkeys(("m4a", "mp4", "x-m4a", "m4b", "quicktime", "mov"), M4A),
    **dict.fromkeys(("webm", "weba"), WEBM),
    **dict.fromkeys(("ogg", "oga", "opus", "x-ogg"), OGG),
    **dict.fromkeys(("wav", "x-wav", "wave", "vnd.wave"), WAV),
    **dict.fromkeys(("mp3", "mpeg", "mpga", "x-mp3"), MP3),
    **dict.fromkeys(("flac", "x-flac"), FLAC),
    **dict.fromkeys(("aac", "x-aac", "aacp"), AAC),
    **dict.fromkeys(("aiff", "aif", "x-aiff"), AIFF),
}
"""Endings of file names, and the second halves of media types."""

OPUS_RATE = 48_000
"""Ogg counts Opus in samples of this rate, whatever was recorded (RFC 7845)."""


def sound(content: bytes) -> Sound | None:
    """What the bytes are; `None` where they are no recording we know."""
    head = content[:12]
    if head[4:8] == b"ftyp":
        return M4A
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"FORM") and head[8:11] == b"AIF":
        return AIFF
    for start, kind in ((b"\x1a\x45\xdf\xa3", WEBM), (b"OggS", OGG), (b"fLaC", FLAC), (b"ID3", MP3)):
        if head.startswith(start):
            return kind
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # Of the two codecs that begin like this, AAC says "layer 0".
        return MP3 if head[1] & 0x06 else AAC
    return None


def labelled(name: str, media_type: str) -> Sound | None:
    """What a file is by its labels, the media type before the name; `None` where they do not say."""
    subtype = media_type.partition(";")[0].strip().lower().rpartition("/")[2]
    return LABELS.get(subtype) or LABELS.get(name.rpartition(".")[2].lower())


def seconds(content: bytes) -> float | None:
    """How long a recording lasts by its own account; `None` where it does not say (WebM, MP3, AAC, streams)."""
    kind = sound(content)
    try:
        if kind is WAV:
            return _wav(content)
        if kind is M4A:
            return _mp4(content)
        if kind is OGG:
            return _ogg(content)
        if kind is FLAC:
            return _flac(content)
    except struct.error:  # cut off in the middle of what would say it
        return None
    return None


def _wav(content: bytes) -> float | None:
    at, bytes_per_s = 12, 0
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        if name == b"fmt ":
            (bytes_per_s,) = struct.unpack_from("<I", content, at + 16)
        if name == b"data":
            # A recorder that streams does not know the size yet and writes a huge one.
            return min(size, len(content) - at - 8) / bytes_per_s if bytes_per_s else None
        at += 8 + size + size % 2
    return None


def _mp4(content: bytes) -> float | None:
    moov = _box(content, b"moov", 0, len(content))
    mvhd = _box(content, b"mvhd", *moov) if moov else None
    if mvhd is None:
        return None
    at = mvhd[0]
    scale, length = (
        struct.unpack_from(">IQ", content, at + 20) if content[at] else struct.unpack_from(">II", content, at + 12)
    )
    return length / scale if scale and length else None  # a fragmented file says 0


def _box(content: bytes, wanted: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Where the inside of the first box of this name lies between two places."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", content, at)
        inside = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            inside = at + 16
        stop = end if size == 0 else at + size
        if stop < inside:
            return None
        if name == wanted:
            return inside, min(stop, end)
        at = stop
    return None


def _ogg(content: bytes) -> float | None:
    last = content.rfind(b"OggS")
    (samples,) = struct.unpack_from("<q", content, last + 6)
    vorbis = content.find(b"\x01vorbis", 0, 256)
    rate = struct.unpack_from("<I", content, vorbis + 12)[0] if vorbis >= 0 else OPUS_RATE
    return samples / rate if rate and samples > 0 else None


def _flac(content: bytes) -> float | None:
    (packed,) = struct.unpack_from(">Q", content, 18)
    rate, samples = packed >> 44, packed & 0xF_FFFF_FFFF
    return samples / rate if rate and samples else None
