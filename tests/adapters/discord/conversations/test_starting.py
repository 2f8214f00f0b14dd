"""Every way to begin an interview: the command, the picker, the form, a word in the DM; and where it may stand."""

from __future__ import annotations

import pytest

from adapters.discord.names import FOCUS, LEVEL, QUESTIONS, ROLE, START, START_FORM, TYPE, read_pick, read_place
from adapters.discord.sentences import NO_THREAD
from tests.adapters.discord.world import World
from tests.wire.discord.offers import NotOffered
from tests.wire.discord.people import Person
from tests.wire.discord.world import CREATE_PRIVATE_THREADS, PRIVATE_THREAD, Channel


def part(ids: list[str], act: str) -> str:
    """The part of a picker, or of the choice of a place, that does something."""
    return next(id for id in ids if (read_pick(id) or read_place(id) or ("",))[0] == act)


async def test_a_command_is_acknowledged_privately_and_starts_in_the_dm(
    world: World, you: Person, general: Channel
) -> None:
    act = await world.starts(you, "system-design", general, level="senior", questions=4, focus="caching")
    question = await world.asked(you)
    assert act.ack_s < 1.0
    assert act.deferred
    setup = world.session(you).setup
    assert (setup.type.id, setup.role, setup.questions, setup.focus) == ("system-design", "senior", 4, "caching")
    await world.rest()
    intro = world.messages(you)[0]
    assert "System design" in intro.text
    assert intro.id < question.id
    [said] = act.replies
    assert said.ephemeral_for is you.account
    assert f"/channels/@me/{you.dm.id}" in str(said.components)
    assert world.discord.messages(general) == []


async def test_the_same_command_in_two_gateway_sessions_starts_one_interview(world: World, you: Person) -> None:
    act = await world.starts(you)
    await world.asked(you)
    world.app._known.drop(str(act.id))  # as a second process sees it
    world.discord.gateway.dispatch("INTERACTION_CREATE", replayed(world, act))
    await world.rest()
    assert world.session(you).number == 1
    assert len(world.messages(you)) == 2  # the intro and the question
    assert len(act.replies) == 1


async def test_without_a_type_there_is_a_picker_that_needs_no_memory(world: World, you: Person) -> None:
    act = await world.done(you.command("interview start", {"level": "staff"}))
    [picker] = act.replies
    you.selects(picker, part(picker.custom_ids, "type"), "behavioral")
    await world.see(lambda: "behavioral" in part(picker.custom_ids, "go"))
    assert "staff" in part(picker.custom_ids, "go")
    you.selects(picker, part(picker.custom_ids, "role"), "junior")
    await world.see(lambda: "junior" in part(picker.custom_ids, "go"))
    you.presses(picker, part(picker.custom_ids, "go"))
    await world.asked(you)
    setup = world.session(you).setup
    assert (setup.type.id, setup.role) == ("behavioral", "junior")
    await world.rest()
    assert "has begun" in picker.text


async def test_more_choices_are_a_form(world: World, you: Person) -> None:
    act = await world.done(you.command("interview start"))
    [picker] = act.replies
    you.presses(picker, part(picker.custom_ids, "form"))
    [form] = await world.see(lambda: world.discord.modals(you))
    assert form.custom_id == START_FORM
    sent = you.submits(form, {TYPE: "coding", ROLE: "mid", QUESTIONS: "1", LEVEL: "4", FOCUS: "graphs"})
    await world.asked(you)
    assert sent.ack_s < 1.0
    setup = world.session(you).setup
    assert (setup.type.id, setup.questions, setup.start_level, setup.focus) == ("coding", 1, 4, "graphs")


async def test_a_focus_without_a_type_opens_the_form_with_it(world: World, you: Person) -> None:
    await world.done(you.command("interview start", {"focus": "caching"}))
    [form] = world.discord.modals(you)
    assert "caching" in str(form.components)


async def test_an_unknown_type_or_level_is_met_with_the_choices(world: World, you: Person) -> None:
    act = await world.done(you.command("interview start", {"type": "astrology"}))
    assert "astrology" in act.replies[0].text
    assert "system-design" in act.replies[0].text
    assert START in act.replies[0].custom_ids
    act = await world.done(you.command("interview start", {"type": "coding", "level": "emperor"}))
    assert "emperor" in act.replies[0].text
    assert world.begun(you) is None


