"""Messages, limits and faults as the real client meets them."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.wire.slack import Limits, Slack, serve_slack
from tests.wire.slack.conftest import did, refused

BUTTON = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x"}}],
}


async def test_a_message_is_posted_edited_and_deleted(slack: Slack, client: AsyncWebClient) -> None:
    dm = slack.dm(slack.person("U1"))
    ts = (await did(client.chat_postMessage(channel="U1", text="one", blocks=[BUTTON])))["ts"]
    assert slack.message(dm, ts).action_ids == ["a"]

    await client.chat_update(channel=dm, ts=ts, text="two", blocks=[BUTTON])
    assert not slack.message(dm, ts).edited
    await client.chat_update(channel=dm, ts=ts, text="three")
    assert slack.message(dm, ts).edited
    assert slack.message(dm, ts).blocks == []

    await client.chat_delete(channel=dm, ts=ts)
    assert slack.messages(dm) == []
    assert [write.method for write in slack.timeline] == [
        "chat.postMessage",
        "chat.update",
        "chat.update",
        "chat.delete",
    ]
    assert [write.visible for write in slack.timeline] == ["x", "x", "three", "three"]


async def test_what_slack_refuses_is_refused_with_its_word(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1")
    ts = await ann.says(None, "hello")
    aside = slack.channel("aside", [ann], bot=False)
    old = slack.channel("old", [ann], archived=True)
    post = client.chat_postMessage
    assert await refused(post(channel=ann.dm, text="x" * 4001)) == "msg_too_long"
    assert await refused(post(channel=ann.dm, text="", attachments=[])) == "no_text"
    assert await refused(post(channel=ann.dm, text="x", blocks=[BUTTON] * 51)) == "invalid_blocks"
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}
    assert await refused(post(channel=ann.dm, text="x", blocks=[long] * 5)) == "msg_blocks_too_long"
    assert await refused(post(channel="C404", text="x")) == "channel_not_found"
    assert await refused(post(channel=aside, text="x")) == "not_in_channel"
    assert await refused(post(channel=old, text="x")) == "is_archived"
    assert await refused(post(channel=ann.dm, text="x", thread_ts="1.2")) == "thread_not_found"
    assert await refused(post(channel="U9", text="x")) == "user_not_found"
    assert await refused(client.chat_update(channel=ann.dm, ts=ts, text="x")) == "cant_update_message"
    assert await refused(client.chat_update(channel=ann.dm, ts="1.2", text="x")) == "message_not_found"
    assert await refused(client.api_call("chat.shout")) == "unknown_method"
    assert await refused(AsyncWebClient(token="xoxb-no", base_url=f"{slack.url}/api/").auth_test()) == "invalid_auth"
    assert await refused(AsyncWebClient(base_url=f"{slack.url}/api/").auth_test()) == "not_authed"


async def test_a_refusal_of_blocks_says_which(slack: Slack, client: AsyncWebClient) -> None:
    slack.person("U1")
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="U1", text="x", blocks=[{"type": "header"}])
    assert "[json-pointer:/blocks/0]" in refusal.value.response["response_metadata"]["messages"][0]


async def test_arguments_come_by_get_form_json_and_query(slack: Slack) -> None:
    slack.person("U1")
    bearer = {"Authorization": f"Bearer {slack.team.bot_token}"}
    given = {"channel": "U1", "text": "x"}
    url = f"{slack.url}/api/chat.postMessage"
    async with aiohttp.ClientSession() as session:
        ways: list[Any] = [
            session.get(url, params=given, headers=bearer),
            session.post(url, params=given, headers=bearer),
            session.post(url, data={**given, "token": slack.team.bot_token}),
            session.post(url, json=given, headers=bearer),
        ]
        for way in ways:
            async with way as reply:
                assert (await reply.json())["ok"]
    assert [call.via for call in slack.calls] == ["get", "query", "form", "json"]


async def test_reads_find_what_was_written(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1", "Ann Lee", admin=True, locale="de-DE")
    root = await ann.says(None, "root")
    for number in range(20):
        await client.chat_postMessage(channel=ann.dm, thread_ts=root, text=str(number))
    replies = await did(client.conversations_replies(channel=ann.dm, ts=root, limit=100))
    assert len(replies["messages"]) == 15
    assert replies["has_more"]
    user = (await did(client.users_info(user="U1", include_locale=True)))["user"]
    assert (user["real_name"], user["is_admin"], user["locale"]) == ("Ann Lee", True, "de-DE")
    assert (await did(client.conversations_open(users="U1")))["channel"]["id"] == ann.dm
    assert (await did(client.auth_test()))["user_id"] == slack.team.bot_user
    link = (await did(client.chat_getPermalink(channel=ann.dm, message_ts=root)))["permalink"]
    assert link.endswith(root.replace(".", ""))
    await client.chat_postEphemeral(channel=ann.dm, user="U1", text="psst")
    assert [message.text for message in slack.ephemerals(ann)] == ["psst"]


async def test_a_deleted_root_that_has_replies_becomes_a_tombstone(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1")
    root = await ann.says(None, "root")
    reply = await ann.says(None, "reply", root)
    await ann.deletes(ann.dm, root)
    assert slack.deliveries.log[-1].payload["event"]["message"]["subtype"] == "tombstone"
    await client.chat_postMessage(channel=ann.dm, thread_ts=root, text="still here")
    await ann.deletes(ann.dm, reply)
    assert slack.deliveries.log[-1].payload["event"]["subtype"] == "message_deleted"


async def test_the_documented_limits_hold_and_say_when_to_come_back() -> None:
    time = 0.0
    async with serve_slack(Limits.documented(), clock=lambda: time) as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=slack.team.bot_token, base_url=f"{slack.url}/api/", session=session)
        slack.person("U1")
        slack.person("U2")
        posted = [await did(client.chat_postMessage(channel="U1", text="x")) for _ in range(3)]
        with pytest.raises(SlackApiError) as refusal:
            await client.chat_postMessage(channel="U1", text="x")
        assert refusal.value.response.status_code == 429
        assert refusal.value.response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel="U2", text="x")
        channel, ts = posted[0]["channel"], posted[0]["ts"]
        for _ in range(10):
            await client.chat_update(channel=channel, ts=ts, text="y")
        assert await refused(client.chat_update(channel=channel, ts=ts, text="y")) == "ratelimited"
        time = 1.2
        await client.chat_update(channel=channel, ts=ts, text="y")
        assert slack.limited == {"chat.postMessage": 1, "chat.update": 1}


def test_tighter_limits_are_tighter_in_rate_and_depth() -> None:
    limits = Limits.scaled(0.6)
    allowed = [limits.take("T", "chat.appendStream", {"channel": "D"}, 0.0) for _ in range(13)]
    assert allowed == [0] * 12 + [1]


async def test_calls_fail_as_told(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1")
    slack.fail("chat.postMessage", "fatal_error")
    slack.fail("chat.postMessage", status=429, retry_after=7)
    slack.fail("chat.postMessage", lost=True)
    assert await refused(client.chat_postMessage(channel="U1", text="one")) == "fatal_error"
    assert await refused(client.chat_postMessage(channel="U1", text="two")) == "ratelimited"
    client.retry_handlers = []
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="U1", text="three")
    assert [message.text for message in slack.messages(ann.dm)] == ["three"]
    slack.fail("chat.postMessage", body="<html>", status=503)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="U1", text="four")


async def test_what_would_act_in_a_message_is_found(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1")
    harmless = {"type": "section", "text": {"type": "plain_text", "text": "<!channel>"}}
    harmful = {"type": "section", "text": {"type": "mrkdwn", "text": "hi <!channel> &lt;@U2&gt; <https://x.test|y>"}}
    await client.chat_postMessage(channel="U1", text="x", blocks=[harmless, harmful])
    assert slack.messages(ann.dm)[0].live_markup == ["<!channel>", "<https://x.test|y>"]


async def test_waiting_ends_at_the_change_or_tells_what_happened(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1")
    await client.auth_test()
    with pytest.raises(AssertionError, match=r"auth\.test ok"):
        await slack.until(lambda: slack.messages(ann.dm), within_s=0.01)
