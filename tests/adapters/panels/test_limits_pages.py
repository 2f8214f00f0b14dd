"""Limits as admins see and change them: every way from the overview and back, and what is refused at its field."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from adapters.surface.panels import PATH_CHARS, Amiss, Facts, Filled, Form, Heading, Panel, Row, Table, Words
from adapters.surface.panels.limits import LimitsPages, alert_panel, bar
from adapters.surface.panels.limits_forms import FORMS, filled_limits, limits_form
from adapters.surface.panels.paths import Panels
from engine.admin.limits import LimitsDoor
from engine.admin.people import People
from engine.admin.roles import Actor
from engine.keys import ThreadKey, person_of
from engine.limits.alerts import Alert
from engine.limits.model import MEASURES, Amounts, Limits, Measure, PersonLimits, WorkspaceLimits
from engine.ports import Account
from tests.kit.limited import Limited

NOON = 20_000 * 86_400 + 43_200.0
HOME = "slack/T1"
ADMIN = Actor("slack", "T1", "U1", standing="admin")
VIEWER = Actor("slack", "T1", "U2", standing="viewer")
SOME = Limits(
    person=PersonLimits(interviews=3, cost_micros=1_500),
    workspace=WorkspaceLimits(tokens=1_000, cost_micros=2_500_000, audio_minutes=10, open=4),
)


def door_of(limited: Limited) -> LimitsDoor:
    return LimitsDoor(
        people=People(store=limited.admin, now=limited.now, pseudonym=str),
        store=limited.admin,
        ledger=limited.ledger,
        rules=limited.rules,
        now=limited.now,
        person=lambda scope, user: person_of("slack", scope.partition("/")[2], user),
    )


def made() -> tuple[Panels, Limited]:
    limited = Limited(lambda: NOON)
    door = door_of(limited)
    return Panels((LimitsPages(door, now=limited.now),), store=limited.admin, now=limited.now), limited


async def shown(panels: Panels, path: str = "limits", actor: Actor = ADMIN) -> Panel:
    panel = await panels.show(actor, path)
    assert isinstance(panel, Panel)
    return panel


async def handed_in(panels: Panels, path: str, **written: str | Sequence[str]) -> Panel | Form | Amiss:
    fields = {
        name.replace("_", "-", 1): (value,) if isinstance(value, str) else tuple(value)
        for name, value in written.items()
    }
    return await panels.submit(ADMIN, path, Filled(fields))


def labels(panel: Panel) -> list[str]:
    return [button.label for button in panel.buttons]


def path_of(panel: Panel, label: str) -> str:
    return next(button.path for button in panel.buttons if button.label == label)


async def test_an_admin_sees_what_is_used_of_what() -> None:
    panels, limited = made()
    await limited.limit(SOME, HOME)
    mine = Account(HOME, ThreadKey(platform="slack", workspace="T1", user="U5"))
    await limited.ledger.take(mine, "a", Amounts(tokens=480, cost_micros=1_250_000, audio_s=90), Limits())
    panel = await shown(panels)
    [table] = [part for part in panel.parts if isinstance(part, Table)]
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Tokens"] == ("480", "1,000", "█████░░░░░ 48 %")
    assert rows["Cost"] == ("$1.25", "$2.50", "█████░░░░░ 50 %")
    assert rows["Minutes of audio"] == ("2", "10", "██░░░░░░░░ 15 %")
    assert rows["Interviews"] == ("0", "no limit", "")
    assert rows["Open at once"] == ("0", "4", "░░░░░░░░░░ 0 %")
    [facts] = [part for part in panel.parts if isinstance(part, Facts)]
    assert dict(facts.pairs)["Cost a day"] == "$0.0015"
    assert isinstance(panel.parts[0], Words)
    assert panel.parts[0].text == "Limits of a day reset at 00:00 UTC, in 12 h. They were set for this workspace."
    assert labels(panel)[-1] == "Use the common limits…"


async def test_the_menu_says_when_a_limit_is_near() -> None:
    panels, limited = made()
    pages = LimitsPages(door_of(limited), now=limited.now)
    await limited.limit(SOME, HOME)
    assert await pages.alerts(ADMIN) == []
    mine = Account(HOME, ThreadKey(platform="slack", workspace="T1", user="U5"))
    await limited.ledger.take(mine, "a", Amounts(tokens=800, interviews=9, audio_s=1), Limits())
    [row] = await pages.alerts(ADMIN)
    assert (row.title, row.about) == ("Tokens", "800 tokens of 1,000 tokens are used today")
    assert row.button is not None
    assert (await shown(panels, row.button.path)).title == "Limits"


async def test_a_viewer_looks_and_has_no_button_to_change() -> None:
    panels, _ = made()
    panel = await shown(panels, actor=VIEWER)
    assert labels(panel) == ["Last 14 days"]
    assert (await shown(panels, "limits/undo/1", VIEWER)).title == "Not for you"
    days = await shown(panels, "limits/days", VIEWER)
    [table] = [part for part in days.parts if isinstance(part, Table)]
    assert len(table.rows) == 14
    assert table.rows[0][0] == "4 Oct"


async def test_limits_are_changed_by_a_form_and_taken_back_by_a_button() -> None:
    panels, limited = made()
    path = path_of(await shown(panels), "Change for each person")
    form = await panels.show(ADMIN, path)
    assert isinstance(form, Form)
    assert form.path == path
    after = await handed_in(panels, path, person_interviews="3", person_answer_chars="2000")
    assert isinstance(after, Panel)
    assert (after.notice, after.tone) == ("Saved. It holds at once.", "good")
    assert (await limited.rules.limits(HOME)).person == PersonLimits(interviews=3, answer_chars=2_000)
    undone = await shown(panels, path_of(after, "Undo"))
    assert undone.notice == "Taken back. It holds at once."
    assert (await limited.rules.limits(HOME)).person == PersonLimits()
    assert (await shown(panels, path_of(undone, "Undo"))).tone == "good"
    assert (await limited.rules.limits(HOME)).person.interviews == 3


async def test_money_is_written_in_dollars_and_the_other_limits_stay() -> None:
    panels, limited = made()
    await limited.limit(SOME, HOME)
    path = path_of(await shown(panels), "Change tokens and cost")
    form = await panels.show(ADMIN, path)
    assert isinstance(form, Form)
    assert {field.id: field.values for field in form.fields} == {
        "person-tokens": (),
        "person-cost_micros": ("0.0015",),
        "workspace-tokens": ("1000",),
        "workspace-cost_micros": ("2.50",),
    }
    await handed_in(panels, path, workspace_cost_micros="$1,000", workspace_tokens="")
    limits = await limited.rules.limits(HOME)
    assert limits.workspace == WorkspaceLimits(cost_micros=1_000_000_000, audio_minutes=10, open=4)
    assert limits.person == PersonLimits(interviews=3)


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("person_interviews", "many", "Write a whole number from 0"),
        ("person_answer_chars", "7", "Write a whole number from 100 to 40,000"),
        ("person_tokens", "99999999999999", "Write a whole number from 0"),
        ("workspace_cost_micros", "free", "Write an amount of dollars such as 2.50"),
    ],
)
async def test_what_is_no_limit_is_said_beside_its_field_and_kept(field: str, written: str, said: str) -> None:
    panels, limited = made()
    name = "cost" if "tokens" in field or "cost" in field else "person"
    amiss = await handed_in(panels, f"limits/set/{name}/0", **{field: written})
    assert isinstance(amiss, Amiss)
    [(place, sentence)] = amiss.problems.items()
    assert place == field.replace("_", "-", 1)
    assert sentence.startswith(said)
    assert next(each.values for each in amiss.form.fields if each.id == place) == (written,)
    assert await limited.rules.limits(HOME) == Limits()


async def test_whoever_is_second_sees_what_the_first_did() -> None:
    panels, _ = made()
    await handed_in(panels, "limits/set/person/0", person_interviews="3")
    late = await handed_in(panels, "limits/set/all/0", workspace_interviews="9")
    assert isinstance(late, Panel)
    assert late.title == "Somebody was quicker"
    assert "person.interviews none → 3" in str(late.parts)


async def test_the_common_limits_are_taken_after_a_question() -> None:
    panels, limited = made()
    await limited.limit(SOME)
    await limited.limit(Limits(), HOME)
    asked = await shown(panels, path_of(await shown(panels), "Use the common limits…"))
    assert await limited.rules.limits(HOME) == Limits()
    done = await shown(panels, path_of(asked, "Use the common limits"))
    assert await limited.rules.limits(HOME) == SOME
    await shown(panels, path_of(done, "Undo"))
    assert await limited.rules.limits(HOME) == Limits()


async def test_a_person_is_let_use_more_and_that_is_taken_back() -> None:
    panels, limited = made()
    form = await panels.show(ADMIN, path_of(await shown(panels), "Let a person use more"))
    assert isinstance(form, Form)
    for written, place in ((("", "2"), "person"), (("U9", "some"), "times"), (("U9", "4"), "times")):
        amiss = await handed_in(panels, form.path, person=written[0], times=written[1])
        assert isinstance(amiss, Amiss)
        assert list(amiss.problems) == [place]
    done = await handed_in(panels, form.path, person="U9", times="none")
    assert isinstance(done, Panel)
    [row] = [part for part in done.parts if isinstance(part, Row)]
    assert (row.who, row.about) == (("user", "U9"), "no limit of their own")
    assert isinstance(done.parts[-2], Heading)
    gone = await shown(panels, path_of(done, "Undo"))
    assert gone.notice == "Taken back. It holds at once."
    assert (await shown(panels, "limits/lower/U9")).notice == "That was taken back already."
    assert await limited.ledger.lifts(HOME) == []


async def test_a_form_of_an_older_version_leads_back() -> None:
    panels, _ = made()
    panel = await handed_in(panels, "limits/set/hats/0", x="1")
    assert isinstance(panel, Panel)
    assert "older version" in panel.notice


def test_every_form_fits_every_platform_and_holds_every_limit() -> None:
    for name, form in FORMS.items():
        assert len(form.fields) <= 5
        assert len(limits_form(name, SOME, 10**6).path) <= PATH_CHARS
        assert filled_limits(name, Limits(), Filled({})) == Limits()
    assert {full for form in FORMS.values() for full in form.fields} == set(SOME.by_name())


@pytest.mark.parametrize("measure", MEASURES)
def test_an_alert_says_how_much_and_when_it_resets(measure: Measure) -> None:
    for percent in (50, 80, 100):
        panel = alert_panel(Alert(HOME, measure, percent, percent * 60, 6_000), NOON)
        assert f"{percent} % of today's limit" in panel.title
        assert "resets at 00:00 UTC, in 12 h" in str(panel.parts)


def test_a_bar_is_never_longer_than_itself() -> None:
    assert bar(1_000, 10) == "██████████ 10000 %"
    assert bar(0, 0) == "██████████ 100 %"
    assert bar(5, None) == ""
