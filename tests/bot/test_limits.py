"""Limits put together: on the command line, in a running program, and told to the admins."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.store.opening import open_store
from adapters.surface.panels import Panel
from adapters.surface.panels.telling import Telling
from bot.__main__ import main
from bot.compose import Changes, compose
from bot.config import Settings
from bot.limits import alert, metering
from bot.models import Models, offline_models
from engine.admin.records import AdminStore, Entry
from engine.admin.roles import Actor
from engine.errors import OverLimit
from engine.events import Settled
from engine.keys import ThreadKey
from engine.limits.model import Amounts, Limits, PersonLimits, WorkspaceLimits
from engine.limits.rules import RECORD, Rules
from engine.ports import Account
from tests.contracts.llm import REVIEW
from tests.kit.model import Model

HOME = "slack/T1"
QUESTION = "Tell me about a mistake of yours that reached users."
ANSWER = "Last spring I shipped a change that put the wrong date on 312 invoices. I reverted it and added a test."
KEY = ThreadKey(platform="slack", workspace="T1", channel="C", user="U1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REHEARSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Printed:
    """What a command prints, and how it ends."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        assert main(["limits", *arguments]) == code
        said = self._capsys.readouterr()
        return said.err if code else said.out


@pytest.fixture
def limits(home: Path, capsys: pytest.CaptureFixture[str]) -> Printed:
    del home
    return Printed(capsys)


def test_by_default_everybody_may_use_as_much_as_they_like(limits: Printed) -> None:
    shown = limits("show")
    assert "everybody may use as much as they like" in shown
    assert "Limits: those that hold everywhere." in shown


def test_limits_are_set_shown_and_taken_back(limits: Printed) -> None:
    done = limits("set", "person.interviews=10", "workspace.cost=2.50")
    assert "Done: person.interviews none → 10; workspace.cost none → $2.50." in done
    assert "Undo with: rehearse limits set common" in done
    shown = limits("show")
    assert "$2.50" in shown
    assert "person.interviews  10" in shown
    again = limits("set", "person.interviews=none", "workspace.cost=1", "person.answer_chars=900")
    assert again.endswith(
        "Undo with: rehearse limits set person.interviews=10 person.answer_chars=none workspace.cost=2.5\n"
    )
    assert "Nothing changed." in limits("set", "person.answer_chars=900")


def test_a_workspace_has_its_own_and_may_go_back_to_the_common_ones(limits: Printed) -> None:
    limits("set", "person.answers=7")
    there = ("--workspace", HOME)
    own = json.loads(limits("set", "person.answers=9", "--json", *there))
    assert (own["version"], own["limits"]["person.answers"]) == (1, 9)
    assert "Undo" not in limits("set", "common", *there, code=2)
    assert "person.answers 9 → 7" in limits("set", "common", "--yes", *there)
    shown = json.loads(limits("show", "--json", *there))
    assert (shown["own"], shown["limits"]["person.answers"], shown["today"]["open"]) == (False, 7, 0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("person.hats=1", "There is no such limit. Choose one of: person.interviews,"),
        ("person.answers=many", "many is not a number from 0 up"),
        ("person.cost=1e999999999", "is not a number"),
        ("person.answers", "Write person.answers=VALUE, or person.answers=none for no limit."),
        ("person.answers=-1", "-1 is not a number from 0 up"),
        ("person.answer_chars=5", "Write a whole number from 100 to 40,000"),
    ],
)
def test_what_cannot_be_a_limit_is_refused(limits: Printed, written: str, said: str) -> None:
    assert said in limits("set", written, code=2)


def test_use_is_shown_by_the_day(limits: Printed) -> None:
    assert len(limits("use", "--days", "3").splitlines()) == 4
    assert json.loads(limits("use", "--json"))[0]["tokens"] == 0


def test_a_person_may_use_more_today(limits: Printed) -> None:
    there = ("--workspace", HOME)
    assert "This person may use 2 times as much as others until 00:00 UTC." in limits("allow", "U1", *there)
    assert "as much as they like" in limits("allow", "U1", "--times", "none", *there)
    assert "Today slack/T1/U1: no limit." in limits("show", *there)
    assert json.loads(limits("allow", "U1", "--undo", "--json", *there)) == {"said": "Taken back."}
    assert "There was nothing to take back." in limits("allow", "U1", "--undo", *there)
    assert "5 times" in limits("allow", "U1", "--times", "5", *there)
    assert "Today slack/T1/U1: 5 times as much." in limits("show", *there)
    assert "lots is not a number" in limits("allow", "U1", "--times", "lots", *there, code=2)
    assert "in which workspace" in limits("allow", "U1", code=2)


