"""The pages of prompts: what a path leads to, and what a press does. What is shown stands in `prompts_looking.py` and
`rollout.py`; what may be done, and by whom, is `engine/admin/prompts.py`'s.

A path that changes something carries the revision it was shown at, so that the second of two admins is told what the
first did. Rolling a rollout back carries its number instead: it must not fail for being late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapters.surface.choices import Option
from adapters.surface.panels import Field, Filled, Form, Go, Pages, Panel, Row
from adapters.surface.panels.prompts_editing import Editing
from adapters.surface.panels.prompts_looking import (
    diff_panel,
    download_panel,
    history_panel,
    lint_panel,
    prompt_panel,
    prompts_panel,
    stats_panel,
    sure_panel,
    tried_panel,
    version_panel,
)
from adapters.surface.panels.prompts_wording import number_of, title_of
from adapters.surface.panels.rollout import alert, card_of, ending, rollout_card
from adapters.surface.panels.telling import Telling
from engine.admin.guard import Looked
from engine.admin.prompts import Prompts, Shown
from engine.admin.records import AdminStore
from engine.admin.roles import Actor
from engine.errors import Wrong
from engine.keys import person_of
from engine.prompting.choosing import share_bp
from engine.prompting.standing import PRODUCTION, Standing
from engine.trials.rollout import percent

GONE_ON = "Interviews that have begun go on as they began."
SURE = {
    "promote": f"Every new interview gets it. {GONE_ON} Rolling back takes one press.",
    "retire": f"Nobody can choose it any more, until it is saved once more. {GONE_ON}",
}


class PromptPages(Pages):
    """`now` is epoch seconds. `telling` posts the rollout card to whoever opens one."""

    name = "prompts"

    def __init__(self, prompts: Prompts, *, store: AdminStore, telling: Telling, now: Callable[[], float]) -> None:
        self._prompts = prompts
        self._telling = telling
        self._now = now
        self._editing = Editing(prompts, store, now)

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case []:
                standings = await self._prompts.list(actor)
                return prompts_panel(standings, may_change=await self._prompts.may_change(actor))
            case [name]:
                return await self._prompt(actor, name)
            case [name, "history"]:
                return history_panel(
                    (await self._prompts.show(actor, name)).standing.name, await self._prompts.history(actor, name)
                )
            case [name, "stats", *days]:
                return await self._stats(actor, name, days)
            case [name, "rollback", seen]:
                after = await self._prompts.rollback(actor, name, seen=_number(seen))
                notice = f"Rolled back: {number_of(after, after.production)} is in production again. {GONE_ON}"
                return await self._prompt(actor, name, notice)
            case [name, "rollout"]:
                return await self._card(actor, name)
            case [name, "rollout", do, *rest]:
                return await self._on_rollout(actor, name, do, rest)
            case [name, "v", number]:
                shown = await self._prompts.show(actor, name, number)
                return version_panel(shown, may_change=await self._prompts.may_change(actor))
            case [name, "v", number, do, *rest]:
                return await self._on_version(actor, await self._prompts.show(actor, name, number), do, rest)
            case _:
                raise Wrong({"": "This leads nowhere now; it may be from an older version."})

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        match path:
            case [name, "v", number, "rollout", seen]:
                share = share_bp(filled.one("share"))
                after = await self._prompts.rollout(
                    actor, name, share, ref=number, reason=filled.one("reason"), seen=_number(seen)
                )
                return await self._opened(actor, after, share)
            case [name, "v", number, "label", seen]:
                label = filled.one("label").casefold()
                after = await self._prompts.label(actor, name, label, number, seen=_number(seen))
                return await self._prompt(
                    actor, name, f"The label {label} points to {number_of(after, after.labels[label])} now."
                )
            case [name, "v", number, "try"]:
                shown = await self._prompts.show(actor, name, number)
                offline = filled.one("with") == "offline"
                tried = await self._prompts.try_(actor, name, number, answer=filled.one("answer"), offline=offline)
                base = f"prompts/{name}/v/{number}"
                title = f"Tried: {title_of(name).lower()}, version {shown.version.number}"
                return tried_panel(title, tried, [Go("Try again…", f"{base}/try")], Go("Back to the version", base))
            case [name, "v", number, "edit" | "upload" as how]:
                return await self._editing.check(actor, await self._prompts.show(actor, name, number), how, filled)
            case _:
                return await self.show(actor, path)

    async def alerts(self, actor: Actor) -> Sequence[Row]:
        """What of prompts needs an admin now, for the menu."""
        found: list[Row] = []
        if not await self._prompts.may_change(actor):
            return found
        for standing in await self._prompts.list(actor):
            if standing.rollout is not None:
                row = alert(Looked(standing, await self._prompts.compare(actor, standing.name)))
                found += [row] if row is not None else []
        return found

    async def _prompt(self, actor: Actor, name: str, notice: str = "") -> Panel:
        shown = await self._prompts.show(actor, name)
        return prompt_panel(shown.standing, may_change=await self._prompts.may_change(actor), notice=notice)

    async def _stats(self, actor: Actor, name: str, days: Sequence[str]) -> Panel:
        shown, count = await self._prompts.show(actor, name), _number(days[0]) if days else None
        since = 0.0 if count is None else self._now() - count * 86_400
        return stats_panel(shown.standing, await self._prompts.stats(actor, name, since=since), count)

    async def _card(self, actor: Actor, name: str, notice: str = "") -> Panel:
        comparison = await self._prompts.compare(actor, name)
        shown = await self._prompts.show(actor, name)
        may_change = await self._prompts.may_change(actor)
        return rollout_card(Looked(shown.standing, comparison), may_change=may_change, notice=notice)

    async def _opened(self, actor: Actor, after: Standing, share: int) -> Panel:
        """The card; and once more in the direct message of whoever opened it, where it is kept up to date."""
        notice = f"{percent(share)} of the people get it from now on. {GONE_ON}"
        card = await self._card(actor, after.name, notice)
        if after.rollout is not None and not actor.operator:
            person = person_of(actor.platform, actor.workspace, actor.user)
            await self._telling.tell_person(person, await self._card(actor, after.name), card_of(after.rollout))
        return card

    async def _on_rollout(self, actor: Actor, name: str, do: str, rest: Sequence[str]) -> Panel | Form:
        match do, rest:
            case "raise", [share, seen]:
                await self._prompts.rollout(actor, name, _number(share), seen=_number(seen))
                return await self._card(actor, name, f"{percent(_number(share))} of the people get it from now on.")
            case "hold", [seen]:
                await self._prompts.hold(actor, name, seen=_number(seen))
                return await self._card(actor, name, f"On hold: nobody new gets it. {GONE_ON}")
            case "resume", [seen]:
                await self._prompts.resume(actor, name, seen=_number(seen))
                return await self._card(actor, name, "Resumed, with the very same people.")
            case "promote", [seen]:
                shown = await self._prompts.show(actor, name)
                _unchanged(shown.standing, seen)
                return (
                    await self._card(actor, name)
                    if (rollout := shown.standing.rollout) is None
                    else ending(shown.standing, rollout)
                )
            case "promote", ["yes", seen]:
                standing = (await self._prompts.show(actor, name)).standing
                ref = standing.rollout.candidate if standing.rollout else PRODUCTION
                after = await self._prompts.promote(actor, name, ref, seen=_number(seen))
                notice = f"{number_of(after, after.production).capitalize()} is in production. {GONE_ON}"
                return await self._prompt(actor, name, notice)
            case "rollback", [number]:
                return await self._rolled_back(actor, name, _number(number))
            case _:
                return await self._card(actor, name)

    async def _rolled_back(self, actor: Actor, name: str, number: int) -> Panel:
        standing = (await self._prompts.show(actor, name)).standing
        if standing.rollout is None or standing.rollout.id != number:
            return await self._card(actor, name, "This rollout is over already; nothing was changed.")
        ref = standing.rollout.candidate
        after = await self._prompts.rollback(actor, name, seen=standing.revision)
        notice = f"Rolled back: everybody new gets {number_of(after, after.production)}. {GONE_ON}"
        again = Go("Open it again…", f"prompts/{name}/v/{standing.version(ref).number}/rollout/{after.revision}")
        panel = await self._card(actor, name, notice)
        return Panel(panel.title, panel.parts, (again, *panel.buttons), back=panel.back, notice=notice, tone="good")

    async def _on_version(self, actor: Actor, shown: Shown, do: str, rest: Sequence[str]) -> Panel | Form:
        name, number = shown.standing.name, str(shown.version.number)
        base = f"prompts/{name}/v/{number}"
        match do, rest:
            case "lint", []:
                return lint_panel(shown, await self._prompts.lint(actor, name, number))
            case "diff", _:
                old = rest[0] if rest else PRODUCTION
                against = (
                    f"version {old}"
                    if rest
                    else f"{number_of(shown.standing, shown.standing.production)}, in production"
                )
                return diff_panel(shown, against, await self._prompts.diff(actor, name, old, number))
            case "download", []:
                return download_panel(shown)
            case "try", []:
                return _try_form(f"{base}/try", name)
            case "rollout", [seen]:
                _unchanged(shown.standing, seen)
                return _rollout_form(f"{base}/rollout/{seen}", shown)
            case "label", [seen]:
                _unchanged(shown.standing, seen)
                hint = "For example staging. Up to 36 of a–z, 0–9, “_”, “-” and “.”."
                field = Field("label", "Label", "line", hint=hint, least=1, most=36)
                return Form(f"{base}/label/{seen}", f"Label version {number}", (field,), "Set")
            case (("promote" | "retire"), [seen]):
                _unchanged(shown.standing, seen)
                return sure_panel(shown, do, seen, SURE[do])
            case "promote", ["yes", seen]:
                await self._prompts.promote(actor, name, number, seen=_number(seen))
                return await self._prompt(actor, name, f"Version {number} is in production. {GONE_ON}")
            case "retire", ["yes", seen]:
                await self._prompts.retire(actor, name, number, seen=_number(seen))
                return await self._prompt(
                    actor, name, f"Version {number} is retired. Save it once more to have it back. {GONE_ON}"
                )
            case _:
                return await self._editing.show(actor, shown, do)


def _try_form(path: str, name: str) -> Form:
    options = (
        Option("model", "The configured model", "As an interview would; it costs one request"),
        Option("offline", "The offline coach", "Costs nothing; shows that the template can be filled"),
    )
    fields = [Field("with", "Who answers", "choice", ("model",), options=options)]
    if name in ("review", "follow_up"):
        hint = "Left empty, a sample answer is taken."
        fields.insert(0, Field("answer", "An answer to try it on", "text", hint=hint, optional=True))
    return Form(path, "Try it on a sample", tuple(fields), "Try", "Nothing of this is kept.")


def _rollout_form(path: str, shown: Shown) -> Form:
    fields = (
        Field(
            "share", "Share of the people, in percent", "line", ("10",), "More than 0, at most 100.", least=1, most=12
        ),
        Field("reason", "Why", "line", optional=True, most=500),
    )
    return Form(path, f"Roll out version {shown.version.number}", fields, "Roll out", GONE_ON)


def _unchanged(standing: Standing, seen: str) -> None:
    """Raises `Overtaken` when a button is older than what stands."""
    standing.seen_at(_number(seen))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Wrong({"": "This button is not one of ours any more. Go back and look again."})
    return int(text)
