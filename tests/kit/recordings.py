"""Small recordings that are what they say they are: real headers and lengths, around bytes that mean nothing."""

from __future__ import annotations

import struct

from engine.ports import Recording

NOISE = bytes(range(256)) * 4


def m4a(seconds: float = 12, *, fragmented: bool = False, moov_last: bool = False) -> bytes:
    """An MP4 with sound, as Slack records it; fragmented files do not know their length."""
    mvhd = struct.pack(">IIIII", 0, 0, 0, 1000, 0 if fragmented else round(seconds * 1000)) + bytes(80)
    moov, mdat = box(b"moov", box(b"mvhd", mvhd)), box(b"mdat", NOISE)
    return box(b"ftyp", b"M4A \0\0\0\0isom") + (mdat + moov if moov_last else moov + mdat)


def long_m4a(seconds: float) -> bytes:
    """The same with the wider fields of version 1, and a box of the 64-bit kind before them."""
    mvhd = struct.pack(">IQQIQ", 1 << 24, 0, 0, 48_000, round(seconds * 48_000)) + bytes(80)
    wide = struct.pack(">I4sQ", 1, b"free", 16 + len(NOISE)) + NOISE
    return box(b"ftyp", b"isom\0\0\0\0") + wide + box(b"moov", box(b"mvhd", mvhd))


def wav(seconds: float = 12, *, streamed: bool = False) -> bytes:
    """A WAV of 8,000 bytes a second; one that was streamed states the largest size there is."""
    samples = bytes(round(seconds * 8_000))
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 8_000, 1, 8)
    size = 0xFFFF_FFFF if streamed else len(samples)
    return (
        b"RIFF"
        + struct.pack("<I", min(36 + size, 0xFFFF_FFFF))
        + b"WAVE"
        + fmt
        + b"data"
        + struct.pack("<I", size)
        + samples
    )


def ogg(seconds: float = 12, *, codec: bytes = b"OpusHead") -> bytes:
    """An Ogg with Opus, as Discord and Telegram record it, or Vorbis (`b"\\x01vorbis"`)."""
    vorbis = codec == b"\x01vorbis"
    head = codec + (struct.pack("<IBI", 0, 1, 44_100) if vorbis else b"\x01\x01")
    return page(0, head) + page(round(seconds * (44_100 if vorbis else 48_000)), NOISE)


def webm() -> bytes:
    """A WebM, as browsers record it."""
    return b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01" + NOISE


def flac(seconds: float = 12) -> bytes:
    """A FLAC with nothing but its description."""
    described = struct.pack(">HH", 4096, 4096) + bytes(6) + struct.pack(">Q", (44_100 << 44) | round(seconds * 44_100))
    return b"fLaC" + struct.pack(">I", 34) + described + bytes(16)


def mp3() -> bytes:
    """An MP3 with a tag before it."""
    return b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\0" + NOISE


def box(name: bytes, inside: bytes) -> bytes:
    """One MP4 box."""
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def page(granule: int, inside: bytes) -> bytes:
    """One Ogg page."""
    return b"OggS\0\0" + struct.pack("<qIII", granule, 1, 0, 0) + b"\x01\xff" + inside


def recording(
    content: bytes | None = None, name: str = "audio_message.m4a", media_type: str = "audio/mp4"
) -> Recording:
    """A voice clip as Slack sends it."""
    return Recording(name, media_type, m4a() if content is None else content)
