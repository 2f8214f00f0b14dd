"""Who does what about what somebody did: all the parts of the conversation, put together.

Whoever takes an interaction answers it first, before anything that takes long. An interaction that somebody else has
answered is theirs: a second gateway session, or the process that is about to replace this one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import assert_never

from adapters.discord.admin import Admin, Looks
from adapters.discord.clips import Clips
from adapters.discord.files import Files
from adapters.discord.forms import Forms
from adapters.discord.person import Person
from adapters.discord.replies import Answered, Replies
from adapters.discord.reply import Reply
from adapters.discord.seen import (
    Called,
    Changed,
    Commanded,
    Completing,
    Interacted,
    Pressed,
    Said,
    Seen,
    Submitted,
    Tapped,
)
from adapters.discord.sentences import FAILED, plain_sentence
from adapters.discord.slash import Slash
from adapters.discord.standing import Standings
from adapters.discord.starts import Handles, Starts
from adapters.discord.talk import Shows, Talk
from adapters.discord.taps import Taps
from adapters.discord.threads import Threads
from adapters.lanes import Lanes
from adapters.owned import Owned
from engine.admin.roles import Roles
from engine.desk import Desk
from engine.keys import ThreadKey
from engine.ports import Transcriber

log = logging.getLogger(__name__)


class Acts:
    def __init__(
        self, *, desk: Desk, delivery: Shows, replies: Replies, owned: Owned, store: Handles, files: Files,
        transcriber: Transcriber | None, threads: Threads, lanes: Lanes, panels: Looks, roles: Roles,
        standings: Standings, quiet_s: float, typed: bool, now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._replies = replies
        self.starts = starts = Starts(
            desk, replies, store, standings, quiet_s=quiet_s, typed=typed, now=now
        )  # fmt: skip
        person = Person(desk)
        admin = Admin(panels=panels, roles=roles, standings=standings, files=files)
        clips = Clips(
            desk=desk,
            replies=replies,
            starts=starts,
            owned=owned,
            files=files,
            transcriber=transcriber,
            lanes=lanes,
            now=now,
        )
        self._slash = slash = Slash(
            desk=desk, replies=replies, starts=starts, person=person, admin=admin, delivery=delivery, now=now
        )
        self._forms = forms = Forms(
            desk=desk,
            replies=replies,
            starts=starts,
            slash=slash,
            clips=clips,
            admin=admin,
            delivery=delivery,
            lanes=lanes,
            now=now,
        )
        self._talk = Talk(desk=desk, replies=replies, starts=starts, delivery=delivery, clips=clips, lanes=lanes,
                          now=now)  # fmt: skip
        self._taps = Taps(
            desk=desk,
            starts=starts,
            forms=forms,
            slash=slash,
            person=person,
            clips=clips,
            admin=admin,
            delivery=delivery,
            threads=threads,
            now=now,
        )

    async def act(self, seen: Seen) -> None:
        """Do it; where somebody waits for an answer, however late, say that there is none."""
        match seen:
            case Said():
                await self._talk.said(seen)
            case Changed():
                await self._talk.changed(seen)
            case _:
                await self._interacted(seen, Reply(self._replies, seen.asked))

    async def dm_refused(self, key: ThreadKey) -> None:
        """A person's direct message was closed in the middle: it is kept, and the next command asks where to go on."""
        log.info("an interview waits, since its direct message is closed", extra={"session": str(key)})
        self.starts.refused.add(key)

    async def _interacted(self, seen: Interacted, reply: Reply) -> None:
        try:
            await self._answer(seen, reply)
        except Answered:
            log.info("an interaction was answered already", extra={"interaction": seen.asked.id})
        except Exception:
            log.exception("what somebody asked for failed", extra={"act": type(seen).__name__})
            if reply.answered:
                await reply.say(plain_sentence(FAILED))

    async def _answer(self, seen: Interacted, reply: Reply) -> None:
        match seen:
            case Pressed():
                await self._talk.pressed(seen, reply)
            case Tapped():
                await self._taps.tapped(seen, reply)
            case Commanded():
                await self._slash.given(seen, reply)
            case Completing():
                await self._slash.complete(seen, reply)
            case Called():
                await self._forms.score(seen, reply)
            case Submitted():
                await self._forms.submitted(seen, reply)
            case _:
                assert_never(seen)
