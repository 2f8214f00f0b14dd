"""`rehearse doctor`: what is configured, reachable and out of date, and what to do about it.

It looks and never repairs: nothing is migrated, and nothing is asked of a model but whether it is there. Each finding
says in its last words what to do. The exit code is 1 when an interview could not be held.
"""

from __future__ import annotations

import asyncio
import json
import platform
import socket
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from bot.config import ENV_FILE, Settings, read_settings
from bot.findings import Finding, State
from bot.home import prepare
from bot.models import OFFLINE_LABEL, ORDER, choose_models
from bot.values import LOOPBACK
from engine.errors import RehearseError

SIGNS: dict[State, str] = {"ok": "ok     ", "note": "note   ", "warning": "warning", "broken": "BROKEN "}
OLDEST_PYTHON = (3, 11)
WARN_DAYS = 90


async def doctor(*, as_json: bool) -> int:
    """Print all findings; the exit code."""
    findings = [finding async for finding in examine()]
    broken = any(finding.state == "broken" for finding in findings)
    if as_json:
        print(
            json.dumps({"version": version("rehearse"), "usable": not broken, "findings": list(map(asdict, findings))})
        )
    else:
        print(_table(findings, broken=broken))
    return int(broken)


async def examine() -> AsyncGenerator[Finding]:
    """Everything, in the order in which it is needed."""
    yield _python()
    try:
        settings = read_settings()
    except RehearseError as error:
        yield Finding(
            "settings", "broken", error.hint, "Mend it and run `rehearse doctor` again; the rest waits for it."
        )
        return
    yield _settings(settings)
    yield _home(settings)
    yield await _database(settings)
    async for finding in _models(settings):
        yield finding
    if settings.has_slack:
        from bot.slack_doctor import examine_slack

        async for finding in examine_slack(settings):
            yield finding
    if settings.has_discord:
        from bot.discord_doctor import examine_discord

        async for finding in examine_discord(settings):
            yield finding
    yield _port(settings)


def _python() -> Finding:
    found = f"Python {platform.python_version()}, Rehearse {version('rehearse')}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("program", "broken", found, "Install Python 3.11 or newer.")
    return Finding("program", "ok", found)


def _settings(settings: Settings) -> Finding:
    env_file = Path.cwd() / ENV_FILE
    where = f"the environment and {env_file}" if env_file.is_file() else "the environment"
    names = sorted(
        field.alias or name for name, field in Settings.model_fields.items() if name in settings.model_fields_set
    )
    return Finding("settings", "ok", f"{', '.join(names) or 'all as shipped'} (from {where})")


def _home(settings: Settings) -> Finding:
    try:
        return Finding("home", "ok", f"{prepare(settings)} can be written")
    except RehearseError as error:
        return Finding("home", "broken", error.hint)


async def _database(settings: Settings) -> Finding:
    from adapters.store.checkup import examine as look

    try:
        examined = await look(settings.database)
    except RehearseError as error:
        return Finding("database", "broken", error.hint)
    if examined.revision is None:
        return Finding("database", "ok", f"{settings.where} is not there yet; the first start makes it")
    size = f", {examined.size_bytes / 1e6:.1f} MB" if examined.size_bytes else ""
    found = f"{settings.where}, revision {examined.revision}{size}, undamaged"
    if not examined.is_current:
        return Finding("database", "note", found, "The next start brings it up to date by itself.")
    return Finding("database", "ok", found)


async def _models(settings: Settings) -> AsyncGenerator[Finding]:
    models = choose_models(settings)
    if not models.configured:
        do = "Set OPENAI_API_KEY or GEMINI_API_KEY to let a model ask and review."
        yield Finding("models", "note", f"none; the {OFFLINE_LABEL} answers, with low confidence", do)
        return
    from adapters.llm.check import check

    try:
        checkups = await asyncio.gather(*(check(provider) for provider in models.configured))
    finally:
        await models.aclose()
    names = [checkup.provider for checkup in checkups]
    well = [checkup.provider for checkup in checkups if checkup.ok]
    for checkup in checkups:
        what = f"{checkup.provider}/{checkup.model}"
        if checkup.problem is not None:
            instead = " and ".join(well) or f"the {OFFLINE_LABEL}"
            state: State = "broken" if checkup.refused else "warning"
            yield Finding(what, state, checkup.problem.removeprefix(f"{what}: "), f"Meanwhile {instead} answers.")
        else:
            yield model_finding(what, checkup.shutdown, datetime.now(UTC).date())
    orders = [f"{purpose}: {' > '.join(name for name in order if name in names)}" for purpose, order in ORDER.items()]
    yield Finding(
        "router", "ok", f"{'; '.join(orders)}; then the {OFFLINE_LABEL}. All circuits are closed at the start"
    )


def model_finding(what: str, shutdown: date | None, today: date) -> Finding:
    if shutdown is None:
        return Finding(what, "ok", "reachable, the model is known")
    left = (shutdown - today).days
    found = f"reachable; the model is switched off on {shutdown.isoformat()}"
    if left > WARN_DAYS:
        return Finding(what, "ok", found)
    return Finding(what, "warning", found, "Choose another model before that day (REHEARSE_…_MODEL).")


def _port(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    what = "web server" if settings.has_platform else "playground"
    try:
        address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(address[0], address[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address[4])
    except OSError as error:
        do = "Fine if Rehearse runs already; otherwise set REHEARSE_PORT to a free port."
        return Finding(what, "warning", f"{where} cannot be used now ({error.strerror})", do)
    if settings.host not in LOOPBACK and not settings.has_platform:
        do = "It has no login. Set REHEARSE_HOST to 127.0.0.1 unless you know who can reach it."
        return Finding(what, "warning", f"{where} is free, and can be reached from other machines", do)
    return Finding(what, "ok", f"{where} is free")


def _table(findings: Sequence[Finding], *, broken: bool) -> str:
    wide = max(len(finding.what) for finding in findings)
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{SIGNS[finding.state]}  {finding.what:<{wide}}  {finding.found}")
        if finding.do:
            lines.append(f"{'':9}{'':<{wide}}  -> {finding.do}")
    verdict = (
        "Something is broken: see above." if broken else "Rehearse can be used: rehearse practice, or rehearse run."
    )
    return "\n".join([*lines, "", verdict])
