"""Who may do what: the list of roles that were given, a form to give one, and taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.surface.choices import Option
from adapters.surface.panels import Field, Filled, Form, Go, Heading, Panel, Part, Row, Words
from engine.admin.people import People
from engine.admin.records import Grant, SubjectKind
from engine.admin.roles import ADMIN_ROLES, Actor, AdminRole, at_least
from engine.errors import Wrong

BACK = Go("Back to the menu", "menu")
LIST = Go("Back to people", "people")
SHOWN = 20
MEANING: dict[AdminRole, str] = {
    "viewer": "looks: types, prompts, figures of the team",
    "coach": "also rates answers that a candidate shared",
    "admin": "also changes types, prompts, limits and data",
    "owner": "also says who is an admin",
}


class PeoplePages:
    """Under `people`: `give`, `give/<kind>/<id>/<role>`, `take/<kind>/<id>[/yes]`, `told/<yes or no>`, `page/<n>`."""

    name = "people"

    def __init__(self, people: People) -> None:
        self._people = people

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case ["give"]:
                return await self._form(actor)
            case ["give", kind, subject, role]:
                await self._people.grant(actor, _kind(kind), subject, _role(role))
                return await self._list(actor, "Given back. It holds at once.", good=True)
            case ["take", kind, subject]:
                return await self._ask(actor, _kind(kind), subject)
            case ["take", kind, subject, "yes"]:
                return await self._take(actor, _kind(kind), subject)
            case ["told", wish]:
                await self._people.seat(actor, told=wish == "yes")
                said = "You will be told" if wish == "yes" else "You will not be told any more"
                return await self._list(actor, f"{said} when something needs an admin.", good=True)
            case ["page", page] if page.isdecimal():
                return await self._list(actor, page=int(page))
            case _:
                return await self._list(actor)

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        """The form of `people/give`: every person and group chosen gets the role, or none of them does."""
        role = _role(filled.one("role"))
        people = [("user", each) for each in filled.fields.get("people", ())]
        groups = [("group", each) for each in filled.fields.get("groups", ())]
        chosen: list[tuple[SubjectKind, str]] = [(_kind(kind), id) for kind, id in (*people, *groups)]
        if not chosen:
            raise Wrong({"people": "Choose at least one person or group."})
        await self._people.give(actor, chosen, role)
        number = "" if len(chosen) == 1 else f" to {len(chosen)}"
        return await self._list(actor, f"Given{number}: {role}. It holds at once.", good=True)

    async def _list(self, actor: Actor, notice: str = "", *, good: bool = False, page: int = 0) -> Panel:
        grants = sorted(await self._people.grants(actor), key=lambda each: -ADMIN_ROLES.index(each.role))
        own = await self._people.role(actor)
        admin = at_least(own, "admin")
        shown = grants[page * SHOWN : (page + 1) * SHOWN]
        parts: list[Part] = [Words(_standing(actor))]
        for role in reversed(ADMIN_ROLES):
            if of_role := [grant for grant in shown if grant.role == role]:
                parts += [
                    Heading(f"{role.capitalize()}: {MEANING[role]}"),
                    *(_row(each, admin=admin) for each in of_role),
                ]
        if not grants:
            parts.append(Words("Nobody was given a role yet."))
        buttons = [Go("Give a role", "people/give", "primary")] if admin else []
        if page:
            buttons.append(Go("Before", f"people/page/{page - 1}"))
        if len(grants) > (page + 1) * SHOWN:
            buttons.append(Go("More", f"people/page/{page + 1}"))
        buttons.append(Go("Tell me what needs me", "people/told/yes"))
        buttons.append(Go("Do not tell me", "people/told/no"))
        tone = "good" if good else "neutral"
        return Panel("People", tuple(parts), tuple(buttons), back=BACK, notice=notice, tone=tone)

    async def _form(self, actor: Actor) -> Form:
        await self._people.grants(actor)
        own = await self._people.role(actor)
        roles = ADMIN_ROLES if at_least(own, "owner") else ("viewer", "coach")
        return Form(
            "people/give",
            "Give a role",
            (
                Field("people", "People", "people", optional=True, most=10),
                Field("groups", "Groups", "groups", optional=True, most=10, hint="Everybody in them has the role"),
                Field("role", "Role", "choice", ("viewer",),
                      options=tuple(Option(role, role.capitalize(), MEANING[role]) for role in roles)),
            ),
            submit="Give",
        )  # fmt: skip

    async def _ask(self, actor: Actor, kind: SubjectKind, subject: str) -> Panel:
        found = next((g for g in await self._people.grants(actor) if (g.kind, g.subject) == (kind, subject)), None)
        if found is None:
            return await self._list(actor, "That role was taken back already.")
        return Panel(
            "Take the role back?",
            (_row(found, admin=False), Words("It ends at once. A role the platform itself gives them stays.")),
            (Go("Take it back", f"people/take/{kind}/{subject}/yes", "danger"), Go("Keep it", "people")),
            back=LIST,
        )

    async def _take(self, actor: Actor, kind: SubjectKind, subject: str) -> Panel:
        found = next((g for g in await self._people.grants(actor) if (g.kind, g.subject) == (kind, subject)), None)
        if not await self._people.revoke(actor, kind, subject) or found is None:
            return await self._list(actor, "That role was taken back already.")
        undo = Go("Undo", f"people/give/{kind}/{subject}/{found.role}")
        parts = (_row(found, admin=False),)
        return Panel("People", parts, (undo,), back=LIST, notice="Taken back. It ended at once.", tone="good")


def _row(grant: Grant, *, admin: bool) -> Row:
    since = f"{datetime.fromtimestamp(grant.at, UTC):%-d %b %Y}"
    what = "Person" if grant.kind == "user" else "Group"
    button = Go("Take back…", f"people/take/{grant.kind}/{grant.subject}") if admin else None
    return Row(f"{what} {grant.subject}", f"{grant.role} since {since}", button, who=(grant.kind, grant.subject))


def _standing(actor: Actor) -> str:
    match actor.platform:
        case "slack":
            return "Admins and owners of the Slack workspace have their role here by themselves. Others need a grant."
        case "discord":
            return "Whoever may manage this server has a role here by that. Others need a grant."
        case _:
            return "Admins of a workspace have their role there by themselves. Others need a grant."


def _kind(kind: str) -> SubjectKind:
    if kind not in ("user", "group"):
        raise Wrong({"": "Choose a person or a group."})
    return kind


def _role(role: str) -> AdminRole:
    if role not in ADMIN_ROLES:
        raise Wrong({"role": f"Choose one of: {', '.join(ADMIN_ROLES)}."})
    return role
