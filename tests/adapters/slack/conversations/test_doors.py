"""The door: who is let in over HTTP, what is answered in time, what happens when a store is slow or a socket closes."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from typing import Any

import aiohttp
import pytest

from adapters.owned import Owned, stored
from engine.errors import StoreUnavailable
from engine.inbound import Inbound
from tests.adapters.slack.conversations.test_answering import ANSWER
from tests.adapters.slack.world import World, open_world
from tests.wire.slack import Person

SECRET_WORDS = "my-own-words-nobody-may-log"


def message(world: World, you: Person, text: str = "start coding") -> dict[str, Any]:
    team = world.slack.team
    event = {"type": "message", "channel": you.dm, "channel_type": "im", "user": you.id, "text": text, "ts": "1700.1",
             "event_ts": "1700.1"}  # fmt: skip
    return {
        "type": "event_callback", "team_id": team.id, "event_id": "Ev1", "event_time": 1, "event": event,
        "authorizations": [{"team_id": team.id, "user_id": team.bot_user, "is_bot": True}],
    }  # fmt: skip


async def test_nobody_but_slack_is_let_in(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_world("http") as world:
        you = world.slack.person("U1", "You")
        body = json.dumps(message(world, you, f"start coding {SECRET_WORDS}"))
        refused = [
            await world.slack.raw(body, secret="not-the-secret"),
            await world.slack.raw(body, at=time.time() - 3_600),
            await world.slack.raw(body, headers={"X-Slack-Signature": "v0=junk"}),
            await world.slack.raw(body, headers={"X-Slack-Signature": "v0=ü"}),
            await world.slack.raw(body, headers={"X-Slack-Signature": ""}),
            await world.slack.raw(body, headers={"X-Slack-Request-Timestamp": "yesterday"}),
        ]
        assert [status for status, _ in refused] == [401] * 6
        await world.rest()
        assert not world.store.mailbox
        assert not world.slack.called("chat.postMessage")
    assert SECRET_WORDS not in caplog.text


async def test_a_request_is_taken_once_signature_and_all() -> None:
    async with open_world("http") as world:
        you = world.slack.person("U1", "You")
        body, at = json.dumps(message(world, you)), time.time()
        assert (await world.slack.raw(body, at=at))[0] == 200
        assert (await world.slack.raw(body, at=at))[0] == 401
        await world.see(lambda: world.store.snapshots)
        assert [len(mail) for mail in world.store.mailbox.values()] == [1]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{not json", "application/json"),
        ("[1, 2]", "application/json"),
        ('"text"', "application/json"),
        ("null", "application/json"),
        ("[" * 100_000, "application/json"),
        ("payload={not json", "application/x-www-form-urlencoded"),
        ("payload=%5B%5D", "application/x-www-form-urlencoded"),
        ('{"type": "event_callback", "team": 5}', "application/json"),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused_and_ends_nothing(body: str, content_type: str) -> None:
    async with open_world("http") as world:
        assert (await world.slack.raw(body, content_type))[0] in (400, 500)
        you = world.slack.person("U1", "You")
        await you.says(None, "start coding")
        await world.asked(you)


async def test_bytes_that_are_no_text_are_refused() -> None:
    async with open_world("http") as world, aiohttp.ClientSession() as session:
        headers = {"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": "1"}
        async with session.post(f"{world.url}/slack/events", data=b"\xff\xfe\x00", headers=headers) as answer:
            assert answer.status == 400
        async with session.post(
            f"{world.url}/slack/events", data=io.BytesIO(b"x" * 3_000_000), headers=headers
        ) as answer:
            assert answer.status == 413


async def test_without_a_signing_secret_nothing_is_served() -> None:
    async with open_world("socket") as world:
        assert world.app.routes() == []


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_slack_is_answered_in_time_and_nothing_is_lost_while_the_store_is_slow(mode: Any) -> None:
    async with open_world(mode, answer_within_s=0.1) as world:
        you = world.slack.person("U1", "You")
        ts = await you.says(None, "start coding")
        await world.asked(you)
        there = asyncio.Event()
        deliver = world.store.deliver

        async def slow(inbound: Inbound) -> bool:
            if not there.is_set():
                raise StoreUnavailable("away", "wait")
            return await deliver(inbound)

        world.store.deliver = slow
        await you.says(you.dm, ANSWER, ts)
        assert you.heard[-1].acked
        assert you.heard[-1].attempts[-1].took_s < 1.0
        assert world.session(you).turns[0].attempt.text == ""
        there.set()
        await world.see(lambda: world.session(you).turns[0].attempt.text == ANSWER)


async def test_leaving_waits_for_what_was_promised() -> None:
    owned, done = Owned(within_s=0.01), list[str]()

    async def work() -> None:
        await asyncio.sleep(0.05)
        done.append("done")

    await owned.within(work(), "work")
    assert not done
    await owned.drain()
    assert done == ["done"]


async def test_leaving_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    owned = Owned(within_s=0.0)

    async def wait() -> None:
        await asyncio.Event().wait()

    owned.start(wait(), "endless")
    await owned.drain(0.01)
    assert owned.count == 0
    assert "left undone" in caplog.text


async def test_what_goes_wrong_in_time_is_raised_and_later_logged(caplog: pytest.LogCaptureFixture) -> None:
    owned = Owned(within_s=0.02)

    async def fail(after_s: float) -> None:
        await asyncio.sleep(after_s)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await owned.within(fail(0.0), "soon")
    await owned.within(fail(0.05), "late")
    await owned.drain()
    assert "went wrong after the platform was answered" in caplog.text


async def test_what_is_not_stored_yet_is_stored_later() -> None:
    tries: list[int] = []

    async def write() -> int:
        tries.append(1)
        if len(tries) < 2:
            raise StoreUnavailable("away", "wait")
        return len(tries)

    assert await stored(write) == 2


@pytest.mark.parametrize("how", ["refresh_requested", "warning", "drop"])
async def test_sockets_that_go_away_are_replaced(how: str) -> None:
    async with open_world("socket") as world:
        you = world.slack.person("U1", "You")
        ts = await you.says(None, "start coding")
        await world.asked(you)
        await (world.slack.drop_sockets() if how == "drop" else world.slack.disconnect_sockets(how))
        await world.see(lambda: world.slack.sockets == 2)
        await you.says(you.dm, ANSWER, ts)
        assert you.heard[-1].acked
        await world.see(lambda: world.session(you).turns[0].attempt.text == ANSWER)


async def test_the_next_socket_stands_before_the_old_one_goes() -> None:
    async with open_world("socket") as world:
        closed: list[int] = []
        sockets = world.slack.deliveries.sockets
        gone = sockets._gone
        sockets._gone = lambda socket: (closed.append(sockets.count), gone(socket))[1]
        await world.slack.disconnect_sockets()
        await world.see(lambda: world.slack.sockets == 2)
        assert closed == []


async def test_an_event_that_cannot_be_acted_upon_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    async with open_world("http") as world:
        world.slack.retry_scale = 0.0
        you = world.slack.person("U1", "You")
        world.slack.fail("chat.postMessage", "internal_error", times=1)
        ts = await you.says(None, f"Good morning {SECRET_WORDS}")
        await world.see(lambda: world.slack.messages(you.dm, thread=ts)[1:])
        await world.rest()
        assert [attempt.answer.status for attempt in you.heard[-1].attempts] == [500, 200]
        assert len(world.slack.messages(you.dm, thread=ts)[1:]) == 1
    assert "could not be acted upon" in caplog.text
    assert SECRET_WORDS not in caplog.text
    assert world.slack.team.bot_token not in caplog.text


async def test_a_command_that_fails_tells_so() -> None:
    async with open_world("socket") as world:
        you = world.slack.person("U1", "You")
        world.slack.fail("conversations.open", "internal_error", times=1)
        reply = await you.command("start coding")
        await world.rest()
        assert "did not work" in reply.later[0].visible
        await you.command("start coding")
        await world.asked(you)


async def test_a_command_that_fails_late_tells_so_too() -> None:
    async with open_world("socket", answer_within_s=0.01) as world:
        you = world.slack.person("U1", "You")
        world.slack.fail("conversations.open", "internal_error", times=1, hang_s=0.1)
        reply = await you.command("start coding")
        await world.see(lambda: reply.later)
        assert "did not work" in reply.later[0].visible


async def test_a_form_whose_work_fails_says_so() -> None:
    async with open_world("http") as world:
        you = world.slack.person("U1", "You")
        await you.command("")
        world.slack.fail("conversations.open", "internal_error", times=1)
        reply = await you.submits(world.slack.views(you)[-1])
        assert reply.action == "update"
        assert reply.view is not None
        assert "did not work" in json.dumps(reply.view.json)


async def test_a_token_that_is_refused_is_told() -> None:
    async with open_world("http") as world:
        you = world.slack.person("U1", "You")
        world.slack.revoke()
        world.slack.retry_scale = 0.0
        await you.says(None, "Good morning")
        await world.rest()
        assert world.slack.deliveries.log
        assert (world.slack.team.id, "token_revoked") in world.refused


async def test_a_rate_limit_is_waited_out() -> None:
    async with open_world("socket") as world:
        you = world.slack.person("U1", "You")
        world.slack.fail("conversations.open", "ratelimited", status=429, times=1, retry_after=0.1)
        await you.command("start coding")
        await world.asked(you)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_workspace_that_leaves_is_forgotten(mode: Any) -> None:
    async with open_world(mode) as world:
        you = world.slack.person("U1", "You")
        await you.says(None, "start coding")
        await world.asked(you)
        await world.slack.uninstall()
        await world.rest()
        assert set(world.purged) == {world.slack.team.id}
        assert not [key for key in world.store.snapshots if key.user == you.id]


async def test_slack_holding_events_back_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with open_world("http") as world:
        body = json.dumps({"type": "app_rate_limited", "team_id": world.slack.team.id, "minute_rate_limited": 1})
        assert (await world.slack.raw(body))[0] == 200
    assert "holds events back" in caplog.text


async def test_a_workspace_without_the_app_is_told_so() -> None:
    async with open_world("http") as world:
        gone = {"team_id": "T9", "authorizations": [{"team_id": "T9", "user_id": "U9", "is_bot": True}]}
        status, _ = await world.slack.raw(json.dumps(message(world, world.slack.person("U1", "You")) | gone))
        assert status in (200, 401)
        assert not world.store.mailbox
