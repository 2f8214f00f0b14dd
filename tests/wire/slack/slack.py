"""`Slack`: a running server, with the people in it, the ways it can misbehave, and its doors to the app.

Calls of the app change it through `api/`, people through `people.py`; what they cause reaches the app by `deliver.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.wire.slack.deliver import Deliveries
from tests.wire.slack.delivery import Answer, Delivery
from tests.wire.slack.events import Events
from tests.wire.slack.faults import Fault, Faults
from tests.wire.slack.people import Person
from tests.wire.slack.state import Member, Team
from tests.wire.slack.world import World


@dataclass(slots=True, repr=False, eq=False)
class Slack(World):
    """Everything here is safe to read at any moment; methods without `await` act at once."""

    echoes: bool = True
    """Whether the app's own messages come back to it as events."""
    subscriptions: set[str] | None = None
    """Event types that are delivered (`message.im` and so on for messages); `None` is all."""
    faults: Faults = field(default_factory=Faults)
    deliveries: Deliveries = field(init=False)
    events: Events = field(init=False)
    _people: dict[tuple[str, str], Person] = field(default_factory=dict[tuple[str, str], Person])

    def __post_init__(self) -> None:
        World.__post_init__(self)
        self.deliveries = Deliveries(self)
        self.events = Events(self)

    def person(
        self, id: str, name: str = "", *, admin: bool = False, owner: bool = False, guest: bool = False,
        locale: str = "en-US", team: Team | str | None = None,
    ) -> Person:  # fmt: skip
        """Somebody of a team; the same one for the same id."""
        team = self.teams[team] if isinstance(team, str) else team or self.team
        if (team.id, id) not in self._people:
            self.members[team.id, id] = Member(
                id, team.id, name or f"Person {id}", admin or owner, locale, owner=owner, guest=guest
            )
            self._people[team.id, id] = Person(self, self.members[team.id, id], team)
        return self._people[team.id, id]

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

    def vanish(self, channel: str, ts: str) -> None:
        """A moderator removes a message of the app's, and nobody tells it."""
        self.message(channel, ts).deleted = True
        self.changed()

    def kick(self, channel: str, team: Team | None = None) -> None:
        """The app is no longer in a channel."""
        self.channels[channel].members.discard((team or self.team).bot_user)

    # Doors

    async def connect_http(self, url: str, *, verify: bool = True) -> None:
        """Deliver everything to this URL from now on; Slack's challenge is put first, as when a URL is configured."""
        await self.deliveries.connect_http(url, verify=verify)

    async def raw(
        self, body: str, content_type: str = "application/json", *, at: float | None = None,
        secret: str | None = None, headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:  # fmt: skip
        """Any body to the app's URL, signed as of another time or with another secret; its status and text."""
        door = self.deliveries.http
        assert door is not None, "connect_http comes first"
        signed = door.signed(body, at=at, secret=secret)
        return await door.post(body, {"Content-Type": content_type, **signed, **(headers or {})})

    async def replay(self, delivery: Delivery) -> Answer:
        """The same payload once more, with the same event id, as a retry."""
        return await self.deliveries.attempt(delivery)

    @property
    def sockets(self) -> int:
        """How many connections of Socket Mode there are."""
        return self.deliveries.sockets.count

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
