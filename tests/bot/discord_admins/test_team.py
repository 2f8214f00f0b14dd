"""Coaches in Discord: named by an admin, shown an interview by its candidate, rating it blind; and limits that hold."""

from __future__ import annotations

from tests.bot.discord_admins.office import Office, accessory_of, fields_of, labels
from tests.wire.discord.components import walk
from tests.wire.discord.people import Person
from tests.wire.discord.world import Message

ANSWER = (
    "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it within ten minutes, told support, and "
    "added a test over all time zones."
)


async def interviewed(office: Office, ann: Person) -> Message:
    """One answer, and the report."""
    await office.begins(ann, "behavioral", questions=1)
    feedback = await office.answers(ann, ANSWER)
    assert "behavioral" in feedback.text.lower() or feedback.text
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
    answer = await office.goes(cora, read, *[label for label in labels(read) if label in ("Rate", "Open")][:1])
    assert ANSWER[:40] in answer.text
    assert "offline" not in answer.text
    forms = [label for label in labels(answer) if "evel" in label or label.startswith("Rate")]
    form = await office.form(cora, answer, forms[0])
    selects = {
        label: "3" for label, id in fields_of(form).items()
        if any(each.get("custom_id") == id and each["type"] == 3 for each in walk(form.components))
    }  # fmt: skip
    rated = await office.submits(cora, form, selects)
    assert "You" in rated.text
    assert "machine" in rated.text.lower() or "Machine" in rated.text

    mine = await office.goes(ann, panel, accessory_label(panel), "Take it back")
    assert "Taken back. They cannot read it any more." in mine.text
    gone = await office.goes(cora, read, *[label for label in labels(read) if label in ("Rate", "Open")][:1])
    assert "Only a coach of this workspace can read this" in gone.text


def accessory_label(panel: Message) -> str:
    return next(label for label in labels(panel) if label.startswith("Take back"))


async def test_whoever_reaches_a_limit_is_told_when_it_resets_and_an_admin_can_raise_it(
    office: Office, boss: Person, ann: Person
) -> None:
    panel = await office.opens(boss, "limits")
    form = await office.form(boss, panel, "Change for each person")
    label = next(label for label in fields_of(form) if label.startswith("Interviews"))
    panel = await office.submits(boss, form, {label: "1"})
    await interviewed(office, ann)
    act = await office.begins(ann, "coding")
    assert "resets" in act.replies[0].text or "00:00" in act.replies[0].text, act.replies[0].text
    card = office.discord.messages(ann)[-1]
    assert card.text == act.replies[0].text
    assert accessory_of
