"""What is asked for comes back as it was from a button, and nothing else does."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from adapters.library.types import load_types
from adapters.recent import Recent
from adapters.slack.replies import Replies
from adapters.slack.seen import Place
from adapters.slack.standing import Standings
from adapters.slack.starts import Order, Starts, fitting_role, number
from adapters.slack.workspaces import WorkspaceGone, Workspaces
from adapters.surface.wishes import wish
from engine.desk import Desk
from engine.inbound import Inbound
from engine.interviews import ROLE_LEVELS, RoleLevel
from tests.kit.memory import MemoryPrompts, MemoryStore

TYPES = load_types()


class _NoWorkspaces(Workspaces):
    async def client(self, team: str) -> AsyncWebClient:
        raise WorkspaceGone(team)

    async def lost(self, team: str, error: str) -> None:
        pass


async def _never(_: Inbound) -> bool:
    raise AssertionError("nothing is begun here")


def starts() -> Starts:
    store = MemoryStore()
    desk = Desk(store=store, prompts=MemoryPrompts(), types=TYPES, deliver=_never, now=lambda: 0.0, engine_label="m")
    replies = Replies(_NoWorkspaces())
    return Starts(desk, replies, store, Standings(replies), quiet_s=3.0)


STARTS = starts()


ANY_NUMBER = st.none() | st.integers(1, 20)


@given(st.sampled_from(list(TYPES)), st.sampled_from(ROLE_LEVELS), st.none() | st.integers(1, 5), ANY_NUMBER)
def test_an_order_is_read_back_from_its_button(
    type_id: str, role: RoleLevel, level: int | None, questions: int | None
) -> None:
    order = Order(type_id, fitting_role(TYPES[type_id], role), level, questions)
    assert STARTS.ordered(str(order), TYPES) == order


@given(st.text(max_size=40))
def test_no_value_of_a_button_is_too_strange(text: str) -> None:
    order = STARTS.ordered(text, TYPES)
    assert order is None or order.type_id in TYPES
    assert number(text, 20) in (None, *range(1, 21))


@given(st.text(max_size=60))
def test_every_wish_can_be_fulfilled(text: str) -> None:
    order = asyncio.run(STARTS.order(Place("T1", "D1", "U1"), wish(text, TYPES), TYPES))
    assert order.role in TYPES[order.type_id].roles


def test_the_nearest_role_is_taken_where_a_type_has_not_the_wished_one() -> None:
    kind = TYPES["coding"]
    only = kind.model_copy(update={"roles": {role: kind.roles[role] for role in ("junior", "senior")}})
    assert fitting_role(only, "intern") == "junior"
    assert fitting_role(only, "staff") == "senior"
    assert fitting_role(only, None) == "junior"


def test_what_is_remembered_is_little_and_not_for_ever() -> None:
    now = [0.0]
    known: Recent[str, int] = Recent(2, for_s=10, now=lambda: now[0])
    for n, name in enumerate("abc"):
        known.keep(name, n)
    assert (known.get("a"), known.get("b"), known.get("c")) == (None, 1, 2)
    known.drop("b")
    now[0] = 11.0
    assert (known.get("b"), known.get("c")) == (None, None)
