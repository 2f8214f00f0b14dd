"""Sharing and rating as a candidate and a coach see it, from the first button to the levels side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.surface.panels import (
    FIELDS,
    OPTIONS,
    PATH_CHARS,
    Amiss,
    Facts,
    Filled,
    Form,
    Go,
    Mention,
    Panel,
    Row,
    Table,
    Words,
)
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.rate import RatePages, forms, pieces
from adapters.surface.panels.share import SharePages, share_path
from engine.admin.roles import Actor
from engine.facts import Amended, Hinted
from engine.interviews import Bar, Criterion
from tests.contracts.team_store import ADA, BOB, answer, begun, modelled, reviewed, summarised, whole
from tests.kit.coaching import CANDIDATE, COACH, OTHER, REPORT, Office
from tests.kit.interviews import CRITERIA

SHARE = f"share/{REPORT}"
LEVELS = {name: (level,) for name, level in zip(CRITERIA, ("4", "-", "3", "1"), strict=True)}


class Told:
    """Everybody who was told something, with what."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Panel, str]] = []
        self.reachable = True

    async def tell_person(self, person: str, panel: Panel, card: str = "") -> bool:
        if self.reachable:
            self.said.append((person, panel, card))
        return self.reachable


class Talk:
    """The pages over a store in memory; `see`, `fill` and `press` as a person would."""

    def __init__(self) -> None:
        self.office, self.told = Office(), Told()
        pages = (SharePages(self.office.sharing, self.told), RatePages(self.office.rating, self.told))
        self.panels = Panels(pages, store=self.office.admin, now=lambda: self.office.now)

    async def see(self, actor: Actor, path: str) -> Panel:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Panel)
        return sound(shown)

    async def form(self, actor: Actor, path: str) -> Form:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Form)
        assert len(shown.fields) <= FIELDS
        assert len(shown.path) <= PATH_CHARS
        return shown

    async def fill(self, actor: Actor, path: str, **fields: tuple[str, ...]) -> Panel | Form | Amiss:
        return await self.panels.submit(actor, path, Filled(fields))

    async def filled(self, actor: Actor, path: str, **fields: tuple[str, ...]) -> Panel:
        shown = await self.fill(actor, path, **fields)
        assert isinstance(shown, Panel)
        return sound(shown)

    async def share(self) -> str:
        """Share Ada's interview; where the coach reads it."""
        await self.filled(CANDIDATE, f"{SHARE}/new", coach=("UCOACH",))
        return f"rate/{next(iter(self.office.team.shares))}"


def gos(panel: Panel) -> dict[str, str]:
    return {go.label: go.path for go in buttons(panel)}


def buttons(panel: Panel) -> Iterator[Go]:
    yield from panel.buttons
    yield from (part.button for part in panel.parts if isinstance(part, Row) and part.button is not None)


def sound(panel: Panel) -> Panel:
    """The panel, once every path of it is short enough for a button."""
    assert all(len(go.path) <= PATH_CHARS for go in buttons(panel))
    assert all(len(menu.options) <= OPTIONS for menu in panel.menus)
    return panel


def said(panel: Panel) -> str:
    """All words of a panel."""
    found = [panel.title, panel.notice]
    for part in panel.parts:
        match part:
            case Words():
                found.append(part.text)
            case Row():
                found += [part.title, part.about]
            case Mention():
                found.append(f"{part.before}@{part.user}{part.after}")
            case Table():
                found += [cell for row in (part.head, *part.rows) for cell in row]
            case Facts():
                found += [cell for pair in part.pairs for cell in pair]
            case _:
                pass
    return "\n".join(found)


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.office.team.record(*whole())
    return talk


async def test_a_candidate_shares_sees_it_and_takes_it_back(talk: Talk) -> None:
    panel = await talk.see(CANDIDATE, share_path(f"{ADA}#1"))
    assert "take it back at any time" in said(panel)
    form = await talk.form(CANDIDATE, gos(panel)["Choose a coach…"])
    assert [field.kind for field in form.fields] == ["people", "text"]
    panel = await talk.filled(CANDIDATE, form.path, coach=("UCOACH",), note=("The ending?",))
    assert panel.notice == "Shared. The coach was told."
    rows = [part for part in panel.parts if isinstance(part, Row)]
    assert [(row.who, row.about) for row in rows] == [(("user", "UCOACH"), "The ending?")]
    asked = await talk.see(CANDIDATE, gos(panel)["Take back…"])
    assert asked.buttons[0].style == "danger"
    done = await talk.see(CANDIDATE, gos(asked)["Take it back"])
    assert done.notice.startswith("Taken back.")
    assert "Choose a coach…" in gos(done)
    for path in (gos(asked)["Take it back"], gos(panel)["Take back…"]):
        assert (await talk.see(CANDIDATE, path)).notice == "That was taken back already."


