"""A file that came with a message: text to read, a voice clip to listen to, or a sentence that says why not.

    a voice clip, or any audio file      -> Clip      (25 MB, 10 minutes)
    a snippet, source code, any text     -> Text      (200 kB)
    anything else, or not to be had      -> Refused   with what the person can send instead

What a file says of itself decides whether it is fetched at all, its bytes decide what it is. Voice clips are told by
their subtype: their media type says `video/mp4` at times. Names and contents never reach the log. How a file is fetched
safely is `download.py`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from slack_sdk.web.async_client import AsyncWebClient

from adapters import files
from adapters.files import (
    CLIP_BYTES,
    CLIP_S,
    CLIP_TOO_LARGE,
    CLIP_TOO_LONG,
    INSTEAD,
    PASTE,
    TEXT_BYTES,
    TEXT_TOO_LARGE,
    VIDEO,
    Fetched,
    Refused,
    clip_in,
    text_in,
)
from adapters.slack.download import Download, Failure, download

log = logging.getLogger(__name__)

DEADLINE_S = 60.0

NO_RIGHT = (
    "I may not read files here: the app needs the files:read permission. Until an admin adds it, please paste text."
)
GONE = "That file is no longer there. Please send it again."
NOT_NOW = "I could not get that file from Slack just now. Please send it again in a moment."
ELSEWHERE = f"That file lies outside Slack, and I don't open other sites. {PASTE}, or upload the file here."
HIDDEN = f"Slack hides that file, because the workspace has reached its plan's limit. {PASTE}."
CONNECTED = f"That file belongs to another workspace, and I can't open it from here. {PASTE}, or upload it here."
POST = f"I can't read canvases, posts and lists. {PASTE}. {INSTEAD}"
MAIL = f"I can't read e-mails. {PASTE}. {INSTEAD}"

FAILURES: Mapping[Failure, str] = {
    "foreign": ELSEWHERE,
    "gone": GONE,
    "unavailable": NOT_NOW,
}

UNREADABLE = {**dict.fromkeys(["space", "post", "docs", "canvas", "quip", "list"], POST), "email": MAIL}
"""What Slack alone calls kinds of file that are never fetched (`filetype`, and some as `mode`)."""


def _word(value: object) -> object:
    return value if isinstance(value, str) else ""


def _number(value: object) -> object:
    return value if isinstance(value, int | float) and 0 <= value < 1e15 else 0


Word = Annotated[str, BeforeValidator(_word)]
Number = Annotated[float, BeforeValidator(_number)]
Truth = Annotated[bool, BeforeValidator(bool)]


class SlackFile(BaseModel):
    """A file object of Slack, as far as it is needed (the page "File object").

    "" and 0 stand for what it does not say, or says in a way that makes no sense.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Word = ""
    name: Word = Field(default="", repr=False)
    mimetype: Word = ""
    filetype: Word = ""
    subtype: Word = ""
    mode: Word = ""
    file_access: Word = ""
    is_external: Truth = False
    external_type: Word = ""
    size: Number = 0
    duration_ms: Number = 0
    url_private: Word = Field(default="", repr=False)
    url_private_download: Word = Field(default="", repr=False)

    @property
    def is_voice(self) -> bool:
        """A clip that was recorded in Slack, with the microphone alone."""
        return self.subtype == "slack_audio"

    @property
    def is_sound(self) -> bool:
        return self.is_voice or self.mimetype.startswith("audio/")

    @property
    def url(self) -> str:
        return self.url_private_download or self.url_private


def slack_file(raw: Mapping[str, object]) -> SlackFile:
    """The file object of a message, whatever it says."""
    return SlackFile.model_validate(raw)


class Files:
    """Fetches what comes with messages."""

    def __init__(self, *, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s

    async def fetch(self, client: AsyncWebClient, file: SlackFile) -> Fetched:
        """The inside of a file, fetched with the client's token. Never raises for what a file or a server is like."""
        if sentence := _unwanted(file):
            return Refused(sentence)
        limit_bytes = CLIP_BYTES if file.is_sound else TEXT_BYTES
        fetched = await download(client, file.url, limit_bytes=limit_bytes, deadline_s=self._deadline_s)
        if fetched == "large":
            return Refused(_too_large(file))
        if fetched == "forbidden" or (isinstance(fetched, Download) and _is_login_page(fetched, file)):
            log.warning("files cannot be read; the app needs the files:read scope")
            return Refused(NO_RIGHT)
        if not isinstance(fetched, Download):
            return Refused(FAILURES[fetched])
        if not file.is_sound:
            return text_in(fetched.content)
        said_s = file.duration_ms / 1000
        return clip_in(fetched.content, file.name, file.mimetype, said_s=said_s, recorded=file.is_voice)


def _unwanted(file: SlackFile) -> str | None:
    """Why this file is not fetched, as far as its labels say."""
    if file.mode == "tombstone" or file.file_access == "file_not_found":
        return GONE
    if file.mode == "hidden_by_limit":
        return HIDDEN
    if file.file_access == "check_file_info":
        return CONNECTED
    if file.is_external or file.mode == "external" or file.external_type:
        return ELSEWHERE
    if not file.is_sound and (sentence := _unreadable(file)):
        return sentence
    if not file.url:
        return NOT_NOW
    if file.size > (CLIP_BYTES if file.is_sound else TEXT_BYTES):
        return _too_large(file)
    if file.is_sound and file.duration_ms / 1000 > CLIP_S + 1:
        return CLIP_TOO_LONG
    return None


def _unreadable(file: SlackFile) -> str | None:
    if file.mode == "snippet":
        return None
    if file.subtype == "slack_video":
        return VIDEO
    kind = files.unreadable(file.mimetype, file.filetype)
    return kind or UNREADABLE.get(file.filetype.lower()) or UNREADABLE.get(file.mode)


def _too_large(file: SlackFile) -> str:
    return CLIP_TOO_LARGE if file.is_sound else TEXT_TOO_LARGE


def _is_login_page(fetched: Download, file: SlackFile) -> bool:
    """Slack answers a token without `files:read` with a page for people, and says that all is well."""
    start = fetched.content[:200].lstrip().lower()
    page = fetched.media_type == "text/html" or start.startswith((b"<!doctype html", b"<html"))
    # A page that somebody sent on purpose is as large as Slack said.
    return page and file.size != len(fetched.content)
