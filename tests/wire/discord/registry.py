"""Application commands: registered, validated, counted. Whether one is offered to a person is in `offers`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.wire.discord.clock import Snowflakes
from tests.wire.discord.components import Json
from tests.wire.discord.errors import invalid_form, refusal
from tests.wire.discord.problems import Path, Problem, Problems, bad_length, text_at

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
CREATES_A_DAY = 200
COMMAND_CHARS = 8_000
NAME = re.compile(r"[-_'\w]{1,32}$")

Scope = int | None  # a guild's id; None is global


class Registry:
    """What the application has registered, globally and per guild."""

    def __init__(self, ids: Snowflakes, application_id: int) -> None:
        self.puts = 0
        """How often everything was overwritten at once."""
        self.creates: Counter[Scope] = Counter()
        """New commands so far today; updates by the same name are not new."""
        self._ids = ids
        self._application_id = application_id
        self._commands: dict[Scope, list[Json]] = {}

    def listing(self, scope: Scope = None) -> list[Json]:
        """What is registered."""
        return self._commands.get(scope, [])

    def named(self, name: str, kind: int, guild: Scope) -> Json | None:
        """A command as a person sees it: the guild's own first, then the global one."""
        for scope in (guild, None) if guild is not None else (None,):
            for command in self.listing(scope):
                if command["name"] == name and command["type"] == kind:
                    return command
        return None

    def overwrite(self, body: Sequence[Json], scope: Scope) -> list[Json]:
        """Replace everything of a scope.

        Raises:
            ApiError: something is malformed, or too many.
        """
        self.puts += 1
        problems = [problem for n, command in enumerate(body) for problem in _command((str(n),), command)]
        if problems:
            raise invalid_form(problems)
        kinds = Counter(command.get("type", 1) for command in body)
        if any(number > MOST.get(kind, 0) for kind, number in kinds.items()):
            raise refusal(30032)
        self._commands[scope] = [self._made(command, scope) for command in body]
        return self.listing(scope)

    def upsert(self, body: Json, scope: Scope) -> Json:
        """Add one, or replace the one of its name and type."""
        problems = list(_command((), body))
        if problems:
            raise invalid_form(problems)
        made = self._made(body, scope)
        others = [each for each in self.listing(scope) if each["id"] != made["id"]]
        self._commands[scope] = [*others, made]
        return made

    def one(self, command_id: int, scope: Scope) -> Json:
        """One by its id.

        Raises:
            ApiError: 10063.
        """
        for command in self.listing(scope):
            if command["id"] == str(command_id):
                return command
        raise refusal(10063)

    def remove(self, command_id: int, scope: Scope) -> None:
        """Take one away."""
        self.listing(scope).remove(self.one(command_id, scope))

    def _made(self, body: Json, scope: Scope) -> Json:
        kind = body.get("type") or 1
        same = (each for each in self.listing(scope) if (each["name"], each["type"]) == (body["name"], kind))
        earlier = next(same, None)
        if earlier is None:
            if self.creates[scope] >= CREATES_A_DAY:
                raise refusal(30034)
            self.creates[scope] += 1
        permissions = body.get("default_member_permissions")
        made: Json = {
            "id": earlier["id"] if earlier else str(self._ids.new()),
            "application_id": str(self._application_id),
            "version": str(self._ids.new()),
            "type": kind,
            "name": body["name"],
            "name_localizations": body.get("name_localizations"),
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations"),
            "default_member_permissions": None if permissions is None else str(permissions),
            "options": body.get("options") or [],
            "nsfw": bool(body.get("nsfw")),
        }
        if scope is None:
            made["contexts"] = body.get("contexts")
            made["integration_types"] = body.get("integration_types") or [0]
            made["dm_permission"] = body.get("dm_permission", True)
        else:
            made["guild_id"] = str(scope)
        return made


def _command(path: Path, command: Json) -> Problems:
    kind = command.get("type") or 1
    if kind == CHAT_INPUT:
        yield from _name(path, command)
        yield from text_at((*path, "description"), command.get("description"), 1, 100, required=True)
        yield from _options(path, command.get("options") or [], 1)
        if _characters(command) > COMMAND_CHARS:
            message = f"Command exceeds maximum size ({COMMAND_CHARS})"
            yield Problem(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        yield from text_at((*path, "name"), command.get("name"), 1, 32, required=True)
        if command.get("description") or command.get("options"):
            message = "Context menu commands cannot have description or options"
            yield Problem(path, "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED", message)


def _options(path: Path, options: Sequence[Json], depth: int) -> Problems:
    if len(options) > 25:
        yield bad_length((*path, "options"), 0, 25)
    optional_seen = False
    for n, option in enumerate(options):
        at = (*path, "options", str(n))
        yield from _name(at, option)
        yield from text_at((*at, "description"), option.get("description"), 1, 100, required=True)
        if option.get("type") in (1, 2):
            if depth > 2:
                yield Problem((*at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep")
            yield from _options(at, option.get("options") or [], depth + 1)
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            yield Problem(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen |= not option.get("required")
        choices = option.get("choices") or []
        if len(choices) > 25:
            yield bad_length((*at, "choices"), 0, 25)
        for m, choice in enumerate(choices):
            yield from text_at((*at, "choices", str(m), "name"), choice.get("name"), 1, 100, required=True)
    for name, times in Counter(option.get("name") for option in options).items():
        if times > 1:
            message = f"Option name {name} is used twice"
            yield Problem((*path, "options"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)


def _name(path: Path, of: Json) -> Problems:
    name = str(of.get("name") or "")
    if not NAME.match(name) or name != name.lower():
        message = "String value did not match validation regex."
        yield Problem((*path, "name"), "STRING_TYPE_REGEX", message)


def _characters(of: Json) -> int:
    """Name, description and values, all the way down; what is localised counts by its longest."""

    def lengths(part: Json) -> Iterator[int]:
        for key in ("name", "description"):
            worded = [str(part.get(key) or ""), *(part.get(f"{key}_localizations") or {}).values()]
            yield max(map(len, worded))
        if isinstance(part.get("value"), str):
            yield len(part["value"])
        for inside in [*(part.get("options") or []), *(part.get("choices") or [])]:
            yield from lengths(inside)

    return sum(lengths(of))
