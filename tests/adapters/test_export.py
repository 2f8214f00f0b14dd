"""Everything about a person as JSON, in one piece or in several."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from adapters.surface.export import export, files, nothing
from engine.desk import Desk
from engine.inbound import Inbound
from engine.preferences import Preferences
from tests.contracts.keeping import NOW, WORDS, interview, key
from tests.contracts.store import record
from tests.kit.interviews import interview_type
from tests.kit.memory import MemoryPrompts, MemoryStore

ME = key("U1")


def desk_of(store: MemoryStore) -> Desk:
    async def deliver(inbound: Inbound) -> bool:
        return await store.deliver(inbound)

    return Desk(
        store=store, prompts=MemoryPrompts(), types={"behavioral": interview_type()}, deliver=deliver,
        now=lambda: NOW, engine_label="none",
    )  # fmt: skip


async def test_who_left_nothing_is_told_so() -> None:
    desk = desk_of(MemoryStore())
    assert nothing(await export(desk, ME))
    await desk.prefer(ME, Preferences(live=False))
    assert not nothing(await export(desk, ME))


async def test_all_of_it_is_there() -> None:
    store = MemoryStore()
    await record(store, *interview(ME, NOW), key=ME)
    await store.keep_handle(ME, "q1", "a-place")
    exported = await export(desk_of(store), ME)
    assert not nothing(exported)
    assert list(exported) == ["interviews", "preferences", "handles"]
    assert WORDS in json.dumps(exported["interviews"])
    assert exported["handles"] == [{"post": "q1", "handle": "a-place"}]


items = st.lists(st.text(max_size=40) | st.integers(), max_size=20)


@given(st.dictionaries(st.sampled_from(["interviews", "facts", "handles"]), items), st.integers(1, 400))
def test_in_however_many_files_nothing_is_lost_or_told_twice(lists: dict[str, list[object]], most: int) -> None:
    exported: dict[str, object] = {**lists, "preferences": {"live": True}}
    found: defaultdict[str, list[object]] = defaultdict(list)
    single: list[object] = []
    for text in files(exported, most=most):
        part = cast("dict[str, object]", json.loads(text))
        for name, value in part.items():
            if isinstance(value, list):
                found[name] += cast("list[object]", value)
            else:
                single.append(value)
        several = sum(len(value) if isinstance(value, list) else 1 for value in part.values()) > 1
        assert len(text.encode()) <= most or not several
    assert single == [{"live": True}]
    assert found == {name: value for name, value in lists.items() if value}
