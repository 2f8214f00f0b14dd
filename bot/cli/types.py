"""`rehearse types`: the interview types that people can choose, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from bot.cli.common import about, command

EXAMPLES = """\
  rehearse types list
  rehearse types export coding --output coding.yaml     then change it, and
  rehearse types import coding.yaml
  rehearse types edit coding --set questions=6 --set minutes=8 --workspace slack/T0123
  rehearse types preview coding"""
LIST = """\
  rehearse types list
  rehearse types list --all --workspace slack/T0123"""
SHOW = """\
  rehearse types show coding
  rehearse types show coding --version 2"""
VERSIONS = """\
  rehearse types versions coding
  rehearse types versions coding --diff 1 3     what changed from version 1 to 3; 0 is before any change"""
CREATE = """\
  rehearse types create backend.yaml
  rehearse types create - < backend.yaml"""
EDIT = """\
  rehearse types edit coding --set questions=6 --set minutes=8 --set "title=Coding, two hours"
  rehearse types edit coding --weights mid=30/20/30/20
  rehearse types edit coding --questions our-questions.csv --set source=bank
  rehearse types edit coding --set groups=S0123,S0456 --workspace slack/T0123
  rehearse types edit coding --set prompts.review=canary
  rehearse types edit coding --file coding.yaml --seen 3"""
IMPORT = """\
  rehearse types import coding.yaml backend.yaml
  rehearse types import - < backend.yaml"""
EXPORT = """\
  rehearse types export coding
  rehearse types export coding --output coding.yaml
  rehearse types export coding --questions csv --output questions.csv"""
DUPLICATE = '  rehearse types duplicate coding backend --title "Backend interview"'
PREVIEW = """\
  rehearse types preview coding
  rehearse types preview coding --role senior --answer answer.txt"""
ARCHIVE = "  rehearse types archive coding --workspace slack/T0123"
RESTORE = """\
  rehearse types restore coding
  rehearse types restore coding --version 2
  rehearse types restore coding --shipped"""
DEFAULT = """\
  rehearse types default
  rehearse types default coding --workspace slack/T0123
  rehearse types default coding --channel C0123 --workspace slack/T0123
  rehearse types default --none --workspace slack/T0123"""
ACTS = (
    "list", "show", "versions", "create", "edit", "import", "export", "duplicate", "preview", "archive", "restore",
    "default",
)  # fmt: skip
ROLES = ("intern", "junior", "mid", "senior", "staff")


def add(commands: Callable[..., argparse.ArgumentParser]) -> None:
    types = command(commands, "types", "The interview types that people can choose.", EXAMPLES)
    acts = types.add_subparsers(dest="of_types", metavar=f"{{{','.join(ACTS)}}}", required=True).add_parser
    listed = about(command(acts, "list", "List the types, the usual one marked.", LIST))
    listed.add_argument("--all", action="store_true", help="archived ones too")
    show = _of_one(acts, "show", "Show a type.", SHOW)
    show.add_argument("--version", type=int, metavar="N", help="as it was then; 0 is before any change here")
    versions = _of_one(acts, "versions", "List what a type was, the newest first.", VERSIONS)
    versions.add_argument("--diff", type=int, nargs=2, metavar=("OLDER", "NEWER"), help="show what changed instead")
    create = about(command(acts, "create", "Make a type from a YAML file.", CREATE))
    create.add_argument("file", metavar="FILE", help="the type as YAML; - reads what is piped in")
    edit = _of_one(acts, "edit", "Publish the next version of a type.", EDIT)
    edit.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="change a field; repeatable")
    edit.add_argument("--weights", action="append", default=[], metavar="ROLE=30/20/30/20",
                      help="percent in the order of the criteria; repeatable")  # fmt: skip
    edit.add_argument(
        "--questions", metavar="FILE", help="its own questions, as YAML, CSV or lines; none takes them out"
    )
    edit.add_argument("--file", metavar="FILE", help="the whole type as YAML; - reads what is piped in")
    edit.add_argument("--seen", type=int, metavar="N", help="refuse when the newest version is another one")
    imported = about(command(acts, "import", "Bring types in: new ones, or next versions of those here.", IMPORT))
    imported.add_argument("files", metavar="FILE", nargs="+", help="a type as YAML; - reads what is piped in")
    export = _of_one(acts, "export", "Write a type as YAML, or its own questions.", EXPORT)
    export.add_argument("--output", metavar="FILE", help="where to; by default it is printed")
    export.add_argument("--questions", choices=("csv", "yaml"), help="only its own questions")
    duplicate = _of_one(acts, "duplicate", "Make a copy of a type under another id.", DUPLICATE)
    duplicate.add_argument("new", metavar="NEW_ID", help="the id of the copy: small letters, digits, - and _")
    duplicate.add_argument("--title", default="", help="what people choose it by")
    preview = _of_one(acts, "preview", "Try one question and one review; nothing is kept.", PREVIEW)
    preview.add_argument("--role", choices=ROLES, help="the role level (default: mid)")
    preview.add_argument("--answer", metavar="FILE", help="the answer to review; - reads what is piped in")
    archive = _of_one(acts, "archive", "Offer a type no more; interviews under way go on.", ARCHIVE)
    archive.add_argument("--yes", action="store_true", help="do not ask")
    restore = _of_one(acts, "restore", "Put a type in use again, or back to what it was.", RESTORE)
    which = restore.add_mutually_exclusive_group()
    which.add_argument("--version", type=int, metavar="N", help="as it was then; 0 is before any change here")
    which.add_argument("--shipped", action="store_true", help="as it comes with Rehearse")
    default = about(command(acts, "default", "Show or choose the type that is usual.", DEFAULT))
    default.add_argument("type", metavar="TYPE", nargs="?", help="the id of a type; without one, show what is usual")
    default.add_argument("--channel", default="", metavar="ID", help="in this channel only")
    default.add_argument("--none", action="store_true", help="none is usual any more")


async def run(options: Mapping[str, object]) -> int:
    from bot.cli.types_acts import ACTS as DONE

    return await DONE[str(options["of_types"])](options)


def _of_one(
    acts: Callable[..., argparse.ArgumentParser], name: str, purpose: str, examples: str
) -> argparse.ArgumentParser:
    parser = about(command(acts, name, purpose, examples))
    parser.add_argument("type", metavar="TYPE", help="the id of a type, as `rehearse types list` shows it")
    return parser
