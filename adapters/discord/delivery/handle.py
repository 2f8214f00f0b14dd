"""What is remembered of a post, so that a restart goes on in the same messages: small, and without a word of its text.

It is kept in the store as JSON under the number of the interview and the post's id. Before a message is created, an
intent is kept, whose id is the message's nonce; a handle with an intent therefore means "that message may be there".
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets

from pydantic import ValidationError

from adapters.discord.render import Page
from engine.interviews import Frozen

log = logging.getLogger(__name__)

DISCORD_EPOCH_MS = 1_420_070_400_000


class Intent(Frozen):
    """A message that is about to be created. `nonce` is what Discord knows it by, `at` epoch seconds.

    `shown` and `words` are digests of its page and of its words, `hook` is the mark of the interaction that pays for
    it, "" for the bot's token.
    """

    nonce: str
    at: float
    shown: str
    words: str = ""
    hook: str = ""


class Handle(Frozen):
    """`shown` has a digest for each of the messages `ids`, "" where it is not known what stands there, and `hooks` the
    mark of the interaction that each answers.

    With `settled`, `body` and `buttons` are what was shown when it was whole. `old` are messages that it has left and
    that are to be deleted. `renewed`: somebody deleted a message of it, and it was posted once more.
    """

    channel: str = ""
    ids: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    settled: bool = False
    body: str = ""
    buttons: str = ""
    renewed: bool = False
    old: tuple[str, ...] = ()
    intent: Intent | None = None

    def text(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def parse(cls, text: str) -> Handle:
        """The handle whose `text()` this is; a new one, with a warning, for anything else."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            log.warning("a handle cannot be read", extra={"chars": len(text)})
            return cls()

    def intending(self, shown: str, words: str, hook: str, at: float) -> Handle:
        """About to create a message."""
        intent = Intent(nonce=secrets.token_hex(12), at=at, shown=shown, words=words, hook=hook)
        return self.model_copy(update={"intent": intent})

    def without_intent(self) -> Handle:
        return self if self.intent is None else self.model_copy(update={"intent": None})

    def with_message(self, message: str, shown: str, hook: str, channel: str) -> Handle:
        """One more message, which fulfils the intent."""
        return self.model_copy(
            update={
                "channel": channel,
                "ids": (*self.ids, message),
                "shown": (*self.shown, shown),
                "hooks": (*self.hooks, hook),
                "intent": None,
            }
        )

    def showing(self, index: int, digest: str) -> Handle:
        shown = (*self.shown[:index], digest, *self.shown[index + 1 :])
        return self.model_copy(update={"shown": shown})

    def growing(self) -> Handle:
        """What is kept while it grows: where it stands. What stands there is not worth remembering."""
        return self.model_copy(update={"shown": ("",) * len(self.ids), "settled": False, "body": "", "buttons": ""})

    def whole(self, body: str, buttons: str) -> Handle:
        return self.model_copy(update={"settled": True, "body": body, "buttons": buttons})

    def up_to(self, index: int, *, delete: bool = False) -> Handle:
        """Only the messages before this one. The others are left, and perhaps deleted in the end."""
        return self.model_copy(
            update={
                "ids": self.ids[:index],
                "shown": self.shown[:index],
                "hooks": self.hooks[:index],
                "old": (*self.old, *self.ids[index:]) if delete else self.old,
            }
        )

    def deleted(self, index: int) -> Handle:
        """Somebody deleted this message: it is posted once more, and so are those below it."""
        rest = self.up_to(index + 1, delete=True).up_to(index)
        return rest.model_copy(update={"renewed": True})

    def without_old(self) -> Handle:
        """The last of the messages it has left is gone."""
        return self.model_copy(update={"old": self.old[:-1]})


def name(number: int, post: str) -> str:
    """Under what a post's handle is kept: a conversation may hold many interviews, whose posts have the same ids."""
    return f"{number}/{post}"


def letters(words: str) -> str:
    """A digest in twelve letters."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def digest(page: Page) -> str:
    """What stands in a message, in twelve letters."""
    files = [(file.name, file.alt, file.text) for file in page.files]
    return letters(json.dumps([page.components, files], sort_keys=True, separators=(",", ":")))


def created_at(message: str) -> float:
    """When a message was created, in epoch seconds; its id says so."""
    return ((int(message) >> 22) + DISCORD_EPOCH_MS) / 1000 if message.isdecimal() else float("inf")
