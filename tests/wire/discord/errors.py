"""What the API answers when it will not: status, JSON code, sentence.

Statuses and codes are those of the page "Opcodes and Status Codes"; 30046 is known to come as a 429.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.wire.discord.components import Json
from tests.wire.discord.problems import Problem, form_errors
from tests.wire.discord.validate import TOO_LARGE

SENTENCES = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30032: (400, "Maximum number of application commands reached"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40003: (429, "You are opening direct messages too fast"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "Follow-up messages of a user-installed app are limited to 5 per interaction"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50083: (400, "Thread is archived"),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160004: (400, "A thread has already been created for this message"),
}


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, body: Json | str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers or {}
        super().__init__(f"{status} {body}")

    @property
    def code(self) -> int:
        return int(self.body.get("code", 0)) if isinstance(self.body, dict) else 0


def refusal(code: int) -> ApiError:
    """The error with this JSON code."""
    status, message = SENTENCES[code]
    return ApiError(status, {"message": message, "code": code})


def plain(status: int, reason: str) -> ApiError:
    """An error that has no code of its own: `404: Not Found`."""
    return ApiError(status, {"message": f"{status}: {reason}", "code": 0})


def invalid_form(problems: Iterable[Problem]) -> ApiError:
    """50035 with nested errors; the bare 500 that Discord gives for components that are too large inside."""
    found = list(problems)
    if all(problem.code == TOO_LARGE for problem in found):
        return plain(500, "Internal Server Error")
    return ApiError(400, {"message": "Invalid Form Body", "code": 50035, "errors": form_errors(found)})


def wrong(path: str, code: str, message: str) -> ApiError:
    """50035 about one field."""
    return invalid_form([Problem(tuple(path.split(".")), code, message)])
