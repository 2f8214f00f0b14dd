"""Whose the bot's token is, and what Discord knows of the application: asked at the start and by the doctor.

RehearseError
├── TokenRefused         Discord does not take this token: only a person can mend it
└── DiscordUnreachable   no answer, or none that makes sense: try again later
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar, cast

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from adapters.discord.delivery.rest import Answer, HttpRest
from adapters.discord.install import MESSAGE_CONTENT_FLAGS
from engine.errors import RehearseError

ASK_S = 10.0
NOT_DISCORDS = "an answer that is not Discord's"


class TokenRefused(RehearseError):
    """Discord takes this token no longer, or never did."""

    hint = "Discord refuses the token."


class DiscordUnreachable(RehearseError):
    """Discord gave no answer that could be used."""

    def __init__(self, detail: str) -> None:
        self.hint = f"Discord cannot be reached ({detail})."
        super().__init__(f"Discord unreachable: {detail}")


class Application(BaseModel):
    """The application of a bot's token."""

    id: str
    name: str
    flags: int = 0
    interactions_endpoint_url: str | None = None
    integration_types_config: dict[str, object] | None = None
    approximate_guild_count: int | None = None
    approximate_user_install_count: int | None = None

    @property
    def sees_contents(self) -> bool:
        """Whether the message content intent is switched on."""
        return bool(self.flags & MESSAGE_CONTENT_FLAGS)


class StartLimit(BaseModel):
    """How often a bot may still log in to the gateway, and how long until the count begins anew."""

    total: int
    remaining: int
    reset_after_ms: int = Field(alias="reset_after")


class GatewayBot(BaseModel):
    """Where the gateway is."""

    url: str
    shards: int
    session_start_limit: StartLimit


Asked = TypeVar("Asked", bound=BaseModel)


async def application(rest: HttpRest) -> Application:
    """Whose the token is. Raises `TokenRefused` or `DiscordUnreachable`, as the others here."""
    return _read(Application, await _get(rest, "/applications/@me"))


async def gateway(rest: HttpRest) -> GatewayBot:
    """Where the gateway is, and whether the bot may log in."""
    return _read(GatewayBot, await _get(rest, "/gateway/bot"))


async def registered(rest: HttpRest, application_id: str) -> Sequence[object]:
    """The commands that Discord offers people, everywhere."""
    found = (await _get(rest, f"/applications/{application_id}/commands")).parsed()
    if not isinstance(found, list):
        raise DiscordUnreachable(NOT_DISCORDS)
    return cast("list[object]", found)


async def _get(rest: HttpRest, path: str) -> Answer:
    try:
        async with asyncio.timeout(ASK_S):
            answer = await rest.send("GET", path)
    except TimeoutError as error:
        raise DiscordUnreachable(f"no answer within {ASK_S:g} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise DiscordUnreachable(str(error) or type(error).__name__) from error
    if answer.status == 401:
        raise TokenRefused("401 Unauthorized")
    if answer.status != 200:
        raise DiscordUnreachable(f"HTTP {answer.status}")
    return answer


def _read(shape: type[Asked], answer: Answer) -> Asked:
    try:
        return shape.model_validate(answer.parsed())
    except ValidationError as error:
        raise DiscordUnreachable(NOT_DISCORDS) from error