async def test_the_coach_is_told_who_shared_and_when_it_is_taken_back(talk: Talk) -> None:
    panel = await talk.filled(CANDIDATE, f"{SHARE}/new", coach=("UCOACH",), note=("The ending?",))
    ((person, invitation, card),) = talk.told.said
    assert person == "slack/T1/UCOACH"
    assert "@UADA shared an interview with you: Behavioral interview." in said(invitation)
    assert "Their note: The ending?" in said(invitation)
    first = await talk.see(COACH, gos(invitation)["Read and rate"])
    assert "The ending?" in said(first)
    await talk.see(CANDIDATE, f"{gos(panel)['Take back…']}/yes")
    assert [(person, again) for person, _, again in talk.told.said] == [(person, card)] * 2
    refused = await talk.see(COACH, gos(invitation)["Read and rate"])
    assert refused.title == "Not for you"


async def test_sharing_twice_tells_once_and_a_coach_who_cannot_be_told_is_said_so(talk: Talk) -> None:
    talk.told.reachable = False
    panel = await talk.filled(CANDIDATE, f"{SHARE}/new", coach=("UCOACH",))
    assert "could not be told" in panel.notice
    talk.told.reachable = True
    panel = await talk.filled(CANDIDATE, f"{SHARE}/new", coach=("UCOACH",))
    assert panel.notice == "It was shared with this coach already."
    assert talk.told.said == []
    assert "Share with another coach…" in gos(panel)


async def test_what_is_amiss_stands_at_its_field(talk: Talk) -> None:
    shown = await talk.fill(CANDIDATE, f"{SHARE}/new", coach=("UBOB",), note=("Please",))
    assert isinstance(shown, Amiss)
    assert list(shown.problems) == ["coach"]
    assert [field.values for field in shown.form.fields] == [("UBOB",), ("Please",)]


async def test_somebody_else_s_interview_is_refused_everywhere(talk: Talk) -> None:
    await talk.share()
    for path in (SHARE, f"{SHARE}/new", f"{SHARE}/back/{'0' * 12}", f"{SHARE}/back/{'0' * 12}/yes"):
        assert (await talk.see(OTHER, path)).title == "Not for you"
    assert (await talk.filled(OTHER, f"{SHARE}/new", coach=("UCOACH",))).title == "Not for you"
    assert "Open the report" in said(await talk.see(OTHER, "share"))


async def test_a_coach_reads_rates_and_then_sees_both_sides(talk: Talk) -> None:
    talk.office.team.record(begun(number=2, at=500), *answer(), Hinted(at=510, turn=1, rung=1),
                            reviewed(of=modelled(3, 4, None, 1)), summarised())  # fmt: skip
    report = share_path(f"{ADA}#2")
    await talk.filled(CANDIDATE, f"{report}/new", coach=("UCOACH",))
    listed = await talk.see(COACH, "rate")
    assert [part.who for part in listed.parts if isinstance(part, Row)] == [("user", "UADA")]
    items = await talk.see(COACH, gos(listed)["Read and rate"])
    shown = await talk.see(COACH, gos(items)["Rate the next answer"])
    assert "I did it." in said(shown)
    assert "Hints taken: 1." in said(shown)
    assert not any(isinstance(part, Table) for part in shown.parts)
    anchors = await talk.see(COACH, gos(shown)["What the levels mean"])
    assert [len(part.pairs) for part in anchors.parts if isinstance(part, Facts)] == [5, 5, 5, 5]
    form = await talk.form(COACH, gos(shown)["Rate…"])
    assert [field.id for field in form.fields] == list(CRITERIA)
    assert [(o.value, o.about) for o in form.fields[0].options][0::5] == [
        ("1", "absent"), ("-", "The answer does not show it"),
    ]  # fmt: skip
    done = await talk.filled(COACH, form.path, **LEVELS)
    (table,) = (part for part in done.parts if isinstance(part, Table))
    assert [row[1:] for row in table.rows] == [("4", "3"), ("cannot tell", "4"), ("3", "not scored"), ("1", "1")]
    assert "the same level for 1 of 2 criteria, one level apart for 1" in said(done)
    assert "judged by: gpt-test" in said(done)
    again = await talk.form(COACH, gos(done)["Change…"])
    assert [field.values for field in again.fields] == list(LEVELS.values())


