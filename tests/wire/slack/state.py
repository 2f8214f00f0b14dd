"""What a Slack workspace consists of here: teams, people, channels, messages, files. It knows nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.wire.slack.words import interactive, live_markup, visible_text

Json = dict[str, Any]


class Refused(Exception):
    """A call that Slack answers with `ok: false`."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.body: Json = {"ok": False, "error": error, **more}
        if messages:
            self.body["response_metadata"] = {"messages": messages}


@dataclass(slots=True)
class App:
    """The one app there is, installed into any number of teams."""

    id: str = "A0REHEARSE"
    app_token: str = "xapp-1-A0REHEARSE-1-wire"
    signing_secret: str = "a-signing-secret-of-the-wire"
    client_id: str = "11111.22222"
    client_secret: str = "a-client-secret-of-the-wire"
    verification_token: str = "an-old-verification-token"
    redirect_uri: str = ""
    """Where `/oauth/v2/authorize` goes back to when the link does not say."""
    rotates: bool = False
    """Whether tokens expire after 12 hours and come with a refresh token."""


@dataclass(slots=True)
class Team:
    """A workspace."""

    id: str
    name: str
    app: App
    bot_token: str
    bot_user: str = "U0REHEARSE"
    bot_id: str = "B0REHEARSE"
    enterprise: str = ""
    """The id of its organisation, if any."""
    org_wide: bool = False
    """Whether the app is installed into the organisation rather than into the team."""
    scopes: str = (
        "chat:write,im:history,im:write,app_mentions:read,channels:history,commands,files:read,files:write,"
        "usergroups:read"
    )
    refuses: set[str] = field(default_factory=set[str])

    @property
    def app_token(self) -> str:
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.app.signing_secret

    @property
    def app_id(self) -> str:
        return self.app.id

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(slots=True)
class Grant:
    """What a token opens: one team, or (org-wide) all teams of an organisation."""

    team: str
    enterprise: str = ""
    expires_at: float | None = None
    refresh: str = ""
    error: str = ""
    """What calls with it get once it is worth nothing: `token_revoked`, `account_inactive`…"""


@dataclass(slots=True)
class Member:
    """Somebody in a team, as the API describes them."""

    id: str
    team: str
    name: str
    admin: bool = False
    locale: str = "en-US"
    bot: bool = False
    deleted: bool = False
    owner: bool = False
    guest: bool = False

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")

    def as_json(self, *, locale: bool = False) -> Json:
        said: Json = {
            "id": self.id, "team_id": self.team, "name": self.handle, "deleted": self.deleted,
            "real_name": self.name, "tz": "Europe/London", "tz_offset": 0, "is_admin": self.admin,
            "is_owner": self.owner, "is_primary_owner": False, "is_bot": self.bot, "is_app_user": False,
            "is_restricted": self.guest, "is_ultra_restricted": False,
            "profile": {"real_name": self.name, "display_name": self.name, "team": self.team},
        }  # fmt: skip
        return {**said, "locale": self.locale} if locale else said


@dataclass(slots=True)
class UserGroup:
    """People who are called by one name."""

    id: str
    team: str
    name: str
    handle: str
    users: set[str] = field(default_factory=set[str])
    disabled: bool = False

    def as_json(self, *, users: bool) -> Json:
        said: Json = {
            "id": self.id, "team_id": self.team, "is_usergroup": True, "name": self.name, "handle": self.handle,
            "description": "", "date_delete": 1700000000 if self.disabled else 0, "user_count": len(self.users),
        }  # fmt: skip
        return {**said, "users": sorted(self.users)} if users else said


@dataclass(slots=True)
class Channel:
    id: str
    team: str
    name: str
    members: set[str]
    kind: str = "channel"
    """`im`, `mpim`, `group` or `channel`: the `channel_type` of events."""
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict[str, "Message"])

    def replies(self, root: Message) -> list[Message]:
        """What stands in a thread now, below its root."""
        return [
            one for one in self.messages.values() if one.thread_ts == root.ts and one is not root and not one.deleted
        ]

    def threads_at(self, ts: str) -> Message | None:
        """The message a reply may hang from. A deleted one that has replies leaves a tombstone, which still will do."""
        root = self.messages.get(ts)
        return None if root is None or (root.deleted and not self.replies(root)) else root

    def as_json(self, bot_user: str) -> Json:
        said: Json = {
            "id": self.id, "created": 1700000000, "is_archived": self.archived, "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim", "is_channel": self.kind == "channel", "is_group": self.kind == "group",
            "is_private": self.kind != "channel", "context_team_id": self.team, "is_org_shared": False,
        }  # fmt: skip
        if self.kind == "im":
            return {**said, "user": next(iter(self.members - {bot_user}), bot_user)}
        return {**said, "name": self.name, "is_member": bot_user in self.members, "num_members": len(self.members)}


