"""Answers that come as files: text is read, a voice clip is listened to and its transcript confirmed by its speaker.

While that is under way a message says so and bears a button to try again, so that a crash in between loses nothing.
What the transcript's buttons do is understood from the payload alone: the message holds the transcript.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.files import Clip, Refused, Text
from adapters.owned import Owned, stored
from adapters.slack.files import Files, SlackFile, slack_file
from adapters.slack.names import VOICE_AGAIN, VOICE_DISCARD, VOICE_EDIT, VOICE_USE, thread_key
from adapters.slack.render.inputs import FIELD
from adapters.slack.render.page import Page
from adapters.slack.render.voice import edited_transcript, transcript_of, voice_form, voice_page
from adapters.slack.replies import Replies
from adapters.slack.seen import Said, Submitted, Tapped
from adapters.slack.sentences import (
    DISCARDED,
    NO_VOICE,
    NOT_KEPT,
    RECORD_AGAIN,
    at_file,
    file_failed,
    file_read,
    others_interview,
    sentence,
    too_long,
    voice_used,
)
from engine.desk import Desk
from engine.errors import ModelError, OverLimit, RehearseError
from engine.inbound import MESSAGE_CHARS, Wrote
from engine.keys import ThreadKey
from engine.ports import Transcriber

log = logging.getLogger(__name__)

ACTIONS = frozenset({VOICE_USE, VOICE_EDIT, VOICE_AGAIN, VOICE_DISCARD})


@dataclass(frozen=True, slots=True)
class _Held:
    """A file in an answer: whose, the message that held it, and the message of ours that tells of it."""

    key: ThreadKey
    file: str
    ts: str
    page: str

    @property
    def value(self) -> str:
        return f"{self.key.user}|{self.file}|{self.ts}"

    @property
    def message(self) -> str:
        return f"{self.key.channel}:{self.ts}:{self.file}"


class Clips:
    """Without a `transcriber`, voice clips are declined kindly; text files are read all the same."""

    def __init__(
        self, *, desk: Desk, replies: Replies, owned: Owned, files: Files, transcriber: Transcriber | None,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._owned = owned
        self._files = files
        self._transcriber = transcriber
        self._now = now
        self._under_way: set[tuple[str, str]] = set()

    async def take(self, said: Said, key: ThreadKey) -> None:
        """Say that each file is looked at, then do so beside."""
        for raw in said.files:
            file = slack_file(raw)
            if file.is_sound and self._transcriber is None:
                await self._replies.post(key.workspace, key.channel, sentence(NO_VOICE), thread=key.thread)
                continue
            page = at_file(file.name, f"{key.user}|{file.id}|{said.ts}", sound=file.is_sound)
            ts = await self._replies.post(key.workspace, key.channel, page, thread=key.thread)
            self._begin(_Held(key, file.id, said.ts, ts), raw)

    async def tapped(self, tapped: Tapped) -> None:
        """A button of a transcript."""
        place = tapped.place
        owner, _, rest = tapped.value.partition("|")
        file, _, ts = rest.partition("|")
        if owner != place.user:
            await self._replies.whisper(place, others_interview(owner), tapped.respond)
            return
        key = thread_key(place.team, place.channel, place.thread or tapped.message, owner)
        if await stored(lambda: self._desk.session(key)) is None:
            await self._replies.whisper(place, sentence(NOT_KEPT), tapped.respond)
            return
        held = _Held(key, file, ts, tapped.message)
        match tapped.action:
            case action if action == VOICE_USE:
                await self._use(held, transcript_of(tapped.blocks))
            case action if action == VOICE_EDIT:
                kept = "|".join((place.channel, key.thread, held.page, file, ts))
                form = voice_form(transcript_of(tapped.blocks), kept)
                await self._replies.open_view(place.team, tapped.trigger, form)
            case action if action == VOICE_AGAIN and transcript_of(tapped.blocks):
                await self._show(held, sentence(RECORD_AGAIN))  # listening once more would hear the same
            case action if action == VOICE_AGAIN:
                await self._show(held, at_file("", held.value, sound=True))
                self._begin(held, None)
            case _:
                await self._show(held, sentence(DISCARDED))

    async def edited(self, submitted: Submitted) -> None:
        """The transcript as its speaker wants it."""
        channel, thread, page, file, ts = [*submitted.kept.split("|"), "", "", "", ""][:5]
        key = thread_key(submitted.place.team, channel, thread, submitted.place.user)
        values: dict[str, Mapping[str, object]] = {
            block: {FIELD: {"value": text}} for block, text in submitted.fields.items()
        }
        await self._use(_Held(key, file, ts, page), edited_transcript(values))

    def _begin(self, held: _Held, raw: Mapping[str, object] | None) -> None:
        at = (held.key.workspace, held.file)
        if at not in self._under_way:
            self._under_way.add(at)
            task = self._owned.start(self._open(held, raw), f"file {held.file}")
            task.add_done_callback(lambda _: self._under_way.discard(at))

    async def _open(self, held: _Held, raw: Mapping[str, object] | None) -> None:
        team = held.key.workspace
        try:
            file = slack_file(raw if raw is not None else await self._replies.file(team, held.file))
            fetched = await self._files.fetch(await self._replies.client(team), file)
            match fetched:
                case Text():
                    page = await self._read(held, file, fetched.text)
                case Clip():
                    page = await self._listen(held, fetched)
                case Refused():
                    page = file_failed(fetched.sentence, "")
        except OverLimit as error:
            page = file_failed(error.hint, held.value)
        except ModelError as error:
            log.warning("not transcribed", extra={"key": str(held.key), "error": str(error)})
            page = file_failed(error.hint, held.value)
        except RehearseError as error:
            log.exception("a file could not be taken", extra={"key": str(held.key)})
            page = file_failed(error.hint, held.value)
        await self._show(held, page)

    async def _read(self, held: _Held, file: SlackFile, text: str) -> Page:
        if len(text) > MESSAGE_CHARS:
            return sentence(too_long(len(text), MESSAGE_CHARS))
        await self._hand_in(held, "f", text)
        return file_read(file.name, len(text))

    async def _listen(self, held: _Held, clip: Clip) -> Page:
        if self._transcriber is None:
            return sentence(NO_VOICE)
        session = await stored(lambda: self._desk.session(held.key))
        language = session.setup.language if session is not None else ""
        home = (session.setup.home if session is not None else "") or held.key.scope
        await self._desk.hear(home, held.key, clip.seconds or 0.0, held.message)
        heard = await self._transcriber.transcribe(clip.recording, language=language)
        return voice_page(heard.text, held.key.user, held.file, held.ts, engine=heard.source.model)

    async def _use(self, held: _Held, transcript: str) -> None:
        if not transcript.strip():
            await self._show(held, file_failed("There were no words left to use.", held.value))
            return
        await self._hand_in(held, "v", transcript)
        await self._show(held, voice_used(transcript))

    async def _hand_in(self, held: _Held, how: str, text: str) -> None:
        id, at = f"{how}:{held.message}", self._now()
        wrote = Wrote(id=id, key=held.key, at=at, message=held.message, text=text)
        await stored(lambda: self._desk.deliver(wrote))

    async def _show(self, held: _Held, page: Page) -> None:
        await self._replies.update(held.key.workspace, held.key.channel, held.page, page)