async def test_in_discord_a_person_is_the_same_in_every_server(home: Path) -> None:
    async with compose(
        Settings.model_validate({"REHEARSE_HOME": home}), Changes(models=lambda _: Models(Model()))
    ) as app:
        operator = Actor("local", "-", "operator", operator=True, on="discord/123")
        lift = await app.admins.limits.raise_for(operator, "42", 2)
    assert lift.person == ThreadKey(platform="discord", user="42").person


async def test_a_running_program_counts_and_limits_what_is_used(home: Path) -> None:
    settings = Settings.model_validate({"REHEARSE_HOME": home})
    async with compose(settings, Changes(models=lambda _: Models(Model()))) as app:
        await set_limits(app.store.admin, Limits(person=PersonLimits(interviews=1)))
        assert await app.desk.begin(KEY, id="b", type_id="behavioral")
        with pytest.raises(OverLimit):
            await app.desk.begin(KEY.model_copy(update={"channel": "D"}), id="c", type_id="behavioral")


async def test_the_offline_coach_alone_is_charged_to_nobody(home: Path) -> None:
    models = offline_models()
    async with open_store(home / "x.db") as store, metering(store, models, lambda *_: None) as metered:
        assert metered.provider is models.provider


async def test_a_call_is_charged_at_the_prices_that_are_known(home: Path) -> None:
    models = Models(Model(model="gpt-6-luna"))
    async with open_store(home / "x.db") as store:
        async with metering(store, models, lambda *_: None) as metered:
            await metered.provider.complete(replace(REVIEW, account=Account(HOME, KEY)))
        assert (await store.ledger.used(HOME)).workspace == Amounts(tokens=20, cost_micros=6)


async def test_what_a_review_cost_is_kept_with_its_figures_and_counted(home: Path) -> None:
    settings = Settings.model_validate({"REHEARSE_HOME": home})
    key = ThreadKey(platform="local", channel="here", user="you")
    model = Model(model="gpt-6-luna")
    async with compose(settings, Changes(models=lambda _: Models(model))) as app:
        watching = app.live.watch(key)
        await app.desk.begin(key, id="b", type_id="behavioral", question=QUESTION, answer=ANSWER)
        async with asyncio.timeout(30):
            async for _, event in watching:
                if isinstance(event, Settled) and event.post == "f1.1":
                    break
    database = sqlite3.connect(settings.database)
    [(cost, tokens)] = database.execute("SELECT cost_micros, input_tokens + output_tokens FROM turn_metric")
    assert (cost, tokens) == (6, 20)
    day = dict(database.execute("SELECT person, tokens FROM limit_use WHERE scope = ?", (key.scope,)))
    assert day == {"": 20 * len(model.asked), key.person: 20 * len(model.asked)}
    database.close()


class Post:
    """Where panels go."""

    def __init__(self) -> None:
        self.panels: list[tuple[str, Panel]] = []

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        self.panels.append((f"{scope} {user}", panel))
        return handle or "1"


async def test_admins_who_want_to_be_told_hear_once_that_a_budget_goes_to_an_end(home: Path) -> None:
    post = Post()
    async with open_store(home / "x.db") as store:
        rules, telling = Rules(store=store.admin, now=float), Telling(store.admin, {"slack": post})
        await set_limits(store.admin, Limits(workspace=WorkspaceLimits(tokens=100)))
        await store.admin.seat(HOME, "slack/T1/UADMIN", told=True, at=0)
        await store.ledger.book([(Account(HOME, KEY), Amounts(tokens=85))])
        for _ in range(2):
            await alert(store, rules, telling, ("slack",))
    [(who, panel)] = post.panels
    assert who == "slack/T1 UADMIN"
    assert panel.title == "Tokens: 80 % of today's limit"
    assert "85 tokens of 100 tokens for today are used." in str(panel.parts)
    assert [button.path for button in panel.buttons] == ["limits"]


async def set_limits(store: AdminStore, limits: Limits, scope: str = "*") -> None:
    entry = Entry(scope, 0.0, "operator", "owner", "limits.change", f"limits:{RECORD}", "set the limits")
    await store.put(scope, "limits", RECORD, limits.model_dump_json(), seen=0, entry=entry)
