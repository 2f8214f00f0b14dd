"""Panels and forms over the real client: in time or late, in place or beside, page by page, and with files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import count

import pytest
import pytest_asyncio

from adapters.surface.panels import Amiss, Field, Filled, Form, Go, Panel, Row, Words
from engine.admin.roles import Actor
from tests.adapters.discord.world import World, open_world
from tests.kit.recordings import ogg
from tests.wire.discord.people import Person
from tests.wire.discord.world import Channel, Message

_numbers = count(1)
FORM = Form("types/new", "New type", (Field("title", "Title", "line"), Field("file", "File", "file", optional=True)))
LIST = Panel(
    "Types", tuple(Row(f"Type {n}", "mixed", Go("Open", f"types/t{n}")) for n in range(25)), (Go("New", "types/new"),)
)


@dataclass
class Book:
    """Pages by path, which take as long as they take; and what was asked of them."""

    pages: dict[str, Panel | Form] = field(default_factory=dict[str, Panel | Form])
    slow: set[str] = field(default_factory=set[str])
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    looks: list[tuple[Actor, str]] = field(default_factory=list[tuple[Actor, str]])
    handed_in: list[tuple[Actor, str, Filled]] = field(default_factory=list[tuple[Actor, str, Filled]])
    kept: list[Filled] = field(default_factory=list[Filled])
    outcome: Panel | Form | Amiss = field(default_factory=lambda: Panel("Saved", notice="Saved."))

    async def show(self, actor: Actor, path: str = "menu") -> Panel | Form:
        self.looks.append((actor, path))
        if path in self.slow:
            await self.go_on.wait()
        return self.pages.get(path) or Panel(f"At {path}", (Words("Here."),), (Go("On", "types"),))

    async def submit(self, actor: Actor, path: str, filled: Filled) -> Panel | Form | Amiss:
        self.handed_in.append((actor, path, filled))
        return self.outcome

    async def keep(self, actor: Actor, path: str, filled: Filled) -> None:
        self.kept.append(filled)


BOOK = Book()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncGenerator[World]:
    async with open_world(panels=BOOK) as world:
        yield world


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr("adapters.discord.admin.AT_ONCE_S", 0.1)
    fresh = Book(pages={"types/new": FORM, "types": LIST})
    BOOK.__dict__.update(fresh.__dict__)
    return BOOK


@pytest.fixture
def olga(world: World, book: Book) -> Person:
    """Who owns a server."""
    olga = world.discord.person(f"Olga{next(_numbers)}")
    world.discord.guild(f"Guild of {olga.account.name}", [], [olga])
    return olga


@pytest.fixture
def place(world: World, olga: Person) -> Channel:
    return world.discord.channel(next(g for g in world.discord.house.guilds.values() if olga.id in g.members))


async def opened(world: World, olga: Person, place: Channel, name: str = "types") -> Message:
    act = await world.done(olga.command(f"interview-admin {name}", channel=place))
    assert act.ack_s < 1.0
    return act.replies[0]


async def test_a_command_leads_straight_to_what_it_names(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    panel = await opened(world, olga, place, "limits")
    assert panel.ephemeral_for is olga.account
    [(actor, path)] = book.looks
    assert path == "limits"
    assert (actor.platform, actor.workspace, actor.user, actor.standing) == (
        "discord", str(place.guild.id if place.guild else 0), str(olga.id), "owner",
    )  # fmt: skip
    assert len(actor.groups) == 1


async def test_a_button_changes_the_message_it_stands_in(world: World, olga: Person, place: Channel) -> None:
    panel = await opened(world, olga, place)
    act = await world.done(olga.presses(panel, "rh:a:types/t3"))
    assert "### At types/t3" in panel.text
    assert act.replies == []


async def test_pages_are_turned_in_place_and_not_looked_for_again(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    panel = await opened(world, olga, place)
    assert "Type 0" in panel.text
    await world.done(olga.presses(panel, "rh:ap2:types"))
    assert "page 2 of 3" in panel.text
    assert "rh:ap3:types" in panel.custom_ids
    assert "rh:a:types/new" in panel.custom_ids
    assert len(book.looks) == 1


async def test_a_page_that_is_not_remembered_any_more_is_looked_for(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    panel = await opened(world, olga, place)
    book.pages["types"] = Panel("Types", LIST.parts[:12], LIST.buttons)
    world.app._acts._slash._admin._leafed.drop((str(olga.id), str(place.guild.id if place.guild else 0), "types"))
    await world.done(olga.presses(panel, "rh:ap2:types"))
    assert len(book.looks) == 2
    assert "Type 11" in panel.text


async def test_what_takes_long_is_waited_for_in_its_place(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    panel = await opened(world, olga, place)
    book.slow.add("types/t1")
    act = olga.presses(panel, "rh:a:types/t1")
    await world.see(lambda: act.acked)
    assert act.deferred
    book.go_on.set()
    await world.done(act)
    assert "### At types/t1" in panel.text


async def test_a_form_that_comes_too_late_is_offered_behind_a_button(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    panel = await opened(world, olga, place)
    book.slow.add("types/new")
    act = olga.presses(panel, "rh:a:types/new")
    await world.see(lambda: act.acked)
    book.go_on.set()
    await world.done(act)
    assert "Open the form" in str(panel.components)
    act = await world.done(olga.presses(panel, "rh:a:types/new"))
    assert act.modal is not None


async def test_a_command_that_takes_long_is_answered_at_once(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    book.slow.add("team")
    act = olga.command("interview-admin team", channel=place)
    await world.see(lambda: act.acked)
    assert act.deferred
    book.go_on.set()
    await world.done(act)
    assert "### At team" in act.replies[0].text


async def test_what_is_asked_twice_is_answered_before_it_is_done(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    book.pages["types"] = Panel("Archive?", buttons=(Go("Archive", "types/t1/archive/yes", "danger"),))
    book.slow.add("types/t1/archive/yes")
    panel = await opened(world, olga, place)
    act = olga.presses(panel, "rh:a:types/t1/archive/yes")
    await world.see(lambda: act.acked)
    assert act.deferred
    book.go_on.set()
    await world.done(act)
    assert "### At types/t1/archive/yes" in panel.text


async def test_what_came_of_a_form_takes_the_place_of_the_panel(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    panel = await opened(world, olga, place)
    act = await world.done(olga.presses(panel, "rh:a:types/new"))
    assert act.modal is not None
    files = {"file": [("t.yaml", b"title: T\n", "application/yaml")]}
    await world.done(olga.submits(act.modal, {"title": "Backend"}, files))
    [(actor, path, filled)] = book.handed_in
    assert (actor.standing, path, filled.one("title")) == ("owner", "types/new", "Backend")
    assert [(file.name, file.content) for file in filled.files] == [("t.yaml", b"title: T")]
    assert filled.fields["file"] == ("t.yaml",)
    assert "Saved." in panel.text


async def test_a_form_that_leads_to_a_form_offers_it(world: World, book: Book, olga: Person, place: Channel) -> None:
    book.outcome = Form("types/next", "One more thing", FORM.fields, intro="Nearly there.")
    panel = await opened(world, olga, place)
    act = await world.done(olga.presses(panel, "rh:a:types/new"))
    assert act.modal is not None
    await world.done(olga.submits(act.modal, {"title": "Backend"}))
    assert "Nearly there." in panel.text
    assert panel.custom_ids == ["rh:a:types/next"]


async def test_what_is_amiss_is_said_by_field_with_the_way_back(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    book.outcome = Amiss(FORM, {"title": "There is one of that title."})
    panel = await opened(world, olga, place)
    act = await world.done(olga.presses(panel, "rh:a:types/new"))
    assert act.modal is not None
    await world.done(olga.submits(act.modal, {"title": "Backend"}))
    assert "**Title**\nThere is one of that title." in panel.text
    assert panel.custom_ids == ["rh:a:types/new", "rh:a:menu"]


@pytest.mark.parametrize(
    ("name", "content", "kind"), [("a.pdf", b"%PDF", "application/pdf"), ("a.ogg", ogg(2), "audio/ogg")]
)
async def test_a_file_that_cannot_be_read_loses_nothing_that_was_typed(
    world: World, book: Book, olga: Person, place: Channel, name: str, content: bytes, kind: str
) -> None:
    panel = await opened(world, olga, place)
    act = await world.done(olga.presses(panel, "rh:a:types/new"))
    assert act.modal is not None
    await world.done(olga.submits(act.modal, {"title": "Backend"}, {"file": [(name, content, kind)]}))
    assert book.handed_in == []
    assert [filled.one("title") for filled in book.kept] == ["Backend"]
    assert panel.custom_ids == ["rh:a:types/new", "rh:a:menu"]


async def test_a_long_result_comes_in_several_messages_and_is_never_done_again(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    book.outcome = Panel("Types", LIST.parts, LIST.buttons, notice="Restored.")
    panel = await opened(world, olga, place)
    act = await world.done(olga.presses(panel, "rh:a:types/new"))
    assert act.modal is not None
    act = await world.done(olga.submits(act.modal, {"title": "Backend"}))
    assert len(act.replies) == 2
    assert not any(id.startswith("rh:ap") for message in (panel, *act.replies) for id in message.custom_ids)
    assert "rh:a:types/new" in act.replies[-1].custom_ids


async def test_a_card_is_written_again_in_its_place_and_anew_when_it_is_gone(
    world: World, olga: Person, place: Channel
) -> None:
    scope = f"discord/{place.guild.id if place.guild else 0}"
    first = Panel("Rollout", (Words("At 10 %."),), (Go("Look", "prompts/review"),))
    handle = await world.app.outlet.post(scope, str(olga.id), first)
    [card] = world.discord.messages(olga)
    again = await world.app.outlet.post(scope, str(olga.id), Panel("Rollout", (Words("At 25 %."),)), handle)
    assert again == handle
    assert "At 25 %." in card.text
    world.discord.house.delete_message(card)
    anew = await world.app.outlet.post(scope, str(olga.id), LIST, handle)
    assert anew != handle
    assert len(world.discord.messages(olga)) == 3


async def test_a_card_in_a_direct_message_is_for_the_server_it_names(
    world: World, book: Book, olga: Person, place: Channel
) -> None:
    guild = str(place.guild.id if place.guild else 0)
    await world.app.outlet.post(f"discord/{guild}", str(olga.id), Panel("Limits", buttons=(Go("Look", "limits"),)))
    card = world.discord.messages(olga)[-1]
    act = await world.done(olga.presses(card, card.custom_ids[0]))
    assert act.replies[0].ephemeral_for is olga.account
    [(actor, path)] = book.looks
    assert (actor.workspace, actor.standing, path) == (guild, "owner", "limits")
    assert "### Limits" in card.text
    act = await world.done(olga.presses(act.replies[0], act.replies[0].custom_ids[0]))
    assert book.looks[-1][0].workspace == guild


async def test_what_discord_does_not_say_gives_nobody_a_role(
    world: World, book: Book, olga: Person, place: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = str(place.guild.id if place.guild else 0)
    monkeypatch.setattr("adapters.discord.standing.ASK_S", 0.05)
    standings = world.app.standings
    assert (await standings.actor(guild, str(olga.id))).standing == "owner"
    world.discord.fail(f"GET */guilds/{guild}*", status=503, times=50)
    assert (await standings.actor(guild, str(olga.id))).standing is None
    assert await standings.known(f"discord/{guild}", "user", str(olga.id)) is None
    world.discord.behave()
    assert await standings.known(f"discord/{guild}", "user", str(olga.id)) is True
    assert await standings.known(f"discord/{guild}", "user", "123456789012345678") is False
    assert await standings.known(f"discord/{guild}", "group", guild) is True
    assert await standings.known(f"discord/{guild}", "group", "1") is False
    assert await standings.known("discord/-", "user", str(olga.id)) is None