async def test_the_candidate_is_told_once_and_sees_the_coach_s_levels(talk: Talk) -> None:
    rate = await talk.share()
    path = f"{rate}/1/1-1/1"
    await talk.filled(COACH, path, **LEVELS)
    await talk.filled(COACH, path, **LEVELS)
    assert [person for person, _, _ in talk.told.said] == ["slack/T1/UCOACH", "slack/T1/UADA"]
    panel = await talk.see(CANDIDATE, gos(talk.told.said[-1][1])["See the levels"])
    (table,) = (part for part in panel.parts if isinstance(part, Table))
    assert table.head == ("Answer", "Criterion", "Coach", "Machine")
    assert [row[2] for row in table.rows] == ["4", "cannot tell", "3", "1"]


async def test_two_coaches_stand_side_by_side(talk: Talk) -> None:
    rate = await talk.share()
    talk.office.grant("UBOB")
    await talk.filled(CANDIDATE, f"{SHARE}/new", coach=("UBOB",))
    other = next(id for id in talk.office.team.shares if id not in rate)
    await talk.filled(COACH, f"{rate}/1/1-1/1", **LEVELS)
    await talk.filled(OTHER, f"rate/{other}/1/1-1/1", **{**LEVELS, CRITERIA[0]: ("5",)})
    panel = await talk.see(CANDIDATE, SHARE)
    (table,) = (part for part in panel.parts if isinstance(part, Table))
    assert table.head == ("Answer", "Criterion", "Coach 1", "Coach 2", "Machine")
    assert table.rows[0][2:] == ("4", "5", "3")


async def test_a_criterion_without_a_level_is_said_at_its_field(talk: Talk) -> None:
    rate = await talk.share()
    shown = await talk.fill(COACH, f"{rate}/1/1-1/1", **{**LEVELS, CRITERIA[1]: ("",), CRITERIA[2]: ("9",)})
    assert isinstance(shown, Amiss)
    assert list(shown.problems) == [CRITERIA[1], CRITERIA[2]]
    assert talk.office.team.rated == []


async def test_an_answer_that_was_changed_is_shown_anew(talk: Talk) -> None:
    rate = await talk.share()
    talk.office.team.record(Amended(at=900, turn=1, message="m1", text="Otherwise."))
    shown = await talk.see(COACH, f"{rate}/1/1-1/1")
    assert (shown.tone, "Otherwise." in said(shown)) == ("warn", True)
    handed_in = await talk.filled(COACH, f"{rate}/1/1-1/1", **LEVELS)
    assert "Read it again" in handed_in.notice
    assert talk.office.team.rated == []


async def test_six_criteria_take_two_forms_and_stay_hidden_until_both_are_done(talk: Talk) -> None:
    ids = [f"c{n}" for n in range(6)]
    criteria = tuple(Criterion(id=id, title=id, anchors=("a", "b", "c", "d", "e")) for id in ids)
    weights = dict(zip(ids, (20, 20, 20, 20, 10, 10), strict=True))
    roles = {"mid": Bar(meets=3, start=3, weights=weights)}
    talk.office.team.record(*whole(number=2, at=800, type_criteria=criteria, type_roles=roles))
    await talk.filled(CANDIDATE, f"{share_path(f'{ADA}#2')}/new", coach=("UCOACH",))
    rate = f"rate/{next(iter(talk.office.team.shares))}/1"
    shown = await talk.see(COACH, rate)
    one, two = gos(shown)["Rate 1 of 2…"], gos(shown)["Rate 2 of 2…"]
    assert [len((await talk.form(COACH, each)).fields) for each in (one, two)] == [3, 3]
    part = await talk.filled(COACH, one, **dict.fromkeys(ids[:3], ("3",)))
    assert "Rate the other criteria" in part.notice
    assert not any(isinstance(each, Table) for each in part.parts)
    assert len(talk.told.said) == 1
    assert set(gos(part)) >= {"Change 1 of 2…", "Rate 2 of 2…"}
    done = await talk.filled(COACH, two, **dict.fromkeys(ids[3:], ("4",)))
    assert any(isinstance(each, Table) for each in done.parts)


