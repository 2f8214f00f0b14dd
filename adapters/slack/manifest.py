"""The app as Slack is told of it: its manifest, as data for the command that prints it and the doctor that compares.

For development the app listens over Socket Mode and needs no address. In production Slack calls our address; where many
workspaces may install the app, tokens end and are renewed, and an organisation may install it for all its workspaces.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.slack.names import COMMAND, SCORE_SHORTCUT, START_SHORTCUT
from adapters.slack.render.help import PROMPTS

EVENTS_PATH = "/slack/events"
"""Events, commands, buttons and forms all come here."""
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "an interview begins where somebody mentions it in a channel",
    "assistant:write": "it stands in Slack's list of agents, with prompts to begin with and a status while it works",
    "channels:history": "answers in the thread of an interview in a public channel",
    "chat:write": "questions, feedback and reports",
    "commands": f"{COMMAND} and the two shortcuts",
    "files:read": "voice clips and text files given as an answer",
    "files:write": "charts as pictures, and the export of one's own interviews",
    "groups:history": "answers in the thread of an interview in a private channel",
    "im:history": "answers in the direct message",
    "im:write": f"an interview that {COMMAND} starts goes on in the direct message",
    "usergroups:read": "interview types and roles for a user group; asked for only where an admin uses one",
    "users:read": "the language somebody uses Slack in, and who administers the workspace",
}
"""What the bot may do, and what for."""

EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "tokens_revoked",
)

DESCRIPTION = "Mock interviews with feedback you can believe: a practice tool, not for hiring decisions."
LONG_DESCRIPTION = (
    "Rehearse asks interview questions, you answer in writing or by voice, and it reviews each answer against a "
    "published rubric while you watch: a level for every criterion with the words of yours it rests on, what was "
    "missing, and a stronger version of your own answer. The difficulty follows how well you do, and the interview "
    "ends with a report of three fixes and one drill. It is a practice tool: scores are a hint for your next rehearsal "
    "and must not be used for hiring decisions. What is written with a model behind it can be wrong."
)


def manifest(*, url: str | None = None, many: bool = True) -> dict[str, object]:
    """The manifest: with our https address for production, without one for development.

    `many`: in production, workspaces install the app through our pages. One whose token stands in the settings cannot
    have a token that ends.
    """
    production = url is not None
    many = many and production
    there = {"url": f"{url}{EVENTS_PATH}"} if production else {}
    called = {"request_url": f"{url}{EVENTS_PATH}"} if production else {}
    redirects = {"redirect_urls": [f"{url}{REDIRECT_PATH}"]} if many else {}
    return {
        "display_information": {
            "name": "Rehearse",
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": DESCRIPTION,
                "suggested_prompts": [{"title": each.title, "message": each.message} for each in PROMPTS],
            },
            "bot_user": {"display_name": "Rehearse", "always_online": True},
            "shortcuts": [
                {
                    "name": "Start a mock interview",
                    "type": "global",
                    "callback_id": START_SHORTCUT,
                    "description": "Choose a type, a level and how many questions",
                },
                {
                    "name": "Score this answer",
                    "type": "message",
                    "callback_id": SCORE_SHORTCUT,
                    "description": "Review a message of yours as an interview answer",
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Start a mock interview, or see how you are doing",
                    "usage_hint": "[start type level] | resume | progress | history | help",
                    "should_escape": False,
                    **there,
                }
            ],
        },
        "oauth_config": {**redirects, "scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**called, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **called},
            "org_deploy_enabled": many,
            "socket_mode_enabled": not production,
            "token_rotation_enabled": many,
        },
    }
