"""Rollouts on the real store, with recorded reviews: one promoted, one rolled back by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.library.types import load_types
from adapters.store.sql import SqlStore
from adapters.surface.panels import Filled, Form, Outlet, Panel, Table
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.telling import Telling
from bot.rollouts import rollouts_of
from engine.admin.people import People
from engine.admin.roles import EVERYWHERE, Actor
from engine.consulting import Consultant
from engine.facts import Rated
from engine.feedback.reader import UNUSABLE
from engine.keys import ThreadKey
from engine.prompting import Variable, as_text
from engine.prompting.materials import review_material
from engine.trials.rollout import Assignment
from tests.adapters.store.worlds import SqliteWorld
from tests.contracts.prompt_store import Place, hold_interview, reviewed
from tests.contracts.store import START, answered, asked
from tests.kit.model import Model
from tests.kit.prompts import prompt

ADMIN = Actor("slack", "T1", "U1BOSS", standing="admin")
SCOPE = "slack/T1"
LONG = {"criteria": Variable(max_len=5_000), "answer": Variable(trust="user", max_len=5_000)}
WORDS = ("user", "{{question}} {{answer}}")
REVIEW = prompt(("system", "{{marker}} {{criteria}}"), WORDS, task="review", **LONG)
BETTER = prompt(("system", "{{marker}} Say why. {{criteria}}"), WORDS, task="review", **LONG)


@dataclass
class Inbox(Outlet):
    """What admins were told, by user; a card in place of its older self."""

    shown: dict[tuple[str, str], list[Panel]] = field(default_factory=dict[tuple[str, str], list[Panel]])
    _ids = count(1)

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        handle = handle or str(next(self._ids))
        self.shown.setdefault((user, handle), []).append(panel)
        return handle

    @property
    def newest(self) -> list[Panel]:
        return [panels[-1] for panels in self.shown.values()]


class House:
    """The product's own parts around a database, an admin at the panels, and people who practise."""

    def __init__(self, store: SqlStore, world: SqliteWorld) -> None:
        self.store, self.clock, self.model, self.inbox = store, world.clock, Model(), Inbox()
        people = People(store=store.admin, now=world.clock, pseudonym=lambda _: "a" * 64)
        outlets: dict[str, Outlet] = {"slack": self.inbox}
        self.rollouts = rollouts_of(
            store, people, provider=self.model, kinds=load_types(), telling=Telling(store.admin, outlets),
            trusted={SCOPE}, now=world.clock,
        )  # fmt: skip
        self.panels = Panels([self.rollouts.pages], store=store.admin, now=world.clock)
        self.place = Place(store.prompts, store, world.clock, store.admin)
        self._people = count(1)

    async def press(self, panel: Panel, label: str) -> Panel:
        path = next(go.path for go in panel.buttons if go.label == label)
        shown = await self.panels.show(ADMIN, path)
        assert isinstance(shown, Panel)
        return shown

    async def rolled_out(self, share: str = "10") -> Panel:
        await self.store.prompts.seed([REVIEW])
        kept = await self.rollouts.prompts.create(ADMIN, "review", "production", as_text(BETTER), message="says why")
        path = f"prompts/review/v/{kept.version.number}/rollout/{kept.standing.revision}"
        card = await self.panels.submit(ADMIN, path, Filled({"share": (share,)}))
        assert isinstance(card, Panel)
        return card

    async def practise(self, people: int, *, likes: tuple[bool, bool] = (True, True), **of_candidate: Any) -> set[str]:
        """So many new people, each of whom has one answer reviewed. `likes`: what those with production, and those
        with the candidate, say of it."""
        got: set[str] = set()
        for n in [next(self._people) for _ in range(people)]:
            key = ThreadKey(platform="test", workspace="w", user=f"p{n}")
            pinned: Assignment = await self.store.prompts.assign(key.person)
            tried = pinned.prompts["review"] == BETTER.ref
            got |= {key.person} if tried else set()
            review = reviewed(pinned.prompts["review"], **(of_candidate if tried else {}))
            rating = Rated(at=START, turn=1, value=1 if likes[tried] else -1)
            self.clock.now += 1
            await hold_interview(self.place, key.user, asked(), answered(), review, rating, assignment=pinned)
        return got


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    world = SqliteWorld(tmp_path / "data" / "rehearse.db")
    async with world.open() as store:
        yield House(store, world)


def said(panel: Panel) -> str:
    return repr(panel)


async def test_a_rollout_goes_from_a_tenth_to_promotion(house: House) -> None:
    card = await house.rolled_out("10")
    first = await house.practise(60)
    assert 0 < len(first) < 20
    await house.rollouts.chore.run()
    [mine] = house.inbox.newest
    assert "Not enough data: about" in said(mine)
    for label in ("Raise to 25 %", "Raise to 50 %"):
        card = await house.press(card, label)
        await house.practise(60, likes=(False, True))
    await house.rollouts.chore.run()
    [mine] = house.inbox.newest
    assert "People are more satisfied with the candidate" in said(mine)
    assert (await house.store.prompts.standing("review")).production == REVIEW.ref, "nothing promotes itself"
    sure = await house.press(mine, "Promote")
    done = await house.press(sure, "Promote")
    assert done.notice.startswith("Version 2 is in production.")
    assert len(await house.practise(5)) == 5
    await house.rollouts.chore.run()
    [mine] = house.inbox.newest
    assert "It is over: promoted." in said(mine), "the card in the message says so"
    words = [entry.words for _, entry in await house.store.admin.audit(SCOPE)][::-1]
    assert words == [
        f"wrote the version {BETTER.ref} from version 1",
        "opened a rollout of version 2 of the review prompt at 10 %",
        "raised the share of version 2 of the review prompt to 25 %",
        "raised the share of version 2 of the review prompt to 50 %",
        "put version 2 of the review prompt into production",
    ]
    figures = await house.rollouts.prompts.stats(ADMIN, "review")
    assert (figures[REVIEW.ref].satisfied.share or 0.0) < 0.7
    assert figures[BETTER.ref].satisfied.share == 1.0
    assert figures[BETTER.ref].took_ms is not None


