"""An admin's conversation, readable as chat: tests/transcripts/discord/admin.txt."""

from __future__ import annotations

import re

from tests.adapters.discord.conversations.transcript import Transcript
from tests.bot.discord_admins.office import Office, accessory_of, button_of, fields_of, labels
from tests.wire.discord.people import Person
from tests.wire.discord.world import Message

WHEN = re.compile(r"\d{1,2} \w{3} \d{4}(, \d\d:\d\d UTC)?")


def named(message: Message, label: str) -> str:
    return button_of(message, label) if label in labels(message) else accessory_of(message, label)


async def test_an_admin_makes_a_type_puts_it_away_and_names_a_coach(office: Office, boss: Person, ann: Person) -> None:
    talk = Transcript(office, "admin", {"Olga": boss, "Ann": ann}, hide=WHEN)

    async def press(message: Message, *path: str) -> Message:
        for label in path:
            act = await talk.does(f"Olga presses {label}", boss.presses(message, named(message, label)))
            message = act.replies[0] if act.replies else message
        return message

    async def fill(message: Message, values: dict[str, str]) -> Message:
        modal = office.discord.modals(boss)[-1]
        names = fields_of(modal)
        said = ", ".join(f"{label}: {value}" for label, value in values.items())
        act = boss.submits(modal, {names[label]: value for label, value in values.items()})
        await talk.does(f"Olga fills it in ({said})", act)
        return message

    act = await talk.does(
        "Olga types: /interview-admin menu", boss.command("interview-admin menu", channel=office.general)
    )
    [panel] = act.replies
    await press(panel, "Interview types", "New type")
    await fill(panel, {"Title": "On call", "Begin with": "behavioral"})
    await press(panel, "Length and pace")
    await fill(panel, {"Questions": "40"})
    await press(panel, "Edit again")
    await fill(panel, {"Questions": "2"})
    await press(panel, "Publish…", "Publish", "Back", "Archive", "Archive", "Undo")
    act = await talk.does(
        "Olga types: /interview-admin people", boss.command("interview-admin people", channel=office.general)
    )
    [panel] = act.replies
    await press(panel, "Give a role")
    await fill(panel, {"People": str(ann.id), "Role": "coach"})
    talk.close()
