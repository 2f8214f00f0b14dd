"""Roles given from Slack, and a report that a candidate shares with a coach, who rates it blind."""

from __future__ import annotations

from tests.bot.slack_admins.stage import Desk, Stage
from tests.bot.slack_admins.test_types import ANSWER, ID, made


async def test_a_role_is_given_taken_back_and_given_back(stage: Stage, boss: Desk, ann: Desk) -> None:
    await boss.opens()
    await boss.presses("People", "Give a role")
    reply = await boss.fills(role="coach")
    assert "at least one" in reply.errors["people"]
    await boss.fills(people=[ann.person.id], role="coach")
    assert f"<@{ann.person.id}>" in str(boss.view.blocks)
    await ann.opens()
    assert "You are a coach" in ann.text
    await boss.presses("Take back…", "Take it back")
    assert "Taken back" in boss.text
    await ann.opens()
    assert "You are a coach" not in ann.text
    await boss.presses("Undo")
    await ann.opens()
    assert "You are a coach" in ann.text


async def test_a_group_has_a_role_and_somebody_who_is_gone_gets_none(stage: Stage, boss: Desk, ann: Desk) -> None:
    stage.wire.group("S1CREW", [ann.person])
    gone = stage.wire.person("U1GONE", "Gone")
    gone.member.deleted = True
    guest = stage.desk(stage.wire.person("U1GUEST", "Guest", admin=True, guest=True))
    await boss.opens()
    await boss.presses("People", "Give a role")
    reply = await boss.fills(people=["U1GONE"], role="coach")
    assert reply.errors.keys() == {"people"}
    await boss.fills(people=[], groups=["S1CREW"], role="viewer")
    await ann.opens()
    assert "You are a viewer" in ann.text
    await guest.opens()
    assert "can give you a role" in guest.text


async def test_without_the_right_to_read_groups_their_ids_are_typed(stage: Stage, boss: Desk) -> None:
    stage.wire.team.scopes = "chat:write"
    await boss.opens()
    await boss.presses("People", "Give a role")
    await boss.fills(groups="S1CREW", role="viewer")
    assert "<!subteam^S1CREW>" in str(boss.view.blocks)


async def test_a_shared_report_is_rated_blind(stage: Stage, boss: Desk, ann: Desk) -> None:
    coach = stage.desk(stage.wire.person("U1COACH", "Coach"))
    await made(boss)
    await boss.opens()
    await boss.presses("People", "Give a role")
    await boss.fills(people=[coach.person.id], role="coach")
    await ann.person.command(f"start {ID}")
    for _ in range(2):
        await ann.answers(ANSWER)
        feedback = await ann.sees_button("next")
        await ann.person.presses(feedback.channel, feedback.ts, "rehearse.press.next")
    report = await ann.sees("Overall")
    await ann.presses_at(report, "Share with a coach…")
    await ann.settled()
    await ann.presses("Choose a coach…")
    reply = await ann.fills(coach="U1BOSS2")
    assert reply.errors.keys() == {"coach"}
    await ann.fills(coach=coach.person.id, note="Was I clear?")
    assert "Shared." in ann.text

    told = await coach.sees("shared an interview with you")
    assert "Was I clear?" in told.visible
    await coach.presses_at(told, "Read and rate")
    await coach.settled()
    await coach.presses("Rate")
    assert ANSWER in coach.text
    assert "Machine" not in coach.text
    while rate := next((label for label in coach.buttons if label.startswith("Rate")), ""):
        await coach.presses(rate)
        fields = [block["block_id"].rpartition("|")[2] for block in coach.view.blocks if block["type"] == "input"]
        await coach.fills(**dict.fromkeys(fields, "3"))
    assert "Machine" in coach.text
    assert (await ann.sees("A coach rated your answers")).visible
    await ann.presses_at(report, "Share with a coach…")
    await ann.settled()
    assert "Levels, 1 to 5" in ann.text
    await ann.presses("Take back…", "Take it back")
    await coach.presses("Back to the answers")
    assert ANSWER not in coach.text
