"""`rehearse team`: how practice goes, without names; and coaches' blind ratings for a benchmark."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, cast

from bot.cli.common import about, command, opened, operator, print_json, print_table

if TYPE_CHECKING:
    from engine.admin.team import TeamView
    from engine.team.trends import TypeTrends

EXAMPLES = """\
  rehearse team                                      the last 30 days, of every workspace
  rehearse team --days 90 --workspace slack/T0123
  rehearse team --type system-design                 each criterion, week by week
  rehearse team --json
  rehearse team --ratings > ratings.jsonl            blind ratings, without ids or words

What rests on fewer than three people is not shown. Scores are 0 to 1."""
USUAL_DAYS = 30


def add(commands: Callable[..., argparse.ArgumentParser]) -> None:
    team = about(command(commands, "team", "How practice goes, by type and criterion, and what it costs.", EXAMPLES))
    team.add_argument("--days", type=int, choices=(7, 30, 90), help=f"how far back to look ({USUAL_DAYS})")
    which = team.add_mutually_exclusive_group()
    which.add_argument("--type", metavar="TYPE", help="one interview type, criterion by criterion and week by week")
    which.add_argument(
        "--ratings", action="store_true", help="print coaches' blind ratings as JSON lines, of all times or of --days"
    )


async def run(options: Mapping[str, object]) -> int:
    days = options["days"] if isinstance(options["days"], int) else None
    async with opened() as admins:
        team, actor = admins.coaching.team, operator(options)
        if options["ratings"]:
            for line in await team.ratings(actor, days):
                print(json.dumps(line, ensure_ascii=False))
        elif type_id := str(options["type"] or ""):
            trends = await team.trends(actor, type_id, days or USUAL_DAYS)
            print_json(plain(trends)) if options["json_lines"] else _print_trends(trends, days or USUAL_DAYS)
        else:
            view = await team.view(actor, days or USUAL_DAYS)
            print_json(_json(view)) if options["json_lines"] else _print_view(view)
    return 0


def _json(view: TeamView) -> Mapping[str, object]:
    rollouts = [
        {"prompt": each.name, "control": each.control, "candidate": each.candidate, "share_bp": each.stage.share_bp,
         "since": each.stage.started_at} for each in view.rollouts
    ]  # fmt: skip
    seen = {each.name: plain(cast("object", getattr(view.overview, each.name))) for each in fields(view.overview)}
    return {"days": view.days, **seen, "rollouts": rollouts, "ratings": plain(view.ratings)}


def plain(value: object) -> object:
    """A value as JSON holds it; a rate with its share, so that nobody has to divide by nothing."""
    from engine.trials.figures import Rate

    match value:
        case Rate():
            return {"hits": value.hits, "n": value.n, "share": value.share}
        case tuple():
            return [plain(each) for each in cast("tuple[object, ...]", value)]
        case _ if is_dataclass(value):
            return {each.name: plain(cast("object", getattr(value, each.name))) for each in fields(value)}
        case _:
            return value


def _print_view(view: TeamView) -> None:
    from adapters.surface.panels import Facts, Heading, Row, Table, Words
    from adapters.surface.panels.team import team_panel

    panel = team_panel(view)
    print(f"{panel.title}\n")
    for part in panel.parts:
        match part:
            case Words():
                print(f"{part.text}\n")
            case Heading():
                print(f"{part.text}\n")
            case Facts():
                print("\n".join(f"{name}: {value}" for name, value in part.pairs), end="\n\n")
            case Table():
                print_table(part.head, part.rows)
                print()
            case Row():
                print(f"{part.title}: {part.about}\n")
            case _:
                pass


def _print_trends(trends: TypeTrends, days: int) -> None:
    from adapters.surface.panels.team import day_words
    from engine.team.crowd import TOO_FEW

    print(f"{trends.title}: the last {days} days\n")
    if trends.use is None:
        print(f"Fewer than three people held such an interview: {TOO_FEW}.")
        return
    print(f"{trends.use.interviews} interviews by {trends.use.people} people.\n")
    weeks = [day_words(week.monday) for week in trends.trends[0].weeks]
    rows: list[Sequence[str]] = [
        (
            each.title,
            *("too few" if week.too_few else _figure(week.score, week.n) for week in each.weeks),
            _figure(each.score, each.n),
        )
        for each in trends.trends
    ]
    print_table(("criterion", *weeks, "in all"), rows)
    print("\nThe mean of a week (from Monday, UTC), and after it in how many answers.")


def _figure(score: float | None, n: int) -> str:
    return "" if score is None else f"{score:.2f} ({n})"
