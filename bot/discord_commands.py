"""`rehearse discord invite`: the links by which somebody adds the app."""

from __future__ import annotations

from contextlib import aclosing

from adapters.discord.delivery.rest import API, HttpRest
from adapters.discord.identity import DiscordUnreachable, TokenRefused, application
from adapters.discord.install import FOR_PEOPLE, IN_SERVERS, PERMISSIONS, application_of, invite_link
from bot.config import Settings, read_settings
from engine.errors import SettingsError

WHERE = "Press Reset Token on the app's Bot page, and set DISCORD_TOKEN to what it shows."


async def print_invite(application_id: str | None) -> int:
    """The links, and what the bot may do in a server; the exit code.

    The application is asked of Discord only when the token does not spell it. Raises `SettingsError` when it cannot be
    known.
    """
    application_id = application_id or await _application(read_settings())
    print(f"To a server of yours:\n  {invite_link(application_id, IN_SERVERS)}")
    print(f"To your own account, for direct messages everywhere:\n  {invite_link(application_id, FOR_PEOPLE)}")
    print("In a server it may do this, and nothing else:")
    for name, (_, what) in PERMISSIONS.items():
        print(f"  {name:<24}  {what}")
    return 0


async def _application(settings: Settings) -> str:
    if settings.discord_token is None:
        raise SettingsError("DISCORD_TOKEN is not set. Set it, or name the application with --application ID.")
    token = settings.discord_token.get_secret_value()
    spelt = application_of(token)
    if spelt is not None:
        return spelt
    try:
        async with aclosing(HttpRest(token, url=settings.discord_api_url or API)) as rest:
            return (await application(rest)).id
    except TokenRefused as error:
        raise SettingsError(f"Discord refuses DISCORD_TOKEN. {WHERE}") from error
    except DiscordUnreachable as error:
        raise SettingsError(f"{error.hint} Try again, or name the application with --application ID.") from error
