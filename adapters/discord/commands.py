"""The commands as Discord is told of them: plain JSON, and when they have to be told anew.

Contexts and kinds of installation stand at each of them, since what is left out means everything. Whether what is
registered is the same is found out by asking Discord for it at every start: one request, and unlike a hash that was
kept somewhere it also knows of what another version or somebody's hand has changed meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import cast

from adapters.discord.names import FOCUS, LEVEL, QUESTIONS, TYPE

Json = dict[str, object]

SLASH, ADMIN, SCORE = "interview", "interview-admin", "Score this answer"
CHAT_INPUT, MESSAGE = 1, 3
SUBCOMMAND, STRING, INTEGER = 1, 3, 4
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
GUILD_INSTALL, USER_INSTALL = 0, 1
MANAGE_GUILD = 1 << 5
QUESTIONS_MOST, FOCUS_CHARS = 20, 200

EVERYWHERE: Json = {
    "contexts": [GUILD, BOT_DM, PRIVATE_CHANNEL],
    "integration_types": [GUILD_INSTALL, USER_INSTALL],
}


def _text(name: str, about: str, **more: object) -> Json:
    return {"type": STRING, "name": name, "description": about, **more}


def _sub(name: str, about: str, *options: Json) -> Json:
    return {"type": SUBCOMMAND, "name": name, "description": about, "options": list(options)}


COMMANDS: tuple[Json, ...] = (
    {
        "type": CHAT_INPUT,
        "name": SLASH,
        "description": "Mock interviews with feedback by rubric while it is written",
        **EVERYWHERE,
        "options": [
            _sub(
                "start",
                "Start an interview: choose a type and a level, or be asked",
                _text(TYPE, "What you want to practise", autocomplete=True, max_length=100),
                _text(LEVEL, "Role level, or a difficulty from 1 to 5", autocomplete=True, max_length=100),
                {"type": INTEGER, "name": QUESTIONS, "description": "How many questions", "min_value": 1,
                 "max_value": QUESTIONS_MOST},
                _text(FOCUS, "What to lay stress on, for example caching", max_length=FOCUS_CHARS),
            ),
            _sub("resume", "Go on where you left off"),
            _sub("progress", "The line over your interviews"),
            _sub("history", "Your interviews, with their reports"),
            _sub("settings", "Switch live feedback, choose a language"),
            _sub("export", "Everything that is kept about you, as a file"),
            _sub("delete-my-data", "Delete everything that is kept about you"),
            _sub("help", "How it works"),
        ],
    },
    {"type": MESSAGE, "name": SCORE, **EVERYWHERE},
    {
        "type": CHAT_INPUT,
        "name": ADMIN,
        "description": "Interview types, prompts, limits and people of this server",
        "contexts": [GUILD],
        "integration_types": [GUILD_INSTALL],
        "default_member_permissions": str(MANAGE_GUILD),
        "options": [
            _sub("menu", "Everything, and what needs you now"),
            _sub("types", "What people can practise: questions, criteria, who may use it"),
            _sub("prompts", "What the models are told: versions, trials, rollouts, figures"),
            _sub("limits", "How much people may use, and how much they did"),
            _sub("team", "How practice goes, by type and criterion, and what it costs"),
            _sub("people", "Who may look, coach and change things"),
            _sub("data", "How long answers and scores are kept"),
            _sub("audit", "What was changed, newest first"),
        ],
    },
)  # fmt: skip


def same(registered: Sequence[object]) -> bool:
    """Whether these commands, as Discord lists them, are ours."""
    return digest(registered) == digest(COMMANDS)


def digest(commands: Sequence[object]) -> str:
    """What commands say, in few letters; whatever Discord adds to them or leaves out of them makes no difference."""
    known = [_command(cast("Mapping[str, object]", each)) for each in commands if isinstance(each, Mapping)]
    text = json.dumps(sorted(known, key=lambda each: (str(each["type"]), str(each["name"]))), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _command(command: Mapping[str, object]) -> Json:
    permissions = command.get("default_member_permissions")
    return _described(command) | {
        "contexts": _numbers(command.get("contexts")),
        "integration_types": _numbers(command.get("integration_types")),
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(command.get("nsfw")),
    }


def _described(part: Mapping[str, object]) -> Json:
    options = part.get("options")
    found: Json = {
        "type": part.get("type") or CHAT_INPUT,
        "name": part.get("name"),
        "description": part.get("description") or "",
        "options": [_option(each) for each in cast("list[Mapping[str, object]]", options or [])],
    }
    return found


def _option(option: Mapping[str, object]) -> Json:
    kept = ("min_value", "max_value", "min_length", "max_length")
    return _described(option) | {
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
        "choices": option.get("choices") or [],
        **{name: option.get(name) for name in kept},
    }


def _numbers(found: object) -> list[int]:
    return sorted(cast("list[int]", found)) if isinstance(found, list) else []
