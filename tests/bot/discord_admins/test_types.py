"""Interview types, from Discord: made, changed, tried, published, used, put away and brought back."""

from __future__ import annotations

import pytest

from engine.catalogue import Whereabouts
from tests.bot.discord_admins.office import Office, labels, open_office, values_of
from tests.wire.discord.people import Person
from tests.wire.discord.world import Channel, Message, Role

OWN = """Tell me about a service that you would build differently today, and why.
- names the service
- says what it cost
Which test of yours found the most, and how did you come to write it?
- names the test
- says what it found
"""
ANSWER = (
    "Our billing service wrote each invoice twice when the queue restarted. I would give every message an id and keep "
    "it for a day: last year that cost us 3 days and 41 angry letters, and the fix took one afternoon."
)
ID, TITLE = "backend-phone-screen", "Backend phone screen"


async def made(office: Office, boss: Person) -> Message:
    """A type of two questions, published."""
    panel = await office.fills(boss, await office.opens(boss, "types"), "New type", {"Title": TITLE})
    panel = await office.fills(
        boss, panel, "Length and pace", {"Questions": "2", "Follow-ups to a question, at most": "0"}
    )
    panel = await office.goes(boss, panel, "Own questions")
    put = {"Or type or paste them": OWN, "Questions come from": "bank"}
    panel = await office.fills(boss, panel, "Put questions in", put)
    panel = await office.goes(boss, panel, "Back to editing", "Publish…", "Publish")
    assert "is published." in panel.text
    return panel


async def offered(office: Office, person: Person, channel: Channel | None = None) -> list[str]:
    """The types that are found by what was typed, `b`."""
    act = person.autocompletes("interview start", "type", "b", channel=channel or office.general)
    await office.see(lambda: act.choices is not None)
    return [choice["value"] for choice in act.choices or []]


async def test_a_type_is_made_used_archived_and_restored(office: Office, boss: Person, ann: Person) -> None:
    panel = await office.opens(boss)
    panel = await office.goes(boss, panel, "Interview types")
    panel = await office.fills(boss, panel, "New type", {"Title": " "})
    assert "The title must not be empty." in panel.text
    form = await office.form(boss, panel, "Edit again")
    assert values_of(form) == {"Title": " "}
    panel = await office.submits(boss, form, {"Title": TITLE, "Begin with": "behavioral"})
    assert f"### Editing {TITLE}" in panel.text
    panel = await office.fills(
        boss, panel, "Length and pace", {"Questions": "2", "Follow-ups to a question, at most": "0"}
    )
    panel = await office.goes(boss, panel, "Criteria", "Technical accuracy")
    panel = await office.fills(boss, panel, "Change", {"Levels 1 to 5, a line each": "one\ntwo"})
    assert "five lines" in panel.text
    assert "Levels 1 to 5, a line each" in panel.text
    anchors = "\n".join(f"What level {level} looks like." for level in range(1, 6))
    panel = await office.fills(
        boss, panel, "Edit again", {"Title": "Ownership of services", "Levels 1 to 5, a line each": anchors}
    )
    assert "Ownership of services" in panel.text
    panel = await office.goes(boss, panel, "Back to editing", "Own questions")
    form = await office.form(boss, panel, "Put questions in")
    bad = {"YAML or CSV file": [("questions.csv", b"not,questions\n1,2\n", "text/csv")]}
    panel = await office.submits(boss, form, {}, bad)
    assert labels(panel)[0] == "Edit again"
    form = await office.form(boss, panel, "Edit again")
    own = {"YAML or CSV file": [("questions.txt", OWN.encode(), "text/plain")]}
    panel = await office.submits(boss, form, {"Questions come from": "bank"}, own)
    assert "### Own questions \\(2)" in panel.text or "### Own questions (2)" in panel.text
    panel = await office.goes(boss, panel, "Back to editing")
    panel = await office.fills(boss, panel, "Preview", {"Role level": "mid", "An answer to review": ANSWER})
    assert "Ownership of services" in panel.text
    panel = await office.opens(boss, "types")
    panel = await office.goes(boss, panel, "Archived (1)", TITLE, "Edit", "Publish…")
    assert "What changes" in panel.text
    panel = await office.goes(boss, panel, "Publish")
    assert "is published" in panel.text

    assert ID in await offered(office, ann)
    await office.begins(ann, ID)
    feedback = await office.answers(ann, ANSWER)
    assert "Ownership of services" in "".join(message.text for message in office.discord.messages(ann))

    panel = await office.goes(boss, await office.opens(boss, "types"), TITLE, "Archive")
    assert f"### Archive {TITLE}?" in panel.text
    panel = await office.goes(boss, panel, "Archive")
    assert "Archived. Interviews that are under way go on as they began." in panel.text
    assert ID not in await offered(office, ann)
    refused = await office.begins(office.person("Ben"), ID)
    assert "I know no interview type" in refused.replies[0].text
    # The one that is under way goes on.
    ann.presses(feedback, next(id for id in feedback.custom_ids if id.startswith("rh:p:next")))
    await office.answers(ann, ANSWER, turn=2)
    panel = await office.goes(boss, panel, "Undo")
    assert "In use again." in panel.text
    assert ID in await offered(office, ann)


