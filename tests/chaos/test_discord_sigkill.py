"""The real program in Discord, killed just before Discord takes a write or just after: what was begun is finished.

Nothing is waited for but Discord itself: the server kills the program from within the request, so that no answer to it
can have arrived, and nothing that follows can have been done.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.discord.names import form_id, press_id, read_why
from adapters.store.opening import open_store
from engine.facts import Answered, Asked, Fact, Reviewed, Summarised
from engine.session import Session
from tests.kit.discord_program import REPORTED, Candidate, DiscordProgram
from tests.wire.discord import rest
from tests.wire.discord.errors import ApiError
from tests.wire.discord.server import serve_discord
from tests.wire.openai import openai_server
from tests.wire.server import Script

pytestmark = pytest.mark.process

ANSWER = "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it and added a test for all zones."

POST, EDIT = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"
HOOK_POST, HOOK_EDIT = (
    "POST /webhooks/{application}/{token}",
    "PATCH /webhooks/{application}/{token}/messages/{message}",
)
NEXT = "rh:p:next"


@dataclass(frozen=True, slots=True)
class Kill:
    """The first request of a route that says `text` somewhere, after Discord has done it or before.

    `words`: the answer ends by a word, so that no interaction pays for what follows. `again`: the review has to be
    written once more.
    """

    name: str
    route: str
    text: str = ""
    done: bool = True
    words: bool = False
    again: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether only Discord knows that there is a message."""
        return self.done and self.route in (POST, HOOK_POST)


KILLS = (
    Kill("the question is posted, and nobody remembers where", POST, "Question 1"),
    Kill("there is an answer, and no card yet", HOOK_POST, "Feedback", done=False, again=True),
    Kill("the card is there, and nobody remembers where", HOOK_POST, "Feedback", again=True),
    Kill("the card grows", HOOK_EDIT, "Feedback", again=True),
    Kill("the card grows by the bot's token", EDIT, "Feedback", words=True, again=True),
    Kill("the review is recorded, the card not finished", HOOK_EDIT, NEXT, done=False),
    Kill("the report is posted, and nobody remembers where", POST, "Report", words=True),
)


class Killer:
    """Kills a program from within a request, once."""

    def __init__(self, kill: Kill, program: DiscordProgram, monkeypatch: pytest.MonkeyPatch) -> None:
        self.struck = False
        self.program = program
        self._kill = kill
        route = next(each for each in rest.ROUTES if f"{each.method} {each.template}" == kill.route)
        self._handler = route.handler
        deadly = replace(route, handler=self._call)
        monkeypatch.setattr(rest, "ROUTES", [deadly if each is route else each for each in rest.ROUTES])

    def _call(self, asked: rest.Asked) -> object:
        if self.struck or self._kill.text not in str(asked.body):
            return self._handler(asked)
        self.struck = True
        if not self._kill.done:
            os.kill(self.program.pid, signal.SIGKILL)
            raise ApiError(502, "bad gateway")
        made = self._handler(asked)
        os.kill(self.program.pid, signal.SIGKILL)
        return made


@pytest.mark.parametrize("kill", KILLS, ids=[kill.name for kill in KILLS])
async def test_killed_when(kill: Kill, new_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve_discord() as discord, openai_server() as openai:
        openai.otherwise = Script(chunk_chars=24, delay_s=0.012)
        model = {"OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": f"{openai.base_url}/v1"}
        program = DiscordProgram(discord, new_machine, model)
        killer = Killer(kill, program, monkeypatch)
        await program.start()
        candidate = Candidate(discord, discord.person("Ada"))

        async def go_on_after_a_kill() -> None:
            nonlocal program
            if killer.struck and killer.program is program:
                await program.kill()
                program = DiscordProgram(discord, new_machine, model)
                await program.start()

        await candidate.begins()
        await discord.until(lambda: candidate.with_button("done") or killer.struck, 20)
        await go_on_after_a_kill()
        if kill.words:
            candidate.person.says(ANSWER)
            candidate.person.says("done")
        else:
            await candidate.answers(ANSWER)
        await discord.until(lambda: candidate.with_button("next") or killer.struck, 20)
        await go_on_after_a_kill()
        await candidate.sees_button("next")
        candidate.person.says("stop")
        await discord.until(lambda: REPORTED in candidate.text or killer.struck, 20)
        await go_on_after_a_kill()
        await discord.until(lambda: REPORTED in candidate.text, 20)
        assert killer.struck
        await program.kill()
        everything_stands_once(candidate)
        person = str(candidate.person.id)
    async with open_store(new_machine / "rehearse.db") as store:
        (session,) = await store.sessions(platform="discord", workspace="-", user=person)
        nothing_lost_nothing_twice(session, list(await store.facts(session.id)))
    reviews = sum("assessment" in str(call.schema) for call in openai.calls)
    assert reviews == 1 + kill.again


async def test_forms_and_buttons_of_before_work_and_what_was_said_meanwhile_is_answered(
    new_machine: Path,
) -> None:
    async with serve_discord() as discord, openai_server() as openai:
        openai.otherwise = Script(chunk_chars=24, delay_s=0.002)
        model = {"OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": f"{openai.base_url}/v1"}
        program = DiscordProgram(discord, new_machine, model)
        await program.start()
        person = discord.person("Ada")
        candidate = Candidate(discord, person)

        async def restart() -> None:
            nonlocal program
            program = DiscordProgram(discord, new_machine, model)
            await program.start()

        await candidate.begins(questions=2)
        question = await candidate.sees_button("done")
        person.presses(question, form_id(str(person.id), 1))
        form = await candidate.sees(lambda: next(iter(discord.modals(person)), None))
        await program.kill()
        await restart()
        act = person.submits(form, {"answer": ANSWER})
        await candidate.sees(lambda: "312 invoices" in "".join(each.text for each in act.replies))
        person.presses(question, press_id("done", str(person.id), 1))
        feedback = await candidate.sees_button("next")

        await candidate.presses("next")
        await candidate.sees(lambda: candidate.with_button("done")[-1:] not in ([], [question]))
        await program.kill()
        person.says(ANSWER)
        person.says("done")
        await restart()
        await candidate.sees(lambda: len(candidate.with_button("helpful")) > 1)
        person.presses(feedback, next(each for each in feedback.custom_ids if read_why(each)))
        await candidate.sees(lambda: any("Why?" in each.text for each in discord.ephemerals(person)))
        await program.kill()
        assert [act.failed for act in discord.interactions] == [False] * len(discord.interactions)


def everything_stands_once(candidate: Candidate) -> None:
    root, question, feedback, report = (message.text for message in candidate.messages)
    assert "interview" in root
    assert "Question 1" in question
    assert "Feedback" in feedback
    assert "Report" in report
    for heading in ("Completeness", "Said better", "Next drill"):
        assert feedback.count(heading) == 1, feedback


def nothing_lost_nothing_twice(session: Session, facts: list[Fact]) -> None:
    assert [fact.turn for fact in facts if isinstance(fact, Asked)] == [1]
    assert [fact.text for fact in facts if isinstance(fact, Answered)] == [ANSWER]
    assert sum(isinstance(fact, Reviewed) for fact in facts) == 1
    assert sum(isinstance(fact, Summarised) for fact in facts) == 1
    assert session.report is not None
