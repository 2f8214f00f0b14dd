"""Tokens of many workspaces: sealed, found, renewed by one process, lost and removed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.authorize import authorizer
from adapters.slack.many import CACHED_S
from adapters.slack.rotation import Rotation
from adapters.slack.sealing import Seal, Unopened
from adapters.slack.workspaces import SlackUnreachable, TokenRefused, WorkspaceGone, whoami
from engine.errors import StoreError
from tests.adapters.slack.installing import KEYS, Process, process
from tests.wire.slack import Slack, serve_slack

HOUR_S = 3600.0


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serve_slack() as slack:
        yield slack


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rehearse.db"


@pytest.fixture
async def one(slack: Slack, path: Path) -> AsyncIterator[Process]:
    async with process(slack, path) as process_:
        yield process_


@pytest.fixture
async def other(slack: Slack, path: Path) -> AsyncIterator[Process]:
    async with process(slack, path) as process_:
        yield process_


def refreshes(slack: Slack) -> int:
    return len([call for call in slack.called("oauth.v2.access") if call.args.get("grant_type") == "refresh_token"])


# Sealed


async def test_neither_a_token_nor_the_installer_is_in_the_database(slack: Slack, one: Process, path: Path) -> None:
    await one.install(slack.team, rotates=True)
    rows = str(sqlite3.connect(path).execute("SELECT * FROM installations").fetchall())
    assert "T0REHEARSE" in rows
    files = b"".join(file.read_bytes() for file in path.parent.glob("rehearse.db*") if file.is_file())
    for secret in (slack.team.bot_token, "refresh-T0REHEARSE", "U0INSTALLER"):
        assert secret.encode() not in files
    assert slack.team.bot_token not in repr(await one.installs.find("", "T0REHEARSE"))


async def test_a_new_key_seals_anew_what_it_reads_and_then_the_old_one_can_go(
    slack: Slack, one: Process, path: Path
) -> None:
    await one.install(slack.team)
    async with process(slack, path, keys=[KEYS[1], KEYS[0]]) as rotating:
        await rotating.workspaces.look_after()
    async with process(slack, path, keys=[KEYS[1]]) as rotated:
        held = await rotated.installs.find("", slack.team.id)
        assert held is not None
        assert held.installed.token == slack.team.bot_token
    with pytest.raises(Unopened) as caught:
        await one.installs.find("", slack.team.id)
    assert "REHEARSE_SECRET_KEYS" in caught.value.hint
    assert await one.installs.all() == []


async def test_a_row_swapped_for_another_workspaces_is_not_opened(slack: Slack, one: Process, path: Path) -> None:
    await one.install(slack.team)
    await one.install(slack.add_team("T1"))
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE installations SET body = (SELECT body FROM installations WHERE team = 'T1') WHERE team <> 'T1'"
        )
    with pytest.raises(Unopened):
        await one.installs.find("", slack.team.id)


def test_a_seal_opens_what_any_of_its_keys_closed() -> None:
    old, new = Seal(KEYS[:1]), Seal([KEYS[1], KEYS[0]])
    assert new.open(old.close("ünïcode")) == ("ünïcode", True)
    assert new.open(new.close("x")) == ("x", False)
    for broken in ("", "nonsense", new.close("x")[:-4]):
        with pytest.raises(Unopened):
            new.open(broken)


# Found


async def test_each_workspace_is_acted_in_with_its_own_token(slack: Slack, one: Process) -> None:
    teams = [slack.team, slack.add_team("T1"), slack.add_team("T2")]
    for team in teams:
        await one.install(team)
    for team in teams:
        assert (await whoami(await one.workspaces.client(team.id))).team == team.id
    with pytest.raises(WorkspaceGone, match="not installed"):
        await one.workspaces.client("T9")


async def test_an_organisations_token_is_found_again_after_a_restart(slack: Slack, one: Process, path: Path) -> None:
    await one.install(slack.add_team("T1", enterprise="E1", org_wide=True))
    grant = await one.workspaces.grant("E1", "T2")
    assert grant is not None
    assert (grant.enterprise, grant.team) == ("E1", "T2")
    async with process(slack, path) as restarted:
        client = await restarted.workspaces.client("T2")
        await client.api_test()
    assert slack.called("api.test")[-1].args["team_id"] == "T2"


async def test_slack_is_asked_whose_a_workspace_is_that_nobody_knows(slack: Slack, one: Process) -> None:
    teams = [slack.add_team(f"T{n}", enterprise="E1", org_wide=True) for n in range(1, 120)]
    await one.install(slack.team)
    await one.install(teams[0])
    client, *_ = await asyncio.gather(*(one.workspaces.client("T110") for _ in range(5)))
    await client.api_test()
    assert slack.called("api.test")[-1].args["team_id"] == "T110"
    assert len(slack.called("auth.teams.list")) == 2
    for _ in range(3):
        with pytest.raises(WorkspaceGone):
            await one.workspaces.client("T999")
    assert len(slack.called("auth.teams.list")) == 4
    slack.age(CACHED_S)
    slack.fail("auth.teams.list", status=503)
    with pytest.raises(SlackUnreachable):
        await one.workspaces.client("T999")
    slack.fail("auth.teams.list", error="token_revoked")
    with pytest.raises(WorkspaceGone):
        await one.workspaces.client("T999")


async def test_a_request_is_authorized_without_asking_slack(slack: Slack, one: Process) -> None:
    await one.install(slack.team)
    authorize = authorizer(one.workspaces)
    result, *same = [await authorize(enterprise_id=None, team_id=slack.team.id) for _ in range(5)]
    assert result is not None
    assert same == [result] * 4
    assert (result.bot_token, result.bot_id, result.bot_user_id) == (slack.team.bot_token, "B0REHEARSE", "U0REHEARSE")
    assert await authorize(enterprise_id=None, team_id="T9") is None
    assert await authorize(enterprise_id=None, team_id=None) is None
    assert slack.calls == []


async def test_bolt_finds_the_bot_and_no_person(slack: Slack, one: Process) -> None:
    await one.install(slack.team, rotates=True)
    bot = await one.installs.async_find_bot(enterprise_id=None, team_id=slack.team.id)
    assert bot is not None
    assert (bot.bot_token, bot.bot_refresh_token) == (slack.team.bot_token, "refresh-T0REHEARSE")
    found = await one.installs.async_find_installation(enterprise_id=None, team_id=slack.team.id, user_id="U1")
    assert found is not None
    assert (found.user_token, found.user_id) == (None, "")
    await one.installs.async_delete_installation(enterprise_id=None, team_id=slack.team.id, user_id="U1")
    assert await one.installs.async_find_bot(enterprise_id=None, team_id=slack.team.id) is not None
    await one.installs.async_delete_all(enterprise_id=None, team_id=slack.team.id)
    assert await one.installs.async_find_bot(enterprise_id=None, team_id=slack.team.id) is None


# Renewed


async def test_a_token_that_ends_soon_is_renewed_beside_the_work(slack: Slack, one: Process) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    await one.workspaces.look_after()
    assert refreshes(slack) == 0
    slack.age(10.5 * HOUR_S)
    await one.workspaces.look_after()
    assert refreshes(slack) == 1
    client = await one.workspaces.client(slack.team.id)
    assert client.token == slack.team.bot_token
    slack.age(2 * HOUR_S)
    assert (await whoami(client)).team == slack.team.id


async def test_two_processes_do_not_race_for_one_refresh_token(slack: Slack, one: Process, other: Process) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    slack.age(13 * HOUR_S)
    slack.fail("oauth.v2.access", hang_s=0.05)
    clients = await asyncio.gather(*(each.workspaces.client(slack.team.id) for each in (one, other) * 3))
    assert refreshes(slack) == 1
    assert {client.token for client in clients} == {slack.team.bot_token}
    assert (await whoami(clients[-1])).team == slack.team.id


async def test_a_good_token_is_used_while_somebody_else_renews_it(slack: Slack, one: Process) -> None:
    await one.install(slack.team, rotates=True)
    slack.age(11 * HOUR_S)
    assert await one.installs.shelf.claim("", slack.team.id, 1, one.installs.now() + 60)
    await one.workspaces.look_after()
    assert (await one.workspaces.client(slack.team.id)).token == slack.team.bot_token
    assert refreshes(slack) == 0
    slack.app.rotates = True
    slack.age(61)
    await one.workspaces.look_after()
    assert refreshes(slack) == 1, "whoever claimed it did not come back"
    assert (await one.workspaces.client(slack.team.id)).token == slack.team.bot_token


async def test_while_slack_is_away_the_old_token_is_used_as_long_as_it_is_good(slack: Slack, one: Process) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    slack.age(11 * HOUR_S)
    slack.fail("oauth.v2.access", status=503, times=2)
    await one.workspaces.look_after()
    assert (await one.workspaces.client(slack.team.id)).token == slack.team.bot_token
    slack.age(1.5 * HOUR_S)
    with pytest.raises(SlackUnreachable):
        await one.workspaces.client(slack.team.id)
    assert (await one.workspaces.client(slack.team.id)).token == slack.team.bot_token


async def test_a_refresh_token_that_slack_refuses_means_the_workspace_is_gone(slack: Slack, one: Process) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    slack.grants[slack.team.bot_token].refresh = "another"
    slack.age(13 * HOUR_S)
    with pytest.raises(WorkspaceGone, match="invalid_refresh_token"):
        await one.workspaces.client(slack.team.id)
    assert await one.workspaces.grant("", slack.team.id) is None


async def test_tokens_are_looked_after_while_it_is_entered(slack: Slack, one: Process) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    slack.age(11 * HOUR_S)
    async with one.workspaces:
        await slack.until(lambda: refreshes(slack) == 1)


async def test_whoever_waits_for_a_renewal_that_never_comes_gives_up(slack: Slack, one: Process) -> None:
    await one.install(slack.team, rotates=True)
    slack.age(13 * HOUR_S)
    assert await one.installs.shelf.claim("", slack.team.id, 1, one.installs.now() + HOUR_S)

    async def pause(seconds: float) -> None:
        slack.age(seconds)

    held = await one.installs.find("", slack.team.id)
    assert held is not None
    rotation = Rotation(one.installs, one.client, slack.app.client_secret, pause=pause)
    with pytest.raises(SlackUnreachable, match="does not come back"):
        await rotation.fresh(held)

    async def removed(seconds: float) -> None:
        del seconds
        await one.installs.remove("", slack.team.id)

    rotation = Rotation(one.installs, one.client, slack.app.client_secret, pause=removed)
    with pytest.raises(TokenRefused, match="account_inactive"):
        await rotation.fresh(held)


async def test_the_only_copy_of_a_new_token_is_written_again_and_again(slack: Slack, one: Process, path: Path) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    slack.age(11 * HOUR_S)
    pauses: list[float] = []

    async def mend(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            database.execute("DROP TRIGGER broken")
            database.commit()

    held = await one.installs.find("", slack.team.id)
    assert held is not None
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TRIGGER broken BEFORE UPDATE OF body ON installations BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        database.commit()
        renewed = await Rotation(one.installs, one.client, slack.app.client_secret, pause=mend).fresh(
            held, within_s=2 * HOUR_S
        )
    assert pauses == [1.0, 1.0]
    kept = await one.installs.find("", slack.team.id)
    assert kept == renewed
    assert kept is not None
    assert kept.installed.token == slack.team.bot_token


async def test_an_installation_made_meanwhile_wins(slack: Slack, one: Process) -> None:
    slack.app.rotates = True
    await one.install(slack.team, rotates=True)
    slack.age(13 * HOUR_S)
    held = await one.installs.find("", slack.team.id)
    assert held is not None
    slack.fail("oauth.v2.access", hang_s=0.1)
    renewing = asyncio.create_task(one.rotation.fresh(held))
    await slack.until(lambda: refreshes(slack) == 1)
    await one.install(slack.team, rotates=True)
    newest = await one.installs.find("", slack.team.id)
    assert await renewing == newest
    assert newest is not None
    assert not newest.installed.ends_within(HOUR_S, one.installs.now())


@pytest.mark.parametrize("fault", [{"reset": True}, {"error": "ratelimited"}, {"body": '{"ok": true}'}])
async def test_an_answer_without_a_token_is_no_refusal(slack: Slack, one: Process, fault: dict[str, Any]) -> None:
    await one.install(slack.team, rotates=True)
    slack.age(13 * HOUR_S)
    slack.fail("oauth.v2.access", **fault)
    with pytest.raises(SlackUnreachable):
        await one.workspaces.client(slack.team.id)


# Lost and removed


async def test_a_token_is_lost_when_slack_says_so_twice(slack: Slack, one: Process) -> None:
    await one.install(slack.team)
    await one.workspaces.client(slack.team.id)
    await one.workspaces.lost(slack.team.id, "invalid_auth")
    assert await one.workspaces.client(slack.team.id)
    slack.revoke(error="account_inactive")
    await one.workspaces.lost(slack.team.id, "account_inactive")
    asked = len(slack.called("auth.test"))
    await one.workspaces.lost(slack.team.id, "account_inactive")
    with pytest.raises(WorkspaceGone, match="account_inactive"):
        await one.workspaces.client(slack.team.id)
    assert len(slack.called("auth.test")) == asked
    slack.revoke(error="")
    slack.age(CACHED_S)
    assert await one.workspaces.client(slack.team.id)


async def test_what_slack_says_is_not_believed_while_it_is_away(slack: Slack, one: Process) -> None:
    await one.install(slack.team)
    await one.workspaces.client(slack.team.id)
    slack.fail("auth.test", status=503)
    await one.workspaces.lost(slack.team.id, "invalid_auth")
    assert await one.workspaces.client(slack.team.id)
    await one.workspaces.lost("T9", "invalid_auth")


async def test_an_organisation_installed_anew_is_there_at_once(slack: Slack, one: Process) -> None:
    team = slack.add_team("T1", enterprise="E1", org_wide=True)
    await one.install(team)
    assert await one.workspaces.grant("E1", "T1") is not None
    slack.grants["xoxb-new"] = slack.grants.pop(team.bot_token)
    team.bot_token = "xoxb-new"
    await one.install(team)
    one.workspaces.installed("E1", "")
    assert (await one.workspaces.client("T1")).token == "xoxb-new"


async def test_installed_anew_it_is_there_at_once(slack: Slack, one: Process) -> None:
    await one.install(slack.team)
    await one.workspaces.client(slack.team.id)
    slack.revoke(error="token_revoked")
    await one.workspaces.lost(slack.team.id, "token_revoked")
    slack.revoke(error="")
    slack.grants["xoxb-new"] = slack.grants.pop(slack.team.bot_token)
    slack.team.bot_token = "xoxb-new"
    await one.install(slack.team)
    one.workspaces.installed("", slack.team.id)
    assert (await one.workspaces.client(slack.team.id)).token == "xoxb-new"


async def test_a_workspace_that_removes_the_app_is_gone(slack: Slack, one: Process) -> None:
    await one.install(slack.team)
    await one.workspaces.client(slack.team.id)
    assert list(await one.workspaces.removed("", slack.team.id)) == [slack.team.id]
    with pytest.raises(WorkspaceGone):
        await one.workspaces.client(slack.team.id)
    assert await one.workspaces.grant("", slack.team.id) is None


async def test_a_database_that_is_away_does_not_take_a_workspace_with_it(
    slack: Slack, one: Process, path: Path
) -> None:
    await one.install(slack.team)
    client = await one.workspaces.client(slack.team.id)
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE installations RENAME TO elsewhere")
    slack.age(CACHED_S)
    assert await one.workspaces.client(slack.team.id) is client
    with pytest.raises(StoreError):
        await one.workspaces.client("T9")


async def test_another_process_notices_within_a_minute(slack: Slack, one: Process, other: Process) -> None:
    await one.install(slack.team)
    await other.workspaces.client(slack.team.id)
    await one.workspaces.removed("", slack.team.id)
    slack.age(CACHED_S)
    with pytest.raises(WorkspaceGone):
        await other.workspaces.client(slack.team.id)