async def test_every_change_leaves_its_line_in_the_database(house: House) -> None:
    await house.rolled_out("10")
    door = house.rollouts.prompts
    await door.rollout(ADMIN, "review", 2_500)
    await door.hold(ADMIN, "review")
    await door.resume(ADMIN, "review")
    await door.close(ADMIN, "review")
    await door.label(ADMIN, "review", "staging", "2")
    await door.promote(ADMIN, "review", "2")
    await door.rollback(ADMIN, "review", evict=True)
    await door.label(ADMIN, "review", "staging", "1")
    await door.retire(ADMIN, "review", "2")
    lines = [entry for _, entry in await house.store.admin.audit(SCOPE)]
    made = [each for each in await house.store.prompts.history("review") if each.actor != "seed"]
    assert len(lines) == len(made) == 11
    assert {(entry.actor, entry.role, entry.subject) for entry in lines} == {("a" * 16, "admin", "prompt:review")}
    assert [entry.act for entry in lines][::-1] == [
        f"prompt.{act}"
        for act in (
            "create", "rollout", "raise", "hold", "resume", "close", "label", "promote", "rollback", "label", "retire",
        )
    ]  # fmt: skip


async def test_figures_and_a_try_are_shown_with_what_they_cost(house: House) -> None:
    await house.rolled_out("50")
    await house.practise(12)
    shown = await house.panels.show(ADMIN, "prompts/review/stats/30")
    assert isinstance(shown, Panel)
    [table] = [part for part in shown.parts if isinstance(part, Table)]
    assert table.head == ("", "Version 2", "n", "Version 1", "n")
    names = [row[0] for row in table.rows]
    assert names[:4] == ["Interviews", "Satisfied, of those who rated", "Rated at all", "Review, mean"]
    form = await house.panels.show(ADMIN, "prompts/review/v/2/try")
    assert isinstance(form, Form)
    assert [each.id for each in form.fields] == ["answer", "with"]
    tried = await house.panels.submit(ADMIN, form.path, Filled({"answer": ("I broke it.",), "with": ("model",)}))
    assert isinstance(tried, Panel)
    assert "I broke it." in house.model.asked[0].messages[-1].text


async def test_a_rollout_that_breaks_reviews_rolls_back_by_itself_and_says_so(house: House) -> None:
    await house.rolled_out("50")
    await house.practise(12, missing={"summary": UNUSABLE}, repaired=True)
    await house.rollouts.chore.run()
    after = await house.store.prompts.standing("review")
    assert (after.rollout, after.production) == (None, REVIEW.ref)
    card, news = house.inbox.newest
    assert "It is over: Roll back. The last 3 reviews could not be read." in said(card)
    assert news.title == "Rolled back by itself: reviews, version 2"
    [(_, line)] = await house.store.admin.audit(EVERYWHERE)
    assert (line.actor, line.role, line.act) == ("", None, "prompt.rollback")
    assert await house.practise(20) == set()
    shown = len(house.inbox.shown)
    await house.rollouts.chore.run()
    assert len(house.inbox.shown) == shown, "nobody is told twice"


async def test_a_rollout_that_is_held_by_itself_is_resumed_or_rolled_back_from_the_message(house: House) -> None:
    await house.rolled_out("50")
    await house.practise(4)
    house.clock.now += 29 * 86_400
    await house.rollouts.chore.run()
    news = house.inbox.newest[-1]
    assert news.title == "Held by itself: reviews, version 2"
    assert (await house.press(news, "Resume")).notice == "Resumed, with the very same people."
    await house.rollouts.chore.run()
    rollout = (await house.store.prompts.standing("review")).rollout
    assert rollout is not None
    assert not rollout.held, "whoever resumed it is not overruled"
    assert (await house.press(news, "Roll back")).notice.startswith("Rolled back: everybody new gets version 1.")


async def test_an_interview_keeps_its_version_through_a_roll_back_unless_it_is_at_once(house: House) -> None:
    await house.rolled_out("100")
    await house.practise(1)
    key = ThreadKey(platform="test", workspace="w", user="p1")

    async def asked_with() -> str:
        session = await house.store.session(key)
        assert session is not None
        assert session.setup.prompts["review"] == BETTER.ref
        consultant = Consultant(house.model, house.store.prompts, lambda: "5f" * 16, lambda key: "u")
        return (await consultant.request(session, review_material(session, session.turns[0]))).prompt

    assert await asked_with() == BETTER.ref
    await house.rollouts.prompts.rollback(ADMIN, "review")
    assert await asked_with() == BETTER.ref
    await house.rollouts.prompts.retire(ADMIN, "review", "2")
    assert await asked_with() == BETTER.ref
    await house.rollouts.prompts.create(ADMIN, "review", "1", as_text(BETTER))
    await house.rollouts.prompts.promote(ADMIN, "review", "2")
    await house.rollouts.prompts.rollback(ADMIN, "review", evict=True)
    assert await asked_with() == REVIEW.ref
