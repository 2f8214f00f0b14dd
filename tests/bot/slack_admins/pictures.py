"""Draws what admins and coaches see in Slack: `python -m tests.bot.slack_admins.pictures docs/admin [name …]`.

The pictures come out of a run with people in it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.adapters.playground.web.chromium import chromium
from tests.bot.slack_admins.stage import Desk, Stage, open_stage
from tests.bot.slack_admins.test_prompts import ANSWER
from tests.bot.slack_admins.test_types import ID, OWN
from tests.kit.blockview.page import Message, message_html, page_html, view_html
from tests.kit.drawing import Album, save

PEOPLE = ("Ada", "Bo", "Cleo", "Dan", "Eve", "Finn")
SHORT = "I would measure first, then change one thing, and measure again."
Pictures = dict[str, Sequence[str]]


async def practised(stage: Stage, names: Sequence[str], type_id: str, answers: int) -> list[Desk]:
    """Interviews of so many answers."""
    desks: list[Desk] = []
    for n, name in enumerate(names):
        desk = stage.desk(stage.wire.person(f"U2{name.upper()}", name))
        await desk.person.command(f"start {type_id}")
        for turn in range(answers):
            await desk.answers(ANSWER if (n + turn) % 2 else SHORT)
            feedback = await desk.sees_button("next")
            await desk.person.presses(feedback.channel, feedback.ts, "rehearse.press.next")
        desks.append(desk)
    await stage.rest()
    return desks


async def drawn(stage: Stage) -> Pictures:
    """Each picture as HTML."""
    found: Pictures = {}
    boss = stage.desk(stage.wire.person("U1BOSS", "Boss", admin=True))
    coach = stage.desk(stage.wire.person("U1COACH", "Coach"))
    stage.wire.group("S1CREW", [coach.person])

    def keep(name: str, desk: Desk = boss) -> None:
        found[name] = [view_html(desk.view.json)]

    await boss.opens()
    await boss.presses("Interview types", "New type")
    await boss.fills(title="Backend phone screen", base="behavioral")
    await boss.presses("Length and pace")
    keep("length")
    await boss.fills(questions="2", follow_ups="0")
    await boss.presses("Own questions", "Put questions in")
    keep("questions")
    await boss.fills(text=OWN, source="bank")
    keep("own-questions")
    await boss.presses("Back to editing", "Criteria")
    keep("criteria")
    await boss.presses("Open")
    keep("criterion")
    await boss.presses("Change")
    keep("criterion-form")
    await boss.fills(title="Ownership of services")
    await boss.presses("Back to editing", "Role levels")
    keep("roles")
    await boss.presses("Back to editing", "Who may begin it")
    keep("who")
    await boss.fills()
    keep("edit")
    await boss.presses("Publish…")
    keep("publish")
    await boss.presses("Publish")
    keep("published")
    await boss.presses("Back")
    keep("type")
    await boss.presses("Preview")
    keep("preview-form")
    await boss.fills(role="mid", answer=ANSWER)
    keep("preview")

    await boss.opens()
    await boss.presses("Prompts")
    keep("prompts")
    await boss.presses("Review", "Version 1", "Edit…")
    keep("prompt-form")
    text = next(block["element"]["initial_value"] for block in boss.view.blocks if block["type"] == "input")
    await boss.fills(text_1=f"{text}\nLook for figures in every answer.", message="Ask for figures")
    keep("prompt-diff")
    await boss.presses("Save")
    keep("version")
    await boss.presses("Roll out…")
    keep("rollout-form")
    await boss.fills(share="50", reason="Reviews ask for figures")
    people = await practised(stage, PEOPLE, ID, 2)
    [chore] = [chore for chore in stage.app.admins.chores if chore.name == "rollouts"]
    await chore.run()
    card = await boss.sees("Rollout of")
    found["rollout"] = [message_html(Message(stage.wire.message(card.channel, card.ts).blocks))]

    await boss.opens()
    await boss.presses("People", "Give a role")
    keep("role-form")
    await boss.fills(people=[coach.person.id], groups=["S1CREW"], role="coach")
    keep("people")
    await boss.opens()
    keep("menu")
    for name, label in (("types", "Interview types"), ("limits", "Limits"), ("team", "Team"), ("data", "Data"),
                        ("audit", "Audit")):  # fmt: skip
        await boss.opens()
        await boss.presses(label)
        keep(name)
    await boss.person.opens_home()
    home = await stage.wire.until(lambda: stage.wire.home(boss.person))
    found["home"] = [view_html(home.json)]

    ada = people[0]
    report = await ada.sees("Overall")
    await ada.presses_at(report, "Share with a coach…")
    await ada.settled()
    keep("share", ada)
    await ada.presses("Choose a coach…")
    keep("share-form", ada)
    await ada.fills(coach=coach.person.id, note="Was I clear?")
    told = await coach.sees("shared an interview with you")
    found["invitation"] = [message_html(Message(told.blocks))]
    await coach.presses_at(told, "Read and rate")
    await coach.settled()
    keep("shared", coach)
    await coach.presses("Rate")
    keep("answer", coach)
    rate = next(label for label in coach.buttons if label.startswith("Rate"))
    await coach.presses(rate)
    keep("rate", coach)
    fields = [block["block_id"].rpartition("|")[2] for block in coach.view.blocks if block["type"] == "input"]
    await coach.fills(**dict.fromkeys(fields, "3"))
    keep("rated", coach)
    return found


async def main(folder: Path, only: Sequence[str]) -> None:
    logging.disable(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as environ, tempfile.TemporaryDirectory() as home:
        for name in [name for name in os.environ if name.startswith(("OPENAI_", "GEMINI_", "SLACK_", "REHEARSE_"))]:
            environ.delenv(name)
        environ.setenv("REHEARSE_HOME", f"{home}/rehearse")
        async with open_stage(environ) as stage:
            pictures = await drawn(stage)
    album = Album("slack", {name: (lambda parts=parts: parts) for name, parts in pictures.items()}, {},
                  lambda parts, dark: page_html(parts, dark=dark))  # fmt: skip
    async with chromium() as browser:
        for name in only or pictures:
            save(await album.draw(browser, name, dark=False, scale=1.5), folder / f"slack-{name}.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/admin"), sys.argv[2:]))
