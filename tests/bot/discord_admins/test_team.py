"""Coaches in Discord: named by an admin, shown an interview by its candidate, rating it blind; and limits that hold."""

from __future__ import annotations

from tests.bot.discord_admins.office import Office, fields_of, labels
from tests.wire.discord.people import Person
from tests.wire.discord.world import Message, Role

ANSWER = (
    "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it within ten minutes, told support, and "
    "added a test over all time zones."
)


async def interviewed(office: Office, ann: Person) -> Message:
    """One answer, and the report."""
    await office.begins(ann, "behavioral", questions=1)
    await office.answers(ann, ANSWER)
    return await office.ends(ann)


async def coached(office: Office, boss: Person, coach: Person) -> None:
    panel = await office.opens(boss, "people")
    panel = await office.fills(boss, panel, "Give a role", {"People": [str(coach.id)], "Role": "coach"})
    assert "Given: coach. It holds at once." in panel.text
    assert f"<@{coach.id}>" in panel.text


async def test_a_shared_interview_is_rated_blind_by_a_coach(office: Office, boss: Person, ann: Person) -> None:
    cora = office.person("Cora")
    await coached(office, boss, cora)
    report = await interviewed(office, ann)
    panel = await office.goes(ann, report, "Share with a coach…")
    assert panel is not report
    assert "### Share: Behavioral" in panel.text
    form = await office.form(ann, panel, "Choose a coach…")
    panel = await office.submits(ann, form, {"Coach": [str(office.person("Ben").id)]})
    assert "This person is not a coach here." in panel.text
    panel = await office.fills(
        ann, panel, "Edit again", {"Coach": [str(cora.id)], "Note to the coach": "Was it too long?"}
    )
    assert "Shared. The coach was told." in panel.text

    invitation = office.discord.messages(cora)[-1]
    assert f"<@{ann.id}> shared an interview with you: Behavioral." in invitation.text
    assert "Was it too long?" in invitation.text
    read = await office.goes(cora, invitation, "Read and rate")
    assert read is not invitation
    assert "not scored" not in read.text
    answer = await office.goes(cora, read, "Rate")
    assert ANSWER in answer.text
    assert "Machine" not in answer.text
    form = await office.form(cora, answer, "Rate…")
    rated = await office.submits(cora, form, dict.fromkeys(fields_of(form), "3"))
    assert "Kept. The candidate can see your levels." in rated.text
    assert "Machine" in rated.text

    told = office.discord.messages(ann)[-1]
    assert "A coach rated your answers" in told.text
    mine = await office.goes(ann, told, "See the levels")
    assert f"<@{cora.id}>" in mine.text
    mine = await office.goes(ann, mine, "Take back…", "Take it back")
    assert "Taken back. They cannot read it any more." in mine.text
    gone = await office.goes(cora, rated, "Back to the answers")
    assert "Only a coach of this workspace can read this" in gone.text


async def test_a_coach_is_one_only_as_long_as_they_are_in_the_server(office: Office, boss: Person, ann: Person) -> None:
    cora = office.person("Cora")
    role = Role(office.discord.house.ids.new(), "Coaches", 0)
    office.guild.roles[role.id] = role
    office.guild.members[cora.id].roles.append(role.id)
    panel = await office.opens(boss, "people")
    panel = await office.fills(boss, panel, "Give a role", {"Groups": [str(role.id)], "Role": "coach"})
    assert f"<@&{role.id}>" in panel.text
    report = await interviewed(office, ann)
    panel = await office.goes(ann, report, "Share with a coach…")
    await office.fills(ann, panel, "Choose a coach…", {"Coach": [str(cora.id)]})
    invitation = office.discord.messages(cora)[-1]
    read = await office.goes(cora, invitation, "Read and rate")
    assert "Answer 1: not rated yet" in read.text
    cora.leaves(office.guild)
    read = await office.goes(cora, invitation, "Read and rate")
    assert "Only a coach of this workspace can read this" in read.text


async def test_a_grant_to_somebody_who_is_not_there_is_refused(office: Office, boss: Person) -> None:
    panel = await office.opens(boss, "people")
    panel = await office.fills(boss, panel, "Give a role", {"People": ["123456789012345678"], "Role": "viewer"})
    assert "Edit again" in labels(panel)


async def test_whoever_reaches_a_limit_is_told_when_it_resets_and_an_admin_can_raise_it(
    office: Office, boss: Person, ann: Person
) -> None:
    panel = await office.opens(boss, "limits")
    form = await office.form(boss, panel, "Change for each person")
    label = next(label for label in fields_of(form) if label.startswith("Interviews"))
    panel = await office.submits(boss, form, {label: "1"})
    await interviewed(office, ann)
    act = await office.begins(ann, "coding")
    assert "00:00 UTC" in act.replies[0].text
    card = office.discord.messages(ann)[-1]
    assert card.text == act.replies[0].text
