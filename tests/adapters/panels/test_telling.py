"""Telling admins unasked: everybody who wants to know, in place where they have it, and one's trouble is one's own."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from adapters.surface.panels import Outlet, Panel
from adapters.surface.panels.telling import Telling
from engine.errors import Busy
from tests.kit.admin_memory import MemoryAdmin

SCOPE = "slack/T1"


@dataclass
class Posted(Outlet):
    """Remembers what it was given; `away` cannot be reached."""

    away: str = ""
    posts: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        if user == self.away:
            raise Busy("slack")
        self.posts.append((scope, user, panel.title, handle))
        return handle or f"D{user}.{len(self.posts)}"


@pytest.fixture
async def admin() -> MemoryAdmin:
    admin = MemoryAdmin()
    for user in ("U1", "U2"):
        await admin.seat(SCOPE, f"slack/T1/{user}", told=True, at=0.0)
    await admin.seat(SCOPE, "slack/T1/U3", told=False, at=0.0)
    return admin


def users(outlet: Posted) -> list[str]:
    return [user for _, user, _, _ in outlet.posts]


async def test_everybody_who_wants_to_be_told_is_told(admin: MemoryAdmin) -> None:
    outlet = Posted()
    telling = Telling(admin, {"slack": outlet})
    await telling.tell(SCOPE, Panel("Cost"))
    await telling.tell(SCOPE, Panel("Cost"))
    assert outlet.posts == [(SCOPE, user, "Cost", "") for user in ("U1", "U2", "U1", "U2")]


async def test_a_card_is_written_again_where_it_is(admin: MemoryAdmin) -> None:
    outlet = Posted()
    telling = Telling(admin, {"slack": outlet})
    await telling.tell(SCOPE, Panel("one"), "rollout:1")
    await telling.tell(SCOPE, Panel("one"), "rollout:1")
    assert users(outlet) == ["U1", "U2"], "what is shown already is not written again"
    await Telling(admin, {"slack": outlet}).tell(SCOPE, Panel("two"), "rollout:1")
    assert outlet.posts[2:] == [(SCOPE, "U1", "two", "DU1.1"), (SCOPE, "U2", "two", "DU2.2")]


async def test_a_card_is_renewed_for_those_who_have_it_and_told_once_to_the_others(admin: MemoryAdmin) -> None:
    outlet = Posted()
    telling = Telling(admin, {"slack": outlet})
    assert await telling.tell_person("slack/T1/U1", Panel("one"), "card")
    await telling.renew(SCOPE, Panel("two"), "card")
    assert users(outlet) == ["U1", "U1"]
    await telling.tell_once(SCOPE, Panel("news"), "card")
    await telling.tell_once(SCOPE, Panel("news"), "card")
    assert users(outlet) == ["U1", "U1", "U2"]


async def test_who_cannot_be_reached_keeps_nobody_from_being_told(admin: MemoryAdmin) -> None:
    outlet = Posted(away="U1")
    telling = Telling(admin, {"slack": outlet})
    await telling.tell(SCOPE, Panel("news"), "card")
    assert users(outlet) == ["U2"]
    outlet.away = ""
    await telling.tell_once(SCOPE, Panel("news"), "card")
    assert users(outlet) == ["U2", "U1"], "and is told later"


async def test_another_process_tells_those_of_platforms_that_are_not_here(admin: MemoryAdmin) -> None:
    outlets: dict[str, Outlet] = {}
    telling = Telling(admin, outlets)
    assert not await telling.tell_person("slack/T1/U1", Panel("news"), "card")
    outlets["slack"] = Posted()
    assert await telling.tell_person("slack/T1/U1", Panel("news"), "card")


async def test_ids_are_the_platforms_own(admin: MemoryAdmin) -> None:
    outlet = Posted()
    await Telling(admin, {"slack": outlet}).tell_person("slack/T%2F1/U%201", Panel("news"))
    assert outlet.posts == [("slack/T%2F1", "U 1", "news", "")]
