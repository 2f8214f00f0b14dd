"""`World`: the state of the local server: workspaces, what is on screen, what was called and written, and its clock.

It knows nobody who acts: people and what reaches the app are `slack.py`'s.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from tests.wire.slack.limits import Limits
from tests.wire.slack.state import App, Call, Channel, Grant, Member, Message, SlackFile, Team, UserGroup
from tests.wire.slack.surfaces import Downloads, Installs, Surfaces
from tests.wire.slack.words import Write

Json = dict[str, Any]
T = TypeVar("T")

STREAM_LIFE_S = 300.0
STATUS_LIFE_S = 120.0
LOOK_AGAIN_S = 0.05


class Somebody(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def team(self) -> Team: ...


@dataclass(slots=True, repr=False, eq=False)
class World:
    limits: Limits | None = None
    clock: Callable[[], float] = time.monotonic
    url: str = ""
    """http://127.0.0.1:PORT; the app's base URL is `f"{url}/api/"`."""
    foreign_url: str = ""
    """Another origin, where external files lie: no token may go there."""
    app: App = field(default_factory=App)
    calls: list[Call] = field(default_factory=list[Call])
    timeline: list[Write] = field(default_factory=list[Write])
    limited: Counter[str] = field(default_factory=Counter[str])
    """How many 429s each method got."""
    teams: dict[str, Team] = field(default_factory=dict[str, Team])
    grants: dict[str, Grant] = field(default_factory=dict[str, Grant])
    """By token."""
    members: dict[tuple[str, str], Member] = field(default_factory=dict[tuple[str, str], Member])
    """By team and user."""
    groups: dict[str, UserGroup] = field(default_factory=dict[str, UserGroup])
    channels: dict[str, Channel] = field(default_factory=dict[str, Channel])
    files: dict[str, SlackFile] = field(default_factory=dict[str, SlackFile])
    downloads: Downloads = field(default_factory=Downloads)
    surfaces: Surfaces = field(default_factory=Surfaces)
    installs: Installs = field(default_factory=Installs)
    skew_s: float = 0.0
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _epoch: float = 0.0
    _last_ts: int = 0
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._epoch = time.time() - self.clock()
        self.add_team("T0REHEARSE", "Rehearse")

    # Time and change

    def now(self) -> float:
        return self.clock() + self.skew_s

    def age(self, seconds: float) -> None:
        """Let that much time pass at once, for streams, triggers, tokens and limits."""
        self.skew_s += seconds
        self.expire_streams()
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
        """Wait until `predicate()` is true, looking again at each change; its value. AssertionError when time is up.

        A predicate may look at the app as well, whose changes nobody tells: it is asked now and then in any case.
        """
        deadline = time.monotonic() + within_s
        while True:
            self._change.clear()
            if said := predicate():
                return said
            left = deadline - time.monotonic()
            if left <= 0:
                last = [f"{call.method} {call.error or 'ok'}" for call in self.calls[-8:]]
                raise AssertionError(f"not within {within_s} s; the last calls were {last}")
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LOOK_AGAIN_S)):
                    await self._change.wait()

    # Teams and places

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

    def channel(
        self, name: str, members: Sequence[Somebody | str] = (), *, archived: bool = False, private: bool = False,
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

    def group(self, id: str, members: Sequence[Somebody | str] = (), *, team: Team | None = None) -> UserGroup:
        """A user group of that id, with these people in it."""
        users = {person if isinstance(person, str) else person.id for person in members}
        self.groups[id] = UserGroup(id, (team or self.team).id, f"Group {id}", f"group-{id.lower()}", users)
        return self.groups[id]

    def dm(self, person: Somebody | str, team: Team | None = None) -> str:
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

    def ephemerals(self, person: Somebody | str) -> list[Message]:
        return self.surfaces.ephemerals[person if isinstance(person, str) else person.id]

    def views(self, person: Somebody) -> list[Any]:
        """The modals open in front of somebody; the last is on top."""
        return self.surfaces.modals[person.team.id, person.id]

    def home(self, person: Somebody) -> Any:
        """The published Home view, or `None`."""
        return self.surfaces.homes.get((person.team.id, person.id))

    def status(self, channel: str, thread: str | None = None) -> str:
        """The status line below a thread now: a message of the app's clears it, and so do two minutes."""
        shown = [
            one for one in self.statuses if (one.api, one.channel, one.thread_ts) == ("assistant", channel, thread)
        ]
        if not shown or self.now() - shown[-1].at >= STATUS_LIFE_S:
            return ""
        since = (float(one.ts) - self._epoch for one in self.said_by_bot(channel, thread))
        return "" if any(at > shown[-1].at for at in since) else shown[-1].text

    def session(self, channel: str, thread: str | None = None) -> str:
        """The state of an agent's session: `processing`, `active`, `suspended` or `closed`; `""` is none."""
        known = [one for one in self.statuses if (one.api, one.channel, one.thread_ts) == ("agents", channel, thread)]
        return known[-1].text if known else ""

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

    def expire_streams(self) -> None:
        for channel in self.channels.values():
            for message in channel.messages.values():
                self.expire(message)
