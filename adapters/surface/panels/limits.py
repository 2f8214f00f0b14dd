"""What holds, what was used of it today, and the way to change it. The forms themselves are `limits_forms.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from adapters.surface.panels import Facts, Filled, Form, Go, Heading, Panel, Part, Row, Table, Words
from adapters.surface.panels.limits_forms import FORMS, filled_limits, lift_form, limits_form, read_lift
from engine.admin.limits import LimitsDoor, Standing
from engine.admin.roles import Actor, at_least
from engine.errors import Wrong
from engine.limits.alerts import Alert
from engine.limits.ledger import DayUse, Lift
from engine.limits.model import DAY_S, MEASURES, Amounts, Limits, Measure
from engine.limits.words import amount, dollars, resets, share

BACK = Go("Back to the menu", "menu")
HERE = Go("Back to limits", "limits")
BAR = 10
NEAR = 0.8
"""From this share of a limit on, the menu says so."""
NAMES: dict[Measure, str] = {
    "interviews": "Interviews",
    "answers": "Answers",
    "tokens": "Tokens",
    "cost_micros": "Cost",
    "audio_s": "Minutes of audio",
}
NO_PRICE = "Cost is reckoned from the prices Rehearse knows; a model without a known price counts as free."
SET_ASIDE = "A call to a model sets aside the most it may take before it is made, and what it took is counted after it."


class LimitsPages:
    """`limits`, `limits/set/<form>/<version seen>`, `limits/undo/<version>`, `limits/common/<version>[/yes]`,
    `limits/days`, `limits/allow`, `limits/lower/<user>`."""

    name = "limits"

    def __init__(self, door: LimitsDoor, *, now: Callable[[], float]) -> None:
        self._door = door
        self._now = now

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case ["set", form, seen] if form in FORMS and seen.isdecimal():
                standing = await self._door.show(actor)
                return limits_form(form, standing.limits, int(seen))
            case ["undo", seen] if seen.isdecimal():
                version = await self._door.undo(actor, seen=int(seen))
                return await self._page(actor, "Taken back. It holds at once.", undo=version)
            case ["common", seen] if seen.isdecimal():
                return await self._ask(actor, int(seen))
            case ["common", seen, "yes"] if seen.isdecimal():
                version = await self._door.share(actor, seen=int(seen))
                return await self._page(actor, "The common limits hold here again.", undo=version)
            case ["days"]:
                return _days(await self._door.use(actor, 14))
            case ["allow"]:
                await self._door.show(actor)
                return lift_form()
            case ["lower", user]:
                return await self._lower(actor, user)
            case _:
                return await self._page(actor)

    async def alerts(self, actor: Actor) -> Sequence[Row]:
        """What the menu says first: the limits of which much is used today."""
        standing = await self._door.show(actor)
        rows: list[Row] = []
        for each in MEASURES:
            used, most = standing.used.workspace.of(each), standing.limits.of_a_day("workspace", each)
            if most is not None and used and (share(used, most) or 0.0) >= NEAR:
                about = f"{amount(each, used)} of {amount(each, most)} are used today"
                rows.append(Row(NAMES[each], about, Go("Look", "limits")))
        return rows

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        match path:
            case ["set", form, seen] if form in FORMS and seen.isdecimal():
                standing = await self._door.show(actor)
                limits = filled_limits(form, standing.limits, filled)
                version = await self._door.change(actor, limits, seen=int(seen))
                return await self._page(actor, "Saved. It holds at once.", undo=version)
            case ["allow"]:
                user, times = read_lift(filled)
                await self._door.raise_for(actor, user, times)
                return await self._page(actor, "Done. It holds until the day is over.", lifted=user)
            case _:
                raise Wrong({"": "This form is from an older version. Open it again."})

    async def _lower(self, actor: Actor, user: str) -> Panel:
        lifts = (await self._door.show(actor)).lifts
        mine = next((lift for lift in lifts if user_of(lift) == user), None)
        gone = mine is not None and await self._door.lower_for(actor, mine.person)
        return await self._page(actor, "Taken back. It holds at once." if gone else "That was taken back already.")

    async def _page(self, actor: Actor, notice: str = "", *, undo: int = 0, lifted: str = "") -> Panel:
        standing = await self._door.show(actor)
        admin = at_least(await self._door.roles.role(actor), "admin")
        buttons = [Go("Undo", f"limits/undo/{undo}")] if undo else []
        if lifted:
            buttons.append(Go("Undo", f"limits/lower/{lifted}"))
        if admin:
            seen = standing.seen
            buttons += [Go(each.button, f"limits/set/{name}/{seen}") for name, each in FORMS.items()]
            buttons.append(Go("Let a person use more", "limits/allow"))
        buttons.append(Go("Last 14 days", "limits/days"))
        if admin and standing.own:
            buttons.append(Go("Use the common limits…", f"limits/common/{standing.seen}"))
        return Panel(
            "Limits",
            (*_overview(standing, self._now()), *_lifts(standing.lifts, admin=admin)),
            tuple(buttons),
            back=BACK,
            notice=notice,
            tone="good" if notice else "neutral",
        )

    async def _ask(self, actor: Actor, seen: int) -> Panel:
        await self._door.show(actor)
        words = (
            "The limits that were set for this workspace end, and those hold that whoever runs Rehearse set for all."
        )
        buttons = (Go("Use the common limits", f"limits/common/{seen}/yes", "danger"), Go("Leave it", "limits"))
        return Panel("Use the common limits?", (Words(words),), buttons, back=HERE)


def alert_panel(alert: Alert, now: float) -> Panel:
    """What the admins are told when a budget goes to an end."""
    used, most = amount(alert.measure, alert.used), amount(alert.measure, alert.most)
    when = resets(now, float((int(now // DAY_S) + 1) * DAY_S))
    after = (
        "Nothing more of it can be used until then." if alert.percent >= 100 else "People can go on until it is gone."
    )
    words = f"{used} of {most} for today are used. It resets {when}. {after}"
    title = f"{NAMES[alert.measure]}: {alert.percent} % of today's limit"
    bar_part = Facts(((NAMES[alert.measure], bar(alert.used, alert.most)),))
    return Panel(title, (bar_part, Words(words)), (Go("See the limits", "limits", "primary"),), tone="warn")


def _overview(standing: Standing, now: float) -> list[Part]:
    whose = "They were set for this workspace." if standing.own else "They are the common ones: nobody set any here."
    used, limits = standing.used, standing.limits
    rows = [
        (NAMES[each], _amount(each, used.workspace), _limit(each, limits), _bar(each, used.workspace, limits))
        for each in MEASURES
    ]
    most_open = limits.workspace.open
    rows.append(
        ("Open at once", f"{used.workspace_open:,}", _or_none(most_open), bar(used.workspace_open, most_open))
    )  # fmt: skip
    return [
        Words(f"Limits of a day reset {resets(now, standing.resets_at)}. {whose}"),
        Heading("Everybody together, today"),
        Table(("What", "Used", "Limit", "Share"), tuple(rows)),
        Heading("Each person"),
        Facts(tuple(_each_person(limits))),
        Words(f"{SET_ASIDE} {NO_PRICE}", small=True),
    ]


def _each_person(limits: Limits) -> list[tuple[str, str]]:
    person = limits.person
    return [
        ("Interviews a day", _or_none(person.interviews)),
        ("Answers a day", _or_none(person.answers)),
        ("Open at once", _or_none(person.open)),
        ("Characters of an answer", _or_none(person.answer_chars)),
        ("Minutes of audio a day", _or_none(person.audio_minutes)),
        ("Tokens a day", _or_none(person.tokens)),
        ("Cost a day", "no limit" if person.cost_micros is None else dollars(person.cost_micros)),
    ]


def _lifts(lifts: Sequence[Lift], *, admin: bool) -> list[Part]:
    if not lifts:
        return []
    return [Heading("May use more today"), *(_lift(lift, admin=admin) for lift in lifts)]


def _lift(lift: Lift, *, admin: bool) -> Row:
    how = "no limit of their own" if lift.times is None else f"{lift.times} times as much"
    user = user_of(lift)
    button = Go("Take back", f"limits/lower/{user}") if admin else None
    return Row(f"Person {user}", how, button, who=("user", user))


def user_of(lift: Lift) -> str:
    """The platform's id of whoever may use more."""
    return unquote(lift.person.rpartition("/")[2])


