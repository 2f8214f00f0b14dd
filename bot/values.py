"""What the value of a setting must look like, where a type alone does not say it.

Only what cannot be right is refused here; whether a token is good, only its platform knows.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
KEY_BYTES = 32
"""Of a key that seals tokens (Fernet's)."""


def _address_of(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not value.startswith(schemes) or any(c.isspace() for c in value) or value.endswith("//"):
            raise ValueError("not an address")
        return value.rstrip("/")

    return check


def _one_line(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().strip()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("one line of plain characters")
    return SecretStr(value)


def _database(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value().partition("://")[0].partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("not a database we know")
    return secret


def _reachable(value: str) -> str:
    host = urlsplit(value).hostname or ""
    if not value.startswith("https://") and host not in LOOPBACK:
        raise ValueError("https")
    return value


def _begins_with(prefix: str) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError(prefix)
        return secret

    return check


def _discord_token(secret: SecretStr) -> SecretStr:
    # A client secret and a public key have no dots, an application's ID is a number, Slack's tokens begin with xox.
    if not re.fullmatch(r"(?!xox|xapp)[\w-]+\.[\w-]+\.[\w-]+", secret.get_secret_value(), re.ASCII):
        raise ValueError("not a bot's token")
    return secret


def _keys(secret: SecretStr) -> SecretStr:
    for key in secret.get_secret_value().split(","):
        try:
            whole = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
        except ValueError:
            whole = b""
        if len(whole) != KEY_BYTES:
            raise ValueError("not a key")
    return secret


Address = Annotated[str, AfterValidator(_address_of("http://", "https://"))]
SocketAddress = Annotated[str, AfterValidator(_address_of("ws://", "wss://"))]
PublicAddress = Annotated[Address, AfterValidator(_reachable)]
Key = Annotated[SecretStr, AfterValidator(_one_line)]
BotToken = Annotated[Key, AfterValidator(_begins_with("xoxb-"))]
AppToken = Annotated[Key, AfterValidator(_begins_with("xapp-"))]
DiscordToken = Annotated[Key, AfterValidator(_discord_token)]
Keys = Annotated[SecretStr, AfterValidator(_keys)]
Database = Annotated[SecretStr, AfterValidator(_database)]
Model = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")]
