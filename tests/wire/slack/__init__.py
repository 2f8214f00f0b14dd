"""A local Slack: stateful, strict about what real Slack is strict about, spoken to by the real SDK."""

from tests.wire.slack.delivery import Answer, Delivery
from tests.wire.slack.limits import Limits
from tests.wire.slack.people import CommandReply, FormReply, Person
from tests.wire.slack.slack import Slack
from tests.wire.slack.state import Call, Message, SlackFile, Team
from tests.wire.slack.surfaces import View
from tests.wire.slack.web import serve_slack
from tests.wire.slack.words import Write

__all__ = [
    "Answer", "Call", "CommandReply", "Delivery", "FormReply", "Limits", "Message", "Person", "Slack", "SlackFile",
    "Team", "View", "Write", "serve_slack",
]  # fmt: skip