def _days(days: Sequence[DayUse]) -> Panel:
    rows = tuple(
        (f"{datetime.fromtimestamp(each.day * DAY_S, UTC):%-d %b}", *(_amount(name, each.used) for name in MEASURES))
        for each in reversed(days)
    )
    table = Table(("Day", *(NAMES[each] for each in MEASURES)), rows)
    return Panel("Use, day by day", (table, Words(NO_PRICE, small=True)), back=HERE)


def _amount(measure: Measure, amounts: Amounts) -> str:
    value = amounts.of(measure)
    if measure == "cost_micros":
        return dollars(value)
    return f"{-(-value // 60):,}" if measure == "audio_s" else f"{value:,}"


def _limit(measure: Measure, limits: Limits) -> str:
    most = limits.of_a_day("workspace", measure)
    if most is None:
        return "no limit"
    return dollars(most) if measure == "cost_micros" else f"{most // 60 if measure == 'audio_s' else most:,}"


def _bar(measure: Measure, amounts: Amounts, limits: Limits) -> str:
    return bar(amounts.of(measure), limits.of_a_day("workspace", measure))


def bar(used: int, most: int | None) -> str:
    """How much of a limit is used, to be seen at a glance; "" without a limit."""
    part = share(used, most)
    if part is None:
        return ""
    filled = min(BAR, round(part * BAR))
    return f"{'█' * filled}{'░' * (BAR - filled)} {round(part * 100)} %"


def _or_none(limit: int | None) -> str:
    return "no limit" if limit is None else f"{limit:,}"
