"""The first page of what admins may do: where everything is, by role, and what needs somebody now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from adapters.surface.panels import Filled, Form, Go, Heading, Panel, Part, Row, Words
from engine.admin.people import People
from engine.admin.roles import EVERYWHERE, Actor, AdminRole, at_least

Alerts = Callable[[Actor], Awaitable[Sequence[Row]]]
"""What needs an admin now, each with a button that leads there. Asked for every time somebody looks at the menu."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way from the menu. Those whose role is not enough do not see it."""

    label: str
    path: str
    about: str
    needs: AdminRole = "viewer"


WAYS = (
    Way("Interview types", "types", "What people can practise: questions, criteria, who may use it"),
    Way("Prompts", "prompts", "What the models are told: versions, trials, rollouts, figures"),
    Way("Limits", "limits", "How much people may use, and how much they did", "admin"),
    Way("Team", "team", "How practice goes, by type and criterion, and what it costs"),
    Way("People", "people", "Who may look, coach and change things"),
    Way("Data", "data", "How long answers and scores are kept", "admin"),
    Way("Audit", "audit", "What was changed, newest first"),
)
HELPERS = {
    "slack": "An admin or owner of this Slack workspace can do everything here, and can give you a role.",
    "discord": "Whoever may manage this server can do everything here, and can give you a role.",
}


class MenuPages:
    """`alerts` are asked in order; `ways` are shown in order."""

    name = "menu"

    def __init__(self, people: People, *, alerts: Sequence[Alerts] = (), ways: Sequence[Way] = WAYS) -> None:
        self._people = people
        self._alerts = alerts
        self._ways = ways

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        role = await self._people.role(actor)
        if role is None:
            return nobody(actor)
        ways = [way for way in self._ways if at_least(role, way.needs)]
        parts: list[Part] = [Words(f"You are {_article(role)} of {_where(actor)}.")]
        alerts = [row for each in self._alerts for row in await each(actor)] if at_least(role, "admin") else []
        if alerts:
            parts += [Heading("Needs you"), *alerts, Heading("Everything")]
        parts += [Row(way.label, way.about, Go("Open", way.path)) for way in ways]
        return Panel("Rehearse for admins", tuple(parts), tone="warn" if alerts else "neutral")

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        del filled
        return await self.show(actor, path)


def nobody(actor: Actor) -> Panel:
    """What somebody without any role is told: who can help."""
    helper = HELPERS.get(actor.platform, "Whoever runs Rehearse can give you a role: rehearse people grant --help.")
    words = "This is where a team shapes its interviews. Practising needs none of it, and is open to you as before."
    return Panel("For admins and coaches", (Words(words), Words(helper, small=True)))


def _article(role: AdminRole) -> str:
    return f"{'an' if role in ('admin', 'owner') else 'a'} {role}"


def _where(actor: Actor) -> str:
    if actor.scope == EVERYWHERE:
        return "everything that runs here"
    if actor.on:
        return actor.scope
    return "this server" if actor.platform == "discord" else "this workspace"
