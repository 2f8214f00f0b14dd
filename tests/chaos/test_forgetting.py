"""The real program, used, then asked to forget: unusual words and ids are looked for in all that it kept and said."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from pathlib import Path

import pytest

from adapters.slack.names import PRESS
from adapters.slack.render.forms import SURE
from adapters.store.opening import open_store
from adapters.store.sql import SqlStore
from engine.admin.records import Entry, FormDraft, Grant
from engine.admin.sharing import share_id
from engine.keys import scope_of
from engine.team.records import Shared
from tests.kit.slack_program import Candidate, SlackProgram
from tests.wire.openai import openai_server
from tests.wire.slack import Slack, serve_slack

ZOE, BOB = "U0ZOEUNIQUE", "U0BOBOTHERS"
WORDS = ("kaleidozophon", "zwiebelturmuhr", "quuxberg", "immergruenspecht", "notizgespenst")
FOCUS, ANSWER, EDITED, DRAFT, NOTE = WORDS
FILLED = {"facts", "mailbox", "handles", "leases", "turn_metric", "outcome", "admin_grant", "admin_seat", "admin_draft",
          "admin_card", "shared_report", "rating", "assignment"}  # fmt: skip
"""What must hold something about the person before it can be shown to hold nothing."""


async def interviewed(slack: Slack, user: str, focus: str, answer: str) -> Candidate:
    """One interview of one question, from the form to the report, with a thumb and an edited answer."""
    candidate = Candidate(slack, slack.person(user, f"Name of {user}"))
    await candidate.fills_in_the_form(type="behavioral", questions="1", focus=focus)
    await candidate.sees_button("done")
    said = await candidate.person.says(None, f"I found that {answer} parsed dates as UTC.", candidate.root)
    await candidate.person.edits(candidate.person.dm, said, f"I found that {answer} and {EDITED} parsed dates as UTC.")
    await candidate.presses("done")
    feedback = await candidate.sees_button("next")
    await candidate.person.says(None, "+1", candidate.root)
    await candidate.person.presses(feedback.channel, feedback.ts, f"{PRESS}stop")
    await candidate.sees_report()
    return candidate


async def looked_after(store: SqlStore, team: str, user: str) -> None:
    """What admins and coaches leave about a person."""
    scope, person = scope_of("slack", team), f"slack/{team}/{user}"
    entry = Entry(scope, 1.0, "a hash", "owner", "people.grant", "user", "gave a person the role coach")
    await store.admin.grant(Grant(scope, "user", user, "coach", 1.0), entry=entry)
    await store.admin.seat(scope, person, told=True, at=1.0)
    await store.admin.keep_handle(person, "a-card", f"D-of-{user}:1.2")
    await store.admin.keep_draft(person, FormDraft("types/new", {"title": (DRAFT,)}), at=2_000_000_000.0)
    others = FormDraft("people/give", {"people": (user,)})
    await store.admin.keep_draft(f"slack/{team}/{BOB}", others, at=2_000_000_000.0)
    body = f'{{"title":"Ours","audience":{{"people":["{user}"]}}}}'
    await store.admin.put(scope, "type", f"ours-{user.casefold()[2:5]}", body, seen=0, entry=entry)
    (session,) = await store.sessions(platform="slack", workspace=team, user=user)
    coach = f"slack/{team}/{BOB if user == ZOE else ZOE}"
    shared = Shared(share_id(session.id, coach), session.id, person, coach, scope, "Behavioral", NOTE, 1.0)
    await store.sharing.share(shared, entry=entry)


def traces(home: Path, said: str, planted: Iterable[str]) -> list[str]:
    """Where any of it is found: in the database's files, byte by byte, in any other file, or in what was logged."""
    kept = {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    kept["what was logged"] = said.encode()
    return [f"{word} in {name}" for name, content in kept.items() for word in planted if word.encode() in content]


@pytest.mark.process
@pytest.mark.parametrize("form", ["console", "json"])
async def test_who_is_forgotten_leaves_no_trace_and_nobody_else_is_touched(new_machine: Path, form: str) -> None:
    async with serve_slack() as slack, openai_server() as openai:
        program = SlackProgram(
            slack, new_machine, {
                "OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": f"{openai.base_url}/v1",
                "REHEARSE_LOG_LEVEL": "debug", "REHEARSE_LOG_FORMAT": form,
            },
        )  # fmt: skip
        await program.start()
        team = slack.team.id
        try:
            zoe = await interviewed(slack, ZOE, FOCUS, ANSWER)
            bob = await interviewed(slack, BOB, "gardening", "gardeners")
            who = {"platform": "slack", "workspace": team, "user": ZOE}
            async with open_store(new_machine / "rehearse.db") as store:
                await looked_after(store, team, ZOE)
                await looked_after(store, team, BOB)
                about = await store.about(**who)
                assert {name for name, rows in about.items() if rows} >= FILLED
                assert traces(new_machine, "", [ZOE, FOCUS, ANSWER, EDITED, DRAFT, NOTE, zoe.person.dm])

                await zoe.person.command("delete-my-data")
                form_shown = (await slack.until(lambda: slack.views(zoe.person)))[-1]
                await zoe.person.submits(form_shown, {SURE: ["sure"]})
                await slack.until(lambda: any("deleted" in m.visible for m in slack.messages(zoe.person.dm)), 10)
                assert not any((await store.about(**who)).values())
                left = await store.about(platform="slack", workspace=team, user=BOB)
                assert {name for name, rows in left.items() if rows} >= {"facts", "outcome", "admin_grant"}
            mine = [ZOE, FOCUS, ANSWER, zoe.person.dm, zoe.root]
            assert traces(new_machine, "", mine) == []

            await slack.uninstall()
            async with open_store(new_machine / "rehearse.db") as store:
                await slack.until(lambda: BOB.encode() not in (new_machine / "rehearse.db").read_bytes(), 10)
                scope = scope_of("slack", team)
                assert [list(await store.admin.grants(scope)), list(await store.admin.every(scope, "type"))] == [[], []]
                assert await store.admin.audit(scope)
        finally:
            await program.kill(signal.SIGTERM)
        said = await program.output()
    assert f"slack/{team}/~" in said, "the log says nothing, so it proves nothing"
    assert traces(new_machine, said, [*mine, BOB, bob.person.dm, bob.root, "gardeners", *WORDS]) == []
