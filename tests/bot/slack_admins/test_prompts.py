"""Prompts from Slack: a new version from the form to everybody, and one that rolls back by itself."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from tests.bot.slack_admins.stage import Desk, Stage

ANSWER = (
    "Our billing service wrote each invoice twice when the queue restarted. I gave every message an id, kept it for a "
    "day, and measured: 41 double invoices before, none in the 3 months after."
)


async def new_version(desk: Desk, words: str) -> None:
    """Edit the review prompt, look at what changes, and save it."""
    await desk.opens()
    await desk.presses("Prompts", "Review", "Version 1", "Edit…")
    text = next(block["element"]["initial_value"] for block in desk.view.blocks if block["type"] == "input")
    assert (await desk.fills(text_1=f"{text}\n{words}", message="Ask for figures")).action == "close"
    assert words in desk.text
    await desk.presses("Save")
    assert "Saved as version" in desk.text


async def rolled_out(desk: Desk, share: str) -> None:
    await desk.presses("Roll out…")
    reply = await desk.fills(share="0")
    assert reply.errors.keys() == {"share"}
    await desk.fills(share=share, reason="Reviews ask for figures")


async def test_a_new_version_goes_from_a_tenth_to_everybody(stage: Stage, boss: Desk, ann: Desk) -> None:
    await new_version(boss, "Look for figures in every answer.")
    await boss.presses("Try…")
    await boss.fills(**{"with": "offline"})
    assert "Nothing of this was kept." in boss.text
    await boss.presses("Back to the version")
    await rolled_out(boss, "10")
    assert "10 % of the people get it from now on" in boss.text
    card = await boss.sees("Rollout of")
    assert "Raise to 25 %" in card.visible
    await boss.presses_at(card, "Raise to 25 %")
    card = stage.wire.message(card.channel, card.ts)
    assert "25 % of the people get it from now on" in card.visible
    await boss.presses_at(card, "Hold")
    assert "On hold" in stage.wire.message(card.channel, card.ts).visible
    await boss.presses_at(stage.wire.message(card.channel, card.ts), "Resume")
    await boss.presses_at(stage.wire.message(card.channel, card.ts), "Promote")
    assert "into production?" in boss.view.blocks[0]["text"]["text"]
    await boss.presses("Promote")
    assert "Version 2 is in production" in boss.text
    await ann.person.command("start behavioral")
    await ann.answers(ANSWER)
    await ann.sees_button("next")
    await boss.opens()
    await boss.presses("Prompts", "Review", "Roll back")
    assert "version 1 is in production again" in boss.text


async def test_what_goes_wrong_is_rolled_back_and_its_admins_are_told(stage: Stage, boss: Desk, ann: Desk) -> None:
    await new_version(boss, "Answer in verse.")
    await rolled_out(boss, "100")
    card = await boss.sees("Rollout of")
    await ann.person.command("start behavioral")
    for _ in range(3):
        await ann.answers(ANSWER)
        feedback = await ann.sees_button("next")
        await ann.person.presses(feedback.channel, feedback.ts, "rehearse.press.next")
    await stage.rest()
    reviews_were_unreadable()
    [chore] = [chore for chore in stage.app.admins.chores if chore.name == "rollouts"]
    await chore.run()
    told = await boss.sees("Rolled back by itself")
    assert "It is over" in stage.wire.message(card.channel, card.ts).visible
    await boss.presses_at(told, "Look at it")
    assert "It is over" in boss.text
    count = len(boss.said())
    await chore.run()
    assert len(boss.said()) == count


async def test_a_candidate_cannot_press_what_an_admin_was_shown(stage: Stage, boss: Desk, ann: Desk) -> None:
    await new_version(boss, "Look for figures.")
    await rolled_out(boss, "10")
    card = await boss.sees("Rollout of")
    boss.person.member.admin = False
    await boss.presses_at(card, "Raise to 25 %")
    await boss.settled()
    assert boss.view.title == "Not for you"
    assert "10 %" in stage.wire.message(card.channel, card.ts).visible
    await ann.opens()
    assert ann.buttons == []
    assert "can give you a role" in ann.text


def reviews_were_unreadable() -> None:
    """Of the interviews so far, in the database."""
    [file] = Path(os.environ["REHEARSE_HOME"]).glob("*.db")
    with sqlite3.connect(file) as database:
        assert database.execute("UPDATE turn_metric SET schema_ok = 0").rowcount >= 3
