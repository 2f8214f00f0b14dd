"""`rehearse run`: every configured platform until somebody says stop; with none configured, the browser playground."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import version

from adapters.playground.web import serve
from bot.compose import App, compose
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
    async with (
        compose(settings) as app,
        serve(app.desk, app.live, host=settings.host, port=settings.port, quiet_s=settings.quiet_s) as url,
    ):
        print(_greeting(app, url), flush=True)
        looking, stopping = asyncio.create_task(preflight(app.models)), asyncio.create_task(stop.wait())
        try:
            # Serving does not wait for the providers' word; only that all of them say no ends it.
            await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if looking.done():
                looking.result()
            await stopping
        finally:
            looking.cancel()
            stopping.cancel()
            await asyncio.gather(looking, stopping, return_exceptions=True)
        print("Stopping.", flush=True)
    return 0


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """A cheaper event loop where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _greeting(app: App, url: str) -> str:
    answers = app.desk.engine_label + ("" if app.models.configured else f". {NO_KEY}")
    return (
        f"Rehearse {version('rehearse')}. No chat platform is configured, so here is the playground in your browser.\n"
        f"  Open      {url}\n"
        f"  Answers   {answers}\n"
        f"  Database  {app.where}\n"
        f"  Stop      Ctrl-C"
    )
