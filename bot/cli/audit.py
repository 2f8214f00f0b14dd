"""`rehearse audit`: what admins changed, newest first."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from adapters.surface.panels.audit import who
from bot.cli.common import about, command, opened, operator, print_json, print_table, scope_words
from engine.admin.people import AuditLine

EXAMPLES = """\
  rehearse audit --workspace slack/T0123
  rehearse audit --workspace slack/T0123 --limit 200 --json
  rehearse audit --workspace slack/T0123 --before 4711      what is older than line 4711"""
MOST = 1_000


def add(commands: Callable[..., argparse.ArgumentParser]) -> None:
    parser = about(command(commands, "audit", "What admins changed, newest first.", EXAMPLES))
    parser.add_argument("--limit", type=_number, default=20, metavar="N", help="at most so many lines (20)")
    parser.add_argument("--before", type=_number, metavar="LINE", help="only what is older than this line")


async def run(options: Mapping[str, object]) -> int:
    limit, before = int(str(options["limit"])), options["before"]
    actor = operator(options)
    async with opened() as admins:
        lines = await admins.people.audit(
            actor, limit=min(limit, MOST), before=None if before is None else int(str(before))
        )
    if options["json_lines"]:
        print_json([_plain(line) for line in lines])
    elif not lines:
        print(f"Nothing was changed in {scope_words(actor)} yet.")
    else:
        rows = [(str(line.number), _when(line.entry.at), who(line), line.entry.words) for line in lines]
        print_table(("LINE", "WHEN (UTC)", "WHO", "WHAT"), rows)
    return 0


def _plain(line: AuditLine) -> dict[str, object]:
    entry = line.entry
    return {
        "line": line.number, "at": entry.at, "actor": entry.actor, "role": entry.role, "act": entry.act,
        "subject": entry.subject, "words": entry.words,
    }  # fmt: skip


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) < 10**15:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
