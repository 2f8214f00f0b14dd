"""What is kept about somebody who works in a server goes with them, wherever they ask for it."""

from __future__ import annotations

from adapters.discord.names import forget_id
from tests.bot.discord_admins.office import Office, values_of
from tests.wire.discord.people import Person

ANSWER = "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it within ten minutes."


async def test_deleting_ones_data_reaches_what_was_typed_in_the_server(office: Office, boss: Person) -> None:
    await office.goes(boss, await office.opens(boss, "people"), "Tell me what needs me")
    await office.begins(boss, "behavioral", questions=1)
    await office.answers(boss, ANSWER)
    await office.ends(boss)
    panel = await office.goes(boss, await office.opens(boss, "types"), "Coding", "Edit")
    panel = await office.fills(boss, panel, "Length and pace", {"Questions": "77"})
    assert values_of(await office.form(boss, panel, "Edit again"))["Questions"] == "77"
    assert await office.app.store.admin.seats(office.scope)

    act = await office.done(boss.command("interview export"))
    [file] = act.replies[0].attachments
    assert b'"77"' in file.content
    act = await office.done(boss.command("interview delete-my-data"))
    await office.done(boss.presses(act.replies[0], forget_id("yes", str(boss.id))))
    assert values_of(await office.form(boss, panel, "Edit again")).get("Questions") != "77"
    assert list(await office.app.store.admin.seats(office.scope)) == []
    act = await office.done(boss.command("interview export"))
    assert act.replies[0].attachments == []
