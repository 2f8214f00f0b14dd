"""The command line. What goes wrong on purpose is one sentence and an exit code.

Exit codes: 0 done, 1 something broke or `doctor` found something broken, 2 a setting, an option or the database is
wrong, 130 interrupted. Everything heavy is imported by the command that needs it, so `--help` answers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Protocol, cast

from engine.errors import RehearseError
from engine.interviews import HIGHEST_LEVEL, LOWEST_LEVEL, ROLE_LEVELS

OVERVIEW = """\
Rehearse: mock interviews with feedback you can believe.

  rehearse practice          an interview here, in the terminal
  rehearse practice --demo   watch a sample candidate first; no key, no typing
  rehearse run               the same in your browser, or in Slack and Discord once they are configured
  rehearse slack manifest    what to paste when you create the Slack app
  rehearse discord invite    the links that add the Discord app
  rehearse doctor            what is configured, and what to do about it

For whoever shapes the interviews, as in chat with /interview admin:
  rehearse types, prompts    what can be practised, and what the models are told
  rehearse limits, team      how much may be used, and how practice goes
  rehearse people, audit     who may change things, and what was changed
  rehearse data              how long things are kept; export and delete

Every command says more with --help. A practice tool, not for hiring decisions."""

PRACTICE_EXAMPLES = """\
examples:
  rehearse practice                                        asks what you want to practise
  rehearse practice --type system-design --level senior    starts at once
  rehearse practice --resume                               goes on where you stopped
  rehearse practice --json --answers answers.txt           for scripts: one event per line

In an interview: a blank line or “done” hands in an answer; hint, skip, repeat, easier, harder, pause, stop
and help work at any time; after feedback: next, retry, model answer, +1, -1."""

RUN_EXAMPLES = """\
examples:
  rehearse run
  REHEARSE_PORT=9000 rehearse run"""

SLACK_EXAMPLES = """\
examples:
  rehearse slack manifest                                             for an app on your own machine
  rehearse slack manifest --production --url https://rehearse.example for a server and many workspaces
  rehearse slack key                                                  a new key for REHEARSE_SECRET_KEYS"""

MANIFEST_EXAMPLES = """\
examples:
  rehearse slack manifest
  rehearse slack manifest --production --url https://rehearse.example
  rehearse slack manifest --one-workspace --url https://rehearse.example"""

KEY_EXAMPLES = """\
examples:
  rehearse slack key

To change keys, put the new one in front: REHEARSE_SECRET_KEYS=new,old. After the next start the old one can go."""

DISCORD_EXAMPLES = """\
examples:
  rehearse discord invite"""

INVITE_EXAMPLES = """\
examples:
  rehearse discord invite
  rehearse discord invite --application 1234567890123456789"""

DOCTOR_EXAMPLES = """\
examples:
  rehearse doctor
  rehearse doctor --json"""


