"""Native streams: what grows, what is refused, and what becomes of them in time."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.wire.slack import Person, Slack
from tests.wire.slack.conftest import did, refused
from tests.wire.slack.test_chat import BUTTON


@pytest.fixture
def ann(slack: Slack) -> Person:
    return slack.person("U1")


async def begin(ann: Person, client: AsyncWebClient) -> str:
    root = await ann.says(None, "my answer")
    return (await did(client.chat_startStream(channel=ann.dm, thread_ts=root, markdown_text="one")))["ts"]


async def test_a_stream_grows_and_ends_with_blocks_below(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    ts = await begin(ann, client)
    await client.chat_appendStream(channel=ann.dm, ts=ts, markdown_text=" two")
    assert slack.message(ann.dm, ts).streaming
    await client.chat_stopStream(
        channel=ann.dm, ts=ts, markdown_text=" three", blocks=[BUTTON], session_status="active"
    )
    message = slack.message(ann.dm, ts)
    assert not message.streaming
    assert (message.text, message.visible, message.action_ids) == ("one two three", "one two three\nx", ["a"])
    assert slack.statuses[-1].text == "active"
    assert [write.visible for write in slack.timeline] == ["one", "one two", "one two three\nx"]
    assert (
        await refused(client.chat_appendStream(channel=ann.dm, ts=ts, markdown_text="!"))
        == "message_not_in_streaming_state"
    )


async def test_the_helper_of_the_sdk_streams(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    root = await ann.says(None, "my answer")
    stream = await client.chat_stream(channel=ann.dm, thread_ts=root)
    await stream.append(markdown_text="x" * 300)
    await stream.append(markdown_text="the end")
    await stream.stop()
    assert slack.said_by_bot(ann.dm)[0].text == "x" * 300 + "the end"


async def test_a_live_stream_cannot_be_edited_and_an_ended_one_can(
    slack: Slack, ann: Person, client: AsyncWebClient
) -> None:
    ts = await begin(ann, client)
    assert await refused(client.chat_update(channel=ann.dm, ts=ts, text="new")) == "streaming_state_conflict"
    await client.chat_stopStream(channel=ann.dm, ts=ts)
    await client.chat_update(channel=ann.dm, ts=ts, text="new")
    assert slack.message(ann.dm, ts).visible == "new"


async def test_slack_closes_a_stream_after_five_minutes(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    ts = await begin(ann, client)
    slack.age(299)
    await client.chat_appendStream(channel=ann.dm, ts=ts, markdown_text="late")
    slack.age(1)
    assert not slack.message(ann.dm, ts).streaming
    assert await refused(client.chat_stopStream(channel=ann.dm, ts=ts)) == "message_not_in_streaming_state"


async def test_a_stream_is_full_at_eleven_thousand_bytes(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    ts = await begin(ann, client)
    assert await refused(client.chat_appendStream(channel=ann.dm, ts=ts, markdown_text="x" * 12_001)) == "msg_too_long"
    await client.chat_appendStream(channel=ann.dm, ts=ts, markdown_text="é" * 5000)
    task = {"type": "task_update", "id": "t", "title": "T", "status": "complete", "details": "x" * 499}
    assert await refused(client.chat_appendStream(channel=ann.dm, ts=ts, chunks=[task])) == "msg_too_long"
    assert slack.message(ann.dm, ts).text == "one" + "é" * 5000


async def test_a_stream_is_a_reply_to_somebody(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    room = slack.channel("room", [ann, slack.person("U2")])
    root = await ann.says(room, "my answer")
    start = client.chat_startStream
    assert await refused(start(channel=room, thread_ts=root, markdown_text="x")) == "missing_recipient_user_id"
    assert await refused(start(channel=room, thread_ts="", markdown_text="x")) == "invalid_arguments"
    assert await refused(start(channel=room, thread_ts="1.2", markdown_text="x")) == "thread_not_found"
    whom: Any = {"recipient_user_id": "U1", "recipient_team_id": "T0REHEARSE"}
    ts = (await did(start(channel=room, thread_ts=root, markdown_text="a", **whom)))["ts"]
    await client.chat_appendStream(channel=room, ts=ts, markdown_text="b")
    message = slack.message(room, ts)
    assert (message.seen_by("U1", in_dm=False), message.seen_by("U2", in_dm=False)) == ("ab", "a")


async def test_a_person_stops_a_stream(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    ts = await begin(ann, client)
    await ann.stops(ann.dm, ts)
    assert (
        await refused(client.chat_appendStream(channel=ann.dm, ts=ts, markdown_text="!"))
        == "message_not_in_streaming_state"
    )
    event = slack.deliveries.log[-1].payload["event"]
    assert (event["type"], event["streaming_message_ts"]) == ("agent_session_stopped", [ts])


async def test_a_workspace_may_do_without(slack: Slack, ann: Person, client: AsyncWebClient) -> None:
    root = await ann.says(None, "my answer")
    slack.refuse("streaming", "charts", "agents")
    pie = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    chart = {"type": "data_visualization", "title": "T", "chart": pie}
    assert await refused(client.chat_startStream(channel=ann.dm, thread_ts=root, markdown_text="x")) == "unknown_method"
    assert await refused(client.chat_postMessage(channel=ann.dm, text="x", blocks=[chart])) == "invalid_blocks"
    set_status = client.agents_sessions_setStatus
    assert await refused(set_status(channel_id=ann.dm, status="active", thread_ts=root)) == "not_authorized"
    slack.allow("charts", "agents")
    await client.chat_postMessage(channel=ann.dm, text="x", blocks=[chart])
    await set_status(channel_id=ann.dm, status="processing", thread_ts=root, title="An interview")
    await client.assistant_threads_setStatus(channel_id=ann.dm, thread_ts=root, status="is thinking")
    await client.assistant_threads_setTitle(channel_id=ann.dm, thread_ts=root, title="T")
    await client.assistant_threads_setSuggestedPrompts(channel_id=ann.dm, prompts=[{"title": "a", "message": "b"}])
    assert [status.text for status in slack.statuses] == ["processing", "is thinking"]
    assert (slack.session(ann.dm, root), slack.status(ann.dm, root)) == ("processing", "is thinking")
    await client.chat_postMessage(channel=ann.dm, thread_ts=root, text="there")
    assert slack.status(ann.dm, root) == ""
    assert [title.text for title in slack.titles] == ["An interview", "T"]
    assert slack.prompts[0].text == "a"
