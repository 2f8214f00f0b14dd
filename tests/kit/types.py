"""The admins' door to interview types, in memory, with a model that answers plausibly."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from adapters.library.prompts import load_prompts
from adapters.surface.panels import Filled, Form, Panel, Upload
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.types import TypePages
from engine.admin.people import People
from engine.admin.roles import Actor
from engine.admin.shelf import Shelf, StoredSets
from engine.admin.type_drafts import TypeDrafts
from engine.admin.types import Types
from engine.bank import QuestionBank
from engine.interviews import InterviewType
from engine.performing import Performer
from engine.ports import LLMProvider
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.interviews import interview_type
from tests.kit.memory import MemoryPrompts
from tests.kit.model import Model

PROMPTS = load_prompts()
PINS: Mapping[str, str] = {prompt.task: prompt.ref for prompt in PROMPTS}
SHIPPED: Mapping[str, InterviewType] = {
    "behavioral": interview_type(),
    "coding": interview_type(id="coding", title="Coding", format="coding"),
}
ADA = Actor("slack", "T1", "ada", "admin")
BOB = Actor("slack", "T1", "bob", "admin")
VERA = Actor("slack", "T1", "vera", "viewer")
EVA = Actor("slack", "T1", "eva")


class Office:
    """Everything that `bot/admin.py` puts together for types. `now` moves with every look at it."""

    def __init__(self, provider: LLMProvider | None = None, *, bank: QuestionBank | None = None) -> None:
        self._seconds, self._ids = count(1_000), count(1)
        self.store = MemoryAdmin(self.now)
        self.people = People(store=self.store, now=self.now, pseudonym=lambda person: person.encode().hex() * 2)
        self.shelf = Shelf(self.store, SHIPPED, now=lambda: 0.0)
        self.sets = StoredSets(self.store)
        self.prompts = MemoryPrompts(PROMPTS)
        self.model = provider or Model()
        self.performer = Performer(
            provider=self.model,
            prompts=self.prompts,
            bank=bank or QuestionBank(()),
            now=self.now,
            draw=lambda: 0.25,
            marker=lambda: f"{next(self._ids):032x}",
            pseudonym=lambda key: "p" + key.user,
            sets=self.sets,
        )
        self.types = Types(
            store=self.store,
            people=self.people,
            shelf=self.shelf,
            sets=self.sets,
            prompts=self.prompts,
            perform=self.performer.perform,
            samples=dict,
            now=self.now,
        )
        self.drafts = TypeDrafts(types=self.types, store=self.store, people=self.people, now=self.now)
        self.panels = Panels((TypePages(self.types, self.drafts),), store=self.store, now=self.now)

    def now(self) -> float:
        return float(next(self._seconds))

    async def show(self, path: str, actor: Actor = ADA) -> Panel:
        """The panel at a path."""
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Panel), shown
        return shown

    async def form(self, path: str, actor: Actor = ADA) -> Form:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Form), shown
        return shown

    async def fill(
        self, path: str, actor: Actor = ADA, *, file: Upload | None = None, **fields: str | list[str]
    ) -> Panel:
        """Hand in the form at a path as it stands, but for these fields; the panel that comes of it."""
        shown = await self.hand_in(path, actor, file=file, **fields)
        assert isinstance(shown, Panel), shown
        return shown

    async def hand_in(
        self, path: str, actor: Actor = ADA, *, file: Upload | None = None, **fields: str | list[str]
    ) -> object:
        form = await self.form(path, actor)
        known = {field.id: field.values for field in form.fields}
        assert fields.keys() <= known.keys()
        typed = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in fields.items()}
        return await self.panels.submit(actor, form.path, Filled(known | typed, (file,) if file else ()))
