"""Interview types, from Slack: made, changed, tried, published, used, put away and brought back."""

from __future__ import annotations

from adapters.slack.names import HOME_START
from adapters.slack.render.forms import TYPE
from engine.catalogue import Whereabouts
from tests.bot.slack_admins.stage import Desk, Stage

OWN = """Tell me about a service that you would build differently today, and why.
- names the service
- says what it cost
Which test of yours found the most, and how did you come to write it?
- names the test
- says what it found
"""
ANSWER = (
    "Our billing service wrote each invoice twice when the queue restarted. I would give every message an id and keep "
    "it for a day: last year that cost us 3 days and 41 angry letters, and the fix took one afternoon."
)
ID = "backend-phone-screen"


async def made(boss: Desk) -> None:
    """A type of one question, published."""
    await boss.opens()
    await boss.presses("Interview types", "New type")
    assert (await boss.fills(title="Backend phone screen", base="behavioral")).action == "close"
    await boss.presses("Length and pace")
    await boss.fills(questions="2", follow_ups="0")
    await boss.presses("Own questions", "Put questions in")
    await boss.fills(text=OWN, source="bank")
    await boss.presses("Back to editing", "Publish…", "Publish")
    assert "is published" in boss.text


async def test_a_type_is_made_used_archived_and_restored(stage: Stage, boss: Desk, ann: Desk) -> None:
    await boss.opens()
    assert boss.view.title == "Rehearse for admins"
    await boss.presses("Interview types", "New type")
    assert len(stage.wire.views(boss.person)) == 2
    reply = await boss.fills(title=" ", base="behavioral")
    assert reply.errors.keys() == {"title"}
    await boss.fills(title="Backend phone screen", base="behavioral")
    assert "Editing Backend phone screen" in boss.text
    await boss.presses("Length and pace")
    await boss.fills(questions="2", follow_ups="0")
    await boss.presses("Criteria")
    first = boss.buttons.index("Open")
    assert first == 0
    await boss.presses("Open", "Change")
    reply = await boss.fills(anchors="one\ntwo")
    assert "five lines" in reply.errors["anchors"]
    await boss.fills(title="Ownership of services")
    assert "Ownership of services" in boss.text
    await boss.presses("Back to editing", "Own questions", "Put questions in")
    upload = boss.person.file("questions.csv", b"not,questions\n1,2\n", "text/csv")
    reply = await boss.fills(file=[upload])
    assert reply.errors.keys() == {"file"}
    await boss.fills(text=OWN, source="bank")
    assert "Own questions (2)" in boss.view.title
    await boss.presses("Back to editing", "Preview")
    await boss.fills(role="mid", answer=ANSWER)
    assert "service" in boss.text
    await boss.opens()
    await boss.presses("Interview types", "Archived (1)", "Backend phone screen", "Edit", "Publish…")
    assert "What changes" in boss.text
    await boss.presses("Publish")
    assert "is published" in boss.text

    await ann.person.command(f"start {ID}")
    await ann.answers(ANSWER)
    feedback = await ann.sees_button("next")
    assert "Ownership of services" in "\n".join(message.visible for message in ann.said())

    await boss.opens()
    await boss.presses("Interview types", "Backend phone screen", "Archive", "Archive")
    assert "Archived" in boss.text
    reply = await ann.person.command(f"start {ID}")
    await stage.rest()
    assert "I know no interview type" in reply.later[0].visible
    # The one that is under way goes on.
    await ann.person.presses(feedback.channel, feedback.ts, "rehearse.press.next")
    await ann.answers(ANSWER)
    await boss.presses("Undo")
    assert "In use again" in boss.text
    await ann.person.command("start")
    form = stage.wire.views(ann.person)[-1]
    assert ID in str(form.blocks)


async def test_a_type_that_went_away_while_the_form_was_open_says_so(stage: Stage, boss: Desk, ann: Desk) -> None:
    await made(boss)
    await ann.person.command("start")
    form = stage.wire.views(ann.person)[-1]
    await ann.person.opens_home()
    await stage.wire.until(lambda: stage.wire.home(ann.person))
    await boss.presses("Back", "Archive", "Archive")
    await stage.rest()
    reply = await ann.person.submits(form, {TYPE: ID})
    assert "not there any more" in reply.errors[TYPE]
    await ann.person.presses_in("home", f"{HOME_START}.{ID}")
    await stage.rest()
    assert stage.wire.views(ann.person)[-1].title == "Start an interview"


async def test_what_two_admins_change_at_once_is_never_overwritten(stage: Stage, boss: Desk) -> None:
    await made(boss)
    other = stage.desk(stage.wire.person("U1OTHER", "Other", owner=True))
    for desk, questions in ((boss, "3"), (other, "4")):
        await desk.opens()
        await desk.presses("Interview types", "Backend phone screen", "Edit", "Length and pace")
        await desk.fills(questions=questions)
        await desk.presses("Publish…")
    await boss.presses("Publish")
    assert "is published" in boss.text
    await other.presses("Publish")
    assert "quicker" in other.view.title
    assert "3" in other.text
    await other.presses("Put mine on top", "Publish")
    assert "is published" in other.text


async def test_an_admin_who_was_demoted_while_a_form_was_open_is_refused(stage: Stage, boss: Desk) -> None:
    await made(boss)
    await boss.opens()
    await boss.presses("Interview types", "Backend phone screen", "Edit", "Length and pace")
    boss.person.member.admin = False
    await boss.fills(questions="9")
    assert boss.view.title == "Not for you"
    [kind] = [
        held.kind for held in (await stage.app.admins.types._shelf.held("slack/T0REHEARSE")).values() if held.id == ID
    ]
    assert kind.questions == 2


async def test_an_admin_who_was_demoted_is_refused_by_the_button_that_was_before_them(stage: Stage, boss: Desk) -> None:
    await made(boss)
    await boss.opens()
    await boss.presses("Interview types", "Backend phone screen", "Archive")
    boss.person.member.admin = False
    await boss.presses("Archive")
    assert boss.view.title == "Not for you"
    assert ID in await stage.app.desk.offered(Whereabouts("slack/T0REHEARSE", boss.person.member.id))


async def test_what_is_usual_is_begun_where_nothing_was_said(stage: Stage, boss: Desk, ann: Desk) -> None:
    await boss.opens()
    await boss.presses("Interview types", "Behavioral", "Make usual", "Everywhere here")
    await ann.person.command("start senior")
    await stage.rest()
    assert "Behavioral" in ann.said()[0].visible


async def test_a_channel_has_its_usual_type_and_a_group_its_own(stage: Stage, boss: Desk, ann: Desk) -> None:
    place = stage.wire.channel("backend", [boss.person, ann.person])
    stage.wire.group("S1CREW", [ann.person])
    await made(boss)
    await boss.opens()
    await boss.presses("Interview types", "Backend phone screen", "Make usual", "In channels")
    await boss.fills(channels=[place])
    await ann.person.mentions(place, "let us go")
    await stage.wire.until(lambda: "Backend phone screen" in str([m.visible for m in stage.wire.said_by_bot(place)]))
    await boss.opens()
    await boss.presses("Interview types", "Backend phone screen", "Edit", "Who may begin it")
    await boss.fills(groups=["S1CREW"])
    await boss.presses("Publish…", "Publish")
    bob = stage.desk(stage.wire.person("U1BOB", "Bob"))
    for desk, offered in ((ann, True), (bob, False)):
        await desk.person.command("start")
        await stage.rest()
        assert (ID in str(stage.wire.views(desk.person)[-1].blocks)) == offered
