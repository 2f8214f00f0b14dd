"""The team at a glance, and each type's scores week by week. Nobody is named, and nobody can be found in a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from adapters.surface.choices import Option
from adapters.surface.panels import (
    OPTIONS,
    Facts,
    Filled,
    Form,
    Go,
    Heading,
    Menu,
    Panel,
    Part,
    Row,
    Series,
    Table,
    Words,
)
from engine.admin.roles import Actor
from engine.admin.team import Team, TeamView
from engine.llm.health import CircuitState
from engine.team.crowd import LEAST_PEOPLE, TOO_FEW
from engine.team.overview import DAYS, ModelUse, Satisfaction, Use
from engine.team.ratings import FEWEST_PAIRS, Agreement
from engine.team.trends import Trend, TypeTrends, Week
from engine.trials.figures import Rate, share_text
from engine.trials.rollout import Rollout, percent

NAME = "team"
USUAL_DAYS = 30
BACK = Go("Back to the menu", "menu")
SHARED = Go("Shared with me", "rate")
NOTHING = "–"


class TeamPages:
    """Under `team`: `<days>`, `<days>/<type>`."""

    name = NAME

    def __init__(self, team: Team) -> None:
        self._team = team

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case [days, type_id]:
                return type_panel(await self._team.trends(actor, type_id, _days(days)), _days(days))
            case [days]:
                return team_panel(await self._team.view(actor, _days(days)))
            case _:
                return team_panel(await self._team.view(actor, USUAL_DAYS))

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        del filled
        return await self.show(actor, path)


def team_panel(view: TeamView) -> Panel:
    """The overview."""
    seen, days = view.overview, view.days
    parts: list[Part] = [Words(_in_all(seen.total, seen.all_counted))]
    if seen.types:
        rows = tuple(_type_row(each.title, each.use) for each in seen.types)
        parts.append(Table(("Type", "Interviews", "People", "Completed", "Mean score"), rows, "By type"))
    if seen.total is not None:
        pairs = [("Satisfaction", satisfaction_words(seen.satisfaction)), ("Hints", hints_words(seen.total))]
        parts.append(Facts((*pairs, ("Judged offline", rate_words(seen.total.offline, "reviewed interviews")))))
    parts += _models(view)
    parts += _rollouts(view.rollouts)
    if view.ratings is not None:
        parts += [Heading("Coaches and the machine"), Words(agreement_words(view.ratings))]
    parts.append(Words(f"What rests on fewer than {LEAST_PEOPLE} people is not shown. Scores are 0–1.", small=True))
    periods = tuple(Option(str(each), f"Last {each} days") for each in DAYS)
    menus = [Menu("Period", NAME, periods, str(days))]
    if types := tuple(Option(each.type_id, each.title) for each in seen.types if each.use is not None)[:OPTIONS]:
        menus.append(Menu("Scores of a type", f"{NAME}/{days}", types))
    return Panel(f"Team: the last {days} days", tuple(parts), (SHARED,), tuple(menus), BACK)


def type_panel(seen: TypeTrends, days: int) -> Panel:
    """One type: its use, and each criterion week by week."""
    title, back = f"{seen.title}: the last {days} days", Go("Back to the team", f"{NAME}/{days}")
    periods = tuple(Option(f"{each}/{seen.type_id}", f"Last {each} days") for each in DAYS)
    menus = (Menu("Period", NAME, periods, f"{days}/{seen.type_id}"),)
    if seen.use is None:
        words = f"Fewer than {LEAST_PEOPLE} people held such an interview in this time: {TOO_FEW}."
        return Panel(title, (Words(words),), menus=menus, back=back)
    use = seen.use
    pairs = (
        ("Interviews", f"{use.interviews} by {use.people} people"),
        ("Completed", rate_words(use.completed, "that ended")),
        ("Mean score", f"{_score(use.score)} of {use.scored} interviews" if use.scored else "nothing scored"),
        ("Hints", hints_words(use)),
        ("Judged offline", rate_words(use.offline, "reviewed interviews")),
    )
    rows = tuple((each.title, _score(each.score), str(each.n), str(each.people)) for each in seen.trends)
    table = Table(("Criterion", "Mean", "Answers", "People"), rows, "Criteria over the whole time")
    note = f"By the week an interview began in (from Monday, UTC); n is answers. A week with fewer than {LEAST_PEOPLE} "
    note += "people is left out. Different people practise in different weeks: a line is no one’s progress."
    return Panel(
        title, (Facts(pairs), table, *map(series, seen.trends), Words(note, small=True)), menus=menus, back=back
    )


def series(trend: Trend) -> Series:
    """A criterion's weeks as a line, with n under each."""
    names = tuple(day_words(week.monday) for week in trend.weeks)
    return Series(trend.title, names, tuple(week.score for week in trend.weeks), tuple(map(_n, trend.weeks)))


def day_words(at: float) -> str:
    """A day without its year: "2 Nov"."""
    return f"{datetime.fromtimestamp(at, UTC):%-d %b}"


