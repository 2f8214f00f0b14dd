"""`rehearse people`, `audit` and `data`: what they do, what they say, and what they ask before."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from adapters.store.opening import open_store
from bot.__main__ import main
from bot.config import read_settings
from bot.home import hashed, user_salt
from engine.retention import DAY_S, Rule, Swept, rule_of
from tests.contracts.keeping import WORDS, interview, key
from tests.contracts.store import record

HERE = ["--workspace", "slack/T1"]


class Terminal:
    """Commands as they are typed; what they print is kept."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    def __call__(self, *words: str, code: int = 0) -> str:
        assert main(words) == code
        captured = self._capsys.readouterr()
        self.error = captured.err
        return captured.out

    def json(self, *words: str) -> object:
        return json.loads(self(*words, "--json"))


@pytest.fixture
def rehearse(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


async def _held() -> None:
    async with open_store(read_settings().database, now=lambda: 0.0) as store:
        for user, at in (("U1", 50 * DAY_S), ("U2", 5_000 * DAY_S)):
            await record(store, *interview(key(user), at), key=key(user))


def test_a_role_is_given_listed_and_taken_back(rehearse: Terminal) -> None:
    assert "Nobody was given a role in slack/T1." in rehearse("people", "list", *HERE)
    said = rehearse("people", "grant", "U7", "admin", *HERE)
    assert "person U7 has the role admin in slack/T1" in said
    assert "To undo it: rehearse people revoke U7 --workspace slack/T1" in said
    said = rehearse("people", "grant", "U7", "viewer", *HERE)
    assert "To undo it: rehearse people grant U7 admin --workspace slack/T1" in said
    assert rehearse.json("people", "grant", "S1", "coach", "--group", *HERE) == {
        "kind": "group", "subject": "S1", "role": "coach",
    }  # fmt: skip
    listed = rehearse("people", "list", *HERE).splitlines()
    assert [line.split()[:3] for line in listed] == [
        ["ID", "WHAT", "ROLE"], ["U7", "person", "viewer"], ["S1", "group", "coach"],
    ]  # fmt: skip
    said = rehearse("people", "revoke", "S1", "--group", *HERE)
    assert "To undo it: rehearse people grant S1 coach --group --workspace slack/T1" in said
    assert "nothing was changed" in rehearse("people", "revoke", "S1", "--group", *HERE)
    assert rehearse.json("people", "revoke", "U7", *HERE) == {"kind": "user", "subject": "U7", "revoked": True}
    assert rehearse.json("people", "list", *HERE) == []


def test_roles_are_given_in_one_workspace(rehearse: Terminal) -> None:
    rehearse("people", "list", code=2)
    assert "--workspace slack/T0123" in rehearse.error


def test_the_audit_is_printed_page_by_page(rehearse: Terminal) -> None:
    assert "Nothing was changed in slack/T1 yet." in rehearse("audit", *HERE)
    for user in ("U1", "U2", "U3"):
        rehearse("people", "grant", user, "viewer", *HERE)
    lines = rehearse.json("audit", "--limit", "2", *HERE)
    assert isinstance(lines, list)
    assert [line["words"] for line in lines] == ["gave a person the role viewer"] * 2
    printed = rehearse("audit", "--before", str(lines[-1]["line"]), *HERE)
    assert len(printed.splitlines()) == 2
    assert "whoever runs Rehearse  gave a person the role viewer" in printed
    assert "U1" not in printed


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "--limit", "0"],
        ["data", "retention", "--answers", "0"],
        ["audit", "--workspace", "foo"],
        ["people", "list", "--workspace", "slack/"],
    ],
)
def test_what_cannot_be_meant_is_refused(rehearse: Terminal, words: list[str]) -> None:
    with pytest.raises(SystemExit):
        rehearse(*words)


