"""`Slack`: the whole state of the local server, what tests read from it and how they make it misbehave.

Calls of the app change it through `api/`, people through `people.py`; what they cause reaches the app by `deliver.py`.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.wire.slack.deliver import Deliveries
from tests.wire.slack.events import Events
from tests.wire.slack.faults import Fault, Faults
from tests.wire.slack.limits import Limits
from tests.wire.slack.people import Person
from tests.wire.slack.state import App, Call, Channel, Grant, Member, Message, SlackFile, Team, visible_text
from tests.wire.slack.surfaces import Downloads, Installs, Surfaces

Json = dict[str, Any]
T = TypeVar("T")

STREAM_LIFE_S = 300.0


@dataclass(frozen=True, slots=True)
class Write:
    """An accepted write as people saw it. `at` is `time.monotonic()`, whatever the server's own clock."""

    at: float
    method: str
    team: str
    channel: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: Sequence[Json]
    streamed: bool
    live: bool

    @property
    def visible(self) -> str:
        """The full text of the message after this write."""
        return visible_text(self.text, list(self.blocks), streamed=self.streamed)

    def as_json(self) -> Json:
        return {
            "at": self.at, "method": self.method, "team": self.team, "channel": self.channel, "ts": self.ts,
            "thread_ts": self.thread_ts, "visible": self.visible, "live": self.live,
        }  # fmt: skip