@dataclass(slots=True)
class Stream:
    """A native stream while it lives, and what is left of it."""

    started_at: float
    recipient: str
    bytes: int = 0
    first: str = ""
    """All that others in a channel see of it until it ends."""
    chunks: list[Json] = field(default_factory=list[Json])
    closed: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands now. `blocks` and `files` are replaced, never changed in place."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list[Json])
    thread_ts: str | None = None
    bot: bool = False
    subtype: str = ""
    edited: bool = False
    edited_ts: str = ""
    deleted: bool = False
    metadata: Json | None = None
    files: list[SlackFile] = field(default_factory=list["SlackFile"])
    stream: Stream | None = None
    reactions: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    ephemeral_for: str = ""

    @property
    def streaming(self) -> bool:
        """Whether it is a native stream that has not been closed (by a stop or, once a call noticed, by its age)."""
        return self.stream is not None and not self.stream.closed

    @property
    def visible(self) -> str:
        """What somebody reading sees, as plain text."""
        return visible_text(self.text, self.blocks, streamed=self.stream is not None)

    @property
    def live_markup(self) -> list[str]:
        """Everything in it that acts: mentions, broadcasts, links, as `<…>`. What somebody wrote must never be here."""
        return live_markup(self.text, self.blocks)

    def seen_by(self, user: str, *, in_dm: bool) -> str:
        """In a channel only the recipient sees a stream grow."""
        if self.streaming and not in_dm and self.stream is not None and user != self.stream.recipient:
            return self.stream.first
        return self.visible

    def element(self, action_id: str) -> Json | None:
        """The interactive element with this action id."""
        return next((one for _, one in interactive(self.blocks) if one.get("action_id") == action_id), None)

    @property
    def action_ids(self) -> list[str]:
        """Of everything that can be pressed, in reading order."""
        return [one["action_id"] for _, one in interactive(self.blocks) if "action_id" in one]


@dataclass(slots=True)
class SlackFile:
    id: str
    name: str
    mimetype: str
    content: bytes
    team: str
    user: str
    title: str = ""
    subtype: str = ""
    duration_ms: int | None = None
    url: str = ""
    download_url: str = ""
    external: bool = False
    size: int | None = None
    """What Slack says its size is, where that is not the truth."""
    highlight_type: str = ""
    alt_text: str = ""
    shared_in: list[str] = field(default_factory=list[str])
    done: bool = True

    def as_json(self) -> Json:
        ending = self.name.rpartition(".")[2]
        said: Json = {
            "id": self.id, "created": 1700000000, "timestamp": 1700000000, "name": self.name,
            "title": self.title or self.name, "mimetype": self.mimetype, "filetype": ending,
            "pretty_type": ending.upper(),
            "user": self.user, "user_team": self.team, "editable": False,
            "size": len(self.content) if self.size is None else self.size,
            "mode": "external" if self.external else "hosted", "is_external": self.external,
            "external_type": "gdrive" if self.external else "", "is_public": False, "public_url_shared": False,
            "url_private": self.url, "file_access": "visible", "permalink": f"{self.url}/permalink",
            "channels": list(self.shared_in),
        }  # fmt: skip
        if not self.external:
            said["url_private_download"] = self.download_url
        if self.subtype:
            said |= {"subtype": self.subtype, "media_display_type": "audio", "duration_ms": self.duration_ms or 0}
            said["transcription"] = {"status": "processing"}
        if self.alt_text:
            said["alt_txt"] = self.alt_text
        return said


@dataclass(slots=True)
class Call:
    """One call of the Web API as the server saw it. `at` is `Slack.now()`."""

    method: str
    args: Json
    token: str
    at: float
    via: str
    """`get`, `query`, `form` or `json`: how the arguments came."""
    team: str = ""
    ok: bool = False
    error: str = ""
    status: int = 200
    reply: Json = field(default_factory=dict[str, Any])
