"""The JSON that Slack sends, as far as it is read here: events, commands, presses, submitted forms, shortcuts.

Slack adds fields as it likes, so unknown ones are ignored; a known one of an unexpected type makes the whole payload
one that cannot be understood (`pydantic.ValidationError`). What a payload means is `parse.py`'s business.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _or_empty(value: object) -> object:
    return "" if value is None else value


def _whole(text: object) -> object:
    """Lone surrogates, which no database can keep, become replacement characters; so do NULs."""
    if not isinstance(text, str):
        return _or_empty(text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")


Id = Annotated[str, BeforeValidator(_or_empty), Field(max_length=200)]
"""Slack's own id of something; "" where the payload has none."""
Text = Annotated[str, BeforeValidator(_whole)]


class Loose(BaseModel):
    """A part of a payload; what is not named is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(Loose):
    id: Id = ""
    name: Text = ""
    team_id: Id = ""


class Message(Loose):
    user: Id = ""
    bot_id: Id = ""
    app_id: Id = ""
    subtype: Id = ""
    text: Text = ""
    ts: Id = ""
    thread_ts: Id = ""
    files: tuple[dict[str, object], ...] | None = None
    blocks: tuple[dict[str, object], ...] | None = None


class Event(Message):
    """An event's inside. Message events that tell of a change carry the message twice, as it is and as it was."""

    type: Id = ""
    channel: Id | Named = ""
    channel_type: Id = ""
    hidden: bool = False
    event_ts: Id = ""
    deleted_ts: Id = ""
    tab: Id = ""
    message: Message | None = None
    previous_message: Message | None = None
    streaming_message_ts: tuple[str, ...] | str | None = None
    tokens: dict[str, tuple[str, ...] | None] | None = None

    @property
    def place(self) -> str:
        return self.channel.id if isinstance(self.channel, Named) else self.channel


class Authorization(Loose):
    team_id: Id = ""
    enterprise_id: Id = ""
    user_id: Id = ""


class Callback(Loose):
    """An event's envelope."""

    team_id: Id = ""
    enterprise_id: Id = ""
    event_id: Id = ""
    authorizations: tuple[Authorization, ...] | None = None
    event: Event


class Command(Loose):
    command: Text
    text: Text = ""
    team_id: Id = ""
    channel_id: Id = ""
    user_id: Id
    trigger_id: Id = ""
    response_url: Text = ""


class Option(Loose):
    value: Text = ""


class Action(Loose):
    """One thing pressed or chosen."""

    type: Id = ""
    action_id: Id = ""
    block_id: Id = ""
    value: Text = ""
    action_ts: Id = ""
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] | None = None

    @property
    def chosen(self) -> str:
        """The value of the button or of the option chosen."""
        return self.selected_option.value if self.selected_option else self.value


class Container(Loose):
    type: Id = ""
    channel_id: Id = ""
    message_ts: Id = ""
    thread_ts: Id = ""
    is_ephemeral: bool = False


def _or_none_at_all(value: object) -> object:
    return () if value is None else value


Ids = Annotated[tuple[Id, ...], BeforeValidator(_or_none_at_all)]


class Input(Loose):
    """What stands in one field of a form."""

    value: Text = ""
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] | None = None
    selected_user: Id = ""
    selected_users: Ids = ()
    selected_conversation: Id = ""
    selected_conversations: Ids = ()
    files: tuple[dict[str, object], ...] | None = None

    @property
    def entered(self) -> tuple[str, ...]:
        """Everything that was entered or chosen; nothing where it was left empty."""
        options = [option.value for option in self.selected_options or ()]
        alone = [self.chosen, self.selected_user, self.selected_conversation]
        return tuple(filter(None, [*alone, *options, *self.selected_users, *self.selected_conversations]))

    @property
    def chosen(self) -> str:
        return self.selected_option.value if self.selected_option else self.value


class State(Loose):
    values: dict[str, dict[str, Input]] = Field(default_factory=dict[str, dict[str, Input]])


class View(Loose):
    id: Id = ""
    type: Id = ""
    callback_id: Id = ""
    private_metadata: Text = ""
    state: State = State()
    blocks: tuple[dict[str, object], ...] = ()
    hash: Id = ""
    previous_view_id: Id = ""
    app_installed_team_id: Id = ""


class Interaction(Loose):
    """A press, a submitted form or a shortcut; which of them is told by `type`."""

    type: Id
    team: Named | None = None
    user: Named
    channel: Named | None = None
    trigger_id: Id = ""
    response_url: Text = ""
    callback_id: Id = ""
    actions: tuple[Action, ...] = ()
    container: Container = Container()
    message: dict[str, object] | None = None
    view: View | None = None
    message_ts: Id = ""

    @property
    def workspace(self) -> str:
        """A view opened across a shared channel belongs to the workspace that has the app."""
        if self.view is not None and self.view.app_installed_team_id:
            return self.view.app_installed_team_id
        return (self.team.id if self.team else "") or self.user.team_id
