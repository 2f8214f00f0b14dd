"""What else can be asked for: resume, progress, history, settings, export, deletion, help; and a message scored."""

from __future__ import annotations

import json

from adapters.discord.commands import COMMANDS, SCORE, same
from adapters.discord.names import EXPORT, FORGET, HISTORY, LANGUAGE, LIVE_OFF, LIVE_ON, PROGRESS, START, forget_id
from adapters.discord.sentences import DELETED, KEPT, NOTHING_KEPT, NOTHING_TO_SCORE, SCORED_ASIDE, SCORED_HERE
from tests.adapters.discord.conversations.test_answering import ANSWER, begun
from tests.adapters.discord.world import World
from tests.wire.discord.people import Person
from tests.wire.discord.world import Channel


async def over(world: World, you: Person) -> None:
    question = await begun(world, you)
    you.says(ANSWER)
    await world.rest()
    world.press(you, question, "done")
    await world.reviewed(you)
    you.says("stop")
    await world.see(lambda: world.session(you).over)
    await world.rest()


async def test_commands_are_registered_once_and_offered_everywhere(world: World, you: Person, general: Channel) -> None:
    assert world.discord.command_puts == 1
    assert same(world.discord.commands())
    assert {"/interview", SCORE} == set(you.commands(you.dm))
    assert {"/interview", SCORE} == set(you.commands(general))
    changed = [dict(each) for each in COMMANDS]
    changed[0]["description"] = "something else"
    assert not same(changed)


async def test_resume_leads_back(world: World, you: Person, general: Channel) -> None:
    act = await world.done(you.command("interview resume", channel=general))
    assert START in act.replies[0].custom_ids
    await begun(world, you)
    you.says("pause")
    await world.see(lambda: world.session(you).paused)
    act = await world.done(you.command("interview resume", channel=general))
    assert "Going on" in act.replies[0].text
    assert not world.session(you).paused


async def test_history_progress_and_a_report_once_more(world: World, you: Person) -> None:
    await over(world, you)
    act = await world.done(you.command("interview history"))
    [history] = act.replies
    assert history.ephemeral_for is you.account
    report = next(id for id in history.custom_ids if id.startswith("rh:report:"))
    act = await world.done(you.presses(history, report))
    assert "Report" in act.replies[0].text
    act = await world.done(you.presses(act.replies[0], HISTORY))
    assert "Your interviews" in act.replies[0].text
    act = await world.done(you.presses(history, PROGRESS))
    assert "Your progress" in act.replies[0].text
    act = await world.done(you.command("interview progress"))
    assert "Your progress" in act.replies[0].text


async def test_settings(world: World, you: Person) -> None:
    act = await world.done(you.command("interview settings"))
    [settings] = act.replies
    await world.done(you.presses(settings, LIVE_OFF))
    await world.see(lambda: LIVE_ON in settings.custom_ids)
    await world.done(you.selects(settings, LANGUAGE, "de"))
    kept = await world.desk.preferences(world.key(you))
    assert (kept.live, kept.language) == (False, "de")
    await begun(world, you)
    assert world.session(you).setup.language == "de"


async def test_export_and_deletion(world: World, you: Person) -> None:
    act = await world.done(you.command("interview export"))
    assert act.replies[0].text == NOTHING_KEPT
    await over(world, you)
    act = await world.done(you.command("interview export"))
    [file] = act.replies[0].attachments
    everything = json.loads(file.content)
    assert ANSWER in str(everything["interviews"][0])
    act = await world.done(you.command("interview delete-my-data"))
    [sure] = act.replies
    assert EXPORT in sure.custom_ids
    you.presses(sure, forget_id("no", str(you.id)))
    await world.see(lambda: sure.text == KEPT)
    act = await world.done(you.command("interview delete-my-data"))
    [sure] = act.replies
    you.presses(sure, forget_id("yes", str(you.id)))
    await world.see(lambda: sure.text == DELETED)
    assert world.begun(you) is None
    assert not [key for key in world.store.kept if key.user == str(you.id) and world.store.kept[key]]


async def test_help_and_the_same_from_buttons(world: World, you: Person) -> None:
    act = await world.done(you.command("interview help"))
    [help] = act.replies
    assert "How Rehearse works" in help.text
    act = await world.done(you.presses(help, START))
    assert "Practise" in act.replies[0].text
    act = await world.done(you.command("interview settings"))
    act = await world.done(you.presses(act.replies[0], FORGET))
    assert "cannot be undone" in act.replies[0].text


async def test_a_message_is_scored_in_the_dm(world: World, you: Person, ann: Person, general: Channel) -> None:
    message = ann.says("A hash map gives O(1) lookups, so I would use one.", general)
    you.context_menu(SCORE, message)
    [form] = await world.see(lambda: world.discord.modals(you))
    act = you.submits(
        form, {"answer": message.content, "question": "Which structure?", "type": "coding", "role": "mid"}
    )
    await world.reviewed(you)
    await world.rest()
    assert "direct message" in act.replies[0].text
    quoted = world.messages(you)[0].text
    assert "hash map" in quoted
    assert "Which structure?" in quoted
    assert world.session(you).turns[0].question.text == "Which structure?"
    assert world.discord.messages(general) == [message]


async def test_it_is_scored_aside_while_an_interview_is_open_or_the_dm_closed(
    world: World, you: Person, general: Channel
) -> None:
    await begun(world, you)
    message = you.says("A hash map gives O(1) lookups.", general)
    for sentence in (SCORED_ASIDE, SCORED_HERE):
        you.context_menu(SCORE, message)
        [form] = await world.see(lambda: world.discord.modals(you))
        before = len(world.discord.ephemerals(you))
        you.submits(form, {"answer": message.content, "question": "", "type": "coding", "role": "mid"})
        await world.see(lambda: any("of 1" in m.text for m in world.discord.ephemerals(you)[before:]))  # noqa: B023
        assert any(sentence in m.text for m in world.discord.ephemerals(you)[before:])
        await world.rest()
        you.says("stop")
        await world.see(lambda: world.session(you).over)
        you.lets_dms("closed")


async def test_a_message_without_words_is_not_scored(world: World, you: Person, general: Channel) -> None:
    act = await world.done(you.context_menu(SCORE, you.says("🎉", general)))
    assert act.replies[0].text == NOTHING_TO_SCORE
