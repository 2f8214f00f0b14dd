"""`rehearse slack manifest` and `rehearse slack key`: what is needed before there is anything to run."""

from __future__ import annotations

import base64
import json
import secrets

from pydantic import TypeAdapter, ValidationError

from adapters.slack.manifest import manifest
from bot.config import read_settings
from bot.values import KEY_BYTES, PublicAddress
from engine.errors import SettingsError

_ADDRESS: TypeAdapter[str] = TypeAdapter(PublicAddress)


def print_manifest(*, production: bool, many: bool, url: str | None) -> int:
    """The app's manifest as JSON, to be pasted where Slack asks for it; the exit code.

    Raises `SettingsError` for an address that Slack would not take.
    """
    address = _address(url or read_settings().public_url) if production else None
    print(json.dumps(manifest(url=address, many=many), indent=2))
    return 0


def _address(url: str | None) -> str:
    if url is None:
        raise SettingsError(
            "In production Slack calls Rehearse: give its address with --url https://…, or set REHEARSE_PUBLIC_URL."
        )
    try:
        return _ADDRESS.validate_python(url)
    except ValidationError:
        raise SettingsError(f"--url {url} is not right. Write a web address that starts with https://.") from None


def print_key() -> int:
    """A new key for REHEARSE_SECRET_KEYS; the exit code."""
    print(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii"))
    return 0
