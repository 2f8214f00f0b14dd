"""Which parameters a model takes, what it costs and when it ends: `models.yaml`, and what was learned at run time.

`Parameters` is what a request may carry for one model. `Learned` remembers, for one provider and model, what the server
refused: a wrong table costs one extra request per process, never a failed turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from engine.errors import Rejected
from engine.ports import Sampling, Usage

TEMPERATURES: Mapping[Sampling, float] = {"scoring": 0.3, "questions": 0.7}

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
Droppable = Literal["temperature", "effort", "verbosity", "schema", "json", "cache_key", "user", "obfuscation", "usage"]

NAMES: Mapping[Droppable, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "effort": ("reasoning", "thinking"),
    "verbosity": ("verbosity",),
    "schema": ("json_schema", "response_format", "text.format", "responsejsonschema", "response_json_schema", "schema"),
    "json": ("response_format", "json_object"),
    "cache_key": ("prompt_cache_key",),
    "user": ("safety_identifier",),
    "obfuscation": ("include_obfuscation",),
    "usage": ("stream_options", "include_usage"),
}
"""How servers spell each parameter in a complaint (lower case). Tried in this order."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Frozen):
    """USD micros per million tokens, from a day on. Cached input costs as much as any where no price is known."""

    since: date
    input: int
    output: int
    cached: int | None = None


class Efforts(_Frozen):
    """The reasoning effort asked for, per sampling intent."""

    scoring: Effort
    questions: Effort


class Entry(_Frozen):
    """What the table says about the models whose name fits `match`."""

    match: str
    temperature: Literal["yes", "only_when_effort_none", "no"]
    effort: Efforts | None = None
    verbosity: bool = False
    shutdown: date | None = None
    prices: tuple[Price, ...] = ()


class Defaults(_Frozen):
    """The model used where a setting names none."""

    openai: str
    google: str
    openai_speech: str


class Table(_Frozen):
    """All of `models.yaml`."""

    as_of: date
    defaults: Defaults
    models: tuple[Entry, ...]


@cache
def table() -> Table:
    """The packaged table, read once."""
    return Table.model_validate(yaml.safe_load(files("adapters.llm").joinpath("models.yaml").read_text("utf-8")))


@lru_cache(maxsize=256)
def entry(model: str) -> Entry:
    """What is known about a model, whatever prefix a gateway puts before its name."""
    name = model.rpartition("/")[2].lower()
    return next(known for known in table().models if fnmatchcase(name, known.match))


def cost_micros(model: str, usage: Usage, on: date | None = None) -> int | None:
    """What a call cost in USD micros at the prices of that day (today); `None` where no price is known."""
    day = on or datetime.now(UTC).date()
    prices = [price for price in entry(model).prices if price.since <= day]
    if not prices:
        return None
    price = max(prices, key=lambda known: known.since)
    cached = min(usage.cached, usage.input)
    cached_price = price.input if price.cached is None else price.cached
    total = (usage.input - cached) * price.input + cached * cached_price + usage.output * price.output
    return -(-total // 1_000_000)


def end_of_life(model: str) -> date | None:
    """The day the model is switched off, as announced by the table's date; `None` where nothing is known."""
    return entry(model).shutdown


@dataclass(frozen=True, slots=True)
class Parameters:
    """What one request carries besides its text; `None` and `False` mean: leave it out."""

    temperature: float | None
    effort: Effort | None
    verbosity: bool
    without: frozenset[Droppable]


class Learned:
    """What one model was found not to take, for the life of the process."""

    def __init__(self) -> None:
        self.without: set[Droppable] = set()

    def parameters(self, model: str, sampling: Sampling) -> Parameters:
        """What to send for this intent, by the table and by experience."""
        known = entry(model)
        effort: Effort | None = None
        if known.effort is not None and "effort" not in self.without:
            effort = known.effort.scoring if sampling == "scoring" else known.effort.questions
        takes_temperature = known.temperature == "yes" or (
            known.temperature == "only_when_effort_none" and effort == "none"
        )
        return Parameters(
            temperature=TEMPERATURES[sampling] if takes_temperature and "temperature" not in self.without else None,
            effort=effort,
            verbosity=known.verbosity and "verbosity" not in self.without,
            without=frozenset(self.without),
        )

    def drop(self, complaint: Rejected, sent: frozenset[Droppable]) -> bool:
        """Learn from a rejection. True when it is about a parameter that was sent and can be left out: ask again."""
        place = (complaint.param or complaint.detail).lower()
        for droppable, names in NAMES.items():
            if droppable in sent and droppable not in self.without and any(name in place for name in names):
                self.without.add(droppable)
                return True
        return False
