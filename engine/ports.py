"""What the engine needs from outside, in its own words: models and a store.

The vocabulary of a model call (`Request`, `Chunk`, `Completion`, `Usage`) stands first, the protocols after it. Whoever
implements a protocol keeps every promise written here; `tests/contracts/` holds each implementation to them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from engine.facts import Fact
    from engine.inbound import Inbound
    from engine.keys import ThreadKey
    from engine.material import Material
    from engine.preferences import Preferences
    from engine.session import Session

Role = Literal["system", "user", "assistant"]
Purpose = Literal["scoring", "conversation"]
Sampling = Literal["scoring", "questions"]
Task = Literal["question", "follow_up", "review", "model_answer", "report"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt. Instructions are `system`; a candidate's words only ever stand in `user`."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds until the first content, between two contents, and for the whole call."""

    first_s: float = 20.0
    gap_s: float = 15.0
    total_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Account:
    """Who a call is for: somebody in a thread, and the scope whose rules and budgets hold there (`home`)."""

    home: str
    key: ThreadKey

    @property
    def person(self) -> str:
        return self.key.person


def accept_any(name: str, value: object) -> bool:
    """The validator of a request that takes whatever a section holds."""
    del name, value
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model.

    `purpose` chooses the router's order, `task` says what is wanted. With `sections` set, the answer is one JSON object
    with exactly these top-level keys in this order, and `schema` is its JSON Schema (`properties`, `required` in that
    same order, `additionalProperties: false`); otherwise it is free text. `accepts(name, value)` says whether a
    complete section is good enough to keep when another provider has to finish the answer. `material` is what the
    prompt was made from, for providers that do not read prose (the offline coach); one of the types in
    `engine/material.py`.
    `sampling` is an intent (scoring 0.3, questions 0.7), sent only where the model takes it. `user` is already hashed.
    """

    purpose: Purpose
    task: Task
    messages: tuple[Message, ...]
    sections: tuple[str, ...] = ()
    schema: Mapping[str, object] | None = None
    accepts: Callable[[str, object], bool] = accept_any
    sampling: Sampling = "questions"
    max_output_tokens: int = 2_000
    deadlines: Deadlines = field(default_factory=Deadlines)
    user: str = ""
    prompt: str = ""
    material: Material | None = None
    finished: Mapping[str, object] = field(default_factory=dict[str, object])
    """Sections another provider finished already, by name; `sections` and `schema` then name only the missing ones."""
    account: Account | None = None
    """Whose budgets pay; `None`: nobody's, and nothing is counted."""
    allow_fallback: bool = True
    """Whether the offline coach may stand in; a review that is still owed waits for a model instead (`AllDown`)."""

    def for_models_only(self) -> Request:
        """The same request, to be answered by a model or not at all."""
        return replace(self, allow_fallback=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; 0 where it did not say. `output` includes reasoning.

    `cost_micros` is millionths of a dollar, 0 until somebody who knows prices has reckoned it.
    """

    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0
    cost_micros: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.cached + other.cached,
            self.output + other.output,
            self.reasoning + other.reasoning,
            self.cost_micros + other.cost_micros,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """Who wrote a piece of text. `fallback` is true when the offline coach stood in for a model that was down."""

    provider: str
    model: str
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """The next piece of a streamed answer.

    A reader holds one buffer: `buffer = buffer[:chunk.keep] + chunk.text`; `keep is None` means all of it. `keep` is
    only ever set by the router, when a provider died inside a section: the open section is cut off and another
    provider goes on.
    `usage` is set on the last chunk of each provider, whose `text` may be empty.
    """

    text: str
    source: Source
    keep: int | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer. `sources` maps each section to who wrote it (one entry under "" for free text)."""

    text: str
    source: Source
    usage: Usage
    sources: Mapping[str, Source] = field(default_factory=dict[str, Source])


@dataclass(frozen=True, slots=True)
class TokenCount:
    """`n` for display, `upper` for budgets (never below the truth), `method` is exact | assumed | estimate."""

    n: int
    upper: int
    method: Literal["exact", "assumed", "estimate"]


class LLMProvider(Protocol):
    """A model, or something that behaves like one: OpenAI, Gemini, compatible, offline, scripted, the router."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def stream(self, request: Request) -> AbstractAsyncContextManager[AsyncIterator[Chunk]]:
        """The answer as it is written. The iterator ends normally only after the provider's own terminal event.

        Raises a `ModelError` on entering or while iterating, nothing else; never retries by itself, except once
        without a parameter the model turned out not to take. Leaving the context, or cancellation, closes the
        connection at once.
        """
        ...

    async def complete(self, request: Request) -> Completion:
        """The whole answer. Same errors as `stream`."""
        ...

    def count_tokens(self, text: str) -> TokenCount:
        """Never touches the network and never blocks for more than a few milliseconds; safe for any text."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """What somebody said, as a file. `name` and `media_type` are what its sender called it, and may be wrong."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said: 1 to 40,000 characters, none of them invisible, and no more to be trusted than what is typed."""

    text: str
    source: Source


class Transcriber(Protocol):
    """Something that writes down what was said in a recording."""

    async def transcribe(self, recording: Recording, *, language: str = "") -> Transcript:
        """The words of a recording. `language` is a hint, such as `en` or `pt-BR`; "" lets the model find out.

        Raises a `ModelError`, nothing else: `Unheard` where the recording is at fault, whose `hint` says to the person
        what to do. Keeps a deadline of its own. Cancellation closes the connection at once.
        """
        ...


class Lease(Protocol):
    """The right to attend to one thread. `session` is the newest interview there, `None` before the first."""

    @property
    def key(self) -> ThreadKey: ...

    @property
    def session(self) -> Session | None: ...

    async def mail(self) -> Sequence[Inbound]:
        """What has arrived and was not read yet, in order of arrival."""
        ...

    async def record(self, *facts: Fact, read: Inbound | None = None) -> None:
        """Fold the facts into the session and store both, and mark `read` as read, in one transaction.

        With no facts it only marks `read`. Raises `VersionConflict` or `LeaseLost`; then nothing was written.
        """
        ...

    async def wait_for_mail(self) -> None:
        """Return when there may be unread mail: soon after it arrived, and now and then for nothing. Cancel at will."""
        ...

    async def release_if_no_mail(self) -> bool:
        """Give the lease up and say `True`, unless mail arrived meanwhile. Atomic against `deliver`."""
        ...


TOLD = "told"
"""The post whose handle says how far a thread was shown."""


def told(session: Session) -> str:
    """The handle of `TOLD` once this session has been shown."""
    return f"{session.number}.{session.version}"


class Store(Protocol):
    """What happened, durably. Everything is lost or kept whole; a call that returned has been synced to the disk."""

    async def deliver(self, inbound: Inbound) -> bool:
        """Put something into its thread's mailbox, once; `False` for a duplicate of the same `(key, id)`."""
        ...

    def lease(self, key: ThreadKey) -> AbstractAsyncContextManager[Lease | None]:
        """Hold the thread exclusively, across tasks and machines; `None` at once when somebody else does."""
        ...

    async def due(self, now: float, limit: int = 500, *, without: Collection[str] = frozenset()) -> Sequence[ThreadKey]:
        """Threads that need an attendant: unread mail, or a step due by `now` (epoch seconds), and no live lease.

        Those of the platforms `without` are left out.
        """
        ...

    async def session(self, key: ThreadKey) -> Session | None:
        """The newest interview under this key."""
        ...

    async def sessions(self, *, platform: str, workspace: str, user: str, limit: int = 50) -> Sequence[Session]:
        """A person's interviews, newest first."""
        ...

    async def facts(self, session_id: str) -> Sequence[Fact]:
        """All that happened in one interview, in order."""
        ...

    async def about(self, *, platform: str, workspace: str, user: str) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """All else that is kept about a person, ready for JSON, by what it is: `sessions` and `preferences` say the
        rest. It names whoever `forget` would reach.
        """
        ...

    async def forget(self, *, platform: str, workspace: str, user: str) -> int:
        """Delete everything kept about a person; the number of interviews deleted.

        With the workspace "-", what is kept about them in any other workspace of the platform goes too.
        """
        ...

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None:
        """Remember where a post was delivered, so that a restart edits it instead of posting again."""
        ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]:
        """Every remembered handle of the thread, by post id."""
        ...

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]:
        """Threads of a platform in which more has happened than was shown, the newest change first.

        Whoever shows a thread keeps the handle `TOLD` as `told(session)` of the session it shows; a thread whose newest
        interview says otherwise, or that has no such handle, is behind.
        """
        ...

    async def open_threads(self, platform: str, limit: int = 10_000) -> Sequence[ThreadKey]:
        """Threads of a platform whose newest interview is not over, the newest change first."""
        ...

    async def preferences(self, *, platform: str, workspace: str, user: str) -> Preferences:
        """What the person set for themselves; the defaults when they set nothing."""
        ...

    async def keep_preferences(self, preferences: Preferences, *, platform: str, workspace: str, user: str) -> None:
        """Remember what the person set for themselves."""
        ...

    async def forget_workspace(self, platform: str, workspace: str) -> int:
        """Delete everything kept about everybody in a workspace, and all that was set for it; the number of interviews
        deleted. Interviews held elsewhere that go by its rules (`Setup.home`) go too.
        """
        ...
