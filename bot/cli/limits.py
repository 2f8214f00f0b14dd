"""`rehearse limits`: what may be used in a day, what was, and letting a person use more today."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from bot.cli.common import about, command, opened, operator, print_json, print_table, sure
from engine.errors import Wrong

EXAMPLES = """\
  rehearse limits show
  rehearse limits set person.interviews=10 workspace.cost=5.00
  rehearse limits set person.tokens=none --workspace slack/T0123
  rehearse limits use --days 30 --workspace slack/T0123
  rehearse limits allow U0456 --times 3 --workspace slack/T0123"""
SHOW = """\
  rehearse limits show                              what holds where nobody set anything else
  rehearse limits show --workspace slack/T0123 --json"""
SET = """\
  rehearse limits set person.interviews=10 person.answers=40
  rehearse limits set workspace.cost=5.00 workspace.tokens=2000000 --workspace slack/T0123
  rehearse limits set person.tokens=none
  rehearse limits set common --workspace slack/T0123    those that hold everywhere hold there again

person: interviews answers open answer_chars audio_minutes tokens cost, for each person
workspace: interviews answers open audio_minutes tokens cost, for everybody together
Everything but open and answer_chars is for a day, which ends at 00:00 UTC. Cost is in dollars."""
USE = """\
  rehearse limits use --workspace slack/T0123
  rehearse limits use --days 30 --workspace discord/1234567890123456789 --json"""
ALLOW = """\
  rehearse limits allow U0456 --workspace slack/T0123                twice as much as others, until 00:00 UTC
  rehearse limits allow U0456 --times 5 --workspace slack/T0123
  rehearse limits allow U0456 --times none --workspace slack/T0123   without a limit of their own
  rehearse limits allow U0456 --undo --workspace slack/T0123"""
COMMON, NONE = "common", "none"


def add(commands: Callable[..., argparse.ArgumentParser]) -> None:
    limits = command(commands, "limits", "What may be used in a day, and what was.", EXAMPLES)
    acts = limits.add_subparsers(dest="of_limits", metavar="{show,set,use,allow}", required=True).add_parser
    about(command(acts, "show", "Show the limits, and what was used of them today.", SHOW))
    change = about(command(acts, "set", "Change limits; those that are not named stay as they are.", SET))
    change.add_argument("limits", nargs="+", metavar="LIMIT=VALUE", help="such as person.interviews=10; or: common")
    change.add_argument("--yes", action="store_true", help="do not ask before the common limits are taken")
    use = about(command(acts, "use", "Show what was used, day by day.", USE))
    use.add_argument("--days", type=int, default=7, metavar="N", help="how many days, 1 to 31 (7)")
    allow = about(command(acts, "allow", "Let a person use more until the day is over.", ALLOW))
    allow.add_argument("user", metavar="USER", help="the person's ID on the platform")
    allow.add_argument(
        "--times", default="2", metavar="N", help="2, 3, 5 or 10 times as much, or: none for no limit (2)"
    )
    allow.add_argument("--undo", action="store_true", help="take it back")


async def run(options: Mapping[str, object]) -> int:
    match options["of_limits"]:
        case "show":
            return await _show(options)
        case "set":
            return await _set(options)
        case "use":
            return await _use(options)
        case _:
            return await _allow(options)


async def _show(options: Mapping[str, object]) -> int:
    from engine.limits.model import MEASURES
    from engine.limits.words import amount, dollars, share

    async with opened() as admins:
        standing = await admins.limits.show(operator(options))
    used, limits = standing.used.workspace, standing.limits
    if options["json_lines"]:
        today = {**used.as_row(), "open": standing.used.workspace_open}
        resets_at = _iso(standing.resets_at)
        print_json({"own": standing.own, "limits": limits.by_name(), "today": today, "resets_at": resets_at})
        return 0
    rows: list[Sequence[str]] = []
    for measure in MEASURES:
        most = limits.of_a_day("workspace", measure)
        part = share(used.of(measure), most)
        rows.append(
            (
                measure.replace("_micros", "").replace("_s", ""),
                amount(measure, used.of(measure)),
                NONE if most is None else amount(measure, most),
                "" if part is None else f"{part:.0%}",
            )
        )
    print_table(("today", "used by all", "limit", "share"), rows)
    print()
    named = [
        (name.replace("_micros", ""), dollars(limit) if "cost" in name else f"{limit:,}")
        for name, limit in limits.by_name().items()
        if limit is not None
    ]
    print_table(("limit", "value"), named or [("none", "everybody may use as much as they like")])
    whose = "set here" if standing.own else "those that hold everywhere"
    print(f"\nLimits: {whose}. A day ends at {_iso(standing.resets_at)}.")
    for lift in standing.lifts:
        how = "no limit" if lift.times is None else f"{lift.times} times as much"
        print(f"Today {lift.person}: {how}.")
    return 0


async def _set(options: Mapping[str, object]) -> int:
    from engine.admin.limits import changes, checked
    from engine.limits.model import NO_LIMITS

    written = cast("list[str]", options["limits"])
    actor = operator(options)
    scope = "" if actor.scope == "*" else f" --workspace {actor.scope}"
    async with opened() as admins:
        standing = await admins.limits.show(actor)
        if written == [COMMON]:
            if not sure(
                "The limits set here end, and those that hold everywhere hold. Go on?", yes=bool(options["yes"])
            ):
                return 2
            version = await admins.limits.share(actor, seen=standing.seen)
            after = NO_LIMITS
        else:
            after = checked({**standing.limits.by_name(), **dict(_read(each) for each in written)})
            version = await admins.limits.change(actor, after, seen=standing.seen)
        after = (await admins.limits.show(actor)).limits
    if options["json_lines"]:
        print_json({"version": version, "limits": after.by_name()})
        return 0
    print(f"Done: {changes(standing.limits, after)}.")
    undo = COMMON if not standing.own else " ".join(_undo(standing.limits.by_name(), after.by_name()))
    print(f"Undo with: rehearse limits set {undo}{scope}" if undo else "Nothing changed.")
    return 0


async def _use(options: Mapping[str, object]) -> int:
    from engine.limits.model import DAY_S, MEASURES
    from engine.limits.words import dollars

    async with opened() as admins:
        days = await admins.limits.use(operator(options), int(str(options["days"])))
    if options["json_lines"]:
        print_json([{"day": _iso(each.day * DAY_S)[:10], **each.used.as_row()} for each in days])
        return 0
    rows = [
        (
            _iso(each.day * DAY_S)[:10],
            *(dollars(each.used.of(m)) if m == "cost_micros" else f"{each.used.of(m):,}" for m in MEASURES),
        )
        for each in days
    ]
    print_table(("day", "interviews", "answers", "tokens", "cost", "seconds of audio"), rows)
    return 0


async def _allow(options: Mapping[str, object]) -> int:
    actor, user = operator(options), str(options["user"])
    async with opened() as admins:
        if options["undo"]:
            lifts = (await admins.limits.show(actor)).lifts
            mine = next((lift.person for lift in lifts if lift.person.endswith(f"/{user}")), "")
            gone = bool(mine) and await admins.limits.lower_for(actor, mine)
            said = "Taken back." if gone else "There was nothing to take back."
        else:
            lift = await admins.limits.raise_for(actor, user, _times(str(options["times"])))
            how = "as much as they like" if lift.times is None else f"{lift.times} times as much as others"
            said = f"This person may use {how} until 00:00 UTC."
    if options["json_lines"]:
        print_json({"said": said})
    else:
        print(said)
        if not options["undo"]:
            print(f"Undo with: rehearse limits allow {user} --undo --workspace {actor.scope}")
    return 0


def _read(written: str) -> tuple[str, int | None]:
    """A limit as it is written: `person.tokens=1000`, `workspace.cost=2.50`, `person.answers=none`."""
    from engine.admin.limits import read_limit

    name, given, value = written.partition("=")
    full = f"{name}_micros" if name.endswith(".cost") else name
    if not given or not value:
        raise Wrong({name: f"Write {name}=VALUE, or {name}=none for no limit."})
    try:
        return full, read_limit(full, value)
    except ValueError as error:
        raise Wrong({name: f"{value} is not a number from 0 up; write one, or none for no limit."}) from error


def _undo(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> list[str]:
    from decimal import Decimal

    said: list[str] = []
    for full, limit in before.items():
        if limit == after[full]:
            continue
        name = full.replace("_micros", "")
        value = NONE if limit is None else f"{Decimal(limit) / 1_000_000:f}" if full.endswith("_micros") else str(limit)
        said.append(f"{name}={value}")
    return said


def _times(written: str) -> int | None:
    if written == NONE:
        return None
    if not written.isdecimal():
        raise Wrong({"times": f"{written} is not a number; write one, or none for no limit."})
    return int(written)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
