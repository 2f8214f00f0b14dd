"""What a file is: text in many encodings, a recording, or neither, told by its labels and then by its bytes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from adapters.files import Clip, Text
from adapters.slack.files import SlackFile, slack_file
from tests.adapters.slack.attachments.conftest import TOKEN, World
from tests.kit.recordings import m4a, mp3, ogg, webm


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain words\r\nand more\n", "plain words\nand more"),
        ("naïve – ünïcödé 缓存".encode(), "naïve – ünïcödé 缓存"),
        ("\ufeffwith a mark".encode(), "with a mark"),
        ("sixteen ä".encode("utf-16"), "sixteen ä"),
        ("\ufeffsixteen ä".encode("utf-16-be"), "sixteen ä"),
        ("thirty-two ä".encode("utf-32"), "thirty-two ä"),
        ("no mark at all".encode("utf-16-le"), "no mark at all"),
        ("no mark at all".encode("utf-16-be"), "no mark at all"),
        ("a na\xefve approach, and then some".encode("latin-1"), "a naïve approach, and then some"),
        ("in\u200bvisi\u202eble\x1b[0m".encode(), "invisible[0m"),
        (b"x" * 200_000, "x" * 200_000),
    ],
    ids=range(11),
)
async def test_text_is_read_in_whatever_encoding(world: World, content: bytes, text: str) -> None:
    world.slack.gives(content, "application/octet-stream")
    assert await world.fetch() == Text(text)
    assert world.slack.tokens == [f"Bearer {TOKEN}"]
    assert world.slack.seen[0].path.endswith("/download/notes.txt")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("main.py", {"mimetype": "text/plain", "filetype": "python"}),
        ("snippet", {"mode": "snippet", "mimetype": "application/octet-stream", "filetype": "binary"}),
        ("README.md", {"mimetype": "text/markdown", "filetype": "markdown"}),
        ("a.json", {"mimetype": "application/json", "filetype": "json"}),
        ("Makefile", {"mimetype": "application/octet-stream", "filetype": "binary"}),
        ("a.csv", {"mimetype": "text/csv", "filetype": "csv"}),
        ("a.toml", {"mimetype": "", "filetype": ""}),
        ("a.html", {"mimetype": "text/html", "filetype": "html"}),
    ],
)
async def test_source_and_data_are_text(world: World, name: str, said: dict[str, Any]) -> None:
    world.slack.gives(b"print('a cache')", "text/plain")
    assert await world.fetch(name=name, **said) == Text("print('a cache')")


@pytest.mark.parametrize("media_type", ["video/mp4", "audio/mp4", "video/webm", "", "application/octet-stream"])
async def test_a_voice_clip_is_told_by_its_subtype(world: World, media_type: str) -> None:
    world.slack.gives(m4a(12), "video/mp4")
    fetched = await world.fetch_clip(mimetype=media_type)
    assert isinstance(fetched, Clip)
    assert fetched.recording.content == m4a(12)
    assert fetched.recording.media_type == media_type
    assert fetched.seconds == 12


async def test_a_clip_of_a_kind_we_do_not_know_is_left_to_who_listens(world: World) -> None:
    world.slack.gives(b"\0\1\2 something new", "video/mp4")
    assert isinstance(await world.fetch_clip(), Clip)


@pytest.mark.parametrize(
    ("content", "media_type", "seconds"),
    [(mp3(), "audio/mpeg", None), (ogg(7), "audio/ogg", 7), (webm(), "audio/webm", None)],
)
async def test_an_audio_file_is_a_clip_too(
    world: World, content: bytes, media_type: str, seconds: float | None
) -> None:
    world.slack.gives(content, media_type)
    fetched = await world.fetch(mimetype=media_type, filetype="x")
    assert isinstance(fetched, Clip)
    assert fetched.seconds == seconds


async def test_a_client_without_a_session_opens_one_of_its_own(world: World) -> None:
    world.slack.gives(b"words")
    client = AsyncWebClient(TOKEN, base_url=f"{world.slack.url}/api/")
    assert await world.files.fetch(client, world.file()) == Text("words")


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"is_external": True}, "outside Slack"),
        ({"mode": "external"}, "outside Slack"),
        ({"external_type": "gdrive"}, "outside Slack"),
        ({"is_external": "yes"}, "outside Slack"),
        ({"mode": "tombstone"}, "no longer there"),
        ({"file_access": "file_not_found"}, "no longer there"),
        ({"mode": "hidden_by_limit"}, "plan's limit"),
        ({"file_access": "check_file_info"}, "another workspace"),
        ({"mimetype": "application/pdf"}, "PDF"),
        ({"filetype": "pdf", "mimetype": ""}, "PDF"),
        ({"mimetype": "image/png"}, "pictures"),
        ({"mimetype": "video/mp4"}, "record an audio clip"),
        ({"subtype": "slack_video", "mimetype": ""}, "record an audio clip"),
        ({"mimetype": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, "office"),
        ({"filetype": "docx"}, "office"),
        ({"filetype": "XLSX"}, "office"),
        ({"filetype": "zip", "mimetype": "application/zip"}, "archives"),
        ({"mode": "canvas"}, "canvases"),
        ({"filetype": "quip", "mode": "quip", "mimetype": "application/vnd.slack-docs"}, "canvases"),
        ({"filetype": "email"}, "e-mails"),
        ({"size": 500_000_000}, "too large"),
        ({"size": 200_001}, "200 kB"),
        ({"mimetype": "audio/wav", "size": 25_000_001}, "25 MB"),
        ({"subtype": "slack_audio", "duration_ms": 601_500}, "10 minutes"),
        ({"url_private": None, "url_private_download": None}, "just now"),
    ],
)
async def test_what_cannot_be_read_is_not_fetched_and_the_person_is_told_what_can(
    world: World, said: dict[str, Any], part: str
) -> None:
    sentence = await world.refusal(**said)
    assert part in sentence
    assert "lease" in sentence or "upload" in sentence  # "Please …", or what to do instead
    assert world.slack.seen == []


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0", "not plain text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not plain text"),
        (b"%PDF-1.7 all of it in plain characters", "not plain text"),
        (b"{\\rtf1 some words}", "not plain text"),
        (b"PK\x03\x04\x14\0\0\0", "not plain text"),
        ("по-русски".encode("koi8-r"), "not plain text"),
        (b"\xff\xfe\x00\xd8", "not plain text"),
        (m4a(), "not plain text"),
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        ("\ufeff\u200b".encode(), "empty"),
    ],
    ids=range(11),
)
async def test_the_bytes_decide_whether_it_is_text(world: World, content: bytes, part: str) -> None:
    world.slack.gives(content)
    assert part in await world.refusal(mode="snippet")


@pytest.mark.parametrize("content", [b"RIFF\0\0\0\0AVI ", b"just words", b"%PDF-1.7"])
async def test_the_bytes_decide_whether_it_is_sound(world: World, content: bytes) -> None:
    world.slack.gives(content, "audio/mpeg")
    assert "could not play" in await world.refusal(mimetype="audio/mpeg")


@pytest.mark.parametrize("content", [m4a(700), mp3() + bytes(9_700_000)], ids=["it says so", "it must be"])
async def test_a_clip_that_is_longer_than_its_label_is_too_long(world: World, content: bytes) -> None:
    world.slack.gives(content, "audio/mp4")
    assert "10 minutes" in await world.refusal(mimetype="audio/mp4", duration_ms=0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(SlackFile.model_fields, JSON)))
def test_any_description_of_a_file_can_be_read(raw: dict[str, Any]) -> None:
    file = slack_file(raw)
    assert file.size >= 0
    assert file.duration_ms >= 0


def test_a_file_does_not_show_its_name() -> None:
    assert "secret" not in repr(SlackFile(name="secret.txt", url_private="https://files.slack.com/secret.txt"))
