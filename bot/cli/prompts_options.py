"""The options of `rehearse prompts`: what may be written, and how each command is explained."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bot.cli.common import command
from engine.prompting.choosing import TASKS
from engine.prompting.standing import PRODUCTION

EXAMPLES = """\
  rehearse prompts list
  rehearse prompts show review > review.md
  rehearse prompts create review --file review.md --message "asks for figures"
  rehearse prompts rollout review 2 --share 10%
  rehearse prompts stats review
  rehearse prompts rollback review"""

Add = Callable[..., argparse.ArgumentParser]


def add(commands: Add) -> None:
    prompts = command(commands, "prompts", "Versions of what the models are told.", EXAMPLES)
    acts = prompts.add_subparsers(dest="of_prompts", metavar="ACT", required=True).add_parser
    _json(
        command(acts, "list", "List the prompts: what is in production, and what is tried.", "  rehearse prompts list")
    )
    show = _about(acts, "show", "Print a version's text.", "show review", "show review 3", "show review@4f0c --json")
    _version(show, f"which one ({PRODUCTION})")
    diff = _about(acts, "diff", "Show what changed between two versions.", "diff review 3", "diff review 2 3")
    diff.add_argument(
        "versions", nargs="+", metavar="VERSION", help="the old one and the new one; alone, against production"
    )
    lint = _about(
        acts,
        "lint",
        "Say what speaks against a version, or against a file.",
        "lint review 3",
        "lint review --file new.md",
    )
    _version(lint, f"which one ({PRODUCTION})")
    _file(lint, "a text to be looked through as a version made from it")
    tried = _about(
        acts,
        "try",
        "Ask a model once, about a sample; nothing is kept.",
        "try review 3",
        "try review 3 --offline --answer answer.txt",
    )
    _version(tried, f"which one ({PRODUCTION})")
    tried.add_argument(
        "--answer",
        metavar="FILE",
        help="an answer to try it on, instead of the sample's; - reads it from standard input",
    )
    tried.add_argument("--offline", action="store_true", help="ask the offline coach, which costs nothing")
    create = _about(
        acts, "create", "Save a text as a new version; nobody gets it yet.",
        'create review --file review.md --message "asks for figures"', "create review --from 3 --file - < review.md",
    )  # fmt: skip
    _file(create, "the text, with lines “# system” and “# user”; - reads it from standard input", required=True)
    create.add_argument(
        "--from",
        dest="base",
        default=PRODUCTION,
        metavar="VERSION",
        help=f"the version it was made from ({PRODUCTION})",
    )
    create.add_argument("--message", default="", metavar="TEXT", help="what was changed, and why")
    label = _changing(acts, "label", "Let a label point to a version.", "label review staging 3")
    label.add_argument("label", metavar="LABEL", help="up to 36 of a–z, 0–9, “_”, “-” and “.”")
    label.add_argument("version", metavar="VERSION", help="which one")
    promote = _changing(
        acts, "promote", "Put a version into production; an open rollout of it ends.", "promote review 3 --yes"
    )
    promote.add_argument("version", metavar="VERSION", help="which one")
    _yes(promote)
    rollout = _changing(
        acts, "rollout", "Give a version to a share of the people; or raise the share of the open rollout.",
        "rollout review 3 --share 5%", "rollout review --share 25%", "rollout review --share 250bp", "rollout review",
    )  # fmt: skip
    _version(rollout, "which one, to open a rollout")
    rollout.add_argument(
        "--share", metavar="SHARE", help="5%% or 500bp; without it, what the rollout has shown is printed"
    )
    _changing(acts, "hold", "Give the candidate of a rollout to nobody new, for the time being.", "hold review")
    _changing(acts, "resume", "Go on with a rollout that is on hold.", "resume review")
    _changing(acts, "close", "End a rollout; production stays as it is.", "close review")
    back = _changing(
        acts, "rollback", "End the open rollout; or put the version before this one back into production.",
        "rollback review", 'rollback review --evict --reason "leaks the key points"',
    )  # fmt: skip
    back.add_argument(
        "--evict",
        action="store_true",
        help="interviews that run with it use the older version from their next request on",
    )
    retire = _changing(acts, "retire", "Let nobody choose a version any more.", "retire review 2 --yes")
    retire.add_argument("version", metavar="VERSION", help="which one")
    _yes(retire)
    stats = _about(acts, "stats", "Show the figures of each version.", "stats review", "stats review --days 30 --json")
    stats.add_argument("--days", type=_count, metavar="N", help="only interviews of the last N days")
    history = _about(acts, "history", "Show what was done to a prompt, newest first.", "history review --limit 50")
    history.add_argument("--limit", type=_count, default=20, metavar="N", help="how many lines (20)")


def _about(acts: Add, name: str, purpose: str, *examples: str) -> argparse.ArgumentParser:
    made = _json(command(acts, name, purpose, "\n".join(f"  rehearse prompts {each}" for each in examples)))
    made.add_argument("name", metavar="PROMPT", help=f"{', '.join(TASKS)}; or PROMPT@VERSION")
    return made


def _changing(acts: Add, name: str, purpose: str, *examples: str) -> argparse.ArgumentParser:
    made = _about(acts, name, purpose, *examples)
    made.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    made.add_argument(
        "--revision", type=_count, metavar="N", help="refuse when the prompt was changed since this revision"
    )
    return made


def _json(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--json", dest="json_lines", action="store_true", help="JSON instead of text")
    return parser


def _version(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("version", nargs="?", metavar="VERSION", help=f"{help}: a number, a label or its name")


def _file(parser: argparse.ArgumentParser, help: str, *, required: bool = False) -> None:
    parser.add_argument("--file", metavar="FILE", help=help, required=required)


def _yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < len(text) <= 6:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 999999")