async def test_a_servers_types_are_its_own_and_follow_its_people_into_their_direct_messages(
    office: Office, boss: Person, ann: Person
) -> None:
    await made(office, boss)
    other = office.discord.guild("Elsewhere", [ann], [office.discord.person("Otto")])
    assert ID in await offered(office, ann)
    assert ID not in await offered(office, ann, office.discord.channel(other))
    assert ID not in await offered(office, ann, ann.dm)
    await office.begins(ann, "behavioral")
    await office.sees_button(ann, "rh:p:done")
    await office.ends(ann)
    assert ID in await offered(office, ann, ann.dm)
    ann.leaves(office.guild)
    office.bot.standings._known.drop((str(office.guild.id), str(ann.id)))
    assert ID not in await offered(office, ann, ann.dm)


async def test_only_whom_a_type_is_for_is_offered_it(office: Office, boss: Person, ann: Person) -> None:
    await made(office, boss)
    role = Role(office.discord.house.ids.new(), "Crew", 0)
    office.guild.roles[role.id] = role
    office.guild.members[ann.id].roles.append(role.id)
    panel = await office.goes(boss, await office.opens(boss, "types"), TITLE, "Edit")
    panel = await office.fills(boss, panel, "Who may begin it", {"Groups": [str(role.id)]})
    await office.goes(boss, panel, "Publish…", "Publish")
    assert ID in await offered(office, ann)
    assert ID not in await offered(office, office.person("Ben"))


async def test_what_two_admins_change_at_once_is_never_overwritten(office: Office, boss: Person) -> None:
    await made(office, boss)
    other = office.admin("Otto")
    panels: dict[str, Message] = {}
    for admin, questions in ((boss, "3"), (other, "4")):
        panel = await office.goes(admin, await office.opens(admin, "types"), TITLE, "Edit")
        panel = await office.fills(admin, panel, "Length and pace", {"Questions": questions})
        panels[admin.account.name] = await office.goes(admin, panel, "Publish…")
    first = await office.goes(boss, panels["Olga"], "Publish")
    assert "Version 3 is published." in first.text
    second = await office.goes(other, panels["Otto"], "Publish")
    assert "### Somebody was quicker" in second.text
    assert "Nothing was overwritten" in second.text
    second = await office.goes(other, second, "Put mine on top", "Publish")
    assert "Version 4 is published." in second.text


async def test_an_admin_who_was_demoted_while_a_form_was_open_is_refused(office: Office, boss: Person) -> None:
    await made(office, boss)
    other = office.admin("Otto")
    panel = await office.goes(other, await office.opens(other, "types"), TITLE, "Edit")
    form = await office.form(other, panel, "Length and pace")
    office.guild.members[other.id].roles.clear()
    panel = await office.submits(other, form, {"Questions": "9"})
    assert "### Not for you" in panel.text
    where = Whereabouts(office.scope, str(other.id))
    assert (await office.app.desk.offered(where))[ID].questions == 2


async def test_buttons_and_forms_of_before_a_restart_do_what_they_say(
    office: Office, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = await made(office, boss)
    panel = await office.goes(boss, await office.opens(boss, "types"), TITLE, "Edit")
    form = await office.form(boss, panel, "Length and pace")
    await office.closes()
    async with open_office(office.discord, monkeypatch) as again:
        panel = await again.submits(boss, form, {"Questions": "5"})
        assert "5 questions" in panel.text
        panel = await again.goes(boss, panel, "Publish…", "Publish")
        assert "Version 3 is published." in panel.text


async def test_what_is_usual_is_begun_where_nothing_was_said(office: Office, boss: Person, ann: Person) -> None:
    await made(office, boss)
    panel = await office.goes(boss, await office.opens(boss, "types"), TITLE, "Make usual")
    await office.goes(boss, panel, "Everywhere here")
    await office.begins(ann, "behavioral")
    await office.sees_button(ann, "rh:p:done")
    await office.ends(ann)
    ann.says("start a senior interview")
    await office.see(lambda: any(TITLE in message.text for message in office.discord.messages(ann)))
