"""An admin's conversation, readable as chat: tests/transcripts/slack/admin.txt."""

from __future__ import annotations

from adapters.slack.names import thread_key
from engine.preferences import Preferences
from tests.adapters.slack.conversations.transcript import Transcript
from tests.bot.slack_admins.stage import Desk, Stage
from tests.bot.slack_admins.test_types import ANSWER, ID, OWN


async def begun(desk: Desk) -> None:
    await desk.stage.app.desk.prefer(thread_key(desk.person.team.id, "-", "-", desk.person.id), Preferences(live=False))
    await desk.person.command(f"start {ID}")
    await desk.sees_button("done")


async def answered(desk: Desk) -> None:
    await desk.answers(ANSWER)
    await desk.sees_button("next")


class Room:
    """The stage as a transcript sees it."""

    def __init__(self, stage: Stage) -> None:
        self.slack = stage.wire
        self._stage = stage

    async def rest(self) -> None:
        await self._stage.rest()


async def test_an_admin_makes_a_type_and_gives_a_role(stage: Stage, boss: Desk, ann: Desk) -> None:
    talk = Transcript(Room(stage), "admin", [boss.person, ann.person])
    await talk.does("Ann types: /interview admin", ann.opens())
    await talk.does("Boss types: /interview admin", boss.opens())
    await talk.does("Boss presses Open beside Interview types", boss.presses("Interview types"))
    await talk.does("Boss presses New type", boss.presses("New type"))
    await talk.does("Boss fills it in", boss.fills(title="Backend phone screen", base="behavioral"))
    await talk.does("Boss presses Change beside Length and pace", boss.presses("Length and pace"))
    await talk.does("Boss fills it in", boss.fills(questions="1", follow_ups="0"))
    await boss.presses("Own questions")
    await talk.does("Boss presses Put questions in", boss.presses("Put questions in"))
    question = OWN.partition("Which")[0]
    await talk.does("Boss pastes a question with its key points", boss.fills(text=question, source="bank"))
    await boss.presses("Back to editing")
    await talk.does("Boss presses Publish…", boss.presses("Publish…"))
    await talk.does("Boss presses Publish", boss.presses("Publish"))
    await talk.does(f"Ann types: /interview start {ID}", begun(ann))
    await talk.does("Ann answers, and presses Done", answered(ann))
    await boss.presses("Back")
    await talk.does("Boss presses Archive", boss.presses("Archive"))
    await talk.does("Boss presses Archive once more", boss.presses("Archive"))
    await talk.does(f"Ann types: /interview start {ID}", ann.person.command(f"start {ID}"))
    await talk.does("Boss presses Undo", boss.presses("Undo"))
    await boss.opens()
    await boss.presses("People")
    await talk.does("Boss presses Give a role", boss.presses("Give a role"))
    reply = await talk.does("Boss chooses nobody", boss.fills(role="coach"))
    talk.says(f"Beside People stands: {reply.errors['people']}")
    await talk.does("Boss chooses Ann", boss.fills(people=[ann.person.id], role="coach"))
    await talk.does("Ann types: /interview admin", ann.opens())
    talk.close()
