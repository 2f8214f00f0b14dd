"""`rehearse data`: how long things are kept, letting them go, and everything about one person."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from bot.cli.common import about, command, opened, operator, print_json, scope_words, sure
from bot.config import read_settings
from bot.home import hashed, prepare, user_salt
from bot.masking import Masking
from engine.admin.data import Kept
from engine.admin.roles import Actor
from engine.errors import SettingsError
from engine.retention import LONGEST_DAYS

EXAMPLES = """\
  rehearse data retention --workspace slack/T0123
  rehearse data retention --answers 30 --scores 365 --workspace slack/T0123
  rehearse data purge --workspace slack/T0123
  rehearse data export slack/T0123/U0456 > theirs.json
  rehearse data forget slack/T0123/U0456"""
RETENTION = """\
  rehearse data retention                                             what holds where nobody chose
  rehearse data retention --workspace slack/T0123
  rehearse data retention --answers 30 --scores 365 --workspace slack/T0123
  rehearse data retention --answers never --scores never --workspace slack/T0123"""
PURGE = "  rehearse data purge --workspace slack/T0123 --yes"
FORGET = """\
  rehearse data forget slack/T0123/U0456      one person of a workspace
  rehearse data forget discord/-/1234567890123456789      one person of Discord, in every server
  rehearse data forget slack/T0123            everybody in a workspace, and what its admins set"""
EXPORT = "  rehearse data export slack/T0123/U0456 > theirs.json"
HASH = "  rehearse data hash slack/T0123/U0456"
WHO = "PLATFORM/WORKSPACE/USER; Discord's people have the workspace -"


def add(commands: Callable[..., argparse.ArgumentParser]) -> None:
    data = command(commands, "data", "What is kept about people: for how long, exported, deleted.", EXAMPLES)
    metavar = "{retention,purge,forget,export,hash}"
    acts = data.add_subparsers(dest="of_data", metavar=metavar, required=True).add_parser
    retention = about(command(acts, "retention", "Show or choose how long answers and scores are kept.", RETENTION))
    retention.add_argument("--answers", type=_days, metavar="DAYS", help="keep answers so long; or: never (deleted)")
    retention.add_argument("--scores", type=_days, metavar="DAYS", help="keep scores so long; or: never (deleted)")
    purge = about(command(acts, "purge", "Delete now what the next daily clearing would delete.", PURGE))
    forget = command(acts, "forget", "Delete everything about a person, or about a workspace.", FORGET)
    forget.add_argument("whose", metavar="WHOSE", help=f"{WHO}; or PLATFORM/WORKSPACE for everybody")
    export = command(acts, "export", "Print everything about a person as JSON.", EXPORT)
    known = command(acts, "hash", "Print what stands for a person in logs and in the audit.", HASH)
    for each in (export, known):
        each.add_argument("whose", metavar="WHOSE", help=WHO)
    for each in (forget, export, known):
        each.add_argument("--json", dest="json_lines", action="store_true", help="JSON instead of text")
    for each in (purge, forget):
        each.add_argument("--yes", action="store_true", help="do not ask")


async def run(options: Mapping[str, object]) -> int:
    match options["of_data"]:
        case "retention":
            return await _retention(operator(options), options)
        case "purge":
            return await _purge(operator(options), options)
        case "forget":
            return await _forget(options)
        case "export":
            return await _export(options)
        case _:
            return _hash(options)


async def _retention(actor: Actor, options: Mapping[str, object]) -> int:
    async with opened() as admins:
        kept = await admins.data.kept(actor)
        wishes = (options["answers"], options["scores"])
        if wishes == (None, None):
            _print_kept(actor, kept, options)
            return 0
        answers, scores = (
            known if wish is None else _wished(wish)
            for wish, known in zip(
                wishes, (kept.rule.retention.answers_days, kept.rule.retention.scores_days), strict=True
            )
        )
        await admins.data.keep(actor, answers, scores, seen=kept.rule.version)
        after = await admins.data.kept(actor)
    _print_kept(actor, after, options)
    if not options["json_lines"]:
        before = kept.rule.retention
        where = f" --workspace {actor.scope}" if options["workspace"] else ""
        wish = f"--answers {before.answers_days or 'never'} --scores {before.scores_days or 'never'}"
        print(f"It holds from the next daily clearing on. To undo it: rehearse data retention {wish}{where}")
    return 0


def _print_kept(actor: Actor, kept: Kept, options: Mapping[str, object]) -> None:
    rule, standing = kept.rule, kept.standing
    if options["json_lines"]:
        print_json(
            {
                "scope": actor.scope,
                "answers_days": rule.retention.answers_days,
                "scores_days": rule.retention.scores_days,
                "chosen": rule.chosen,
                "interviews": {
                    "with_words": standing.worded,
                    "figures_alone": standing.figures,
                    "under_way": standing.under_way,
                    "oldest_at": standing.oldest_at,
                },
            }
        )
        return
    print(f"In {scope_words(actor)}, {'as chosen' if rule.chosen else 'by default'}:")
    print(f"  answers     {_until(rule.retention.answers_days)}")
    print(f"  scores      {_until(rule.retention.scores_days)}")
    print("  recordings  never kept")
    print("  logs        hold neither words nor ids of people; they are yours to keep or delete")
    print(
        f"Interviews: {standing.worded} with their words, {standing.under_way} of them under way; "
        f"{standing.figures} with figures alone."
    )


async def _purge(actor: Actor, options: Mapping[str, object]) -> int:
    if not sure(f"Delete now what is over in {scope_words(actor)}? It cannot be undone.", yes=bool(options["yes"])):
        return 1
    async with opened() as admins:
        swept = await admins.data.purge(actor)
    if options["json_lines"]:
        print_json({"words": swept.words, "whole": swept.whole})
    else:
        print(f"Deleted the words of {swept.words} interviews, and {swept.whole} altogether.")
    return 0


async def _forget(options: Mapping[str, object]) -> int:
    platform, workspace, user = _whose(options, everybody=True)
    who = f"{platform}/{workspace}/{user}" if user else f"everybody in {platform}/{workspace}"
    if not sure(f"Delete everything about {who}? It cannot be undone.", yes=bool(options["yes"])):
        return 1
    actor = _on(platform, workspace)
    async with opened() as admins:
        if user:
            count = await admins.data.forget(actor, platform, workspace, user)
        else:
            count = await admins.data.forget_workspace(actor, platform, workspace)
    if options["json_lines"]:
        print_json({"interviews": count})
    else:
        print(f"Deleted: {count} interviews, and all else about {who}. Backups, if you make any, still have them.")
    return 0


async def _export(options: Mapping[str, object]) -> int:
    platform, workspace, user = _whose(options)
    async with opened() as admins:
        print_json(await admins.data.export(_on(platform, workspace), platform, workspace, user))
    return 0


def _hash(options: Mapping[str, object]) -> int:
    platform, workspace, user = _whose(options)
    settings = read_settings()
    prepare(settings)
    pseudonym = hashed(user_salt(settings))
    person = f"{platform}/{workspace}/{user}"
    in_logs, in_audit = Masking(pseudonym).person(person), pseudonym(person)[:16]
    if options["json_lines"]:
        print_json({"logs": in_logs, "audit": in_audit})
    else:
        print(f"logs   {in_logs}\naudit  {in_audit}")
    return 0


def _on(platform: str, workspace: str) -> Actor:
    return Actor("local", "-", "operator", operator=True, on=f"{platform}/{workspace}")


def _whose(options: Mapping[str, object], *, everybody: bool = False) -> tuple[str, str, str]:
    parts = [unquote(part) for part in str(options["whose"]).split("/")]
    if not all(parts) or len(parts) not in ((2, 3) if everybody else (3,)):
        raise SettingsError(f"{options['whose']!r} does not say whose data it is: {WHO}.")
    platform, workspace, *user = parts
    return platform, workspace, user[0] if user else ""


NEVER = 0


def _days(text: str) -> int:
    if text == "never":
        return NEVER
    if text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {LONGEST_DAYS}, nor: never")


def _wished(wish: object) -> int | None:
    return None if wish == NEVER else int(str(wish))


def _until(days: int | None) -> str:
    return "until the person deletes them" if days is None else f"{days} days"
