"""Settings: what may be set in the environment or in a `.env` file, what each value must look like, and what is wrong.

The fields of `Settings` are the whole list; the README's table holds the same names (`tests/test_docs.py`). A field's
`description` says what it does, its `title` what to write. Values of secrets are never shown. What a value must look
like is `bot/values.py`'s; what the settings lead to, `bot/compose.py`'s.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, cast, get_args

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.envfile import names_in
from bot.values import (
    Address,
    AppToken,
    BotToken,
    Database,
    DiscordToken,
    Key,
    Keys,
    Model,
    PublicAddress,
    SocketAddress,
)
from engine.errors import SettingsError

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]
PREFIX = "REHEARSE_"
ENV_FILE = ".env"
URL = "a web address that starts with http:// or https://"
SOCKET_URL = "a web address that starts with wss:// or ws://"
SHOWN_CHARS = 60


class Settings(BaseSettings):
    """Everything that can be set. Read it with `read_settings`, which checks more and says it in one sentence."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
    )

    openai_api_key: Key | None = Field(
        default=None,
        alias="OPENAI_API_KEY",
        title="the key as OpenAI shows it",
        description="Lets OpenAI's models answer.",
    )
    openai_base_url: Address | None = Field(
        default=None,
        alias="OPENAI_BASE_URL",
        title=URL,
        description="Another address for OpenAI's API, a gateway for example.",
    )
    openai_model: Model | None = Field(
        default=None,
        alias="REHEARSE_OPENAI_MODEL",
        title="a model's name without spaces",
        description="Which OpenAI model.",
    )
    gemini_api_key: Key | None = Field(
        default=None,
        alias="GEMINI_API_KEY",
        title="the key as Google AI Studio shows it",
        description="Lets Gemini answer.",
    )
    gemini_base_url: Address | None = Field(
        default=None, alias="GOOGLE_GEMINI_BASE_URL", title=URL, description="Another address for Gemini's API."
    )
    gemini_model: Model | None = Field(
        default=None,
        alias="REHEARSE_GEMINI_MODEL",
        title="a model's name without spaces",
        description="Which Gemini model.",
    )
    compatible_base_url: Address | None = Field(
        default=None,
        alias="REHEARSE_COMPATIBLE_BASE_URL",
        title=f"{URL} and usually ends in /v1",
        description="A server that speaks OpenAI's Chat Completions: Ollama, llama.cpp, vLLM, a gateway.",
    )
    compatible_api_key: Key | None = Field(
        default=None,
        alias="REHEARSE_COMPATIBLE_API_KEY",
        title="that server's key",
        description="Its key, if it wants one.",
    )
    compatible_model: Model | None = Field(
        default=None,
        alias="REHEARSE_COMPATIBLE_MODEL",
        title="a model's name without spaces",
        description="Its model's name.",
    )
    slack_bot_token: BotToken | None = Field(
        default=None,
        alias="SLACK_BOT_TOKEN",
        title="the Bot User OAuth Token, which begins with xoxb- (xoxp- is a person's, xoxe. ends after twelve hours)",
        description="Lets Rehearse act in one Slack workspace.",
    )
    slack_app_token: AppToken | None = Field(
        default=None,
        alias="SLACK_APP_TOKEN",
        title="the app-level token, which begins with xapp-",
        description="Lets Rehearse listen to Slack over Socket Mode, without a public address.",
    )
    slack_signing_secret: Key | None = Field(
        default=None,
        alias="SLACK_SIGNING_SECRET",
        title="the signing secret from the app's Basic Information page",
        description="Lets Rehearse listen to Slack over HTTP: it tells Slack's requests from anybody else's.",
    )
    slack_client_id: str | None = Field(
        default=None,
        alias="SLACK_CLIENT_ID",
        title="the client ID from the app's Basic Information page: two numbers with a dot between them",
        description="Lets many Slack workspaces install Rehearse, instead of `SLACK_BOT_TOKEN`.",
        pattern=r"^[0-9]+\.[0-9]+$",
    )
    slack_client_secret: Key | None = Field(
        default=None,
        alias="SLACK_CLIENT_SECRET",
        title="the client secret from the app's Basic Information page",
        description="Its secret.",
    )
    slack_api_url: Address | None = Field(
        default=None,
        alias="SLACK_API_URL",
        title=f"{URL} and usually ends in /api",
        description="Another address for Slack's Web API, GovSlack's for example.",
    )
    discord_token: DiscordToken | None = Field(
        default=None,
        alias="DISCORD_TOKEN",
        title=(
            "the token from the app's Bot page, three parts with dots between them (the client secret, the public key "
            "and the application ID are something else)"
        ),
        description="Lets Rehearse act as a Discord bot, and listen to Discord, without a public address.",
    )
    discord_api_url: Address | None = Field(
        default=None,
        alias="DISCORD_API_URL",
        title=f"{URL} and usually ends in /api/v10",
        description="Another address for Discord's API, a proxy that keeps rate limits for example.",
    )
    discord_gateway_url: SocketAddress | None = Field(
        default=None,
        alias="DISCORD_GATEWAY_URL",
        title=SOCKET_URL,
        description="Another address for Discord's gateway.",
    )
    discord_message_content: bool = Field(
        default=False,
        alias="REHEARSE_DISCORD_MESSAGE_CONTENT",
        title="1 for yes, 0 for no",
        description="Asks Discord for the message content intent, so that answers can be typed in private threads.",
    )
    secret_keys_text: Keys | None = Field(
        default=None,
        alias="REHEARSE_SECRET_KEYS",
        title="one or more keys as `rehearse slack key` prints them, with commas between them, the newest first",
        description="Seals the tokens of workspaces in the database.",
    )
    public_url: PublicAddress | None = Field(
        default=None,
        alias="REHEARSE_PUBLIC_URL",
        title="the web address that people and Slack reach Rehearse at, which starts with https://",
        description="Where Slack and people reach Rehearse; it stands in the manifest and in the installation.",
    )
    admin_workspaces_text: str | None = Field(
        default=None,
        alias="REHEARSE_ADMIN_WORKSPACES",
        title="slack/ or discord/ and the ID of a workspace or a server, with commas between several: slack/T0123",
        description="Whose admins may change prompts, which all workspaces share.",
        pattern=r"^(slack|discord)/[A-Za-z0-9]+(\s*,\s*(slack|discord)/[A-Za-z0-9]+)*$",
    )
    patience: float = Field(
        default=1.0,
        alias="REHEARSE_PATIENCE",
        title="a number from 0.1 to 100, for example 3",
        description="Multiplies how long a model may take. Raise it for a slow model on your own machine.",
        ge=0.1,
        le=100,
    )
    database_url: Database | None = Field(
        default=None,
        alias="DATABASE_URL",
        title="sqlite:///path/to/file.db or postgresql://user:password@host/name",
        description="Where interviews are kept, when not in a file under `REHEARSE_HOME`.",
    )
    home_folder: Path | None = Field(
        default=None,
        alias="REHEARSE_HOME",
        title="a folder",
        description="Where the database, the log of `practice` and the salt are kept.",
    )
    host: str = Field(
        default="127.0.0.1",
        alias="REHEARSE_HOST",
        title="a host name or address without spaces, for example 127.0.0.1",
        description="Where the browser playground listens, or the health pages and Slack's requests.",
        pattern=r"^\S+$",
    )
    port: int = Field(
        default=8765,
        alias="REHEARSE_PORT",
        title="a port number from 1 to 65535, for example 8765",
        description="The port there.",
        ge=1,
        le=65_535,
    )
    log_level: LogLevel = Field(
        default="info",
        alias="REHEARSE_LOG_LEVEL",
        title=f"one of {', '.join(get_args(LogLevel))}",
        description="How much is logged. `debug` also shows tracebacks.",
    )
    log_format: LogFormat = Field(
        default="console",
        alias="REHEARSE_LOG_FORMAT",
        title=f"one of {', '.join(get_args(LogFormat))}",
        description="`json` writes one JSON object per line.",
    )
    quiet_s: float = Field(
        default=3.0,
        alias="REHEARSE_QUIET_S",
        title="a number of seconds from 0 to 600, for example 3",
        description="How long a pause ends an answer of several messages.",
        ge=0,
        le=600,
    )
    user_salt: SecretStr | None = Field(
        default=None,
        alias="REHEARSE_USER_SALT",
        title="at least 16 characters that nobody can guess",
        description="Mixed into the hash that stands for a person at a model's provider. Made by itself when not set.",
        min_length=16,
    )

    @property
    def home(self) -> Path:
        """The folder everything is kept in; it may not exist yet."""
        if self.home_folder is not None:
            return self.home_folder.expanduser().absolute()
        return platformdirs.user_data_path("rehearse", appauthor=False)

    @property
    def database(self) -> str | Path:
        """The path of the database, or its URL, with its password if it has one."""
        return self.home / "rehearse.db" if self.database_url is None else self.database_url.get_secret_value()

    @property
    def has_slack(self) -> bool:
        """Whether Slack is configured."""
        return self.slack_bot_token is not None or self.slack_client_id is not None

    @property
    def has_discord(self) -> bool:
        """Whether Discord is configured."""
        return self.discord_token is not None

    @property
    def has_platform(self) -> bool:
        """Whether any chat platform is configured."""
        return self.has_slack or self.has_discord

    @property
    def admin_workspaces(self) -> frozenset[str]:
        """The scopes whose admins may change prompts."""
        return frozenset(each.strip() for each in (self.admin_workspaces_text or "").split(",") if each.strip())

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys that seal tokens, the newest first."""
        text = self.secret_keys_text.get_secret_value() if self.secret_keys_text else ""
        return tuple(key.strip() for key in text.split(",") if key.strip())

    @property
    def where(self) -> str:
        """The database as a person may be shown it."""
        return re.sub(r"(?<=://)([^/@]*):[^/@]*@", r"\1:…@", str(self.database))


def setting_names() -> dict[str, str]:
    """Every name that may be set, and what it does."""
    fields = Settings.model_fields.values()
    return {field.alias: field.description or "" for field in fields if field.alias is not None}


def read_settings() -> Settings:
    """The settings of this process. The environment wins over the working folder's `.env`.

    Raises `SettingsError` for a value that cannot be right, a `REHEARSE_…` name that does not exist, settings that miss
    their other half, and a `.env` that cannot be read.
    """
    env_file = Path.cwd() / ENV_FILE
    written = names_in(env_file) if env_file.is_file() else []
    _refuse_unknown([*os.environ, *written], env_file if written else None)
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    _refuse_halves(settings)
    return settings


def unknown_names(names: Iterable[str]) -> dict[str, str]:
    """Each name that looks like a setting of ours and is none, with the nearest one that is ("" when none is near)."""
    known = list(setting_names())
    strangers = [name for name in names if name.upper().startswith(PREFIX) and name not in known]
    return {name: next(iter(difflib.get_close_matches(name.upper(), known, n=1)), "") for name in strangers}


def _refuse_unknown(given: Iterable[str], env_file: Path | None) -> None:
    for name, near in unknown_names(given).items():
        where = f"in the environment or in {env_file}" if env_file else "in the environment"
        advice = f"Did you mean {near}?" if near else "The README lists every setting."
        raise SettingsError(f"{name} is set {where}, but there is no such setting. {advice}")


def _refuse_halves(settings: Settings) -> None:
    if settings.compatible_base_url and not settings.compatible_model:
        raise SettingsError("REHEARSE_COMPATIBLE_BASE_URL needs REHEARSE_COMPATIBLE_MODEL: set it to a model's name.")
    for name, value in (
        ("REHEARSE_COMPATIBLE_MODEL", settings.compatible_model),
        ("REHEARSE_COMPATIBLE_API_KEY", settings.compatible_api_key),
    ):
        if value and not settings.compatible_base_url:
            raise SettingsError(f"{name} needs REHEARSE_COMPATIBLE_BASE_URL: set it to the server's address.")
    _refuse_slack_halves(settings)
    if settings.discord_message_content and not settings.has_discord:
        raise SettingsError("REHEARSE_DISCORD_MESSAGE_CONTENT needs DISCORD_TOKEN: set it to the bot's token.")


def _refuse_slack_halves(settings: Settings) -> None:
    one, many = settings.slack_bot_token, settings.slack_client_id
    listens = settings.slack_app_token or settings.slack_signing_secret
    how = "SLACK_APP_TOKEN (Socket Mode, no public address) or SLACK_SIGNING_SECRET (HTTP)"
    if one and many:
        raise SettingsError("SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many. Set one of the two.")
    if (one or many) and not listens:
        raise SettingsError(f"{'SLACK_BOT_TOKEN' if one else 'SLACK_CLIENT_ID'} needs {how} as well.")
    if listens and not one and not many:
        name = "SLACK_APP_TOKEN" if settings.slack_app_token else "SLACK_SIGNING_SECRET"
        raise SettingsError(f"{name} needs SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID (many) as well.")
    if many and not settings.slack_client_secret:
        raise SettingsError("SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET, which stands below it on the same page.")
    if many and not settings.secret_keys:
        raise SettingsError("SLACK_CLIENT_ID needs REHEARSE_SECRET_KEYS: set it to what `rehearse slack key` prints.")
    if settings.slack_client_secret and not many:
        raise SettingsError("SLACK_CLIENT_SECRET needs SLACK_CLIENT_ID, which stands above it on the same page.")


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_context=False, include_url=False)[0]
    name = str(first["loc"][0])
    field = next(field for field in Settings.model_fields.values() if field.alias == name)
    shown = "" if "Secret" in str(field.annotation) else f"={str(cast('object', first['input']))[:SHOWN_CHARS]}"
    return f"{name}{shown} is not right. Write {field.title}."
