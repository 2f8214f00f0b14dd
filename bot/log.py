"""Logs: a constant phrase and key=value fields, for a person or as JSON lines, without secrets, words or ids of people.

Everything logs with the standard library (`logging`, fields in `extra`); structlog gives it its shape here, once. Only
our own packages may be turned up: at `debug` some SDKs log whole requests, and with them what a candidate wrote.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from secrets import token_hex

import structlog
from structlog.typing import EventDict

from bot.config import LogFormat, LogLevel, Settings
from bot.home import hashed, prepare, user_salt
from bot.masking import Masking
from engine.errors import SettingsError

OURS = ("bot", "adapters", "engine", "prompts")
FILE_BYTES = 1_000_000
HIDDEN = "[secret]"

SECRET = re.compile(
    r"\b(?:sk|rk|pk|xox[a-z]|xapp)-[\w.-]{8,}"  # OpenAI and its kin, Slack
    r"|\bAIza[\w-]{20,}"  # Google
    r"|\b[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,}"  # a Discord bot: its id in base64, when, and a signature
    r"|(?<=/webhooks/)[\w-]+/[\w-]{20,}"  # an interaction of Discord's, which its token allows to answer
    r"|(?<=/interactions/)\d+/[\w-]{20,}"
    r"|(?<=://)[^\s:/@]+:[^\s/@]+(?=@)"  # user and password of an address
    r"|(?<=bearer )[\w.~+/=-]{8,}"
    r"|(?<=[?&]key=)[^&\s]+"
    r"|(?<=[?&]code=)[^&\s]+"  # an installation under way
    r"|(?<=[?&]state=)[^&\s]+"
    r"|(?<=hooks\.slack\.com/)\S+",  # where a command may be answered
    re.IGNORECASE,
)


def configure(settings: Settings, *, file: Path | None = None) -> None:
    """Send all logs to standard error, or to `file`, which is kept under two megabytes with its predecessor."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8")
    colours = file is None and sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    masking = Masking(_pseudonym(settings))
    handler.setFormatter(formatter(settings.log_format, colours=colours, secrets=_secrets(settings), masking=masking))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(_number(settings.log_level))
    # asyncio's own complaints stay at warning; in debug mode it would log the repr of whatever a callback held.
    logging.captureWarnings(capture=True)


def formatter(form: LogFormat, *, colours: bool, secrets: Iterable[str], masking: Masking) -> logging.Formatter:
    """How one record becomes one line (and a traceback below it, for a person)."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        # Not rich's tracebacks, which show the variables, and with them what a candidate wrote.
        else structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            masking.fields,
            renderer,
            Redaction(secrets),
            masking.line,
        ],
    )


def cleaned(text: str) -> str:
    """Text that goes to the terminal past the log, without secrets and ids."""
    return Masking(hashed(token_hex(32))).mask(Redaction(()).redact(text))


class Redaction:
    """The last processor: takes everything out of the finished line that is a secret, or looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted((re.escape(secret) for secret in secrets if secret), key=len, reverse=True)
        self._secret = re.compile("|".join([*known, SECRET.pattern]), re.IGNORECASE)

    def __call__(self, logger: object, method: str, line: EventDict | str) -> str:
        return self.redact(str(line))

    def redact(self, text: str) -> str:
        return self._secret.sub(HIDDEN, text)


def _pseudonym(settings: Settings) -> Callable[[str], str]:
    """Hashes with the salt, which is looked for when the first one is wanted: before that there may be no home."""

    @cache
    def keyed() -> Callable[[str], str]:
        try:
            prepare(settings)
            return hashed(user_salt(settings))
        except (SettingsError, OSError):
            # Nothing can run without a home; until that is said, any salt will do.
            return hashed(token_hex(32))

    return lambda text: keyed()(text)


def _secrets(settings: Settings) -> list[str]:
    secrets = (
        settings.openai_api_key,
        settings.gemini_api_key,
        settings.compatible_api_key,
        settings.user_salt,
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_client_secret,
        settings.discord_token,
    )
    return [*(secret.get_secret_value() for secret in secrets if secret is not None), *settings.secret_keys]


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
