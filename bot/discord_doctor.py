"""What the doctor finds about Discord: whose the token is, how the app is set up, and whether it may log in."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from adapters.discord.commands import same
from adapters.discord.delivery.rest import API, HttpRest
from adapters.discord.identity import (
    Application,
    DiscordUnreachable,
    TokenRefused,
    application,
    gateway,
    registered,
)
from adapters.discord.install import FOR_PEOPLE, IN_SERVERS, PORTAL_URL
from adapters.discord.names import COMMAND
from bot.config import Settings
from bot.discord_commands import WHERE
from bot.findings import Finding

AWAY = "Check the network (HTTPS_PROXY, DISCORD_API_URL); `rehearse run` keeps trying."
FEW_LOGINS = 50
KINDS = {IN_SERVERS: "Guild Install", FOR_PEOPLE: "User Install"}


async def examine_discord(settings: Settings) -> AsyncGenerator[Finding]:
    """Everything about Discord, in the order in which it is needed."""
    if settings.discord_token is None:
        return
    if settings.discord_api_url is not None:
        found = f"{settings.discord_api_url} instead of {API}"
        yield Finding("discord api", "note", found, "Unset DISCORD_API_URL unless this is meant.")
    if settings.discord_gateway_url is not None:
        found = f"{settings.discord_gateway_url} instead of Discord's own"
        yield Finding("discord gateway", "note", found, "Unset DISCORD_GATEWAY_URL unless this is meant.")
    token = settings.discord_token.get_secret_value()
    async with aclosing(HttpRest(token, url=settings.discord_api_url or API)) as rest:
        try:
            mine = await application(rest)
        except TokenRefused as error:
            yield Finding("discord token", "broken", error.hint, WHERE)
            return
        except DiscordUnreachable as error:
            yield Finding("discord token", "warning", error.hint, AWAY)
            return
        yield _token(mine)
        yield _intents(mine, wanted=settings.discord_message_content)
        yield _endpoint(mine)
        yield _installs(mine)
        yield await _commands(rest, mine)
        yield await _gateway(rest)


def _token(mine: Application) -> Finding:
    counts = {"servers": mine.approximate_guild_count, "people": mine.approximate_user_install_count}
    where = " and ".join(f"{count} {what}" for what, count in counts.items() if count is not None)
    return Finding("discord token", "ok", f"is of {mine.name} ({mine.id})" + (f", with {where}" if where else ""))


def _intents(mine: Application, *, wanted: bool) -> Finding:
    page = f"{PORTAL_URL}/{mine.id}/bot"
    if wanted and not mine.sees_contents:
        found = "REHEARSE_DISCORD_MESSAGE_CONTENT asks for the message content intent, which is off"
        return Finding("discord intents", "broken", found, f"Switch Message Content Intent on at {page}, or unset it.")
    if mine.sees_contents and not wanted:
        found = "the message content intent is on, and nothing uses it"
        return Finding("discord intents", "note", found, f"Switch it off at {page}.")
    found = "answers can be typed in private threads" if wanted else "none that is privileged is needed"
    return Finding("discord intents", "ok", found)


def _endpoint(mine: Application) -> Finding:
    if mine.interactions_endpoint_url:
        found = f"commands and buttons go to {mine.interactions_endpoint_url}, and never come here"
        do = f"Empty Interactions Endpoint URL at {PORTAL_URL}/{mine.id}/information, and save."
        return Finding("discord interactions", "broken", found, do)
    return Finding("discord interactions", "ok", "come over the gateway")


def _installs(mine: Application) -> Finding:
    page = f"{PORTAL_URL}/{mine.id}/installation"
    if mine.integration_types_config is None:
        return Finding("discord installs", "note", "Discord did not say who may install it")
    off = [name for kind, name in KINDS.items() if kind not in mine.integration_types_config]
    if off:
        do = f"Tick it under Installation Contexts at {page}."
        return Finding("discord installs", "warning", f"{' and '.join(off)} is switched off", do)
    return Finding("discord installs", "ok", "into servers and for people; `rehearse discord invite` prints the links")


async def _commands(rest: HttpRest, mine: Application) -> Finding:
    try:
        found = await registered(rest, mine.id)
    except (TokenRefused, DiscordUnreachable) as error:
        return Finding("discord commands", "warning", error.hint, AWAY)
    if not found:
        return Finding("discord commands", "note", "not there yet", "`rehearse run` registers them.")
    if not same(found):
        said = "not those of this version of Rehearse"
        return Finding("discord commands", "note", said, "The next start of `rehearse run` mends that.")
    return Finding("discord commands", "ok", f"{COMMAND} and the others are as they should be")


async def _gateway(rest: HttpRest) -> Finding:
    try:
        found = await gateway(rest)
    except (TokenRefused, DiscordUnreachable) as error:
        return Finding("discord logins", "warning", error.hint, AWAY)
    limit = found.session_start_limit
    said = f"{limit.remaining} of {limit.total} logins are left, counted anew in {limit.reset_after_ms / 3.6e6:.0f} h"
    if limit.remaining == 0:
        do = "Wait for that. Something starts Rehearse again and again; Discord resets the token of whoever goes on."
        return Finding("discord logins", "broken", said, do)
    if limit.remaining < FEW_LOGINS:
        return Finding("discord logins", "warning", said, "Find out what starts Rehearse again and again.")
    return Finding("discord logins", "ok", said)
