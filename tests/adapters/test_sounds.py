"""Recordings told by their bytes, and how long they last."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sounds import AAC, AIFF, FLAC, M4A, MP3, OGG, WAV, WEBM, Sound, labelled, seconds, sound
from tests.kit.recordings import box, flac, long_m4a, m4a, mp3, ogg, wav, webm


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (m4a(), M4A),
        (wav(), WAV),
        (ogg(), OGG),
        (webm(), WEBM),
        (flac(), FLAC),
        (mp3(), MP3),
        (b"\xff\xfb\x90\0" * 9, MP3),
        (b"\xff\xf1\x50\x80" * 9, AAC),
        (b"FORM\0\0\0\0AIFF", AIFF),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"%PDF-1.7", None),
        (b"\xff", None),
        (b"", None),
        (b"<html>", None),
    ],
)
def test_a_recording_is_told_by_its_bytes(content: bytes, kind: Sound | None) -> None:
    assert sound(content) is kind


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("audio_message.m4a", "video/mp4", M4A),
        ("x", "audio/webm;codecs=opus", WEBM),
        ("voice-message.OGG", "", OGG),
        ("voice.ogg", "application/octet-stream", OGG),
        ("note.wav", "audio/x-wav", WAV),
        ("m4a", "", M4A),
        ("notes.pdf", "application/pdf", None),
        ("", "", None),
    ],
)
def test_a_label_counts_where_the_bytes_say_nothing(name: str, media_type: str, kind: Sound | None) -> None:
    assert labelled(name, media_type) is kind


@pytest.mark.parametrize(
    "content",
    [
        m4a(61.5),
        m4a(61.5, moov_last=True),
        long_m4a(61.5),
        wav(61.5),
        wav(61.5, streamed=True),
        ogg(61.5),
        ogg(61.5, codec=b"\x01vorbis"),
        flac(61.5),
    ],
    ids=range(8),
)
def test_a_recording_says_how_long_it_is(content: bytes) -> None:
    length = seconds(content)
    assert length is not None
    assert abs(length - 61.5) < 0.01


@pytest.mark.parametrize(
    "content",
    [
        webm(),
        mp3(),
        m4a(fragmented=True),
        ogg(0),
        flac(0),
        wav()[:30],
        m4a()[:40],
        ogg()[:10],
        flac()[:20],
        b"",
        b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0",
        b"RIFF\0\0\0\0WAVEdata\x02\0\0\0xx",
        box(b"ftyp", b"") + struct.pack(">I4s", 3, b"moov"),
        box(b"ftyp", b"") + box(b"moov", b""),
        box(b"ftyp", b"") + box(b"free", b""),
        box(b"ftyp", b"") + struct.pack(">I4s", 1, b"moov"),
    ],
    ids=range(16),
)
def test_a_recording_that_does_not_say_is_no_error(content: bytes) -> None:
    assert seconds(content) is None


@given(st.binary(max_size=400), st.sampled_from([m4a(), wav(0.02), ogg(), flac(), long_m4a(3)]), st.integers(0, 400))
def test_any_bytes_are_looked_at_without_an_error(noise: bytes, content: bytes, at: int) -> None:
    for damaged in (noise, content[:at] + noise + content[at:], content[:12] + noise):
        length = seconds(damaged)
        assert length is None or length > 0 or sound(damaged) is WAV
