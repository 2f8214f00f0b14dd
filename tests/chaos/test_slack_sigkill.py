"""The real program in Slack, killed just before Slack takes a write or just after: the thread is finished all the same.

Nothing is waited for but Slack itself: the server kills the program from within the call, so that no answer to it can
have arrived, and nothing that follows can have been done.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.store.opening import open_store
from engine.facts import Answered, Asked, Fact, Reviewed, Summarised
from engine.session import Session
from tests.kit.slack_program import OVERALL, Candidate, SlackProgram
from tests.wire.openai import openai_server
from tests.wire.server import Script
from tests.wire.slack import Slack, serve_slack
from tests.wire.slack.api import METHODS
from tests.wire.slack.state import Refused

ANSWER = "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it and added a test for all zones."


@dataclass(frozen=True, slots=True)
class Kill:
    """The first call of a method that says `text` somewhere, after Slack has done it or before.

    `again`: whether the review has to be written once more.
    """

    name: str
    method: str
    text: str = ""
    done: bool = True
    refuses: tuple[str, ...] = ()
    again: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether only Slack knows that there is a message."""
        return self.done and self.method in ("chat.postMessage", "chat.startStream")


KILLS = (
    Kill("the question is posted, and nobody remembers where", "chat.postMessage", text="Question 1"),
    Kill("a stream has begun, and nobody remembers it", "chat.startStream", again=True),
    Kill("a stream grows", "chat.appendStream", again=True),
    Kill("the review is recorded, its stream not ended", "chat.stopStream", done=False),
    Kill("the stream has ended, and nobody remembers it", "chat.stopStream"),
    Kill("feedback is posted, and nobody remembers where", "chat.postMessage", text="feedback", refuses=("streaming",),
         again=True),
    Kill("feedback is edited", "chat.update", text="feedback", refuses=("streaming",), again=True),
    Kill("the report is posted, and nobody remembers where", "chat.postMessage", text="Report"),
)  # fmt: skip


class Killer:
    """Kills a program from within a call of Slack's API, once."""

    def __init__(self, kill: Kill, program: SlackProgram, monkeypatch: pytest.MonkeyPatch) -> None:
        self.struck = False
        self._kill = kill
        self.program = program
        self._method = METHODS[kill.method]
        monkeypatch.setitem(METHODS, kill.method, self._call)

    def _call(self, slack: Slack, ask: Any) -> dict[str, Any]:
        if self.struck or self._kill.text.lower() not in str(ask.args).lower():
            return self._method(slack, ask)
        self.struck = True
        if not self._kill.done:
            os.kill(self.program.pid, signal.SIGKILL)
            raise Refused("internal_error")
        reply = self._method(slack, ask)
        os.kill(self.program.pid, signal.SIGKILL)
        return reply


@pytest.mark.process
@pytest.mark.parametrize("kill", KILLS, ids=[kill.name for kill in KILLS])
async def test_killed_when(kill: Kill, new_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve_slack() as slack, openai_server() as openai:
        slack.refuse(*kill.refuses)
        openai.otherwise = Script(chunk_chars=24, delay_s=0.008)
        model = {"OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": f"{openai.base_url}/v1"}
        program = SlackProgram(slack, new_machine, model)
        killer = Killer(kill, program, monkeypatch)
        await program.start()
        candidate = Candidate(slack, slack.person("U0CANDIDATE"))

        async def go_on_after_a_kill() -> None:
            nonlocal program
            if killer.struck and killer.program is program:
                await program.kill()
                program = SlackProgram(slack, new_machine, model)
                await program.start()

        await candidate.begins()
        await slack.until(lambda: candidate.with_button("done") or killer.struck, 20)
        await go_on_after_a_kill()
        await candidate.answers(ANSWER)
        await slack.until(lambda: candidate.with_button("next") or killer.struck, 20)
        await go_on_after_a_kill()
        await candidate.sees_button("next")
        await candidate.person.says(None, "stop", candidate.root)
        await slack.until(lambda: OVERALL in candidate.text or killer.struck, 20)
        await go_on_after_a_kill()
        await slack.until(lambda: OVERALL in candidate.text, 20)
        assert killer.struck
        if kill.is_unknown:
            await slack.until(lambda: slack.called("conversations.replies"), 20)
        await program.kill()
        everything_stands_once(candidate)
    async with open_store(new_machine / "rehearse.db") as store:
        (session,) = await store.sessions(platform="slack", workspace=slack.team.id, user="U0CANDIDATE")
        nothing_lost_nothing_twice(session, list(await store.facts(session.id)))
    reviews = sum("assessment" in str(call.schema) for call in openai.calls)
    assert reviews == 1 + kill.again


def everything_stands_once(candidate: Candidate) -> None:
    assert not [message.ts for message in candidate.thread if message.streaming]
    root, question, feedback, report = (message.visible for message in candidate.thread)
    assert "Mock interview" in root
    assert question.startswith("Question 1")
    assert "Feedback" in feedback
    assert report.startswith("Report")
    for heading in ("Completeness", "Said better", "Next drill"):
        assert feedback.count(heading) == 1, feedback


def nothing_lost_nothing_twice(session: Session, facts: list[Fact]) -> None:
    assert [fact.turn for fact in facts if isinstance(fact, Asked)] == [1]
    assert [fact.text for fact in facts if isinstance(fact, Answered)] == [ANSWER]
    assert sum(isinstance(fact, Reviewed) for fact in facts) == 1
    assert sum(isinstance(fact, Summarised) for fact in facts) == 1
    assert session.report is not None
