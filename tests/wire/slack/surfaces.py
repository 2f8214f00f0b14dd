"""What there is beside messages: modals, Home, statuses, titles, prompts, what one alone sees; downloads, installs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.wire.slack.state import Message, Team

Json = dict[str, Any]

TRIGGER_LIFE_S = 3.0
STACK = 3
RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE_S = 1800.0


@dataclass(slots=True)
class View:
    """A modal or Home view, as it is open. `json` is what Slack sends of it."""

    json: Json
    user: str
    team: str

    @property
    def id(self) -> str:
        return self.json["id"]

    @property
    def hash(self) -> str:
        return self.json["hash"]

    @property
    def blocks(self) -> list[Json]:
        return self.json["blocks"]

    @property
    def callback_id(self) -> str:
        return self.json.get("callback_id") or ""

    @property
    def private_metadata(self) -> str:
        return self.json.get("private_metadata") or ""

    @property
    def title(self) -> str:
        return (self.json.get("title") or {}).get("text", "")


@dataclass(slots=True)
class Trigger:
    """The right to open one modal, for three seconds."""

    user: str
    team: str
    at: float
    view: str = ""
    """The view it arose in."""
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    user: str
    team: str
    channel: str
    at: float
    message_ts: str = ""
    uses: int = 0
    posted: list[Message] = field(default_factory=list[Message])


@dataclass(frozen=True, slots=True)
class Status:
    """A status or title that was set. `api` is `assistant` or `agents`."""

    at: float
    api: str
    team: str
    channel: str
    thread_ts: str | None
    text: str
    args: Json


@dataclass(slots=True)
class Surfaces:
    modals: defaultdict[tuple[str, str], list[View]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], list[View]](list)
    )
    """By team and user; the last is on top."""
    homes: dict[tuple[str, str], View] = field(default_factory=dict[tuple[str, str], View])
    triggers: dict[str, Trigger] = field(default_factory=dict[str, Trigger])
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict[str, ResponseUrl])
    ephemerals: defaultdict[str, list[Message]] = field(default_factory=lambda: defaultdict[str, list[Message]](list))
    """By user."""
    statuses: list[Status] = field(default_factory=list[Status])
    titles: list[Status] = field(default_factory=list[Status])
    prompts: list[Status] = field(default_factory=list[Status])

    def view(self, view_id: str) -> View | None:
        """An open view, or somebody's Home, by its id."""
        open_now = [view for stack in self.modals.values() for view in stack] + list(self.homes.values())
        return next((view for view in open_now if view.id == view_id), None)


@dataclass(frozen=True, slots=True)
class Download:
    """One request for a file: which URL, and what its Authorization header said."""

    url: str
    authorization: str
    foreign: bool


@dataclass(slots=True)
class Downloads:
    log: list[Download] = field(default_factory=list[Download])
    uploads: dict[str, str] = field(default_factory=dict[str, str])
    """Upload tickets and the file each is for."""
    redirects: dict[str, str] = field(default_factory=dict[str, str])
    """Files whose download answers with a redirect, and where to."""


@dataclass(slots=True)
class Code:
    team: Team
    at: float
    redirect_uri: str
    user: str
    used: bool = False


@dataclass(slots=True)
class Installs:
    """Who is installing where, and the codes that are out."""

    into: Team | None = None
    """The workspace chosen on the consent page; `None` is the default one."""
    denied: bool = False
    """Whether whoever sees the consent page says no."""
    installer: str = "U0INSTALLER"
    codes: dict[str, Code] = field(default_factory=dict[str, Code])