def rate_words(rate: Rate, of: str) -> str:
    """ "78 % of 41 that ended"."""
    return f"none {of}" if rate.share is None else f"{share_text(rate.share)} of {rate.n} {of}"


def satisfaction_words(seen: Satisfaction | None) -> str:
    if seen is None:
        return TOO_FEW
    helpful = rate_words(seen.satisfied, "rated interviews found the feedback helpful")
    return f"{helpful}; {rate_words(seen.rated, 'interviews were rated')}"


def hints_words(use: Use) -> str:
    return f"{use.hints / use.answers:.1f} per answer" if use.answers else NOTHING


def cost_words(micros: int) -> str:
    return f"${micros / 1_000_000:,.2f}"


def agreement_words(seen: Agreement) -> str:
    """Never a figure of agreement without what the same answer every time would reach."""
    exact, near = share_text(seen.exact / seen.pairs), share_text(seen.adjacent / seen.pairs)
    fixed, fixed_near = share_text(seen.constant_exact / seen.pairs), share_text(seen.constant_adjacent / seen.pairs)
    coaches = "1 coach" if seen.coaches == 1 else f"{seen.coaches} coaches"
    kappa = f"Weighted kappa {seen.kappa:.2f}." if seen.kappa is not None else (
        f"With fewer than {FEWEST_PAIRS} pairs this says little." if seen.pairs < FEWEST_PAIRS else "")  # fmt: skip
    return (
        f"{seen.pairs} blind levels by {coaches} beside the machine’s: the same for {exact}, at most one apart for "
        f"{near}. Always saying {seen.constant} would be the same for {fixed} and at most one apart for {fixed_near}. "
        f"{kappa}"
    ).rstrip()


def health_words(circuit: CircuitState) -> str:
    """How a model is doing, as far as this process knows."""
    if circuit.needs_operator:
        return f"needs whoever runs Rehearse: {circuit.last_error}"
    if circuit.phase != "closed":
        return f"out, tried again in {max(0, round(circuit.reopens_in_s))} s ({circuit.last_error})"
    if not circuit.answers:
        return "nothing asked lately"
    heard = "" if circuit.first_word_p50_s is None else f", first word after {circuit.first_word_p50_s:.1f} s"
    well = "well" if circuit.weight >= 0.9 else "unsteady"
    return f"{well}: {circuit.failures:.0f} of {circuit.answers} failed{heard}"


def _in_all(total: Use | None, all_counted: bool) -> str:
    if total is None:
        return f"Fewer than {LEAST_PEOPLE} people practised in this time: {TOO_FEW}."
    words = f"{total.interviews} interviews by {total.people} people; completed: "
    words += f"{rate_words(total.completed, 'that ended')}."
    return words if all_counted else f"{words} Types that too few used are not counted."


def _type_row(title: str, use: Use | None) -> tuple[str, ...]:
    if use is None:
        return title, TOO_FEW, NOTHING, NOTHING, NOTHING
    completed = NOTHING if use.completed.share is None else share_text(use.completed.share)
    return title, str(use.interviews), str(use.people), completed, _score(use.score)


def _models(view: TeamView) -> Iterator[Part]:
    spent = view.overview.spent
    yield Heading("Models")
    pairs = [("Cost", cost_words(spent.cost_micros)), ("Tokens", f"{spent.tokens:,}"), ("Reviews", str(spent.reviews))]
    if spent.stood_in:
        pairs.append(("No model could be had", f"for {spent.stood_in} of them; the offline coach stood in"))
    yield Facts(tuple(pairs))
    if spent.models:
        head = ("Model", "Reviews", "First words", "Incomplete", "Cost")
        yield Table(head, tuple(map(_model_row, spent.models)), "Reviews by model")
    if view.health:
        yield Facts(tuple((f"{each.model}, {each.purpose}", health_words(each)) for each in view.health))


def _model_row(each: ModelUse) -> tuple[str, ...]:
    first = NOTHING if each.first_section_ms is None else f"{each.first_section_ms.median / 1000:.1f} s"
    absent = NOTHING if each.absent.share is None else share_text(each.absent.share)
    return each.model or each.provider or NOTHING, str(each.reviews), first, absent, cost_words(each.cost_micros)


def _rollouts(rollouts: Sequence[Rollout]) -> Iterator[Part]:
    if rollouts:
        yield Heading("Rollouts of prompts")
    for each in rollouts:
        share = "on hold" if each.held else f"{percent(each.stage.share_bp)} of new interviews"
        yield Row(each.name, f"{each.candidate}: {share} since {day_words(each.stage.started_at)}",
                  Go("Look", f"prompts/{each.name}"))  # fmt: skip


def _n(week: Week) -> str:
    return "too few" if week.too_few else f"n {week.n}" if week.n else ""


def _score(score: float | None) -> str:
    return NOTHING if score is None else f"{score:.2f}"


def _days(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0