def test_how_long_things_are_kept_is_shown_and_chosen(rehearse: Terminal) -> None:
    asyncio.run(_held())
    said = rehearse("data", "retention", *HERE)
    assert "In slack/T1, by default:\n  answers     90 days\n  scores      365 days" in said
    assert "Interviews: 2 with their words, 0 of them under way; 0 with figures alone." in said
    said = rehearse("data", "retention", "--answers", "30", *HERE)
    assert "In slack/T1, as chosen:\n  answers     30 days\n  scores      365 days" in said
    assert "To undo it: rehearse data retention --answers 90 --scores 365 --workspace slack/T1" in said
    kept = rehearse.json("data", "retention", "--answers", "never", "--scores", "never", *HERE)
    assert isinstance(kept, dict)
    assert (kept["answers_days"], kept["scores_days"], kept["chosen"]) == (None, None, True)
    rehearse("data", "retention", "--answers", "60", "--scores", "30", *HERE, code=2)
    assert "at least as long" in rehearse.error
    rehearse("data", "retention", "--answers", "7")
    assert "--workspace" not in rehearse("data", "retention", "--scores", "700").splitlines()[-1]


def test_what_is_over_is_deleted_when_that_is_confirmed(rehearse: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(_held())
    rehearse("data", "retention", "--answers", "30", "--scores", "never", *HERE)
    assert rehearse("data", "purge", *HERE, code=1) == ""
    assert "It cannot be undone. Say so with --yes." in rehearse.error
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert "the words of 2 interviews, and 0 altogether" in rehearse("data", "purge", *HERE)
    assert rehearse.json("data", "purge", "--yes") == {"words": 0, "whole": 0}


def test_a_person_is_exported_and_forgotten_and_then_everybody(rehearse: Terminal) -> None:
    asyncio.run(_held())
    assert WORDS in rehearse("data", "export", "slack/T1/U1")
    rehearse("data", "forget", "slack/T1/U1", code=1)
    assert "Delete everything about slack/T1/U1?" in rehearse.error
    assert "Deleted: 1 interviews" in rehearse("data", "forget", "slack/T1/U1", "--yes")
    assert WORDS not in rehearse("data", "export", "slack/T1/U1")
    assert rehearse.json("data", "forget", "slack/T1", "--yes") == {"interviews": 1}
    audit = rehearse("audit", *HERE)
    assert audit.count("deleted everything about a person") == 1
    assert audit.count("deleted everything about everybody") == 1


@pytest.mark.parametrize("whose", ["slack", "slack/T1", "slack//U1", "slack/T1/U1/x"])
def test_whose_data_it_is_must_be_said_in_full(rehearse: Terminal, whose: str) -> None:
    rehearse("data", "export", whose, code=2)
    assert "PLATFORM/WORKSPACE/USER" in rehearse.error


def test_what_stands_for_a_person_can_be_found_out(rehearse: Terminal) -> None:
    said = rehearse.json("data", "hash", "slack/T1/U1")
    digits = hashed(user_salt(read_settings()))("slack/T1/U1")
    assert said == {"logs": f"slack/T1/~{digits[:10]}", "audit": digits[:16]}
    assert f"audit  {digits[:16]}" in rehearse("data", "hash", "slack/T1/U1")


async def test_the_daily_clearing_does_what_was_chosen() -> None:
    from bot.compose import assemble

    await _held()
    async with assemble(read_settings()) as app:
        [chore] = [chore for chore in app.admins.chores if chore.name == "retention"]
        await chore.run()
        assert (await app.store.keeping.standing("slack/T1")).worded == 2
        rule: Rule = await rule_of(app.store.admin, "slack/T1")
        assert not rule.chosen
        await app.store.keeping.sweep("slack/T1", None, None)
        from bot.cli.common import operator

        await app.admins.data.keep(operator({"workspace": "slack/T1"}), 30, 40, seen=0)
        await chore.run()
        assert await app.admins.data.purge(operator({"workspace": "slack/T1"})) == Swept()
        assert (await app.store.keeping.standing("slack/T1")).worded == 0


async def test_a_directory_is_asked_on_its_own_platform() -> None:
    from bot.admin import Directories

    class Nobody:
        async def known(self, scope: str, kind: str, subject: str) -> bool | None:
            del scope, kind, subject
            return False

    directories = Directories()
    directories.attach("slack", Nobody())
    assert await directories.known("slack/T1", "user", "U1") is False
    assert await directories.known("discord/1", "user", "2") is None
