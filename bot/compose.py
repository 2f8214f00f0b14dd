"""The product put together: store, library, models, attendants, and the desk in front of them; taken apart in order.

Only what is configured is imported. Leaving the context stops attending, which loses nothing: what was under way is
taken up at the next start.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import SystemRandom

from adapters.library.bank import load_bank
from adapters.library.prompts import load_prompts
from adapters.library.types import load_types
from adapters.live import Live
from adapters.store import SqlStore, open_store
from bot.admin import Admins, admins_of
from bot.config import Settings
from bot.home import hashed, prepare, user_salt
from bot.limits import metering
from bot.models import Models, choose_models
from bot.outlets import Outlets
from bot.watch import watching
from engine.admin.shelf import Shelf, StoredSets
from engine.bank import QuestionBank
from engine.desk import Desk
from engine.events import Notice
from engine.interviewer import Interviewer
from engine.interviews import InterviewType
from engine.keys import ThreadKey
from engine.performing import Performer
from engine.reception import Reception

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """What surfaces and commands work with. `where` is how a person knows the database."""

    desk: Desk
    live: Live
    store: SqlStore
    models: Models
    where: str
    outlets: Outlets
    reception: Reception
    admins: Admins

    @asynccontextmanager
    async def attending(self) -> AsyncGenerator[None]:
        """Attend to every thread that needs it, while this context is entered. Attach the surfaces before."""
        async with self.reception, watching(self.admins.chores), _warming(self.models):
            yield


@dataclass(frozen=True, slots=True)
class Changes:
    """What a command may do differently from the shipped library."""

    bank: Callable[[QuestionBank], QuestionBank] = lambda bank: bank
    types: Callable[[Mapping[str, InterviewType]], Mapping[str, InterviewType]] = lambda types: types
    models: Callable[[Settings], Models] = choose_models


@asynccontextmanager
async def compose(settings: Settings, changes: Changes | None = None) -> AsyncGenerator[App]:
    """Everything running, with no surface but this process's own. Raises what `assemble` raises."""
    async with assemble(settings, changes) as app, app.attending():
        yield app


@asynccontextmanager
async def assemble(settings: Settings, changes: Changes | None = None) -> AsyncGenerator[App]:
    """Everything in its place and the database up to date, but nobody attends to anything yet.

    Raises a `RehearseError` whose `hint` says what is wrong and what to do: with the home folder, the database, a
    prompt file or a setting.
    """
    changes = changes or Changes()
    prepare(settings)
    bank, types = changes.bank(load_bank()), changes.types(load_types())
    models = changes.models(settings)
    live = Live()
    outlets = Outlets(live)
    pseudonym = hashed(user_salt(settings))

    def tell(key: ThreadKey, sentence: str) -> None:
        outlets.emit(Notice(key=key, session="", text=sentence, error=True))

    try:
        async with open_store(settings.database) as store, metering(store, models, tell) as metered:
            prompts = store.prompts
            await prompts.seed(load_prompts())
            shelf, sets = Shelf(store.admin, types, now=time.monotonic, shape=changes.types), StoredSets(store.admin)
            performer = Performer(
                provider=metered.provider,
                prompts=prompts,
                bank=bank,
                now=time.time,
                draw=SystemRandom().random,
                marker=lambda: secrets.token_hex(16),
                pseudonym=lambda key: pseudonym(f"{key.platform}/{key.workspace}/{key.user}"),
                sets=sets,
            )
            async with performer:
                interviewer = Interviewer(
                    store=store, performer=performer, emit=outlets.emit, now=time.time, gate=metered.budgets
                )
                reception = Reception(
                    store=store, attend=interviewer.attend, tell=tell, now=time.time, without=outlets.unserved
                )
                desk = Desk(
                    store=store,
                    prompts=prompts,
                    types=types,
                    deliver=reception.deliver,
                    now=time.time,
                    engine_label=models.label,
                    catalogue=shelf,
                    admission=metered.budgets,
                )
                admins = admins_of(
                    store,
                    pseudonym=pseudonym,
                    shelf=shelf,
                    sets=sets,
                    perform=performer.perform,
                    provider=metered.provider,
                    kinds=types,
                    trusted=settings.admin_workspaces,
                    health=lambda: models.router.state().circuits if models.router else (),
                    rules=metered.rules,
                )
                yield App(desk, live, store, models, settings.where, outlets, reception, admins)
    finally:
        await models.aclose()


@asynccontextmanager
async def _warming(models: Models) -> AsyncGenerator[None]:
    """Pay for the first times beside the start, so that no answer waits for them."""
    task = asyncio.create_task(_warm(models))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _warm(models: Models) -> None:
    # Most of what a step makes is gone with it: looking less often holds the loop up a third as long.
    gc.set_threshold(20_000, 20, 20)
    if not models.configured:
        # What stands now stands for ever; out of the collector's sight, it holds up no later collection.
        gc.collect()
        gc.freeze()
        return
    from adapters.llm.warmup import warm_up

    started = time.monotonic()
    try:
        await warm_up(models.configured)
    except Exception:
        # A cold first answer is slow; no answer at all would be worse.
        log.exception("warm-up failed")
    else:
        log.info("warm", extra={"took_ms": round((time.monotonic() - started) * 1000)})
