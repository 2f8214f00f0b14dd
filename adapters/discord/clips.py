"""Answers that come as files: text is read, a recording is listened to and its transcript confirmed by its speaker.

While a recording is listened to a message says so and bears a button to try again, so that a crash in between loses
nothing; for text files, the message they came with is simply read once more after a restart. What the transcript's
buttons do is understood from the payload alone: the message holds the transcript.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

from adapters.discord.files import Files
from adapters.discord.names import by_forms, channel_of, thread_key
from adapters.discord.payloads import Attachment, Message
from adapters.discord.render import (
    TRANSCRIPT_FILE,
    Page,
    answer_pages,
    edited_transcript,
    transcript_of,
    voice_form,
    voice_page,
)
from adapters.discord.replies import DiscordRefused, Replies
from adapters.discord.reply import Reply
from adapters.discord.seen import Submitted, Tapped
from adapters.discord.sentences import (
    DISCARDED,
    NO_VOICE,
    NO_WORDS,
    NOT_KEPT,
    RECORD_AGAIN,
    SEND_AGAIN,
    file_failed,
    files_read,
    listening,
    others_interview,
    plain_sentence,
    too_long,
)
from adapters.discord.starts import Starts
from adapters.files import Clip, Refused, Text
from adapters.lanes import Lanes
from adapters.owned import Owned, stored
from engine.desk import Desk
from engine.errors import ModelError, OverLimit, RehearseError
from engine.inbound import MESSAGE_CHARS, Wrote
from engine.keys import ThreadKey
from engine.ports import Transcriber

log = logging.getLogger(__name__)

FORM = "f"
"""Before the id of a form, where a message's id would stand."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A file in an answer: whose, and what it came with: a message's id, or that of a form."""

    key: ThreadKey
    source: str
    file: str

    @property
    def at(self) -> str:
        """What the buttons of its transcript carry."""
        return f"{self.source}:{self.file}"

    @property
    def message(self) -> str:
        return f"{self.key.channel}:{self.at}"


class Spot:
    """Where to say something about files: in the channel, or (from a form) to this person alone."""

    def __init__(self, replies: Replies, channel: str, reply: Reply | None = None) -> None:
        self._replies = replies
        self._channel = channel
        self._reply = reply

    async def post(self, page: Page, nonce: str) -> str:
        if self._reply is None:
            return await self._replies.post(self._channel, page, nonce)
        return await self._replies.follow_up(self._reply.asked, page) if self._reply.answered else ""

    async def edit(self, message: str, page: Page) -> None:
        if self._reply is None:
            await self._replies.edit(self._channel, message, page)
        elif message:
            await self._replies.edit_follow_up(self._reply.asked, message, page)


class Clips:
    """Without a `transcriber`, recordings are declined kindly; text files are read all the same."""

    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, owned: Owned, files: Files,
        transcriber: Transcriber | None, lanes: Lanes, now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._owned = owned
        self._files = files
        self._transcriber = transcriber
        self._lanes = lanes
        self._now = now
        self._under_way: set[str] = set()

    def take(self, files: Sequence[Attachment], key: ThreadKey, source: str, spot: Spot) -> None:
        """Make answers of the files of a message or form, beside."""
        sounds = [file for file in files if file.is_sound]
        others = [file for file in files if not file.is_sound]
        if others:
            self._begin(f"{source}:texts", self._read_all(others, key, source, spot))
        for file in sounds:
            held = _Held(key, source, file.id)
            self._begin(held.at, self._listen_first(held, file, spot))

    async def tapped(self, tapped: Tapped, reply: Reply, act: str, owner: str, at: str) -> None:
        """A button of a transcript."""
        place = tapped.place
        if owner != place.user:
            await reply.show(others_interview(owner))
            return
        heard = transcript_of(tapped.shown)
        if act == "edit":
            await reply.form(voice_form(heard or await self._whole(tapped.files), owner, at))
            return
        if act == "discard":
            await reply.replace(plain_sentence(DISCARDED))
            return
        if act == "again" and (heard or tapped.files):
            await reply.replace(plain_sentence(RECORD_AGAIN))  # listening once more would hear the same
            return
        await reply.quietly()
        key = await self._key(tapped)
        if key is None:
            await reply.say(plain_sentence(NOT_KEPT))
            return
        source, _, file = at.partition(":")
        held = _Held(key, source, file)
        if act == "use":
            await self._use(held, heard or await self._whole(tapped.files), reply)
        else:
            self._begin(held.at, self._listen_again(held, place.channel, reply))

    async def edited(self, submitted: Submitted, reply: Reply, owner: str, at: str) -> None:
        """The transcript as its speaker wants it."""
        if owner != submitted.place.user:
            await reply.show(others_interview(owner))
            return
        await reply.quietly()
        key = await self._key(submitted)
        if key is None:
            await reply.say(plain_sentence(NOT_KEPT))
            return
        source, _, file = at.partition(":")
        await self._use(_Held(key, source, file), edited_transcript(submitted.fields), reply)

    async def _key(self, seen: Tapped | Submitted) -> ThreadKey | None:
        place = seen.place
        found = await self._starts.session_at(place.channel, place.user, forms=seen.asked.private)
        if found is None and seen.asked.private:  # from a form in a direct message or thread
            found = await self._starts.session_at(place.channel, place.user)
        return found.key if found is not None else None

    async def _whole(self, files: Sequence[Attachment]) -> str:
        """The transcript that no message holds, from the file with it."""
        file = next((each for each in files if each.filename == TRANSCRIPT_FILE), None)
        fetched = await self._files.fetch(file) if file is not None else None
        return fetched.text if isinstance(fetched, Text) else ""

    def _begin(self, at: str, work: Coroutine[object, object, None]) -> None:
        if at in self._under_way:
            work.close()
            return
        self._under_way.add(at)

        async def done() -> None:
            try:
                await work
            finally:
                self._under_way.discard(at)

        self._owned.start(done(), f"files of {at}")

    async def _read_all(self, files: Sequence[Attachment], key: ThreadKey, source: str, spot: Spot) -> None:
        """Read text files, and say once what became of all of them."""
        about = thread_key(f"files:{source}", key.user)
        if "read" in await self._starts.kept(about):
            return
        read: list[tuple[str, int]] = []
        refused: list[tuple[str, str]] = []
        for file in files:
            fetched = await self._files.fetch(file)
            if isinstance(fetched, Text) and len(fetched.text) > MESSAGE_CHARS:
                refused.append((file.filename, too_long(len(fetched.text), MESSAGE_CHARS)))
            elif isinstance(fetched, Text):
                await self._hand_in(_Held(key, source, file.id), "f", fetched.text)
                read.append((file.filename, len(fetched.text)))
            elif isinstance(fetched, Refused):
                refused.append((file.filename, fetched.sentence))
        await spot.post(files_read(read, refused), f"t{source}")
        await self._starts.keep(about, "read", "1")

    async def _listen_first(self, held: _Held, file: Attachment, spot: Spot) -> None:
        about = thread_key(f"files:{held.source}", held.key.user)
        if held.file in await self._starts.kept(about):
            return  # there is a message about it, with a button
        if self._transcriber is None:
            await spot.post(plain_sentence(NO_VOICE), f"v{held.file}")
            await self._starts.keep(about, held.file, "1")
            return
        # The person sees that it is being listened to while it is fetched.
        message = await spot.post(listening(file.filename, held.key.user, held.at), f"v{held.file}")
        await self._starts.keep(about, held.file, message)
        page = await self._listen(held, file)
        await spot.edit(message, page)

    async def _listen_again(self, held: _Held, channel: str, reply: Reply) -> None:
        file = None
        if not held.source.startswith(FORM):
            try:
                raw = await self._replies.message(channel, held.source)
                files = Message.model_validate(raw).attachments
                file = next((each for each in files if each.id == held.file), None)
            except (DiscordRefused, ValueError):
                log.info("the message with a recording is gone", extra={"key": str(held.key)})
        if file is None:
            await reply.change(plain_sentence(SEND_AGAIN))
            return
        await reply.change(listening("", held.key.user, held.at))
        await reply.change(await self._listen(held, file))

    async def _listen(self, held: _Held, file: Attachment) -> Page:
        """The transcript with its buttons, or why there is none."""
        again = not held.source.startswith(FORM)
        try:
            fetched = await self._files.fetch(file)
            if not isinstance(fetched, Clip) or self._transcriber is None:
                why = fetched.sentence if isinstance(fetched, Refused) else NO_VOICE
                return file_failed(why, held.key.user, held.at, again=False)
            session = await stored(lambda: self._desk.session(held.key))
            language = session.setup.language if session is not None else ""
            home = session.setup.home if session is not None else ""
            await self._desk.hear(home or held.key.scope, held.key, fetched.seconds or 0.0, held.at)
            heard = await self._transcriber.transcribe(fetched.recording, language=language)
        except OverLimit as error:
            return file_failed(error.hint, held.key.user, held.at, again=False)
        except ModelError as error:
            log.warning("not transcribed", extra={"key": str(held.key), "error": str(error)})
            return file_failed(error.hint, held.key.user, held.at, again=again)
        except RehearseError as error:
            log.exception("a recording could not be taken", extra={"key": str(held.key)})
            return file_failed(error.hint, held.key.user, held.at, again=again)
        return voice_page(heard.text, held.key.user, held.at, engine=heard.source.model)

    async def _use(self, held: _Held, transcript: str, reply: Reply) -> None:
        if not transcript.strip():
            await reply.change(plain_sentence(NO_WORDS))
            return
        async with self._lanes.of(channel_of(held.key)):
            await self._hand_in(held, "v", transcript)
        first, *more = answer_pages(transcript, "Your answer, as you said it")
        await reply.change(first)
        await reply.say(*more, private=by_forms(held.key))

    async def _hand_in(self, held: _Held, how: str, text: str) -> None:
        id, at = f"{how}:{held.message}", self._now()
        wrote = Wrote(id=id, key=held.key, at=at, message=held.message, text=text)
        await stored(lambda: self._desk.deliver(wrote))
