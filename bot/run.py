"""`rehearse run`: every configured platform until somebody says stop; with none configured, the browser playground.

The playground has no login, so it is not served beside a platform.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from importlib.metadata import version

from bot.compose import App, assemble, compose
from bot.config import Settings
from bot.leaving import on_signals
from bot.log import configure
from bot.models import NO_KEY
from bot.preflight import preflight


async def run(settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM; then stop in order. What was under way is taken up at the next start."""
    configure(settings)
    stop = asyncio.Event()
    on_signals(stop.set)
    if settings.has_platform:
        await _run_platforms(settings, stop)
    else:
        await _run_playground(settings, stop)
    return 0


async def _run_playground(settings: Settings, stop: asyncio.Event) -> None:
    from adapters.playground.web import serve

    async with (
        compose(settings) as app,
        serve(app.desk, app.live, host=settings.host, port=settings.port, quiet_s=settings.quiet_s) as url,
    ):
        where = f"No chat platform is configured, so here is the playground in your browser.\n  Open      {url}"
        print(_greeting(app, where), flush=True)
        await _until(stop, preflight(app.models))


async def _run_platforms(settings: Settings, stop: asyncio.Event) -> None:
    from bot.platforms import connect, opened

    async with assemble(settings) as app, connect(app, settings) as platforms:
        for platform in platforms:
            app.outlets.attach(platform.name, platform.emit)
        async with app.attending(), opened(app, settings, platforms) as url:
            where = [f"It is in {' and in '.join(platform.title for platform in platforms)}."]
            where += [f"  {line}" for platform in platforms for line in platform.lines(url)]
            print(_greeting(app, "\n".join([*where, f"  Health    {url}/healthz"])), flush=True)
            beside = [task for platform in platforms for task in platform.beside()]
            await _until(stop, preflight(app.models), *beside)


async def _until(stop: asyncio.Event, *beside: Coroutine[object, object, None]) -> None:
    """Wait to be stopped, with this going on beside it; what goes wrong there ends the wait with its error."""
    stopping = asyncio.create_task(stop.wait())
    tasks = [asyncio.create_task(each) for each in beside]
    pending: set[asyncio.Task[None]] = set(tasks)
    try:
        while pending and not stopping.done():
            await asyncio.wait({stopping, *pending}, return_when=asyncio.FIRST_COMPLETED)
            for done in [task for task in pending if task.done()]:
                pending.discard(done)
                done.result()
        await stopping
        print("Stopping.", flush=True)
    finally:
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.gather(stopping, *tasks, return_exceptions=True)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """A cheaper event loop where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _greeting(app: App, where: str) -> str:
    answers = app.desk.engine_label + ("" if app.models.configured else f". {NO_KEY}")
    return (
        f"Rehearse {version('rehearse')}. {where}\n  Answers   {answers}\n  Database  {app.where}\n  Stop      Ctrl-C"
    )
