"""The menu, people, audit and data, as they are seen and used on every platform."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from adapters.surface.panels import Amiss, Facts, Filled, Form, Go, Heading, Panel, Row, Words
from adapters.surface.panels.audit import AuditPages
from adapters.surface.panels.data import DataPages
from adapters.surface.panels.menu import MenuPages
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.people import PeoplePages
from engine.admin.data import Data
from engine.admin.people import People
from engine.admin.roles import EVERYWHERE, Actor, AdminRole
from engine.retention import DAY_S
from tests.contracts.keeping import NOW, interview, key
from tests.contracts.store import record
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.keeping_memory import MemoryKeeping
from tests.kit.memory import MemoryStore

OWNER = Actor("slack", "T1", "U-owner", standing="owner")
ADMIN = Actor("slack", "T1", "U-admin", standing="admin")
VIEWER = Actor("slack", "T1", "U-viewer", standing="viewer")
NOBODY = Actor("slack", "T1", "U-nobody")


class Gone:
    """A directory in which one person is not there any more."""

    async def known(self, scope: str, kind: str, subject: str) -> bool | None:
        del scope, kind
        return subject != "U-gone"


class Office:
    """The pages of this part, over a store in memory."""

    def __init__(self) -> None:
        self.store, self.admin = MemoryStore(), MemoryAdmin(lambda: NOW)
        self.alerts: list[Row] = []
        people = self.people = People(
            store=self.admin, now=lambda: NOW, pseudonym=lambda text: text[::-1], directory=Gone()
        )
        data = Data(
            people=people, store=self.admin, keeping=MemoryKeeping(self.store), archive=self.store, now=lambda: NOW
        )
        pages = (MenuPages(people, alerts=(self._alerts,)), PeoplePages(people), AuditPages(people), DataPages(data))
        self.panels = Panels(pages, store=self.admin, now=lambda: NOW)

    async def _alerts(self, actor: Actor) -> Sequence[Row]:
        del actor
        return self.alerts

    async def see(self, actor: Actor, path: str = "menu") -> Panel:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Panel)
        return shown

    async def form(self, actor: Actor, path: str) -> Form:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Form)
        return shown

    async def hand_in(self, actor: Actor, path: str, **fields: tuple[str, ...]) -> Panel | Form | Amiss:
        return await self.panels.submit(actor, path, Filled(fields))

    async def press(self, actor: Actor, panel: Panel, label: str) -> Panel:
        return await self.see(actor, gos(panel)[label])


def gos(panel: Panel) -> dict[str, str]:
    """Every button of a panel and where it leads."""
    rows = [part.button for part in panel.parts if isinstance(part, Row) and part.button is not None]
    return {go.label: go.path for go in (*panel.buttons, *rows, *([panel.back] if panel.back else []))}


def said(panel: Panel) -> str:
    lines: list[str] = [panel.title, panel.notice]
    for part in panel.parts:
        match part:
            case Words(text) | Heading(text):
                lines.append(text)
            case Row(title, about):
                lines.append(f"{title}: {about}")
            case Facts(pairs):
                lines += [f"{name}: {value}" for name, value in pairs]
            case _:
                pytest.fail(f"{part} is not for these pages")
    return "\n".join(lines)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        ("viewer", ["types", "prompts", "team", "people", "audit"]),
        ("coach", ["types", "prompts", "team", "people", "audit"]),
        ("admin", ["types", "prompts", "limits", "team", "people", "data", "audit"]),
        ("owner", ["types", "prompts", "limits", "team", "people", "data", "audit"]),
    ],
)
async def test_the_menu_has_what_a_role_may_see(office: Office, role: AdminRole, ways: list[str]) -> None:
    menu = await office.see(Actor("discord", "9", "1", standing=role))
    assert [part.button.path for part in menu.parts if isinstance(part, Row) and part.button] == ways
    assert f"{role} of this server" in said(menu)
    assert menu.back is None


@pytest.mark.parametrize(
    ("platform", "helper"),
    [("slack", "owner of this Slack workspace"), ("discord", "manage this server"), ("local", "rehearse people")],
)
async def test_who_has_no_role_is_told_who_can_help(office: Office, platform: str, helper: str) -> None:
    menu = await office.see(Actor(platform, "T1", "U1"))
    assert helper in said(menu)
    assert gos(menu) == {}


@pytest.mark.parametrize("path", ["people", "people/give", "people/told/yes", "audit", "data", "data/purge/yes"])
async def test_who_has_no_role_gets_no_further(office: Office, path: str) -> None:
    panel = await office.see(NOBODY, path)
    assert panel.title == "Not for you"
    assert (office.admin.entries, office.admin.seated) == ([], {})


async def test_the_menu_says_what_needs_an_admin(office: Office) -> None:
    office.alerts = [Row("Cost", "82 % of today's budget is used", Go("Look", "limits"))]
    menu = await office.see(ADMIN)
    assert (menu.tone, gos(menu)["Look"]) == ("warn", "limits")
    assert "Needs you" in said(menu)
    assert "Needs you" not in said(await office.see(VIEWER))
    assert await office.hand_in(ADMIN, "menu") == menu


@pytest.mark.parametrize(
    ("on", "where"), [("", "this workspace"), ("slack/T2", "slack/T2"), (EVERYWHERE, "everything")]
)
async def test_the_menu_says_where_one_is(office: Office, on: str, where: str) -> None:
    assert where in said(await office.see(Actor("slack", "T1", "operator", operator=True, on=on)))


async def test_a_role_is_given_seen_taken_back_and_given_again(office: Office) -> None:
    listed = await office.see(OWNER, "people")
    assert "Nobody was given a role yet." in said(listed)
    form = await office.form(OWNER, gos(listed)["Give a role"])
    assert [field.id for field in form.fields] == ["people", "groups", "role"]
    listed = await office.hand_in(OWNER, form.path, people=("U7", "U8"), groups=("S1",), role=("coach",))
    assert isinstance(listed, Panel)
    assert listed.notice == "Given to 3: coach. It holds at once."
    assert ("user", "U7") in [part.who for part in listed.parts if isinstance(part, Row)]

    asked = await office.see(OWNER, "people/take/user/U7")
    assert await office.people.role(Actor("slack", "T1", "U7")) == "coach"
    assert gos(asked)["Keep it"] == "people"
    taken = await office.press(OWNER, asked, "Take it back")
    assert taken.notice == "Taken back. It ended at once."
    assert await office.people.role(Actor("slack", "T1", "U7")) is None
    await office.press(OWNER, taken, "Undo")
    assert await office.people.role(Actor("slack", "T1", "U7")) == "coach"


async def test_a_role_that_is_gone_already_is_said_to_be(office: Office) -> None:
    for path in ("people/take/user/U7", "people/take/user/U7/yes"):
        assert "taken back already" in (await office.see(OWNER, path)).notice


async def test_an_admin_is_offered_the_roles_they_may_give(office: Office) -> None:
    for actor, roles in ((ADMIN, ["viewer", "coach"]), (OWNER, ["viewer", "coach", "admin", "owner"])):
        form = await office.form(actor, "people/give")
        assert [option.value for option in form.fields[2].options] == roles
    await office.hand_in(OWNER, "people/give", people=("U7",), role=("admin",))
    viewers = await office.see(VIEWER, "people")
    assert not {"Give a role", "Take back…"} & set(gos(viewers))
    assert "admin since 9 Sep 2001" in said(viewers)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"role": ("viewer",)}, ("people", "at least one")),
        ({"people": ("U7", "U-gone"), "role": ("viewer",)}, ("people", "not there any more")),
        ({"people": ("U7",), "role": ("king",)}, ("role", "one of")),
    ],
)
async def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_chosen(
    office: Office, fields: dict[str, tuple[str, ...]], problem: tuple[str, str]
) -> None:
    amiss = await office.hand_in(OWNER, "people/give", **fields)
    assert isinstance(amiss, Amiss)
    assert problem[1] in amiss.problems[problem[0]]
    assert amiss.form.fields[0].values == fields.get("people", ())
    assert office.admin.granted == {}


async def test_who_was_demoted_while_the_form_was_open_gives_nothing(office: Office) -> None:
    delegate = Actor("slack", "T1", "U7")
    await office.people.grant(OWNER, "user", "U7", "admin")
    form = await office.form(delegate, "people/give")
    await office.people.revoke(OWNER, "user", "U7")
    before = list(office.admin.entries)
    refused = await office.hand_in(delegate, form.path, people=("U8",), role=("viewer",))
    assert isinstance(refused, Panel)
    assert refused.title == "Not for you"
    assert (office.admin.granted, office.admin.entries) == ({}, before)


async def test_a_forged_button_does_no_harm(office: Office) -> None:
    assert (await office.see(OWNER, "people/give/animal/U7/viewer")).title == "That did not work"
    assert (await office.see(OWNER, "people/give/user/U7/king")).title == "That did not work"
    assert (await office.see(ADMIN, "people/give/user/U-admin/viewer")).title == "Not for you"
    assert office.admin.granted == {}


async def test_many_roles_stand_on_pages(office: Office) -> None:
    for n in range(45):
        await office.people.grant(OWNER, "user", f"U{n:02}", "viewer")
    first = await office.see(OWNER, "people")
    second = await office.press(OWNER, first, "More")
    third = await office.press(OWNER, second, "More")
    shown = [part.who for page in (first, second, third) for part in page.parts if isinstance(part, Row)]
    assert len(set(shown)) == 45
    assert "More" not in gos(third)
    assert await office.press(OWNER, second, "Before") == first


@pytest.mark.parametrize(
    ("platform", "words"), [("slack", "Slack workspace"), ("discord", "manage this server"), ("local", "a workspace")]
)
async def test_people_says_who_has_a_role_by_themselves(office: Office, platform: str, words: str) -> None:
    assert words in said(await office.see(Actor(platform, "1", "2", standing="viewer"), "people"))


async def test_somebody_may_want_to_be_told(office: Office) -> None:
    told = await office.see(VIEWER, "people/told/yes")
    assert "You will be told" in told.notice
    assert list(await office.admin.seats("slack/T1")) == ["slack/T1/U-viewer"]
    await office.press(VIEWER, told, "Do not tell me")
    assert list(await office.admin.seats("slack/T1")) == []


async def test_the_audit_is_read_page_by_page_and_names_nobody(office: Office) -> None:
    assert "Nothing was changed yet." in said(await office.see(VIEWER, "audit"))
    for n in range(23):
        await office.people.grant(
            OWNER if n else Actor("local", "-", "x", operator=True, on="slack/T1"), "user", f"U{n}", "viewer"
        )
    await office.admin.note(office.people.entry(OWNER, None, "rollout.held", "prompt:review", "held the rollout"))
    first = await office.see(VIEWER, "audit")
    rows = [part for part in first.parts if isinstance(part, Row)]
    assert len(rows) == 20
    assert rows[0].title == "Held the rollout"
    assert rows[1] == Row("Gave a person the role viewer", "9 Sep 2001, 01:46 UTC · owner renwo-")
    older = await office.press(VIEWER, first, "Older")
    assert [part.about for part in older.parts if isinstance(part, Row)][-1].endswith("whoever runs Rehearse")
    assert "Older" not in gos(older)
    assert await office.press(VIEWER, older, "Newest") == first == await office.hand_in(VIEWER, "audit")
    assert "There is nothing older." in said(await office.see(VIEWER, "audit/1"))


async def test_what_rehearse_did_by_itself_is_said_to_be(office: Office) -> None:
    entry = office.people.entry(OWNER, None, "rollout.held", "prompt:review", "held the rollout")
    await office.admin.note(type(entry)(entry.scope, entry.at, "", None, entry.act, entry.subject, entry.words))
    assert "Rehearse itself" in said(await office.see(VIEWER, "audit"))


async def test_how_long_things_are_kept_is_chosen_and_taken_back(office: Office) -> None:
    for user, days in (("U1", 40), ("U2", 400)):
        await record(office.store, *interview(key(user), NOW - days * DAY_S), key=key(user))
    shown = await office.see(ADMIN, "data")
    assert "Answers: 90 days\nScores: 365 days\nRecordings: never kept" in said(shown)
    assert "With their words: 2 interviews, 0 of them under way" in said(shown)
    form = await office.form(ADMIN, gos(shown)["Change"])
    assert [field.values for field in form.fields] == [("90",), ("365",)]
    saved = await office.hand_in(ADMIN, form.path, answers=("30",), scores=())
    assert isinstance(saved, Panel)
    assert "Answers: 30 days\nScores: until the person deletes them" in said(saved)
    assert "Chosen by an admin." in said(saved)
    back = await office.press(ADMIN, saved, "Undo")
    assert "Answers: 90 days" in said(back)


@pytest.mark.parametrize(
    ("answers", "scores", "field"),
    [
        ("soon", "", "answers"),
        ("0", "30", "answers"),
        ("30", "9" * 12, "scores"),
        ("60", "30", "scores"),
        ("٣", "", "answers"),
    ],
)
async def test_days_that_are_none_are_refused_at_their_field(
    office: Office, answers: str, scores: str, field: str
) -> None:
    amiss = await office.hand_in(ADMIN, "data/keep/0", answers=(answers,), scores=(scores,))
    assert isinstance(amiss, Amiss)
    assert set(amiss.problems) == {field}
    assert [each.values for each in amiss.form.fields] == [(answers,), (scores,)]


async def test_of_two_admins_the_second_is_shown_what_the_first_did(office: Office) -> None:
    await office.hand_in(ADMIN, "data/keep/0", answers=("30",), scores=("300",))
    second = await office.hand_in(OWNER, "data/keep/0", answers=("60",), scores=("600",))
    assert isinstance(second, Panel)
    assert second.title == "Somebody was quicker"
    assert "keep answers for 30 days" in said(second)
    assert "Answers: 30 days" in said(await office.see(OWNER, "data"))


async def test_what_is_over_is_cleared_once_somebody_has_confirmed(office: Office) -> None:
    for user, days in (("U1", 40), ("U2", 400)):
        await record(office.store, *interview(key(user), NOW - days * DAY_S), key=key(user))
    await office.hand_in(ADMIN, "data/keep/0", answers=("30",), scores=("365",))
    asked = await office.press(ADMIN, await office.see(ADMIN, "data"), "Clear now…")
    assert "more than 30 days" in said(asked)
    cleared = await office.press(ADMIN, asked, "Clear now")
    assert cleared.notice == "Cleared: the words of 1 interview, and 1 interview altogether."
    assert "Figures alone: 1 interview" in said(cleared)
    assert (await office.press(ADMIN, asked, "Clear now")).notice == "There was nothing to clear."


async def test_where_nothing_ends_there_is_nothing_to_clear(office: Office) -> None:
    await office.hand_in(ADMIN, "data/keep/0", answers=(), scores=())
    assert "nothing to clear" in said(await office.see(ADMIN, "data/purge"))


async def test_a_viewer_only_looks_at_data(office: Office) -> None:
    assert set(gos(await office.see(VIEWER, "data"))) == {"Back to the menu"}
    assert (await office.see(VIEWER, "data/purge/yes")).title == "Not for you"
