"""What an agent shows beside its messages: status lines, session states, titles, suggested prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.wire.slack.api.ask import Ask, place
from tests.wire.slack.api.streams import SESSION_STATUSES
from tests.wire.slack.state import Refused
from tests.wire.slack.surfaces import Status

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

TITLE_CHARS = 200


def thread_status(slack: Slack, ask: Ask) -> Json:
    """The line below a thread; empty takes it away."""
    if "status" not in ask.args:
        raise Refused("invalid_arguments", ["[ERROR] missing required field: status"])
    ask.need("thread_ts")
    if len(ask.args.get("loading_messages") or []) > 10:
        raise Refused("invalid_arguments", ["[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]"])
    slack.statuses.append(_said(slack, ask, "assistant", str(ask.args["status"])))
    return {}


def thread_title(slack: Slack, ask: Ask) -> Json:
    ask.need("thread_ts", "title")
    slack.titles.append(_said(slack, ask, "assistant", str(ask.args["title"])))
    return {}


def thread_prompts(slack: Slack, ask: Ask) -> Json:
    prompts = ask.args.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise Refused("invalid_arguments", ["[ERROR] between 1 and 4 prompts [json-pointer:/prompts]"])
    if not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts):
        raise Refused("invalid_arguments", ["[ERROR] a prompt has a title and a message [json-pointer:/prompts]"])
    slack.prompts.append(_said(slack, ask, "assistant", "\n".join(one["title"] for one in prompts)))
    return {}


def session_status(slack: Slack, ask: Ask) -> Json:
    _agents(ask)
    (status,) = ask.need("status")
    if status not in SESSION_STATUSES:
        raise Refused("invalid_arguments", ["[ERROR] unknown status [json-pointer:/status]"])
    if len(str(ask.args.get("title") or "")) > TITLE_CHARS:
        raise Refused("invalid_arguments", ["[ERROR] must be less than 201 characters [json-pointer:/title]"])
    said = _said(slack, ask, "agents", status)
    known = [one for one in slack.statuses if one.api == "agents" and one.channel == said.channel]
    created = all(one.thread_ts != said.thread_ts for one in known)
    slack.statuses.append(said)
    if created and ask.args.get("title"):
        slack.titles.append(_said(slack, ask, "agents", str(ask.args["title"])))
    stoppable = slack.subscriptions is None or "agent_session_stopped" in slack.subscriptions
    return {} if stoppable else {"warning": "missing_agent_session_stopped_event_subscription"}


def session_rename(slack: Slack, ask: Ask) -> Json:
    _agents(ask)
    (title,) = ask.need("title")
    if len(title) > TITLE_CHARS:
        raise Refused("invalid_arguments", ["[ERROR] must be less than 201 characters [json-pointer:/title]"])
    slack.titles.append(_said(slack, ask, "agents", title))
    return {}


def _agents(ask: Ask) -> None:
    if "agents" in ask.team.refuses:
        raise Refused("not_authorized")


def _said(slack: Slack, ask: Ask, api: str, text: str) -> Status:
    channel = place(slack, ask, "channel_id")
    thread_ts = ask.args.get("thread_ts")
    if thread_ts is not None and str(thread_ts) not in channel.messages:
        raise Refused("thread_not_found" if api == "agents" else "invalid_thread_ts")
    return Status(slack.now(), api, ask.team.id, channel.id, thread_ts, text, ask.args)


METHODS = {
    "assistant.threads.setStatus": thread_status, "assistant.threads.setTitle": thread_title,
    "assistant.threads.setSuggestedPrompts": thread_prompts, "agents.sessions.setStatus": session_status,
    "agents.sessions.rename": session_rename,
}  # fmt: skip
