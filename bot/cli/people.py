"""`rehearse people`: who may look, coach and change things in a workspace."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast

from bot.cli.common import about, command, opened, operator, print_json, print_table
from engine.admin.records import Grant, SubjectKind
from engine.admin.roles import ADMIN_ROLES, EVERYWHERE, Actor, AdminRole
from engine.errors import SettingsError

EXAMPLES = """\
  rehearse people list --workspace slack/T0123
  rehearse people grant U0456 admin --workspace slack/T0123
  rehearse people revoke U0456 --workspace slack/T0123"""
LIST = "  rehearse people list --workspace discord/1234567890123456789"
GRANT = """\
  rehearse people grant U0456 admin --workspace slack/T0123
  rehearse people grant S0789 coach --group --workspace slack/T0123     everybody in a user group
  rehearse people grant 9876543210987654321 viewer --group --workspace discord/1234567890123456789"""
REVOKE = "  rehearse people revoke U0456 --workspace slack/T0123"


def add(commands: Callable[..., argparse.ArgumentParser]) -> None:
    people = command(commands, "people", "Who may look, coach and change things in a workspace.", EXAMPLES)
    acts = people.add_subparsers(dest="of_people", metavar="{list,grant,revoke}", required=True).add_parser
    about(command(acts, "list", "List the roles that were given.", LIST))
    grant = about(command(acts, "grant", "Give a person or a group a role.", GRANT))
    grant.add_argument("subject", metavar="ID", help="the platform's ID of a person, or with --group of a group")
    grant.add_argument("role", choices=ADMIN_ROLES, help="what they may do from now on")
    revoke = about(command(acts, "revoke", "Take a role back.", REVOKE))
    revoke.add_argument("subject", metavar="ID", help="the platform's ID of a person, or with --group of a group")
    for each in (grant, revoke):
        each.add_argument("--group", action="store_true", help="a user group of Slack or a role of Discord")


async def run(options: Mapping[str, object]) -> int:
    actor = operator(options)
    if actor.scope == EVERYWHERE:
        raise SettingsError("Roles are given in one workspace. Say in which: --workspace slack/T0123.")
    match options["of_people"]:
        case "grant":
            return await _grant(actor, options)
        case "revoke":
            return await _revoke(actor, options)
        case _:
            return await _list(actor, options)


async def _list(actor: Actor, options: Mapping[str, object]) -> int:
    async with opened() as admins:
        grants = await admins.people.grants(actor)
    if options["json_lines"]:
        print_json([_plain(grant) for grant in grants])
    elif not grants:
        print(f"Nobody was given a role in {actor.scope}. Admins of the workspace have theirs by themselves.")
    else:
        rows = [(each.subject, _what(each.kind), each.role, _day(each.at)) for each in grants]
        print_table(("ID", "WHAT", "ROLE", "SINCE"), rows)
    return 0


async def _grant(actor: Actor, options: Mapping[str, object]) -> int:
    kind, subject = _subject(options)
    role = cast("AdminRole", options["role"])  # argparse has checked it
    async with opened() as admins:
        before = {(each.kind, each.subject): each.role for each in await admins.people.grants(actor)}
        await admins.people.grant(actor, kind, subject, role)
    if options["json_lines"]:
        print_json({"kind": kind, "subject": subject, "role": role})
        return 0
    group = " --group" if kind == "group" else ""
    print(f"Given: {_what(kind)} {subject} has the role {role} in {actor.scope}, from now on.")
    earlier = before.get((kind, subject))
    act = f"grant {subject} {earlier}" if earlier else f"revoke {subject}"
    print(f"To undo it: rehearse people {act}{group} --workspace {actor.scope}")
    return 0


async def _revoke(actor: Actor, options: Mapping[str, object]) -> int:
    kind, subject = _subject(options)
    async with opened() as admins:
        before = {(each.kind, each.subject): each.role for each in await admins.people.grants(actor)}
        done = await admins.people.revoke(actor, kind, subject)
    if options["json_lines"]:
        print_json({"kind": kind, "subject": subject, "revoked": done})
    elif done:
        group = " --group" if kind == "group" else ""
        print(f"Taken back: {_what(kind)} {subject} has no role by a grant in {actor.scope} any more.")
        print(f"To undo it: rehearse people grant {subject} {before[kind, subject]}{group} --workspace {actor.scope}")
    else:
        print(f"The {_what(kind)} {subject} was given no role in {actor.scope}; nothing was changed.")
    return 0


def _subject(options: Mapping[str, object]) -> tuple[SubjectKind, str]:
    return "group" if options["group"] else "user", str(options["subject"])


def _what(kind: SubjectKind) -> str:
    return "person" if kind == "user" else "group"


def _plain(grant: Grant) -> dict[str, object]:
    return {"kind": grant.kind, "subject": grant.subject, "role": grant.role, "at": grant.at}


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
