"""What the page is told: a reload, a cut connection or a restarted server loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

import adapters.playground.web.stream
from adapters.playground.web.views import thread_key
from engine.events import Grew, HintCard, Notice
from engine.keys import session_id
from tests.adapters.playground.web.client import Page, browse
from tests.adapters.playground.web.stage import Open, Stage

ANSWER = "First I verify the signature. Then I store the raw event under a unique key. Only then I answer."


@pytest.fixture
def stage() -> Stage:
    return Stage(pace_s=0.01)


@pytest.fixture
async def room(stage: Stage) -> AsyncIterator[Open]:
    async with stage.open(quiet_s=0.0) as room:
        yield room


@pytest.fixture
async def page(room: Open) -> AsyncIterator[Page]:
    async with browse(room.url) as page:
        yield page


async def test_a_reload_in_the_middle_of_a_review_shows_what_is_written_so_far(page: Page) -> None:
    id = await page.begin()
    async with page.events(id) as seen:
        await page.write(id, ANSWER)
        await seen.until(lambda seen: seen.posts.get("f1.1", {}).get("headline"))
    async with page.events(id) as again:
        await again.until(lambda again: "f1.1" in again.posts)
        assert again.kinds[0] == "posts"
        assert again.posts["f1.1"]["headline"] == seen.posts["f1.1"]["headline"]
        assert again.state["writing"] == "f1.1"
        await again.until_settled("f1.1")


@pytest.mark.parametrize("how", ["Last-Event-ID", "after"])
async def test_a_cut_connection_goes_on_where_it_was(page: Page, how: str) -> None:
    id = await page.begin()
    async with page.events(id) as seen:
        await seen.until_settled("q1")
        last = seen.last
    await page.write(id, ANSWER)
    async with page.events(id, **{"last" if how == "Last-Event-ID" else "after": last}) as again:
        await again.until_settled("f1.1")
    assert "posts" not in again.kinds
    assert {"a1.1", "f1.1"} <= {event.body["post"] for event in again.told if event.kind == "settled"}
    assert again.kinds[0] == "state"


async def test_after_a_restart_of_the_server_everything_is_told_anew(stage: Stage) -> None:
    async with stage.open(quiet_s=0.0) as room, browse(room.url) as page:
        id = await page.begin()
        await page.write(id, ANSWER)
        async with page.events(id) as seen:
            await seen.until(lambda seen: seen.posts.get("f1.1", {}).get("headline"))
            last = seen.last
    async with stage.open(quiet_s=0.0, port=room.port) as room, browse(room.url) as page:
        async with page.events(id, last=last) as again:
            await again.until_settled("f1.1")
        assert again.kinds[0] == "posts"
        assert list(again.posts) == ["q1", "a1.1", "f1.1"]


@pytest.mark.parametrize("after", ["nonsense", "-", "0", "9" * 400, "٣", "00000000-1"])
async def test_an_id_that_is_not_ours_gets_everything(page: Page, after: str) -> None:
    id = await page.begin()
    async with page.events(id, after=after) as seen:
        await seen.until_settled("q1")
    assert seen.kinds[0] == "posts"


async def test_a_draft_of_a_step_that_was_called_off_is_not_told(page: Page, room: Open) -> None:
    id = await page.begin()
    key = thread_key(id)
    draft = HintCard(turn=1, rung=1, rungs=1, text="called off")
    room.live.emit(Grew(key=key, session=session_id(key, 1), post="f1.1", card=draft))
    async with page.events(id) as seen:
        await page.write(id, ANSWER)
        await seen.until_settled("f1.1")
    assert seen.posts["f1.1"]["card"] == "feedback"
    assert all(event.body["card"]["card"] != "hint" for event in seen.told if event.kind == "grew")


async def test_two_tabs_see_the_same(page: Page) -> None:
    id = await page.begin()
    async with page.events(id) as one, page.events(id) as two:
        await page.write(id, ANSWER)
        await asyncio.gather(one.until_settled("f1.1"), two.until_settled("f1.1"))
    assert one.posts == two.posts


async def test_a_quiet_stream_says_that_it_is_there(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters.playground.web.stream, "HEARTBEAT_S", 0.02)
    id = await page.begin()
    async with page.http.get(f"{page.url}/api/interviews/{id}/events") as response:
        async with asyncio.timeout(10):
            async for line in response.content:
                if line == b": still here\n":
                    break


async def test_growth_is_told_at_a_readable_pace(page: Page, room: Open) -> None:
    id = await page.begin()
    key = thread_key(id)
    async with page.events(id) as seen:
        await seen.until_settled("q1")
        for n in range(500):
            card = HintCard(turn=1, rung=1, rungs=1, text=str(n))
            room.live.emit(Grew(key=key, session=session_id(key, 1), post="h1.1", card=card))
        room.live.emit(Notice(key=key, session="", text="enough"))
        await seen.until(lambda seen: seen.notices)
    assert seen.posts["h1.1"]["text"] == "499"
    assert seen.kinds.count("grew") <= 2


async def test_a_server_that_stops_does_not_wait_for_open_streams(stage: Stage) -> None:
    began = asyncio.get_running_loop().time()
    async with browse("") as page:
        async with stage.open() as room:
            page.url = room.url.rstrip("/")
            id = await page.begin()
            response = await page.http.get(f"{page.url}/api/interviews/{id}/events")
            assert response.status == 200
        response.close()
    assert asyncio.get_running_loop().time() - began < 5
