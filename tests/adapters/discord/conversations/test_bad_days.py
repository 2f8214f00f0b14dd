"""Days on which Discord, the network or the database does not do as it should: nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import logging

import pytest

from adapters.discord.names import read_place
from engine.errors import SettingsError, StoreError
from engine.inbound import Inbound
from tests.adapters.discord.conversations.test_answering import ANSWER, answer, form_of
from tests.adapters.discord.world import World, open_world, short_types
from tests.kit.memory import MemoryStore
from tests.kit.recordings import ogg
from tests.wire.discord.interactions import payload
from tests.wire.discord.people import Person
from tests.wire.discord.server import serve_discord
from tests.wire.discord.world import Message


async def begun(world: World, name: str = "Ada") -> tuple[Person, Message]:
    you = world.discord.person(name)
    if not any(you.id in guild.members for guild in world.discord.house.guilds.values()):
        world.discord.guild(f"Guild of {name}", [you])
    await world.starts(you)
    return you, await world.asked(you)


def texts(world: World, you: Person) -> list[str]:
    return [message.text for message in world.messages(you)]


async def test_a_restart_answers_what_was_written_meanwhile_and_knows_the_buttons_of_before() -> None:
    async with serve_discord() as discord:
        store = MemoryStore()
        async with open_world(discord=discord, store=store) as world:
            you, question = await begun(world)
            edited = you.says("Frist")
            await world.rest()
            modal = await form_of(world, you, question)
        you.edits(edited, "First")
        you.says("while it was down")
        you.uploads("code.py", b"print(1)", "text/x-python")
        async with open_world(discord=discord, store=store) as world:
            await world.see(lambda: answer(world, you) == "First\nwhile it was down\nprint(1)")
            you.submits(modal, {"answer": "by form"})
            await world.see(lambda: answer(world, you).endswith("by form"))
            world.press(you, question, "done")
            feedback = await world.reviewed(you)
            before = len(world.messages(you))
        async with open_world(discord=discord, store=store) as world:
            await world.done(you.presses(feedback, next(id for id in feedback.custom_ids if "why" in id)))
            assert len(world.messages(you)) == before
            assert discord.command_puts == 1
            assert len(world.session(you).turns) == 1


async def test_a_voice_message_of_before_a_restart_is_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.app.DRAIN_S", 0.2)
    async with serve_discord() as discord:
        store = MemoryStore()
        async with open_world(discord=discord, store=store) as world:
            you, _ = await begun(world)
            world.ear.go_on.clear()
            you.records_voice(4, content=ogg(4))
            listening = await world.see(lambda: next((m for m in world.messages(you) if "Listening" in m.text), None))
            await world.see(lambda: world.ear.heard)
        async with open_world(discord=discord, store=store) as world:
            assert not world.ear.heard
            you.presses(listening, next(id for id in listening.custom_ids if ":again:" in id))
            await world.see(lambda: any(":use:" in id for id in listening.custom_ids))
            you.presses(listening, next(id for id in listening.custom_ids if ":use:" in id))
            await world.see(lambda: answer(world, you) == "We cached the hot rows and measured it.")


@pytest.mark.parametrize("how", ["plug", "op7", "op9", "code", "fatal"])
async def test_whatever_ends_the_connection_it_comes_back_and_nothing_is_missed(how: str) -> None:
    async with open_world() as world:
        you, question = await begun(world)
        identified = len(world.discord.gateway.identifies)
        match how:
            case "plug":
                world.discord.drop_gateway(resumable=False)
            case "op7":
                world.discord.op7()
            case "op9":
                world.discord.op9()
            case "code":
                world.discord.drop_gateway(code=4000)
            case _:
                world.discord.drop_gateway(resumable=False, code=4011)
        you.says(ANSWER)
        await world.see(lambda: answer(world, you) == ANSWER, 15)
        await world.see(lambda: world.discord.gateway.resumes + len(world.discord.gateway.identifies) > identified)
        await world.see(lambda: world.discord.gateway.connected)
        world.press(you, question, "done")
        await world.reviewed(you)
        assert not world.serving.done()


async def test_events_that_were_lost_are_read_from_the_channel_after_a_reconnect() -> None:
    async with open_world() as world:
        you, _ = await begun(world)
        world.discord.lose_events(1)
        you.says("lost")
        you.says("heard")
        await world.see(lambda: "heard" in answer(world, you))
        world.discord.op7()
        await world.see(lambda: "lost" in answer(world, you), 15)
        assert answer(world, you).count("heard") == 1


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("MESSAGE_CREATE", {"id": {"no": "id"}}),
        ("MESSAGE_CREATE", ["nothing"]),
        ("INTERACTION_CREATE", {"id": "1", "type": "odd"}),
        ("GUILD_CREATE", {"broken": True}),
        ("READY", None),
    ],
)
async def test_a_malformed_event_ends_nothing(event: str, data: object) -> None:
    async with open_world() as world:
        you, _ = await begun(world)
        world.discord.gateway.dispatch(event, lambda _: data)  # pyright: ignore[reportArgumentType]
        you.says(ANSWER)
        await world.see(lambda: answer(world, you) == ANSWER, 15)
        assert not world.serving.done()


async def test_two_gateway_sessions_at_once_do_everything_once() -> None:
    async with serve_discord() as discord:
        store = MemoryStore()
        async with open_world(discord=discord, store=store) as world:
            you, question = await begun(world)
            for session in list(discord.gateway.sessions.values()):
                assert session.connection is not None
            said = you.says(ANSWER)
            discord.house._tell_message("MESSAGE_CREATE", said)
            act = world.press(you, question, "done")
            discord.gateway.dispatch("INTERACTION_CREATE", payload(discord.house, act))
            await world.reviewed(you)
            world.app._known.drop(str(act.id))  # as another process sees it
            discord.gateway.dispatch("INTERACTION_CREATE", payload(discord.house, act))
            await world.rest()
            assert answer(world, you) == ANSWER
            assert len([text for text in texts(world, you) if "### Feedback" in text]) == 1
            assert not any("did not work" in text for text in texts(world, you))


async def test_an_interaction_that_came_too_late_still_counts(caplog: pytest.LogCaptureFixture) -> None:
    async with open_world() as world:
        you, question = await begun(world)
        modal = await form_of(world, you, question)
        world.discord.fail("POST */callback", status=404, code=10062, times=2)
        you.submits(modal, {"answer": ANSWER})
        await world.see(lambda: answer(world, you) == ANSWER)
        world.press(you, question, "done")
        await world.reviewed(you)
        assert "an interaction was not answered" in caplog.text


async def test_a_second_acknowledgement_is_left_to_the_first(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with open_world() as world:
        you, question = await begun(world)
        world.discord.fail("POST */callback", status=400, code=40060)
        world.press(you, question, "skip")
        await world.see(lambda: "answered already" in caplog.text)
        await world.rest()
        assert not world.session(you).turns[0].skipped


async def test_an_acknowledgement_whose_answer_was_lost_is_our_own() -> None:
    async with open_world() as world:
        you, question = await begun(world)
        world.discord.fail("POST */callback", reset="after")
        world.press(you, question, "skip")
        await world.asked(you, 2)


async def test_a_minute_of_502_delays_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.replies.PAUSES_S", (0.2,) * 9)
    async with open_world() as world:
        you, question = await begun(world)
        world.discord.outage(0.8)
        you.says(ANSWER)
        you.records_voice(4, content=ogg(4))
        world.press(you, question, "hint")
        await world.see(lambda: answer(world, you) == ANSWER)
        await world.see(lambda: any(":use:" in id for m in world.messages(you) for id in m.custom_ids), 15)
        await world.see(lambda: any("Hint 1" in text for text in texts(world, you)), 15)


async def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.owned.RETRY_FIRST_S", 0.05)
    async with open_world() as world:
        you, question = await begun(world)
        deliver, failures = world.desk._deliver, iter(range(4))

        async def away(inbound: Inbound) -> bool:
            if next(failures, None) is not None:
                raise StoreError("away")
            return await deliver(inbound)

        world.desk._deliver = away
        you.says(ANSWER)
        act = world.press(you, question, "done")
        await world.reviewed(you)
        assert act.ack_s < 1.0
        assert answer(world, you) == ANSWER


async def test_leaving_lets_what_is_under_way_come_to_its_end() -> None:
    async with serve_discord() as discord:
        store = MemoryStore()
        async with open_world(discord=discord, store=store) as world:
            you, _ = await begun(world)
            deliver = world.desk._deliver

            async def slow(inbound: Inbound) -> bool:
                await asyncio.sleep(0.2)
                return await deliver(inbound)

            world.desk._deliver = slow
            you.says(ANSWER)
            await world.see(lambda: world.app.busy)
        key = world.key(you)
        async with open_world(discord=discord, store=store) as world:
            await world.see(lambda: store.snapshots[key].turns[0].attempt.text == ANSWER)


async def test_a_dm_that_closes_in_the_middle_is_met_with_a_choice_on_the_next_command() -> None:
    async with open_world() as world:
        you, question = await begun(world)
        guild = next(iter(world.discord.house.guilds.values()))
        general = world.discord.channel(guild)
        you.says(ANSWER)
        await world.rest()
        you.lets_dms("closed")
        you.says("done")
        await world.see(lambda: world.session(you).turns[0].feedback)
        await world.see(lambda: world.app._acts.starts.refused, 15)
        act = await world.done(you.command("interview resume", channel=general))
        [choice] = act.replies
        assert "moderators" in choice.text
        you.presses(choice, next(id for id in choice.custom_ids if (read_place(id) or ("",))[0] == "thread"))
        [thread] = await world.see(lambda: world.discord.threads(guild))
        feedback = await world.reviewed(you, channel=thread)
        assert world.session(you).number == 1
        world.press(you, feedback, "next")
        question = await world.asked(you, 2, channel=thread)
        modal = await form_of(world, you, question)
        you.submits(modal, {"answer": "in the thread"})
        await world.see(lambda: world.session(you).turns[1].attempt.text == "in the thread")


async def test_a_dm_that_was_opened_again_goes_on_by_itself() -> None:
    async with open_world() as world:
        you, _ = await begun(world)
        general = world.discord.channel(next(iter(world.discord.house.guilds.values())))
        you.lets_dms("closed")
        you.says("hint")
        await world.see(lambda: world.app._acts.starts.refused, 15)
        act = await world.done(you.command("interview resume", channel=general))
        you.lets_dms("open")
        you.presses(act.replies[0], next(id for id in act.replies[0].custom_ids if ":pick:go:" in id))
        await world.see(lambda: any("Hint 1" in text for text in texts(world, you)), 15)


async def test_a_candidate_who_leaves_keeps_what_there_is(caplog: pytest.LogCaptureFixture) -> None:
    async with open_world() as world:
        you, question = await begun(world)
        you.says(ANSWER)
        await world.rest()
        world.press(you, question, "done")
        you.leaves(next(iter(world.discord.house.guilds.values())))
        await world.see(lambda: world.session(you).turns[0].feedback)
        await world.rest()
        assert world.session(you).turns[0].feedback
        assert not world.serving.done()


async def test_what_is_typed_in_a_private_thread_is_read_when_the_operator_says_so() -> None:
    async with serve_discord() as discord:
        discord.grant(1 << 15)
        async with open_world(discord=discord, message_content=True) as world:
            you = discord.person("Ada", dm="closed")
            guild = discord.guild("G", [you])
            act = await world.done(await world.starts(you, channel=discord.channel(guild)))
            you.presses(act.replies[0], next(id for id in act.replies[0].custom_ids if "thread" in id))
            [thread] = await world.see(lambda: discord.threads(guild))
            await world.asked(you, channel=thread)
            message = you.says("I would sort.", thread)
            await world.see(lambda: world.session(you, thread).turns[0].attempt.text == "I would sort.")
            you.deletes(message)
            await world.see(lambda: not world.session(you, thread).turns[0].attempt.parts)
            discord.lose_events(1)
            you.says("lost", thread)
            discord.op7()
            await world.see(lambda: world.session(you, thread).turns[0].attempt.text == "lost", 15)


async def test_a_token_that_is_refused_and_an_intent_that_is_not_granted_are_said() -> None:
    async with open_world(token="wrong", ready=False) as world:
        with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
            await asyncio.wait_for(asyncio.shield(world.serving), 10)
    async with open_world(message_content=True, ready=False) as world:
        with pytest.raises(SettingsError, match="MESSAGE_CONTENT"):
            await asyncio.wait_for(asyncio.shield(world.serving), 10)


async def test_nothing_of_a_conversation_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="adapters.discord")
    async with open_world(types=short_types(1)) as world:
        you, question = await begun(world)
        you.says("the secret of my answer")
        await world.rest()
        modal = await form_of(world, you, question)
        you.submits(modal, {"answer": "another secret"})
        await world.rest()
        world.press(you, question, "done")
        await world.reviewed(you)
        assert "secret" not in caplog.text
        assert not any("secret" in str(vars(record)) for record in caplog.records if record.name.startswith("adapters"))
        assert not any(
            act.token in str(vars(record)) for act in world.discord.interactions for record in caplog.records
        )
