"""Where events go, and whose threads a process leaves alone."""

from __future__ import annotations

from adapters.live import Live
from bot.compose import assemble
from bot.config import read_settings
from bot.outlets import Outlets
from engine.events import Event, Notice
from engine.inbound import Wrote
from engine.keys import ThreadKey

HERE = ThreadKey(platform="local", user="you")
SLACK = ThreadKey(platform="slack", workspace="T1", channel="D1", thread="1.2", user="U1")


def notice(key: ThreadKey) -> Notice:
    return Notice(key=key, session="", text="hello")


def test_an_event_goes_to_the_surface_of_its_platform_or_to_whoever_watches() -> None:
    live, shown = Live(), list[Event]()
    outlets = Outlets(live)
    outlets.attach("slack", shown.append)
    outlets.emit(notice(SLACK))
    assert (shown, live.sequence) == ([notice(SLACK)], 0)
    outlets.emit(notice(HERE))
    assert (len(shown), live.sequence) == (1, 1)


async def test_threads_of_a_platform_are_left_to_the_process_that_serves_it() -> None:
    async with assemble(read_settings()) as app:
        await app.store.deliver(Wrote(id="1", key=SLACK, at=0.0, message="m", text="hello"))
        await app.store.deliver(Wrote(id="1", key=HERE, at=0.0, message="m", text="hello"))
        assert list(await app.store.due(1.0, without=app.outlets.unserved)) == [HERE]
        shown = list[Event]()
        app.outlets.attach("slack", shown.append)
        assert set(await app.store.due(1.0, without=app.outlets.unserved)) == {HERE, SLACK}