@dataclass(slots=True)
class Slack:
    """A running server. Everything here is safe to read at any moment; methods without `await` act at once."""

    limits: Limits | None = None
    clock: Callable[[], float] = time.monotonic
    url: str = ""
    """http://127.0.0.1:PORT; the app's base URL is `f"{url}/api/"`."""
    foreign_url: str = ""
    """Another origin, where external files lie: no token may go there."""
    app: App = field(default_factory=App)
    echoes: bool = True
    """Whether the app's own messages come back to it as events."""
    subscriptions: set[str] | None = None
    """Event types that are delivered (`message.im` and so on for messages); `None` is all."""
    calls: list[Call] = field(default_factory=list[Call])
    timeline: list[Write] = field(default_factory=list[Write])
    limited: Counter[str] = field(default_factory=Counter[str])
    """How many 429s each method got."""
    teams: dict[str, Team] = field(default_factory=dict[str, Team])
    grants: dict[str, Grant] = field(default_factory=dict[str, Grant])
    """By token."""
    members: dict[tuple[str, str], Member] = field(default_factory=dict[tuple[str, str], Member])
    """By team and user."""
    channels: dict[str, Channel] = field(default_factory=dict[str, Channel])
    files: dict[str, SlackFile] = field(default_factory=dict[str, SlackFile])
    downloads: Downloads = field(default_factory=Downloads)
    surfaces: Surfaces = field(default_factory=Surfaces)
    installs: Installs = field(default_factory=Installs)
    faults: Faults = field(default_factory=Faults)
    deliveries: Deliveries = field(init=False)
    events: Events = field(init=False)
    skew_s: float = 0.0
    _people: dict[tuple[str, str], Person] = field(default_factory=dict[tuple[str, str], Person])
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _epoch: float = 0.0
    _last_ts: int = 0
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._epoch = time.time() - self.clock()
        self.deliveries = Deliveries(self)
        self.events = Events(self)
        self.add_team("T0REHEARSE", "Rehearse")

    # Time and change

    def now(self) -> float:
        return self.clock() + self.skew_s

    def age(self, seconds: float) -> None:
        """Let that much time pass at once, for streams, triggers, tokens and limits."""
        self.skew_s += seconds
        self.changed()

    def new_ts(self) -> str:
        micros = max(int((self.now() + self._epoch) * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06}"

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):08X}"

    def changed(self) -> None:
        self._change.set()

    async def until(self, predicate: Callable[[], T], within_s: float = 5.0) -> T:
        """Wait until `predicate()` is true, looking again at each change; its value. AssertionError when time is up."""
        deadline = time.monotonic() + within_s
        while True:
            self._change.clear()
            if said := predicate():
                return said
            left = deadline - time.monotonic()
            try:
                async with asyncio.timeout(left):
                    await self._change.wait()
            except TimeoutError:
                last = [f"{call.method} {call.error or 'ok'}" for call in self.calls[-8:]]
                raise AssertionError(f"not within {within_s} s; the last calls were {last}") from None

    # Teams and people

    @property
    def team(self) -> Team:
        """The workspace that is there from the start."""
        return self.teams["T0REHEARSE"]

    def add_team(
        self, id: str, name: str = "", *, enterprise: str = "", org_wide: bool = False, installed: bool = True
    ) -> Team:
        """One more workspace. With `org_wide` the app is installed into the enterprise: its teams share a token."""
        token = f"xoxb-{enterprise if org_wide else id}-wire"
        team = Team(id, name or f"Team {id}", self.app, token, enterprise=enterprise, org_wide=org_wide)
        self.teams[id] = team
        self.members[id, team.bot_user] = Member(team.bot_user, id, "Rehearse", bot=True)
        if installed:
            self.grants[token] = Grant("" if org_wide else id, enterprise)
        return team

    def person(
        self, id: str, name: str = "", *, admin: bool = False, locale: str = "en-US", team: Team | str | None = None
    ) -> Person:
        """Somebody of a team; the same one for the same id."""
        team = self.teams[team] if isinstance(team, str) else team or self.team
        if (team.id, id) not in self._people:
            self.members[team.id, id] = Member(id, team.id, name or f"Person {id}", admin, locale)
            self._people[team.id, id] = Person(self, self.members[team.id, id], team)
        return self._people[team.id, id]

    def channel(
        self, name: str, members: Sequence[Person | str] = (), *, archived: bool = False, private: bool = False,
        bot: bool = True, team: Team | None = None,
    ) -> str:  # fmt: skip
        """The id of a channel of that name, made where there is none; these people (and the app) are in it."""
        team = team or self.team
        id = (
            "C"
            + "".join(letter for letter in name.upper() if letter.isalnum())
            + ("" if team is self.team else team.id)
        )
        channel = self.channels.setdefault(id, Channel(id, team.id, name, set(), "group" if private else "channel"))
        channel.members |= {person if isinstance(person, str) else person.id for person in members}
        channel.members |= {team.bot_user} if bot else set()
        channel.archived = archived
        return id

    def dm(self, person: Person | str, team: Team | None = None) -> str:
        """The id of the conversation between this person and the app; it exists from the first look at it."""
        user = person if isinstance(person, str) else person.id
        team = team or (self.team if isinstance(person, str) else person.team)
        id = f"D{user}" + ("" if team is self.team else team.id)
        self.channels.setdefault(id, Channel(id, team.id, "directmessage", {user, team.bot_user}, "im"))
        return id

    # What is on screen

    def messages(self, channel: str, thread: str | None = None, *, deleted: bool = False) -> list[Message]:
        """The messages of a channel in order, or the root and replies of one thread."""
        known = self.channels[channel].messages.values() if channel in self.channels else ()
        return [
            message for message in known
            if (deleted or not message.deleted) and (thread is None or thread in (message.ts, message.thread_ts))
        ]  # fmt: skip

    def message(self, channel: str, ts: str) -> Message:
        return self.channels[channel].messages[ts]

    def said_by_bot(self, channel: str, thread: str | None = None) -> list[Message]:
        return [message for message in self.messages(channel, thread) if message.bot]

    def ephemerals(self, person: Person | str) -> list[Message]:
        return self.surfaces.ephemerals[person if isinstance(person, str) else person.id]

    def views(self, person: Person) -> list[Any]:
        """The modals open in front of somebody; the last is on top."""
        return self.surfaces.modals[person.team.id, person.id]

    def home(self, person: Person) -> Any:
        """The published Home view, or `None`."""
        return self.surfaces.homes.get((person.team.id, person.id))

    @property
    def statuses(self) -> list[Any]:
        return self.surfaces.statuses

    @property
    def titles(self) -> list[Any]:
        return self.surfaces.titles

    @property
    def prompts(self) -> list[Any]:
        return self.surfaces.prompts

    @property
    def download_log(self) -> list[Any]:
        return self.downloads.log

    def called(self, method: str, *, ok: bool | None = None) -> list[Call]:
        """The calls of one method so far."""
        return [call for call in self.calls if call.method == method and ok in (None, call.ok)]

    # Keeping books

    def wrote(self, method: str, team: str, message: Message) -> None:
        """Note an accepted write and wake who waits for it."""
        stream = message.stream
        self.timeline.append(
            Write(
                time.monotonic(), method, team, message.channel, message.ts, message.thread_ts, message.text,
                message.blocks, stream is not None, message.streaming,
            )
        )  # fmt: skip
        self.changed()

    def expire(self, message: Message) -> None:
        """Slack closes a stream about five minutes after its start, even one that grows."""
        stream = message.stream
        if stream is not None and not stream.closed and self.now() - stream.started_at >= STREAM_LIFE_S:
            stream.closed = True

    # Misbehaviour

    def fail(
        self, method: str, error: str | None = None, *, status: int = 200, times: int = 1,
        retry_after: str | float | None = None, hang_s: float = 0.0, reset: bool = False, lost: bool = False,
        body: str | None = None,
    ) -> None:  # fmt: skip
        """What the next `times` calls of `method` (`*`: of any) get, in place of an answer. See `faults.Fault`."""
        after = None if retry_after is None else str(retry_after)
        self.faults.add(method, Fault(error, status, after, hang_s, reset, lost, body), times)

    def refuse(self, *features: str, team: Team | None = None) -> None:
        """Make a workspace do without: `streaming`, `charts`, `tables`, `feedback_buttons` or `agents`."""
        (team or self.team).refuses.update(features)

    def allow(self, *features: str, team: Team | None = None) -> None:
        (team or self.team).refuses.difference_update(features)

    def revoke(self, team: Team | None = None, error: str = "token_revoked") -> None:
        """All tokens of a team are worth nothing from now on."""
        team = team or self.team
        for grant in self.grants.values():
            if grant.team == team.id or (team.org_wide and grant.enterprise == team.enterprise):
                grant.error = error

    async def uninstall(self, team: Team | None = None) -> None:
        """Somebody removes the app: `tokens_revoked` and `app_uninstalled` are sent, in that order."""
        team = team or self.team
        self.revoke(team, "account_inactive")
        await self.events.send(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}})
        await self.events.send(team, {"type": "app_uninstalled"})

    # Doors

    async def connect_http(self, url: str, *, verify: bool = True) -> None:
        """Deliver everything to this URL from now on; Slack's challenge is put first, as when a URL is configured."""
        await self.deliveries.connect_http(url, verify=verify)

    @property
    def retry_scale(self) -> float:
        return self.deliveries.retry_scale

    @retry_scale.setter
    def retry_scale(self, scale: float) -> None:
        self.deliveries.retry_scale = scale

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """`warning`, `refresh_requested` or `link_disabled`: say so on every socket, and close it soon after."""
        await self.deliveries.sockets.disconnect(reason)

    async def drop_sockets(self) -> None:
        """Break off every socket without a word."""
        await self.deliveries.sockets.drop()
