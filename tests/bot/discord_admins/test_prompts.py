"""Prompt versions, from Discord: changed, rolled out, promoted, and rolled back by themselves while nobody looks."""

from __future__ import annotations

import json

import pytest

from tests.bot.discord_admins.office import Office, labels, open_office, values_of
from tests.wire.answers import plausible
from tests.wire.discord.people import Person
from tests.wire.discord.server import serve_discord
from tests.wire.discord.world import Message
from tests.wire.openai import openai_server
from tests.wire.server import Call, Script

ANSWER = (
    "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it within ten minutes, told support, and "
    "added a test over all time zones."
)


async def saved(office: Office, boss: Person, words: str = " Be brief.") -> Message:
    """A second version of the review prompt."""
    office.app.admins.trusted.add(office.scope)
    panel = await office.goes(boss, await office.opens(boss, "prompts"), "Reviews", "Version 1")
    form = await office.form(boss, panel, "Edit…")
    text = next(label for label in values_of(form) if label.startswith("Text, part"))
    panel = await office.submits(boss, form, {text: values_of(form)[text] + words})
    assert "What it changes in version 1:" in panel.text
    assert f"+links.{words}" in panel.text.replace("\u2060", "") or words.strip() in panel.text
    return await office.goes(boss, panel, "Save")


def unusable(call: Call) -> str:
    """A review whose criteria are sentences, not what the schema asks for."""
    review = json.loads(plausible(call.schema, call.user_text))
    return json.dumps({name: "Fine." if isinstance(part, dict) else part for name, part in review.items()})


async def somebody(office: Office, *, candidate: bool) -> Person:
    """Somebody who gets the version that is tried, or does not."""
    for n in range(1_000):
        id = 10**17 + n
        arms = (await office.app.store.prompts.assign(f"discord/-/{id}")).arms
        if arms["review"].candidate == candidate:
            person = office.discord.person(f"Somebody {n}", id=id)
            person.joins(office.guild)
            return person
    raise AssertionError("there is nobody")


async def test_a_version_goes_from_a_tenth_to_everybody(office: Office, boss: Person) -> None:
    panel = await saved(office, boss)
    assert "Saved as version 2." in panel.text
    panel = await office.fills(boss, panel, "Roll out…", {"Share of the people, in percent": "120"})
    assert "Share of the people, in percent" in panel.text
    panel = await office.fills(boss, panel, "Edit again", {"Share of the people, in percent": "10"})
    assert "10 % of the people get it from now on." in panel.text
    [card] = office.discord.messages(boss)
    assert "**Now:** at 10 %" in card.text
    same = await office.goes(boss, card, "Raise to 25 %")
    assert same is card
    assert "25 % of the people get it from now on." in card.text
    before = card.text
    sure = await office.goes(boss, card, "Promote")
    assert sure is not card
    assert sure.ephemeral_for is boss.account
    assert card.text == before
    done = await office.goes(boss, sure, "Promote")
    assert "Version 2 is in production." in done.text
    await office.chore("rollouts")
    assert "**Now:** at 25 %" not in card.text
    assert "It is over" in card.text


async def test_who_is_no_admin_any_more_cannot_press_what_an_admin_was_shown(office: Office) -> None:
    other = office.admin("Otto")
    await office.fills(other, await saved(office, other), "Roll out…", {"Share of the people, in percent": "10"})
    [card] = office.discord.messages(other)
    office.guild.members[other.id].roles.clear()
    refused = await office.goes(other, card, "Raise to 25 %")
    assert "### Not for you" in refused.text
    assert refused is not card
    assert "**Now:** at 10 %" in card.text
    other.leaves(office.guild)
    refused = await office.goes(other, card, "Roll back")
    assert "### Not for you" in refused.text


async def test_a_version_whose_reviews_cannot_be_read_is_rolled_back_and_whoever_wants_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serve_discord() as wire, openai_server() as openai:
        model = {"OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": f"{openai.base_url}/v1"}
        async with open_office(wire, monkeypatch, **model) as office:
            boss = office.owner
            await office.goes(boss, await office.opens(boss, "people"), "Tell me what needs me")
            panel = await saved(office, boss)
            await office.fills(boss, panel, "Roll out…", {"Share of the people, in percent": "10"})
            person, other = await somebody(office, candidate=True), await somebody(office, candidate=False)
            for each in (person, other):
                await office.begins(each, "behavioral")
                await office.sees_button(each, "rh:p:done")
            for turn in (1, 2, 3):
                # Whoever does not get the candidate is reviewed as ever.
                openai.otherwise = Script()
                fine = await office.answers(other, ANSWER, turn)
                openai.otherwise = Script(unusable)
                feedback = await office.answers(person, ANSWER, turn)
                assert "not scored" in feedback.text
                openai.otherwise = Script()
                if turn < 3:
                    for each, message in ((other, fine), (person, feedback)):
                        each.presses(message, next(id for id in message.custom_ids if id.startswith("rh:p:next")))
            await office.chore("rollouts")
            alert = office.discord.messages(boss)[-1]
            assert "Rolled back by itself: reviews, version 2" in alert.text
            assert "The last 3 reviews could not be read." in alert.text
            card = await office.goes(boss, alert, "Look at it")
            assert card is not alert
            assert "It is over" in card.text
            assert "Raise to 25 %" not in labels(card)
            told = len(office.discord.messages(boss))
            await office.chore("rollouts")
            assert len(office.discord.messages(boss)) == told
            audit = await office.opens(boss, "audit")
            assert "Opened a rollout of version 2 of the review prompt at 10 %" in audit.text