async def test_a_long_answer_is_read_page_by_page(talk: Talk) -> None:
    text = "\n".join(f"Line {n} " + "x" * 90 for n in range(60))
    talk.office.team.record(begun(number=2, at=500), *answer(text=text), reviewed(), summarised())
    await talk.filled(CANDIDATE, f"{share_path(f'{ADA}#2')}/new", coach=("UCOACH",))
    path, read = f"rate/{next(iter(talk.office.team.shares))}/1", ""
    while path:
        panel = await talk.see(COACH, path)
        read += max((part.text for part in panel.parts if isinstance(part, Words)), key=len)
        path = gos(panel).get("Read on", "")
    assert all(f"Line {n} " in read for n in range(60))


async def test_odd_paths_lead_to_something_sensible(talk: Talk) -> None:
    rate = await talk.share()
    assert (await talk.see(COACH, "rate/a/b/c/d/e")).title == "Shared with me"
    assert (await talk.see(COACH, f"{rate}/x")).title == "That did not work"
    assert (await talk.see(COACH, f"{rate}/1/1-1/7")).tone == "warn"
    assert (await talk.filled(COACH, f"{rate}/1/1-1/7")).title == "Answer 1"
    assert (await talk.see(COACH, f"{rate}/1/page/99")).title == "Answer 1"
    assert (await talk.see(COACH, f"{rate}/1/anchors/99")).title == "What the levels mean"
    assert "Nothing is shared" in said(await talk.see(OTHER, "rate"))
    assert (await talk.filled(CANDIDATE, "share")).title == "Not for you"


async def test_long_anchors_take_several_pages(talk: Talk) -> None:
    long = "x" * 400
    anchors = (long, long, long, long, long)
    criteria = tuple(Criterion(id=id, title=id, anchors=anchors) for id in CRITERIA)
    talk.office.team.record(*whole(number=2, at=800, type_criteria=criteria))
    await talk.filled(CANDIDATE, f"{share_path(f'{ADA}#2')}/new", coach=("UCOACH",))
    path, seen = f"rate/{next(iter(talk.office.team.shares))}/1/anchors/1", 0
    while path:
        panel = await talk.see(COACH, path)
        seen += sum(isinstance(part, Facts) for part in panel.parts)
        path = gos(panel).get("More", "")
    assert seen == 4


async def test_the_next_answer_is_one_press_away(talk: Talk) -> None:
    talk.office.team.record(begun(BOB), *answer(1), reviewed(1), *answer(2, text="And I did that."), summarised())
    await talk.filled(OTHER, f"{share_path(f'{BOB}#1')}/new", coach=("UCOACH",))
    rate = f"rate/{next(iter(talk.office.team.shares))}"
    done = await talk.filled(COACH, f"{rate}/1/1-1/1", **LEVELS)
    assert "And I did that." in said(await talk.see(COACH, gos(done)["Next answer"]))
    items = await talk.see(COACH, rate)
    assert [part.title for part in items.parts if isinstance(part, Row)][1:] == [
        "Answer 1: rated", "Answer 2: not rated yet",
    ]  # fmt: skip


@given(st.text(max_size=400), st.integers(5, 60))
def test_pieces_lose_nothing_but_the_white_space_they_are_cut_at(text: str, most: int) -> None:
    found = pieces(text, most)
    assert found
    assert all(len(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (4, [4]), (5, [5]), (6, [3, 3])])
def test_criteria_are_spread_over_forms(count: int, sizes: list[int]) -> None:
    criteria = [Criterion(id=f"c{n}", title="C", anchors=("a", "b", "c", "d", "e")) for n in range(count)]
    assert [len(each) for each in forms(criteria)] == sizes


async def test_an_interview_whose_words_are_gone_says_so(talk: Talk) -> None:
    rate = await talk.share()
    talk.office.team.record(begun(), summarised())
    assert "were deleted when their time was over" in said(await talk.see(COACH, rate))
