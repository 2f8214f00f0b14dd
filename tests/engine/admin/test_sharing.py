"""Sharing an interview with a coach, and reading it: only one's own, only with a coach, only while it is shared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.admin.roles import Actor
from engine.admin.sharing import COACHES, NO_COACH, NOT_YOURS, report_id
from engine.errors import NotAllowed, Wrong
from engine.facts import Amended, Retried
from engine.keys import ThreadKey
from tests.contracts.team_store import ADA, BOB, HERE, answer, begun, modelled, reviewed, summarised, whole
from tests.kit.coaching import CANDIDATE, COACH, FULL, OTHER, REPORT, Known, Office
from tests.kit.interviews import CRITERIA


@pytest.fixture
def office() -> Office:
    return Office()


# Sharing.


async def test_a_candidate_shares_an_interview_of_their_own(office: Office) -> None:
    office.team.record(*whole())
    shared, fresh = await office.sharing.share(CANDIDATE, REPORT, "UCOACH", "  the last answer, please ")
    assert fresh
    assert (shared.person, shared.coach, shared.home) == (ADA.person, "slack/T1/UCOACH", HERE)
    assert (shared.note, shared.title, shared.at) == ("the last answer, please", "Behavioral interview", 1_000.0)
    mine = await office.sharing.mine(CANDIDATE, REPORT)
    assert (mine.session.id, mine.shares, mine.ratings) == (f"{ADA}#1", (shared,), ())
    assert list(await office.sharing.shared_with(COACH)) == [shared]


async def test_the_audit_names_nobody(office: Office) -> None:
    shared = await office.shared()
    await office.rating.rate(COACH, shared.id, 1, "1-1", FULL)
    await office.sharing.unshare(CANDIDATE, REPORT, shared.id)
    assert [(e.act, e.role, e.scope) for e in office.admin.entries] == [
        ("report.share", None, HERE), ("answer.rate", "coach", HERE), ("report.unshare", None, HERE),
    ]  # fmt: skip
    for entry in office.admin.entries:
        assert not any(secret in str(entry) for secret in ("UADA", "UCOACH", "D1", REPORT, shared.id))


async def test_nobody_shares_or_sees_somebody_else_s_interview(office: Office) -> None:
    shared = await office.shared()
    for act in (
        office.sharing.share(OTHER, REPORT, "UCOACH"),
        office.sharing.mine(OTHER, REPORT),
        office.sharing.unshare(OTHER, REPORT, shared.id),
        office.sharing.share(replace(CANDIDATE, workspace="T2"), REPORT, "UCOACH"),
        office.sharing.share(replace(OTHER, standing="owner"), REPORT, "UCOACH"),
        office.sharing.share(replace(OTHER, operator=True, on=HERE), REPORT, "UCOACH"),
        office.sharing.mine(CANDIDATE, "0" * 12),
    ):
        with pytest.raises(NotAllowed) as refused:
            await act
        assert refused.value.hint == NOT_YOURS
    assert len(office.admin.entries) == 1


async def test_taking_back_names_one_s_own_sharing(office: Office) -> None:
    office.team.record(*whole(BOB))
    bobs, _ = await office.sharing.share(OTHER, report_id(f"{BOB}#1"), "UCOACH")
    await office.shared()
    assert not await office.sharing.unshare(CANDIDATE, REPORT, bobs.id)
    assert await office.team.shared(bobs.id) == bobs


@pytest.mark.parametrize(
    ("coach", "note", "at", "words"),
    [
        ("", "", "coach", "Choose a coach"),
        ("UADA", "", "coach", "nobody rates their own"),
        ("UBOB", "", "coach", "no"),
        ("UCOACH", "x" * 501, "note", "501"),
    ],
)
async def test_what_cannot_be_shared_is_said_at_its_field(
    office: Office, coach: str, note: str, at: str, words: str
) -> None:
    office.team.record(*whole())
    with pytest.raises(Wrong) as refused:
        await office.sharing.share(CANDIDATE, REPORT, coach, note)
    assert words in refused.value.problems[at]
    assert office.team.shares == {}


async def test_an_interview_without_a_report_or_without_answers_is_not_shared(office: Office) -> None:
    for facts in ([begun(), *answer(), reviewed()], [begun(), summarised()]):
        office.team.record(*facts)
        with pytest.raises(Wrong) as refused:
            await office.sharing.share(CANDIDATE, REPORT, "UCOACH")
        assert "" in refused.value.problems


async def test_sharing_and_taking_back_twice_do_nothing_twice(office: Office) -> None:
    shared = await office.shared()
    office.now += 5
    assert await office.sharing.share(CANDIDATE, REPORT, "UCOACH", "again") == (shared, False)
    assert await office.sharing.unshare(CANDIDATE, REPORT, shared.id)
    assert not await office.sharing.unshare(CANDIDATE, REPORT, shared.id)
    assert [entry.act for entry in office.admin.entries] == ["report.share", "report.unshare"]


async def test_an_interview_is_shown_to_so_many_coaches_at_most(office: Office) -> None:
    office.team.record(*whole())
    for n in range(COACHES + 1):
        office.grant(f"U{n}")
    for n in range(COACHES):
        await office.sharing.share(CANDIDATE, REPORT, f"U{n}")
    with pytest.raises(Wrong, match="Take one back"):
        await office.sharing.share(CANDIDATE, REPORT, f"U{COACHES}")
    assert not (await office.sharing.share(CANDIDATE, REPORT, "U0"))[1]


# Who may read.


async def test_a_coach_who_loses_the_role_reads_nothing_any_more(office: Office) -> None:
    shared = await office.shared()
    assert (await office.rating.items(COACH, shared.id))[0] == shared
    office.revoke()
    for act in (
        office.rating.items(COACH, shared.id),
        office.rating.answer(COACH, shared.id, 1),
        office.rating.rate(COACH, shared.id, 1, "1-1", FULL),
    ):
        with pytest.raises(NotAllowed) as refused:
            await act
        assert refused.value.hint == NO_COACH
    assert list(await office.sharing.shared_with(COACH)) == []
    assert office.team.rated == []
    office.grant()
    assert list(await office.sharing.shared_with(COACH)) == [shared]


async def test_another_coach_an_owner_and_the_operator_read_nothing_that_was_not_shared_with_them(
    office: Office,
) -> None:
    shared = await office.shared()
    office.grant("UBOB")
    for actor in (
        OTHER,
        replace(OTHER, standing="owner"),
        Actor("local", "-", "me", operator=True, on=HERE),
        CANDIDATE,
    ):
        with pytest.raises(NotAllowed):
            await office.rating.items(actor, shared.id)
        assert list(await office.sharing.shared_with(actor)) == []


async def test_what_was_taken_back_cannot_be_read(office: Office) -> None:
    shared = await office.shared()
    await office.sharing.unshare(CANDIDATE, REPORT, shared.id)
    with pytest.raises(NotAllowed):
        await office.rating.answer(COACH, shared.id, 1)
    with pytest.raises(NotAllowed):
        await office.rating.items(COACH, "0" * 12)


async def test_an_interview_that_is_gone_cannot_be_read(office: Office) -> None:
    shared = await office.shared()
    office.team.sessions.clear()
    with pytest.raises(NotAllowed):
        await office.rating.items(COACH, shared.id)


async def test_a_role_that_the_platform_gives_counts_when_it_is_known(office: Office) -> None:
    office.revoke()
    office.standings["slack"] = Known(replace(COACH, standing="admin"))
    shared = await office.shared()
    assert (await office.rating.items(replace(COACH, standing="admin"), shared.id))[0] == shared
    with pytest.raises(NotAllowed):
        await office.rating.items(COACH, shared.id)


async def test_where_interviews_stand_in_no_workspace_the_home_decides() -> None:
    # As in Discord: the thread is keyed by "-", the rules are those of a server, and buttons are pressed in messages.
    office = Office()
    home, key = "discord/7", ThreadKey(platform="discord", channel="9", user="1")
    office.team.record(*whole(key, home=home))
    report = report_id(f"{key}#1")
    candidate, coach = Actor("discord", "-", "1"), Actor("discord", "-", "2")
    with pytest.raises(Wrong):
        await office.sharing.share(candidate, report, "2")
    office.grant("2", home)
    shared, _ = await office.sharing.share(candidate, report, "2")
    assert (shared.person, shared.coach, shared.home) == ("discord/-/1", "discord/-/2", home)
    for place in (coach, replace(coach, workspace="7"), replace(coach, workspace="8")):
        assert (await office.rating.items(place, shared.id))[0] == shared
    office.revoke("2", home)
    for place in (coach, replace(coach, workspace="8", standing="owner")):
        with pytest.raises(NotAllowed):
            await office.rating.items(place, shared.id)
    office.standings["discord"] = Known(replace(coach, workspace="7", standing="coach"))
    assert (await office.rating.items(coach, shared.id))[0] == shared


# Rating.


async def test_the_machine_s_levels_are_hidden_until_every_criterion_is_rated(office: Office) -> None:
    shared = await office.shared(begun(), *answer(), reviewed(of=modelled(3, 4, None, 5)), summarised())
    before = await office.rating.answer(COACH, shared.id, 1)
    assert (before.machine, before.engine, before.mine, before.text) == (None, "", {}, "I did it.")
    assert [criterion.id for criterion in before.criteria] == list(CRITERIA)
    part = {id: FULL[id] for id in CRITERIA[:3]}
    after, new = await office.rating.rate(COACH, shared.id, 1, before.text_id, part)
    assert new
    assert (after.machine, after.mine) == (None, part)
    after, _ = await office.rating.rate(COACH, shared.id, 1, before.text_id, {CRITERIA[3]: 5})
    assert after.mine == FULL
    assert after.machine == dict(zip(CRITERIA, (3, 4, None, 5), strict=True))
    assert (after.engine, after.after) == ("gpt-test", 0)
    assert all(each.blind for each in office.team.rated)
    assert [each.machine for each in office.team.rated] == [3, 4, None, 5]


async def test_a_level_changed_after_the_machine_s_were_seen_is_not_blind(office: Office) -> None:
    shared = await office.shared()
    await office.rating.rate(COACH, shared.id, 1, "1-1", FULL)
    answer, new = await office.rating.rate(COACH, shared.id, 1, "1-1", {**FULL, CRITERIA[0]: 1})
    assert new
    assert answer.mine[CRITERIA[0]] == 1
    assert [(each.criterion, each.level) for each in office.team.rated if not each.blind] == [(CRITERIA[0], 1)]


async def test_a_rating_pressed_twice_counts_once(office: Office) -> None:
    shared = await office.shared()
    assert (await office.rating.rate(COACH, shared.id, 1, "1-1", FULL))[1]
    assert not (await office.rating.rate(COACH, shared.id, 1, "1-1", FULL))[1]
    assert len(office.team.rated) == len(FULL)
    assert [entry.act for entry in office.admin.entries].count("answer.rate") == 1


async def test_coaches_do_not_see_one_another_s_levels(office: Office) -> None:
    shared = await office.shared()
    office.grant("UBOB")
    second, _ = await office.sharing.share(CANDIDATE, REPORT, "UBOB")
    await office.rating.rate(COACH, shared.id, 1, "1-1", FULL)
    other = await office.rating.answer(OTHER, second.id, 1)
    assert (other.mine, other.machine) == ({}, None)
    await office.rating.rate(OTHER, second.id, 1, "1-1", dict.fromkeys(CRITERIA, 3))
    mine = await office.sharing.mine(CANDIDATE, REPORT)
    assert len({each.coach for each in mine.ratings}) == 2
    assert len(mine.ratings) == 8


@pytest.mark.parametrize("levels", [{}, {"no_such": 3}, {CRITERIA[0]: 6}, {CRITERIA[0]: 0}])
async def test_a_level_that_is_none_keeps_nothing(office: Office, levels: dict[str, int | None]) -> None:
    shared = await office.shared()
    with pytest.raises(Wrong):
        await office.rating.rate(COACH, shared.id, 1, "1-1", levels)
    assert office.team.rated == []


@pytest.mark.parametrize("turn", [0, 2, 99])
async def test_there_is_no_answer_of_another_number(office: Office, turn: int) -> None:
    shared = await office.shared()
    with pytest.raises(Wrong):
        await office.rating.answer(COACH, shared.id, turn)


async def test_an_answer_that_was_changed_is_read_again_before_it_is_rated(office: Office) -> None:
    shared = await office.shared()
    shown = await office.rating.answer(COACH, shared.id, 1)
    await office.rating.rate(COACH, shared.id, 1, shown.text_id, FULL)
    office.team.record(Amended(at=900, turn=1, message="m1", text="I did it otherwise."))
    with pytest.raises(Wrong, match="Read it again"):
        await office.rating.rate(COACH, shared.id, 1, shown.text_id, FULL)
    again = await office.rating.answer(COACH, shared.id, 1)
    assert (again.text, again.mine, again.machine) == ("I did it otherwise.", {}, None)
    await office.rating.rate(COACH, shared.id, 1, again.text_id, FULL)
    assert all(each.blind for each in office.team.rated)
    office.team.record(Retried(at=950, turn=1))
    assert (await office.rating.answer(COACH, shared.id, 1)).text_id == again.text_id


async def test_the_next_answer_is_the_next_one_not_rated(office: Office) -> None:
    facts = [begun(), *answer(1), reviewed(1), *answer(2), reviewed(2), *answer(3), summarised()]
    shared = await office.shared(*facts)
    assert (await office.rating.answer(COACH, shared.id, 2)).after == 3
    await office.rating.rate(COACH, shared.id, 3, "1-1", FULL)
    assert office.team.rated[0].machine is None
    assert office.team.rated[0].engine == ""
    assert (await office.rating.answer(COACH, shared.id, 2)).after == 1
    _, items = await office.rating.items(COACH, shared.id)
    assert [(item.turn, item.rated) for item in items] == [(1, False), (2, False), (3, True)]