ADMIN_COMMANDS: tuple[str, ...] = ("types", "prompts", "limits", "team", "people", "audit", "data")
"""Each is a module of `bot/cli` with `add`, which says what may be written, and `run`, which does it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code. Wrong options end the program with 2, as argparse does."""
    # What a model or a person wrote may hold letters that this terminal cannot show.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    options = cast("Mapping[str, object]", vars(parser().parse_args(argv)))
    try:
        return _run(options)
    except RehearseError as error:
        _say(error.hint)
        _trace(error)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:  # noqa: BLE001 - the last place: a sentence for a person instead of a traceback
        _say(f"Something broke: {type(error).__name__}. Your interviews are saved. REHEARSE_LOG_LEVEL=debug says more.")
        _trace(error)
        return 1


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="rehearse", description=OVERVIEW, formatter_class=_Raw)
    top.add_argument("--version", action="version", version=f"rehearse {version('rehearse')}")
    metavar = f"{{practice,run,slack,discord,{','.join(ADMIN_COMMANDS)},doctor}}"
    commands = top.add_subparsers(dest="command", metavar=metavar).add_parser

    practice = _command(commands, "practice", "An interview in the terminal.", PRACTICE_EXAMPLES)
    practice.add_argument("--type", metavar="TYPE", help="behavioral, coding, system-design or mixed")
    practice.add_argument("--level", choices=ROLE_LEVELS, help="the role you rehearse for (mid)")
    practice.add_argument("--questions", type=_questions, metavar="N", help="how many questions, 1 to 20")
    practice.add_argument("--difficulty", type=_difficulty, metavar="N", help="where questions start, 1 to 5")
    practice.add_argument("--focus", metavar="TEXT", help="a topic to prefer, for example caching")
    practice.add_argument("--language", metavar="CODE", help="the language of questions and feedback, for example en")
    practice.add_argument("--feedback", choices=("each", "end"), help="after each answer, or all at the end")
    which = practice.add_mutually_exclusive_group()
    which.add_argument("--resume", action="store_true", help="go on with the unfinished interview")
    which.add_argument("--new", action="store_true", help="start another one; the unfinished one ends with its report")
    which.add_argument("--demo", action="store_true", help="let a sample candidate answer; nothing is kept")
    which.add_argument("--history", action="store_true", help="list your interviews")
    practice.add_argument(
        "--json", dest="json_lines", action="store_true", help="one event per line; answers from standard input"
    )
    practice.add_argument("--answers", metavar="FILE", help="take the answers from a file, one per line")

    _command(commands, "run", "Start every configured platform, or the playground in your browser.", RUN_EXAMPLES)

    slack = _command(commands, "slack", "What is needed to set Slack up.", SLACK_EXAMPLES)
    of_slack = slack.add_subparsers(dest="of_slack", metavar="{manifest,key}", required=True).add_parser
    printed = _command(
        of_slack, "manifest", "Print the Slack app's manifest, to be pasted into Slack.", MANIFEST_EXAMPLES
    )
    kind = printed.add_mutually_exclusive_group()
    kind.add_argument(
        "--dev", action="store_true", help="over Socket Mode, without a public address (this is the default)"
    )
    kind.add_argument(
        "--production", action="store_true", help="over HTTP, for many workspaces, with tokens that rotate"
    )
    kind.add_argument("--one-workspace", action="store_true", help="over HTTP, for one workspace, with a fixed token")
    printed.add_argument("--url", metavar="URL", help="where Slack reaches Rehearse (REHEARSE_PUBLIC_URL)")
    _command(of_slack, "key", "Print a new key for REHEARSE_SECRET_KEYS.", KEY_EXAMPLES)

    discord = _command(commands, "discord", "What is needed to set Discord up.", DISCORD_EXAMPLES)
    of_discord = discord.add_subparsers(dest="of_discord", metavar="{invite}", required=True).add_parser
    invite = _command(
        of_discord, "invite", "Print the links that add the Discord app to a server or to oneself.", INVITE_EXAMPLES
    )
    invite.add_argument(
        "--application", metavar="ID", help="the application's ID (that of DISCORD_TOKEN)", type=_application
    )

    for name in ADMIN_COMMANDS:
        _admin(name).add(commands)

    doctor = _command(
        commands, "doctor", "What is configured, reachable and out of date, and what to do.", DOCTOR_EXAMPLES
    )
    doctor.add_argument("--json", dest="json_lines", action="store_true", help="the findings as one JSON object")
    return top


def _run(options: Mapping[str, object]) -> int:
    match options["command"]:
        case "practice":
            from bot.config import read_settings
            from bot.options import Options
            from bot.practice import practice

            return asyncio.run(practice(read_settings(), Options.model_validate(options)))
        case "run":
            from bot.config import read_settings
            from bot.run import loop_factory, run

            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                return runner.run(run(read_settings()))
        case "slack" if options["of_slack"] == "key":
            from bot.slack_commands import print_key

            return print_key()
        case "slack":
            from bot.slack_commands import print_manifest

            return print_manifest(
                production=not options["dev"]
                and bool(options["production"] or options["one_workspace"] or options["url"]),
                many=not options["one_workspace"],
                url=None if options["url"] is None else str(options["url"]),
            )
        case "discord":
            from bot.discord_commands import print_invite

            application = options["application"]
            return asyncio.run(print_invite(None if application is None else str(application)))
        case str(name) if name in ADMIN_COMMANDS:
            return asyncio.run(_admin(name).run(options))
        case "doctor":
            from bot.doctor import doctor

            return asyncio.run(doctor(as_json=bool(options["json_lines"])))
        case _:
            print(OVERVIEW)
            return 0


class _Admin(Protocol):
    """What a module of `bot/cli` has."""

    def add(self, commands: Callable[..., argparse.ArgumentParser], /) -> None: ...

    async def run(self, options: Mapping[str, object], /) -> int: ...


def _admin(name: str) -> _Admin:
    return cast("_Admin", cast("object", import_module(f"bot.cli.{name}")))


class _Raw(argparse.RawDescriptionHelpFormatter):
    """Keeps our own line breaks."""


def _command(
    add: Callable[..., argparse.ArgumentParser], name: str, purpose: str, examples: str
) -> argparse.ArgumentParser:
    return add(name, help=purpose, description=purpose, epilog=examples, formatter_class=_Raw)


def _questions(text: str) -> int:
    return _between(text, 1, 20)


def _difficulty(text: str) -> int:
    return _between(text, LOWEST_LEVEL, HIGHEST_LEVEL)


def _application(text: str) -> str:
    if text.isascii() and text.isdigit() and 17 <= len(text) <= 20:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is not an application ID, which is a number of 17 to 20 digits")


def _between(text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")


def _say(sentence: str) -> None:
    print(f"rehearse: {sentence}", file=sys.stderr)


def _trace(error: BaseException) -> None:
    if os.environ.get("REHEARSE_LOG_LEVEL", "").strip() == "debug":
        from bot.log import cleaned

        print(cleaned("".join(traceback.format_exception(error))), file=sys.stderr, end="")


if __name__ == "__main__":
    sys.exit(main())
