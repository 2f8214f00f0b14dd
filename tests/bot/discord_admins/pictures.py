"""What admins see in Discord, drawn from what really stands there: `python -m tests.bot.discord_admins.pictures`.

An afternoon in a server: people practise, its owner makes a type, tries a prompt, sets a limit and names a coach, who
rates what a candidate shares. The pictures go to `docs/admin/discord-<name>.png`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.adapters.playground.web.chromium import chromium
from tests.bot.discord_admins.office import Office, fields_of, open_office, values_of
from tests.kit.cardview.page import modal_html, page_html, shown_html
from tests.kit.drawing import save
from tests.wire.discord.interactions import Modal
from tests.wire.discord.people import Person
from tests.wire.discord.server import serve_discord
from tests.wire.discord.world import Message, Role

FOLDER = Path("docs/admin")
WIDTH = 720
ANSWERS = (
    "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it within ten minutes, told support, and "
    "added a test over all time zones.",
    "Two teams wanted the same window for a release. I wrote down what each would lose by a week's wait, we looked at "
    "the figures together, and the smaller change went first. Since then 14 releases went out without a clash.",
    "We deleted a table that a report still read. I restored it from the backup in 40 minutes, and we now ask the "
    "query log before anything is dropped.",
)
OWN = """You get a page at night: every third request to the checkout fails. What do you do in the first ten minutes?
- looks at what changed last
- limits the damage before finding the cause
- tells those who wait
Tell me about a service that you would build differently today, and why.
- names the service
- says what it cost
"""


@dataclass
class Album:
    """What was seen so far, by name."""

    office: Office
    seen: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def keep(self, name: str, *shown: Message | Modal) -> None:
        self.seen[name] = [self._html(each) for each in shown]

    def _html(self, shown: Message | Modal) -> str:
        if isinstance(shown, Modal):
            made = modal_html({"title": shown.title, "components": shown.components})
        else:
            files = {file.filename: file.content for file in shown.attachments}
            made = shown_html(shown.components, files, private=shown.ephemeral_for is not None)
        for account in self.office.discord.house.accounts.values():
            made = made.replace(f"&lt;@{account.id}&gt;", f"@{account.name}")
        for role in self.office.guild.roles.values():
            made = made.replace(f"&lt;@&amp;{role.id}&gt;", f"@{role.name}").replace(
                f"&lt;@&{role.id}&gt;", f"@{role.name}"
            )
        return made


async def afternoon(office: Office) -> Mapping[str, list[str]]:
    """Everything that is pictured."""
    album, boss = Album(office), office.owner
    office.app.admins.trusted.add(office.scope)
    people = [office.person(name) for name in ("Ann", "Ben", "Cem", "Dana")]
    for n, person in enumerate(people):
        await practises(office, person, "behavioral", ANSWERS[n % len(ANSWERS)])
    await types(album, boss)
    await prompts(album, boss)
    await limits(album, boss)
    await coaches(album, boss, people[0])
    for person in people:
        await practises(office, person, "coding", ANSWERS[0])
    album.keep("team", await office.opens(boss, "team"))
    album.keep("data", await office.opens(boss, "data"))
    album.keep("audit", await office.opens(boss, "audit"))
    album.keep("menu", await office.opens(boss))
    return album.seen


async def practises(office: Office, person: Person, kind: str, answer: str) -> Message:
    await office.begins(person, kind, questions=1)
    await office.answers(person, answer)
    return await office.ends(person)


async def types(album: Album, boss: Person) -> None:
    office = album.office
    panel = await office.opens(boss, "types")
    form = await office.form(boss, panel, "New type")
    album.keep("new-type", form)
    panel = await office.submits(boss, form, {"Title": "Production engineer", "Begin with": "behavioral"})
    form = await office.form(boss, panel, "Title and format")
    about = "What you do when it breaks, and what you do so that it does not break again."
    panel = await office.submits(boss, form, {"Description": about})
    panel = await office.fills(boss, panel, "Length and pace", {"Questions": "3", "Minutes per question": "8"})
    panel = await office.goes(boss, panel, "Criteria", "Technical accuracy")
    form = await office.form(boss, panel, "Change")
    album.keep("criterion", panel, form)
    panel = await office.submits(boss, form, {"Title": "Judgement under pressure"})
    panel = await office.goes(boss, panel, "Back to editing", "Role levels")
    form = await office.form(boss, panel, "Senior")
    album.keep("roles", form)
    panel = await office.goes(boss, panel, "Back to editing", "Own questions")
    panel = await office.fills(boss, panel, "Put questions in", {"Or type or paste them": OWN})
    album.keep("questions", panel)
    panel = await office.goes(boss, panel, "Back to editing")
    album.keep("edit", panel)
    preview = await office.opens(boss, "types")
    preview = await office.goes(boss, preview, "Archived (1)", "Production engineer", "Edit")
    preview = await office.fills(boss, preview, "Preview", {"Role level": "senior", "An answer to review": ANSWERS[0]})
    album.keep("preview", preview)
    await office.goes(boss, panel, "Publish…", "Publish")
    panel = await office.goes(boss, await office.opens(boss, "types"), "Production engineer", "Edit")
    form = await office.form(boss, panel, "Length and pace")
    album.keep("edit-form", form)
    panel = await office.submits(boss, form, {"Questions": "4"})
    panel = await office.goes(boss, panel, "Publish…")
    album.keep("publish", panel)
    await office.goes(boss, panel, "Publish")
    panel = await office.opens(boss, "types")
    album.keep("types", panel)
    album.keep("type", await office.goes(boss, panel, "Production engineer"))
    other = office.admin("Otto")
    theirs = await office.goes(other, await office.opens(other, "types"), "Production engineer", "Edit")
    theirs = await office.fills(other, theirs, "Length and pace", {"Questions": "5"})
    mine = await office.goes(boss, await office.opens(boss, "types"), "Production engineer", "Edit")
    mine = await office.fills(boss, mine, "Length and pace", {"Questions": "2", "Minutes per question": "10"})
    await office.goes(other, theirs, "Publish…", "Publish")
    album.keep("quicker", await office.goes(boss, mine, "Publish…", "Publish"))
    panel = await office.goes(boss, await office.opens(boss, "types"), "Coding", "Archive")
    album.keep("archive", panel)
    bad = await office.opens(boss, "types")
    bad = await office.goes(boss, bad, "Behavioral", "Edit", "Role levels")
    form = await office.form(boss, bad, "Senior")
    weights = next(label for label in fields_of(form) if "eight" in label)
    value = values_of(form)[weights].split("\n")
    value[0] = value[0].replace("30", "90").replace("25", "90")
    bad = await office.submits(boss, form, {weights: "\n".join(value)})
    album.keep("refused", bad)


async def prompts(album: Album, boss: Person) -> None:
    office = album.office
    await office.goes(boss, await office.opens(boss, "people"), "Tell me what needs me")
    panel = await office.goes(boss, await office.opens(boss, "prompts"), "Reviews", "Version 1")
    form = await office.form(boss, panel, "Edit…")
    part = [label for label in values_of(form) if label.startswith("Text")][1]
    why = next((label for label in fields_of(form) if "why" in label.lower()), "")
    said = {part: f"{values_of(form)[part].rstrip()} At most two of them in each string."}
    panel = await office.submits(boss, form, said | ({why: "Shorter reviews"} if why else {}))
    album.keep("draft", panel)
    panel = await office.goes(boss, panel, "Save")
    form = await office.form(boss, panel, "Roll out…")
    album.keep("roll-out", form)
    await office.submits(boss, form, {"Share of the people, in percent": "10", "Why": "Shorter reviews"})
    for n in range(12):
        id = 10**17 + n
        person = office.discord.person(f"Person {n}", id=id)
        person.joins(office.guild)
        await practises(office, person, "behavioral", ANSWERS[n % len(ANSWERS)])
    await office.chore("rollouts")
    album.keep("rollout", office.discord.messages(boss)[-1])
    album.keep("prompts", await office.opens(boss, "prompts"))


async def limits(album: Album, boss: Person) -> None:
    office = album.office
    form = await office.form(boss, await office.opens(boss, "limits"), "Change for each person")
    names = fields_of(form)
    panel = await office.submits(boss, form, {next(label for label in names if "nterviews" in label): "3"})
    form = await office.form(boss, panel, "Change for everybody")
    names = fields_of(form)
    await office.submits(boss, form, {next(label for label in names if "nterviews" in label): "40"})
    panel = await office.opens(boss, "limits")
    album.keep("limits", panel)
    album.keep("limits-form", await office.form(boss, panel, "Change for each person"))


async def coaches(album: Album, boss: Person, ann: Person) -> None:
    office = album.office
    cora = office.person("Cora")
    role = Role(office.discord.house.ids.new(), "Mentors", 0)
    office.guild.roles[role.id] = role
    panel = await office.opens(boss, "people")
    form = await office.form(boss, panel, "Give a role")
    panel = await office.submits(boss, form, {"People": [str(cora.id)], "Role": "coach"})
    panel = await office.fills(boss, panel, "Give a role", {"Groups": [str(role.id)], "Role": "viewer"})
    album.keep("people", panel)
    album.keep("give", form)
    report = await practises(office, ann, "behavioral", ANSWERS[1])
    panel = await office.goes(ann, report, "Share with a coach…")
    form = await office.form(ann, panel, "Choose a coach…")
    album.keep("share", form)
    await office.submits(ann, form, {"Coach": [str(cora.id)], "Note to the coach": "Was my result clear enough?"})
    invitation = office.discord.messages(cora)[-1]
    answer = await office.goes(cora, await office.goes(cora, invitation, "Read and rate"), "Rate")
    form = await office.form(cora, answer, "Rate…")
    album.keep("rate", answer)
    album.keep("rating", form)
    rated = await office.submits(cora, form, dict.fromkeys(fields_of(form), "3"))
    album.keep("rated", rated)
    album.keep("shared", invitation)


async def draw(folder: Path) -> None:
    """The afternoon, and a picture of each thing that was kept of it."""
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REHEARSE_HOME", home)
        async with serve_discord() as wire, open_office(wire, patch) as office:
            seen = await afternoon(office)
    folder.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        for name, parts in seen.items():
            context = await browser.new_context(viewport={"width": WIDTH, "height": 200}, device_scale_factor=1.5)
            page = await context.new_page()
            await page.set_content(page_html(parts, dark=True))
            save(await page.screenshot(full_page=True), folder / f"discord-{name}.png")
            await context.close()


Draw = Callable[[Path], None]

if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
