"""What the admins' commands share: whose rules they are about, how they begin, and how they print."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from bot.admin import Admins
from bot.compose import assemble
from bot.config import read_settings
from engine.admin.roles import EVERYWHERE, Actor

Options = Mapping[str, object]


class Add(Protocol):
    """`add_parser` of a command's subparsers."""

    def __call__(self, name: str, **kwargs: object) -> argparse.ArgumentParser: ...


def command(
    add: Callable[..., argparse.ArgumentParser], name: str, purpose: str, examples: str
) -> argparse.ArgumentParser:
    """A command with its help; `examples` are whole lines."""
    return add(
        name,
        help=purpose,
        description=purpose,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def about(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The options that every one of these commands takes."""
    parser.add_argument(
        "--workspace",
        metavar="PLATFORM/ID",
        type=_workspace,
        help="whose rules, for example slack/T0123 or discord/1234; by default those that hold everywhere",
    )
    parser.add_argument("--json", dest="json_lines", action="store_true", help="JSON instead of text")
    return parser


def _workspace(text: str) -> str:
    if re.fullmatch(r"(slack|discord|local)/[\w-]{1,200}", text, re.ASCII):
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} is no workspace: write slack/ or discord/ and its ID, as in slack/T0123 or discord/1234567890"
    )


def operator(options: Options) -> Actor:
    """Whoever runs a command may do everything, in any workspace."""
    return Actor("local", "-", "operator", operator=True, on=str(options.get("workspace") or EVERYWHERE))


def scope_words(actor: Actor) -> str:
    """Whose rules a command is about, for a sentence: "in …"."""
    return "every workspace" if actor.scope == EVERYWHERE else actor.scope


@asynccontextmanager
async def opened() -> AsyncGenerator[Admins]:
    """The door, on the database of the settings. Raises a `RehearseError` whose hint says what is wrong."""
    async with assemble(read_settings()) as app:
        yield app.admins


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side, as wide as they must be."""
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def sure(question: str, *, yes: bool) -> bool:
    """Ask before something is destroyed; without a terminal only `--yes` counts."""
    if yes:
        return True
    if not sys.stdin.isatty():
        print(f"rehearse: {question} Say so with --yes.", file=sys.stderr)
        return False
    return input(f"{question} [y/N] ").strip().casefold() in ("y", "yes")
