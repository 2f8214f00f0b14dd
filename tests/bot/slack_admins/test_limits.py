"""Limits as a candidate in Slack meets them, wherever they look; and an admin who raises them."""

from __future__ import annotations

from adapters.slack.names import HOME_START
from adapters.slack.render.forms import TYPE
from tests.bot.slack_admins.stage import Desk, Stage


async def set_to_one(boss: Desk) -> None:
    """One interview a day for each person."""
    await boss.opens()
    await boss.presses("Limits", "Change for each person")
    await boss.fills(**{"person-interviews": "1"})


async def test_whoever_has_had_enough_is_told_where_they_look(stage: Stage, boss: Desk, ann: Desk) -> None:
    await set_to_one(boss)
    place = stage.wire.channel("team", [ann.person])
    await ann.person.opens_home()
    await stage.wire.until(lambda: stage.wire.home(ann.person))
    await ann.person.command("start behavioral")
    question = await ann.sees_button("done")
    await ann.person.says(None, "stop", question.thread_ts)
    await ann.sees("Overall")

    reply = await ann.person.command("start coding", place)
    await stage.rest()
    assert "today" in reply.later[-1].visible
    told = ann.said()[-1].visible
    assert "Mock interview" not in told
    # By the form, from Home, by words in the direct message and by a mention: the same sentence, where it was asked.
    await ann.person.command("start")
    form = stage.wire.views(ann.person)[-1]
    await ann.person.submits(form, {TYPE: "coding"})
    await stage.rest()
    assert ann.said()[-1].visible == told
    await ann.person.presses_in("home", f"{HOME_START}.coding")
    await stage.rest()
    assert ann.said()[-1].visible == told
    await ann.person.says(None, "coding")
    await stage.rest()
    assert ann.said()[-1].visible == told
    root = await ann.person.mentions(place, "coding")
    await stage.rest()
    assert stage.wire.said_by_bot(place, root)[-1].visible == told
    assert len(await stage.app.store.sessions(platform="slack", workspace=ann.person.team.id, user=ann.person.id)) == 1
