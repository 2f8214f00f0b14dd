"""Admins' panels and forms on bad days: slow, closed meanwhile, refused, pressed twice, and cards in messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest
import pytest_asyncio

from adapters.slack.names import GO, SEND, go_id, pick_id
from adapters.slack.outlet import SlackOutlet
from adapters.slack.render.panels import WORKING
from adapters.slack.sentences import FAILED
from adapters.surface.panels import Download, Filled, Form, Go, Panel, Series, Words
from engine.admin.roles import Actor
from engine.errors import StoreUnavailable, Wrong
from engine.keys import scope_of
from tests.adapters.slack.world import World, open_world
from tests.kit.admin_panels import CHOICE, EVERY_KIND
from tests.wire.slack import Person
from tests.wire.slack.surfaces import View

ROOT = Panel(
    "Samples",
    (Words("Choose."),),
    (Go("Form", "sample/form"), Go("Slow form", "sample/slow"), Go("Slow panel", "sample/wait"),
     Go("Files", "sample/files"), Go("Broken", "sample/broken"), Go("Away", "sample/away")),
    (CHOICE,),
)  # fmt: skip


class Samples:
    """Pages whose paths say how they behave; `go_on` lets the slow ones go on."""

    name = "sample"

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.filled: list[Filled] = []

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case ["form"]:
                return EVERY_KIND
            case ["slow"]:
                await self.go_on.wait()
                return Form("sample/late", "Late", EVERY_KIND.fields[:1])
            case ["late"]:
                return Form("sample/late", "Late", EVERY_KIND.fields[:1])
            case ["wait"]:
                await self.go_on.wait()
                return Panel("At last", back=Go("Back", "sample"))
            case ["pick", chosen]:
                return Panel(f"Picked {chosen}")
            case ["files"]:
                return Panel("Files", files=(Download("a.csv", b"1,2", "Figures"),))
            case ["broken"]:
                raise LookupError("a bug")
            case ["away"]:
                raise StoreUnavailable("locked", "The database is busy.")
            case _:
                return ROOT

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        self.filled.append(filled)
        match filled.one("line"):
            case "wrong":
                raise Wrong({"line": "That will not do."})
            case "all wrong":
                raise Wrong({"": "Nothing fits.", "line": "Least of all this."})
            case "again":
                return EVERY_KIND
            case "slow":
                await self.go_on.wait()
            case "broken":
                raise LookupError("a bug")
            case "slow and broken":
                await self.go_on.wait()
                raise LookupError("a bug")
            case _:
                pass
        return Panel("Taken", notice="It was taken.", tone="good")


SAMPLES = Samples()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncGenerator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adapters.slack.admin.PUSH_WITHIN_S", 0.2)
        patch.setattr("adapters.slack.admin.ANSWER_WITHIN_S", 0.2)
        async with open_world("socket", pages=[SAMPLES]) as world:
            yield world


@pytest.fixture
def boss(world: World, you: Person) -> Person:
    SAMPLES.go_on.clear()
    SAMPLES.filled.clear()
    return world.slack.person(f"{you.id}BOSS", "Boss", admin=True, team=you.team)


def on_top(world: World, person: Person) -> View:
    return world.slack.views(person)[-1]


async def opened(world: World, boss: Person) -> View:
    """The samples, in a modal."""
    outlet = SlackOutlet(world.app._acts._replies)
    handle = await outlet.post(scope_of("slack", boss.team.id), boss.id, Panel("Look", (), (Go("Go", "sample"),)))
    channel, _, ts = handle.partition(":")
    await boss.presses(channel, ts, go_id("sample"))
    return await world.see(lambda: (v := on_top(world, boss)).title == "Samples" and v)


async def form(world: World, boss: Person) -> View:
    await boss.presses_in(await opened(world, boss), go_id("sample/form"))
    return await world.see(lambda: (v := on_top(world, boss)).title == "Everything" and v)


def block(id: str, kind: str) -> str:
    return f"sample/form|{kind}|{id}"


LINE = block("line", "line")


async def test_a_form_lies_upon_its_panel_and_brings_back_every_field(world: World, boss: Person) -> None:
    world.slack.group("S1CREW", [boss], team=boss.team)
    view = await form(world, boss)
    assert len(world.slack.views(boss)) == 2
    place = world.slack.channel("team", [boss], team=boss.team)
    values = {LINE: "Then", block("channels", "channels"): [place], block("people", "people"): [boss.id],
              block("file", "file"): [boss.file("a.yaml", b"a: 1\n", "text/yaml")]}  # fmt: skip
    reply = await boss.submits(view, values)
    assert reply.action == "close"
    [filled] = SAMPLES.filled
    assert filled.one("line") == "Then"
    assert dict(filled.fields) == {
        "line": ("Then",), "text": ("Two\nlines",), "number": ("3",), "one": ("b",), "some": ("a", "b"),
        "people": (boss.id,), "groups": ("S1CREW",), "channels": (place,), "file": ("a.yaml",),
    }  # fmt: skip
    assert [(file.name, file.content) for file in filled.files] == [("a.yaml", b"a: 1")]
    [root] = world.slack.views(boss)
    assert root.title == "Taken"


async def test_what_is_amiss_stands_at_its_field_or_above(world: World, boss: Person) -> None:
    view = await form(world, boss)
    reply = await boss.submits(view, {LINE: "wrong"})
    assert reply.errors == {LINE: "That will not do."}
    reply = await boss.submits(view, {LINE: "all wrong"})
    assert reply.action == "update"
    assert "Nothing fits." in str(on_top(world, boss).blocks)
    reply = await boss.submits(on_top(world, boss), {LINE: "again"})
    assert reply.action == "update"
    picture = boss.file("me.png", b"\x89PNG\r\n\x1a\n", "image/png")
    sound = boss.file("a.m4a", b"\x00\x00\x00\x1cftypM4A a clip", "audio/mp4")
    for file in (picture, sound):
        reply = await boss.submits(on_top(world, boss), {block("file", "file"): [file]})
        assert reply.errors.keys() == {block("file", "file")}
    gone = {"id": "F404", "name": "gone.csv"}
    state = {block("file", "file"): {"value": {"type": "file_input", "files": [gone]}}}
    payload = {"type": "view_submission", "team": {"id": boss.team.id}, "user": {"id": boss.id},
               "view": view.json | {"state": {"values": state}}}  # fmt: skip
    answer = await world.send("interactive", payload, boss.team)
    assert "no longer there" in answer.body["errors"][block("file", "file")]


async def test_what_takes_long_says_so_and_is_shown_when_it_is_done(world: World, boss: Person) -> None:
    view = await opened(world, boss)
    await boss.presses_in(view, go_id("sample/wait"))
    await world.see(lambda: WORKING in str(on_top(world, boss).blocks))
    SAMPLES.go_on.set()
    await world.see(lambda: on_top(world, boss).title == "At last")
    SAMPLES.go_on.clear()
    await boss.presses_in(on_top(world, boss), go_id("sample"))
    await world.see(lambda: on_top(world, boss).title == "Samples")
    await boss.presses_in(on_top(world, boss), go_id("sample/slow"))
    await world.see(lambda: WORKING in str(on_top(world, boss).blocks))
    SAMPLES.go_on.set()
    # It came too late to be laid upon the panel, and stands in its place.
    late = await world.see(lambda: (v := on_top(world, boss)).title == "Late" and v)
    assert len(world.slack.views(boss)) == 1
    reply = await boss.submits(late, {"sample/late|line|line": "x"})
    assert reply.action == "update"
    assert on_top(world, boss).title == "Taken"


async def test_a_form_that_takes_long_is_answered_in_time(world: World, boss: Person) -> None:
    reply = await boss.submits(await form(world, boss), {LINE: "slow"})
    assert reply.action == "update"
    assert WORKING in str(on_top(world, boss).blocks)
    SAMPLES.go_on.set()
    taken = await world.see(lambda: (v := on_top(world, boss)).title == "Taken" and v)
    assert taken.json["clear_on_close"]


async def test_what_fails_is_said_where_it_was_asked_for(world: World, boss: Person) -> None:
    view = await opened(world, boss)
    await boss.presses_in(view, go_id("sample/away"))
    await world.see(lambda: "The database is busy." in str(on_top(world, boss).blocks))
    view = await opened(world, boss)
    await boss.presses_in(view, go_id("sample/broken"))
    await world.see(lambda: FAILED in str(on_top(world, boss).blocks))
    reply = await boss.submits(await form(world, boss), {LINE: "broken"})
    assert FAILED in str(reply.view and reply.view.blocks)
    reply = await boss.submits(await form(world, boss), {LINE: "slow and broken"})
    SAMPLES.go_on.set()
    await world.see(lambda: FAILED in str(on_top(world, boss).blocks))


async def test_a_modal_that_was_closed_meanwhile_is_left_alone(world: World, boss: Person) -> None:
    view = await opened(world, boss)
    await boss.presses_in(view, go_id("sample/wait"))
    await world.see(lambda: WORKING in str(on_top(world, boss).blocks))
    await boss.closes(on_top(world, boss))
    SAMPLES.go_on.set()
    await world.rest()
    assert world.slack.views(boss) == []
    # The panel under a form may be gone as well; then the form makes way for what came of it.
    view = await form(world, boss)
    world.slack.fail("views.update", "not_found")
    reply = await boss.submits(view, {LINE: "Then"})
    assert reply.action == "update"
    assert on_top(world, boss).title == "Taken"


async def test_where_no_view_may_be_laid_on_top_the_form_takes_the_place(world: World, boss: Person) -> None:
    view = await opened(world, boss)
    world.slack.fail("views.push", "push_limit_reached")
    await boss.presses_in(view, go_id("sample/form"))
    await world.see(lambda: on_top(world, boss).title == "Everything")
    assert len(world.slack.views(boss)) == 1


async def test_a_menu_leads_on_and_files_come_when_they_are_asked_for(world: World, boss: Person) -> None:
    view = await opened(world, boss)
    await boss.presses_in(view, pick_id("sample/pick"), "a")
    await world.see(lambda: on_top(world, boss).title == "Picked a")
    view = await opened(world, boss)
    await boss.presses_in(view, go_id("sample/files"))
    files = await world.see(lambda: (v := on_top(world, boss)).title == "Files" and v)
    before = [message for message in world.slack.messages(boss.dm) if message.files]
    assert before == []
    await boss.presses_in(files, SEND)
    [message] = await world.see(lambda: [m for m in world.slack.messages(boss.dm) if m.files])
    assert [(file.name, file.content) for file in message.files] == [("a.csv", b"1,2")]
    assert world.app._acts._admin is not None
    world.app._acts._admin._sendable.drop(files.id)
    await boss.presses_in(on_top(world, boss), SEND)
    await world.see(lambda: on_top(world, boss).title == "Open it again")


async def test_a_press_that_is_none_of_ours_does_nothing(world: World, boss: Person) -> None:
    view = await opened(world, boss)
    payload = {"type": "block_actions", "team": {"id": boss.team.id}, "user": {"id": boss.id}, "view": view.json,
               "trigger_id": "t", "actions": [{"type": "button", "action_id": GO, "value": ""}]}  # fmt: skip
    await world.send("interactive", payload, boss.team)
    assert on_top(world, boss).title == "Samples"


async def test_a_card_is_written_again_in_place_while_it_stands(world: World, boss: Person) -> None:
    outlet, scope = world.app.outlet, scope_of("slack", boss.team.id)
    world.slack.refuse("charts", "tables", team=boss.team)
    drawn = Panel("Scores", (Series("Scores", ("a", "b"), (0.1, 0.9)),), files=(Download("a.csv", b"1", "All"),))
    handle = await outlet.post(scope, boss.id, drawn)
    channel, _, ts = handle.partition(":")
    assert channel == boss.dm
    assert "0.90" in world.slack.message(channel, ts).visible
    assert await outlet.post(scope, boss.id, Panel("Changed"), handle) == handle
    assert "Changed" in world.slack.message(channel, ts).visible
    world.slack.vanish(channel, ts)
    after = await outlet.post(scope, boss.id, Panel("Anew"), handle)
    assert after != handle
    world.slack.allow("charts", "tables", team=boss.team)


async def test_nobody_knows_who_is_an_admin_while_slack_does_not_say(world: World, you: Person, boss: Person) -> None:
    world.slack.fail("users.info", "internal_error", times=9)
    await boss.command("admin")
    await world.see(lambda: "can give you a role" in str(on_top(world, boss).blocks))
    world.slack.faults.clear()
    await boss.command("admin")
    await world.see(lambda: "You are an admin" in str(on_top(world, boss).blocks))
    standings, scope = world.app.standings, scope_of("slack", boss.team.id)
    assert await standings.known(scope, "user", boss.id)
    assert await standings.known(scope, "user", "U0NOBODY") is False
    assert await standings.known(scope, "group", "S0NONE") is False
    world.slack.fail("users.info", "internal_error")
    assert await standings.known(scope, "user", boss.id) is None
    world.slack.fail("usergroups.list", reset=True)
    assert await standings.group_options(boss.team.id) == []