async def test_types_and_levels_are_completed(world: World, you: Person) -> None:
    act = you.autocompletes("interview start", "type", "sys")
    await world.see(lambda: act.acked)
    assert next(choice["value"] for choice in act.choices or []) == "system-design"
    act = you.autocompletes("interview start", "level", "", {"type": "coding"})
    await world.see(lambda: act.acked)
    values = [choice["value"] for choice in act.choices or []]
    assert {"senior", "1", "5"} <= set(values)
    act = you.autocompletes("interview start", "type", "qqq")
    await world.see(lambda: act.acked)
    assert act.choices == []


async def test_a_word_in_the_dm_starts_one(world: World, you: Person) -> None:
    you.says("Start a coding interview at staff level, please")
    await world.asked(you)
    assert world.session(you).setup.role == "staff"


async def test_a_first_message_that_asks_for_nothing_is_welcomed(world: World, you: Person) -> None:
    you.says("Good morning")
    [welcome] = await world.see(lambda: world.messages(you))
    assert welcome.text.startswith("Hi!")
    you.presses(welcome, part(welcome.custom_ids, "go"))
    await world.asked(you)


async def test_while_one_is_open_another_start_asks_which(world: World, you: Person) -> None:
    await world.starts(you)
    await world.asked(you)
    act = await world.done(await world.starts(you, "behavioral", level="senior"))
    [which] = act.replies
    assert "still open" in which.text
    you.presses(which, part(which.custom_ids, "again"))
    await world.see(lambda: world.session(you).number == 2)
    await world.asked(you)
    setup = world.session(you).setup
    assert (setup.type.id, setup.role) == ("behavioral", "senior")
    assert any("Report" in message.text for message in world.messages(you))


async def test_the_open_one_can_be_resumed_instead(world: World, you: Person) -> None:
    await world.starts(you)
    await world.asked(you)
    you.says("pause")
    await world.see(lambda: world.session(you).paused)
    act = await world.done(await world.starts(you))
    resume = next(id for id in act.replies[0].custom_ids if id.startswith("rh:resume:"))
    you.presses(act.replies[0], resume)
    await world.see(lambda: not world.session(you).paused)


async def test_start_said_while_one_is_open_asks_which(world: World, you: Person) -> None:
    await world.starts(you)
    await world.asked(you)
    you.says("start a behavioral interview")
    await world.see(lambda: "still open" in world.messages(you)[-1].text)
    assert world.session(you).setup.type.id == "coding"


async def test_one_may_install_it_for_oneself(world: World) -> None:
    loner = world.discord.person("Loner")
    guild = world.discord.guild("Elsewhere", [loner], bot=False)
    act = await world.starts(loner, channel=world.discord.channel(guild), user_install=True)
    await world.asked(loner)
    await world.rest()
    assert "has begun" in act.replies[0].text


async def test_a_refused_dm_leaves_a_choice_of_two_places(world: World, you: Person, general: Channel) -> None:
    you.lets_dms("closed")
    act = await world.done(await world.starts(you, channel=general, focus="tries"))
    [choice] = act.replies
    assert "moderators" in choice.text
    assert world.begun(you) is None
    assert part(choice.custom_ids, "thread")
    assert part(choice.custom_ids, "here")
    you.lets_dms("open")
    you.presses(choice, part(choice.custom_ids, "go"))
    await world.asked(you)
    assert world.session(you).setup.focus == "tries"


