"""What the API refuses by state: tokens early and spent, channels one cannot enter, cards of the wrong kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.discord.asking import Asking, asking
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.limits import Limits, Window
from tests.wire.discord.offers import NotOffered
from tests.wire.discord.server import Discord
from tests.wire.discord.validate import COMPONENTS_V2, validate_message
from tests.wire.discord.world import EPHEMERAL, LOADING, SEND_MESSAGES, VIEW_CHANNEL

BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}


def card(text: str, *more: dict[str, Any]) -> dict[str, Any]:
    return {"flags": COMPONENTS_V2, "components": [{"type": 10, "content": text}, *more]}


async def pressed(wire: Discord, ask: Asking) -> Interaction:
    """Ada has pressed a button of a card in her DM."""
    ada = wire.person("Ada")
    await ask("POST", f"/channels/{ada.dm.id}/messages", card("A question", {"type": 1, "components": [BUTTON]}))
    return ada.presses(wire.messages(ada)[-1], "go")


async def respond(ask: Asking, act: Interaction, kind: int, **data: Any) -> Any:
    """The callback; its status and body."""
    path = f"/interactions/{act.id}/{act.token}/callback?with_response=true"
    return (await ask("POST", path, {"type": kind, "data": data}, token=False))[:2]


async def test_a_token_works_from_the_acknowledgement_until_it_is_spent() -> None:
    async with asking() as (wire, ask):
        act = await pressed(wire, ask)
        hook = f"/webhooks/{wire.application_id}/{act.token}"
        original = f"{hook}/messages/@original"
        assert (await ask("PATCH", original, {}, token=False))[1]["code"] == 10015
        assert (await respond(ask, act, 8, choices=[]))[1]["code"] == 50035
        assert not act.acked
        status, body = await respond(ask, act, 6)
        assert (status, body["interaction"]["response_message_loading"]) == (200, False)
        assert (await respond(ask, act, 6)) == (
            400,
            {"message": "Interaction has already been acknowledged.", "code": 40060},
        )
        assert (await ask("PATCH", original, card("Changed"), token=False))[0] == 200
        assert act.message is not None
        assert (act.message.text, act.replies) == ("Changed", [])
        wire.expire_interactions()
        status, body, _ = await ask("PATCH", original, card("Late"), token=False)
        assert (status, body["code"], wire.invalid_requests) == (401, 50027, 1)


async def test_the_first_follow_up_fills_in_what_was_deferred_for_one_person_only() -> None:
    async with asking() as (wire, ask):
        ada = wire.person("Ada")
        act = await pressed(wire, ask)
        await respond(ask, act, 5, flags=EPHEMERAL)
        assert wire.ephemerals(ada)[0].flags == EPHEMERAL | LOADING
        hook = f"/webhooks/{wire.application_id}/{act.token}"
        await ask("POST", hook, {"content": "one"}, token=False)
        await ask("POST", hook, {"content": "two", "flags": EPHEMERAL}, token=False)
        shown = wire.ephemerals(ada)
        assert [(each.text, each.flags) for each in shown] == [("one", EPHEMERAL), ("two", EPHEMERAL)]
        assert (act.original, act.followups) == (shown[0], [shown[1]])
        path = f"/channels/{ada.dm.id}/messages/{shown[0].id}"
        assert (await ask("PATCH", path, {"content": "x"}))[1]["code"] == 10008
        assert (await ask("DELETE", f"{hook}/messages/{shown[1].id}", token=False))[0] == 204
        ada.deletes(shown[0])
        assert (await ask("PATCH", f"{hook}/messages/@original", {"content": "x"}, token=False))[1]["code"] == 10008
        with pytest.raises(NotOffered):
            wire.person("Bob").presses(wire.messages(ada)[0], "go")


async def test_a_modal_that_is_malformed_is_not_shown() -> None:
    async with asking() as (wire, ask):
        act = await pressed(wire, ask)
        status, body = await respond(ask, act, 9, custom_id="m", title="x" * 46, components=[])
        assert (status, body["code"], set(body["errors"])) == (400, 50035, {"title", "components"})
        text = {"type": 18, "label": "Answer", "component": {"type": 4, "custom_id": "a", "style": 2, "min_length": 5}}
        assert (await respond(ask, act, 9, custom_id="m", title="Form", components=[text]))[0] == 200
        ada = wire.person("Ada")
        with pytest.raises(NotOffered, match="takes 5 to 4000 characters"):
            ada.submits(wire.modals(ada)[0], {"a": "no"})
        sent = ada.submits(wire.modals(ada)[0], {"a": "yes, because"})
        assert sent.data["components"][0]["component"]["value"] == "yes, because"
        assert (sent.opened_by, wire.modals(ada)) == (act, [])
        assert (await respond(ask, sent, 9, custom_id="m", title="Form", components=[text]))[1]["code"] == 50035


async def test_a_message_becomes_a_card_only_when_it_lets_go_of_its_content_and_stays_one() -> None:
    async with asking() as (wire, ask):
        ada = wire.person("Ada")
        path = f"/channels/{ada.dm.id}/messages"
        one = f"{path}/{(await ask('POST', path, {'content': 'plain'}))[1]['id']}"
        status, body, _ = await ask("PATCH", one, card("A card"))
        refused = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
        assert (status, body["errors"]["content"]["_errors"][0]["code"]) == (400, refused)
        assert (await ask("PATCH", one, card("A card") | {"content": None, "embeds": []}))[0] == 200
        assert (await ask("PATCH", one, {"flags": 0, "components": card("Still one")["components"]}))[0] == 200
        shown = wire.messages(ada)[0]
        assert (shown.text, shown.is_v2) == ("Still one", True)
        assert (await ask("PATCH", one, {"content": "plain again"}))[1]["code"] == 50035
        assert (await ask("POST", path, {"content": " "}))[1]["code"] == 50006


async def test_a_card_that_weighs_too_much_inside_gets_a_bare_500() -> None:
    async with asking() as (wire, ask):
        path = f"/channels/{wire.person('Ada').dm.id}/messages"
        assert (await ask("POST", path, card("д" * 4000)))[0] == 200
        status, body, _ = await ask("POST", path, card("答" * 3400))
        assert (status, body) == (500, {"message": "500: Internal Server Error", "code": 0})
        assert [each.code for each in validate_message(card("答" * 3400))] == ["PROCESSED_SIZE_EXCEEDED"]


async def test_channels_are_entered_and_written_in_by_permission() -> None:
    async with asking(Limits(dm_opens=Window(1, 60.0))) as (wire, ask):
        ada, bob = wire.person("Ada"), wire.person("Bob")
        guild = wire.guild("Guild", [ada])
        mute, hidden = wire.channel(guild, "mute"), wire.channel(guild, "hidden")
        wire.permit(mute, wire.bot, deny=SEND_MESSAGES)
        wire.permit(hidden, wire.bot, deny=VIEW_CHANNEL)
        for channel, code in ((mute.id, 50013), (hidden.id, 50001), (1, 10003)):
            assert (await ask("POST", f"/channels/{channel}/messages", {"content": "x"}))[1]["code"] == code
        said = ada.says("mine", mute)
        assert (await ask("PATCH", f"/channels/{mute.id}/messages/{said.id}", {"content": "x"}))[1]["code"] == 50005
        assert (await ask("DELETE", f"/channels/{mute.id}/messages/{said.id}"))[1]["code"] == 50013
        with pytest.raises(NotOffered):
            bob.says("not a member", mute)
        opened = [await ask("POST", "/users/@me/channels", {"recipient_id": each.id}) for each in (ada, bob, ada)]
        assert [status for status, _, _ in opened] == [200, 429, 200]
        assert opened[1][1]["code"] == 40003
        ada.leaves(guild)
        assert (await ask("POST", f"/channels/{ada.dm.id}/messages", {"content": "x"}))[1]["code"] == 50278


async def test_commands_are_refused_with_the_place_of_the_fault() -> None:
    async with asking() as (wire, ask):
        path = f"/applications/{wire.application_id}/commands"
        fine = {"name": "interview", "description": "Interviews", "options": []}
        status, body, _ = await ask("PUT", path, [fine, {"name": "Bad Name", "description": ""}])
        assert (status, set(body["errors"]), set(body["errors"]["1"])) == (400, {"1"}, {"name", "description"})
        first = (await ask("PUT", path, [fine]))[1][0]
        again = (await ask("PUT", path, [fine | {"description": "Better"}]))[1][0]
        assert (first["id"], first["application_id"]) == (again["id"], str(wire.application_id))
        assert first["id"] != again["version"]
        assert (wire.command_puts, wire.house.commands.creates[None]) == (3, 1)
