"""People and a real Bolt app, by Socket Mode and by HTTP: messages, commands, buttons, forms."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.wire.slack import Person, Slack
from tests.wire.slack.conftest import Connect, did


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


FORM: dict[str, Any] = {
    "type": "modal", "callback_id": "form", "title": plain("Start"), "submit": plain("Go"), "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "name", "label": plain("Name"),
         "element": {"type": "plain_text_input", "action_id": "n", "max_length": 5}},
        {"type": "input", "block_id": "level", "label": plain("Level"), "optional": True, "element": {
            "type": "static_select", "action_id": "l",
            "options": [{"text": plain("Senior"), "value": "s"}, {"text": plain("Junior"), "value": "j"}],
            "initial_option": {"text": plain("Senior"), "value": "s"}}},
    ],
}  # fmt: skip
MENU = {
    "type": "actions", "elements": [
        {"type": "button", "action_id": "done", "text": plain("Done"), "value": "v"},
        {"type": "overflow", "action_id": "more", "options": [{"text": plain("Hint"), "value": "hint"}]},
    ],
}  # fmt: skip


@pytest.fixture
def ann(slack: Slack) -> Person:
    return slack.person("U1", "Ann")


async def test_a_message_arrives_and_is_answered_in_its_thread(
    slack: Slack, app: AsyncApp, connect: Connect, ann: Person
) -> None:
    @app.event("message")
    async def heard(event: dict[str, Any], say: Any) -> None:
        await say(f"you said {event['text']}", thread_ts=event["ts"])

    await connect(app)
    ts = await ann.says(None, "a < b & c, see https://x.test/?q=1")
    await slack.until(lambda: slack.said_by_bot(ann.dm, ts))
    assert slack.said_by_bot(ann.dm)[0].text == "you said a &lt; b &amp; c, see <https://x.test/?q=1>"
    await slack.deliveries.settled()
    assert [delivery.payload["event"].get("bot_id") for delivery in slack.deliveries.log] == [None, slack.team.bot_id]
    assert all(delivery.acked for delivery in slack.deliveries.log)


async def test_a_mention_arrives_as_a_mention_and_a_message_and_changes_as_changes(
    slack: Slack, app: AsyncApp, connect: Connect, ann: Person
) -> None:
    heard: list[tuple[str, str]] = []

    @app.event("app_mention")
    @app.event("message")
    async def hear(event: dict[str, Any]) -> None:
        heard.append(
            (event.get("subtype") or event["type"], event.get("deleted_ts") or event.get("message", event)["ts"])
        )

    await connect(app)
    room = slack.channel("room", [ann])
    ts = await ann.mentions(room, "hello")
    await ann.edits(room, ts, "hello again")
    await ann.deletes(room, ts)
    await slack.until(lambda: len(heard) == 4)
    assert sorted(heard) == sorted(
        [("app_mention", ts), ("message", ts), ("message_changed", ts), ("message_deleted", ts)]
    )


async def test_a_command_opens_a_form_that_is_filled_in(
    slack: Slack, app: AsyncApp, connect: Connect, ann: Person
) -> None:
    submitted: list[dict[str, Any]] = []

    @app.command("/interview")
    async def begin(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack(f"starting {body['text']}")
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await respond("here it is")

    @app.view("form")
    async def submit(ack: Any, body: dict[str, Any]) -> None:
        values = body["view"]["state"]["values"]
        submitted.append(values)
        if values["name"]["n"]["value"] == "bad":
            await ack(response_action="errors", errors={"name": "Not that."})
        elif values["name"]["n"]["value"] == "more":
            await ack(response_action="push", view={**FORM, "title": plain("More")})
        else:
            await ack()

    await connect(app)
    reply = await ann.command("system design")
    assert (reply.error, reply.text) == ("", "starting system design")
    await slack.until(lambda: reply.later)
    view = slack.views(ann)[0]
    with pytest.raises(AssertionError, match="takes no more than 5"):
        await ann.submits(view, {"name": "too long"})
    with pytest.raises(AssertionError, match="needs 'Name'"):
        await ann.submits(view)
    assert (await ann.submits(view, {"name": "bad"})).errors == {"name": "Not that."}
    assert (await ann.submits(view, {"n": "more", "l": "Junior"})).action == "push"
    assert [shown.title for shown in slack.views(ann)] == ["Start", "More"]
    assert (await ann.submits(slack.views(ann)[1], {"name": "Ann"})).action == "close"
    assert submitted[1]["level"]["l"]["selected_option"]["value"] == "j"
    assert submitted[2]["level"]["l"]["selected_option"]["value"] == "s"
    assert {message.text for message in slack.ephemerals(ann)} == {"starting system design", "here it is"}


async def test_buttons_and_menus_say_what_was_pressed_and_where(
    slack: Slack, app: AsyncApp, connect: Connect, ann: Person
) -> None:
    bodies: list[dict[str, Any]] = []

    @app.action("done")
    @app.action("more")
    async def pressed(ack: Any, body: dict[str, Any], respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond(text="done", replace_original=True)

    slack.subscriptions = set()
    await connect(app)
    root = await ann.says(None, "root")
    ts = (await did(app.client.chat_postMessage(channel=ann.dm, text="q", blocks=[MENU], thread_ts=root)))["ts"]
    seen = slack.message(ann.dm, ts).blocks
    await ann.presses(ann.dm, ts, "done")
    await slack.until(lambda: slack.message(ann.dm, ts).text == "done")
    with pytest.raises(AssertionError, match="not on screen"):
        await ann.presses(ann.dm, ts, "more", "hint")
    await ann.presses(ann.dm, ts, "more", "Hint", seen=seen)
    await slack.until(lambda: len(bodies) == 2)
    assert bodies[0]["container"]["thread_ts"] == root
    assert bodies[0]["message"]["ts"] == ts
    assert bodies[0]["actions"][0]["value"] == "v"
    assert bodies[1]["actions"][0]["selected_option"]["value"] == "hint"


async def test_a_response_url_is_good_for_five_answers_in_half_an_hour(
    slack: Slack, app: AsyncApp, connect: Connect, ann: Person
) -> None:
    statuses: list[int] = []

    @app.command("/interview")
    async def command(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        answers = [await respond(f"{number}", replace_original=number > 0) for number in range(6)]
        slack.age(1801)
        answers.append(await respond("late"))
        statuses.extend(answer.status_code for answer in answers)

    await connect(app)
    reply = await ann.command("start")
    await slack.until(lambda: statuses)
    assert statuses == [200] * 5 + [404, 404]
    assert [message.text for message in reply.later] == ["4"]


async def test_home_and_shortcuts_open_what_they_should(
    slack: Slack, app: AsyncApp, connect: Connect, ann: Person
) -> None:
    home = {"type": "home", "blocks": [{**MENU, "block_id": "menu"}]}

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any], client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home)

    @app.action("done")
    async def pressed(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view={**FORM, "callback_id": body["view"]["type"]})

    @app.shortcut("begin")
    async def begin(ack: Any, shortcut: dict[str, Any], client: Any) -> None:
        await ack()
        opened = await client.views_open(trigger_id=shortcut["trigger_id"], view={**FORM, "callback_id": "short"})
        await client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=FORM)

    slack.subscriptions = {"app_home_opened"}
    await connect(app)
    await ann.opens_home()
    await slack.until(lambda: slack.home(ann))
    await ann.presses_in("home", "done")
    await slack.until(lambda: slack.views(ann))
    assert slack.views(ann)[0].callback_id == "home"
    ts = await ann.says(None, "x")
    for act in (ann.shortcut("begin"), ann.message_shortcut("begin", ann.dm, ts)):
        assert (await act).acked
        await slack.until(lambda: slack.views(ann)[0].callback_id == "form")


async def test_user_groups_are_listed_for_whoever_may_read_them(slack: Slack, client: AsyncWebClient) -> None:
    slack.group("S1CREW", [slack.person("U1")])
    listed = await client.usergroups_list(include_users=True)
    assert [(group["id"], group["users"]) for group in listed["usergroups"] or ()] == [("S1CREW", ["U1"])]
    slack.team.scopes = "chat:write"
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.usergroups_list()