@pytest.mark.parametrize("policy", ["closed", "no_mutual"])
async def test_it_may_stand_in_a_private_thread(world: World, you: Person, general: Channel, policy: str) -> None:
    you.lets_dms(policy)
    act = await world.done(await world.starts(you, channel=general))
    you.presses(act.replies[0], part(act.replies[0].custom_ids, "thread"))
    thread = (await world.see(lambda: world.discord.threads(general.guild)))[0]  # pyright: ignore[reportArgumentType]
    question = await world.asked(you, channel=thread)
    assert (thread.type, thread.invitable) == (PRIVATE_THREAD, False)
    assert you.id in thread.members
    intro = world.messages(you, thread)[0]
    assert "moderators" in intro.text
    form = next(id for id in question.custom_ids if id.startswith("rh:form:"))
    you.presses(question, form)
    [modal] = await world.see(lambda: world.discord.modals(you))
    assert "intervals" in str(modal.components)
    you.submits(modal, {"answer": "I would sort and sweep."})
    await world.see(lambda: world.session(you, thread).turns[0].attempt.parts)
    act = await world.done(you.command("interview resume", channel=general))
    assert f"/channels/{general.guild.id}/{thread.id}" in act.replies[0].text  # pyright: ignore[reportOptionalMemberAccess]
    world.press(you, question, "stop")
    await world.see(lambda: thread.archived and thread.locked)
    assert any("Report" in message.text for message in world.messages(you, thread))


async def test_or_in_private_messages_with_forms(world: World, you: Person, ann: Person, general: Channel) -> None:
    you.lets_dms("closed")
    act = await world.done(await world.starts(you, channel=general))
    you.presses(act.replies[0], part(act.replies[0].custom_ids, "here"))
    question = await world.asked_privately(you)
    assert not ann.sees(question)
    you.presses(question, next(id for id in question.custom_ids if id.startswith("rh:form:")))
    [modal] = await world.see(lambda: world.discord.modals(you))
    you.submits(modal, {"answer": "x" * 4_000})
    await world.see(lambda: world.session(you, general, forms=True).turns[0].attempt.parts)
    await world.rest()
    question = await world.asked_privately(you)
    world.press(you, question, "done")
    await world.see(lambda: world.session(you, general, forms=True).turns[0].feedback)
    await world.rest()
    assert any("Feedback" in message.text for message in world.discord.ephemerals(you))
    assert world.discord.messages(general) == []


async def test_forms_go_on_in_another_channel_after_resume(world: World, you: Person, general: Channel) -> None:
    you.lets_dms("closed")
    act = await world.done(await world.starts(you, channel=general))
    you.presses(act.replies[0], part(act.replies[0].custom_ids, "here"))
    await world.asked_privately(you)
    assert general.guild is not None
    other = world.discord.channel(general.guild, "other")
    before = len(world.discord.ephemerals(you))
    act = await world.done(you.command("interview resume", channel=other))
    question = await world.see(
        lambda: next((m for m in world.discord.ephemerals(you)[before:] if "Question 1" in m.text), None)
    )
    assert question.channel is other
    you.presses(question, next(id for id in question.custom_ids if id.startswith("rh:form:")))
    [modal] = await world.see(lambda: world.discord.modals(you))
    you.submits(modal, {"answer": "elsewhere"})
    await world.see(lambda: world.session(you, general, forms=True).turns[0].attempt.text == "elsewhere")


async def test_where_no_thread_may_be_opened_there_is_none_to_choose(
    world: World, you: Person, general: Channel
) -> None:
    you.lets_dms("closed")
    act = await world.done(await world.starts(you, channel=general))
    world.discord.permit(general, world.discord.bot, deny=CREATE_PRIVATE_THREADS)
    [choice] = act.replies
    you.presses(choice, part(choice.custom_ids, "thread"))
    await world.see(lambda: not any(read_place(id) and "thread" in id for id in choice.custom_ids))
    await world.see(lambda: any(NO_THREAD in message.text for message in world.discord.ephemerals(you)))
    act = await world.done(await world.starts(you, channel=general))
    assert not any("place:thread" in id for id in act.replies[0].custom_ids)


async def test_the_admins_group_is_for_admins_in_their_server(world: World, you: Person, general: Channel) -> None:
    admin = world.discord.person("Admin")
    guild = world.discord.guild("Admins", [you], [admin])
    act = await world.done(admin.command("interview-admin menu", channel=world.discord.channel(guild)))
    assert "You are an owner of this server." in act.replies[0].text
    with pytest.raises(NotOffered):
        you.command("interview-admin menu", channel=general)
    with pytest.raises(NotOffered):
        admin.command("interview-admin menu")


def replayed(world: World, act: object) -> dict[str, object]:
    """The payload of an interaction, once more."""
    from tests.wire.discord.interactions import Interaction, payload

    assert isinstance(act, Interaction)
    return payload(world.discord.house, act)
