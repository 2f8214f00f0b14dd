"""Sharing the report of one interview with a coach, seeing what the coach made of it, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from urllib.parse import unquote

from adapters.surface.panels import Field, Filled, Form, Go, Mention, Panel, Part, Row, Table, Words
from engine.admin.roles import Actor
from engine.admin.sharing import NOTE_CHARS, Mine, Sharing, report_id
from engine.team.ratings import CoachRating
from engine.team.records import Shared

SHARE = "share"
COLUMNS = 6
"""How many coaches' levels stand side by side."""
WHAT = (
    "A coach of your workspace reads the questions and your answers, and rates them on the criteria you were judged "
    "by. Only once they have rated an answer do they see the levels you got for it. Nobody else sees anything, and you "
    "can take it back at any time."
)
HOW = "Open the report of an interview and press Share with a coach… there."


class Teller(Protocol):
    """Says something to a person unasked; see `telling.py`."""

    async def tell_person(self, person: str, panel: Panel, card: str = "") -> bool: ...


def share_path(session_id: str) -> str:
    """Where the button *Share with a coach…* of a report leads."""
    return f"{SHARE}/{report_id(session_id)}"


class SharePages:
    """Under `share/<report>`: `new`, `back/<share>[/yes]`. Open to everybody, for what is their own."""

    name = SHARE

    def __init__(self, sharing: Sharing, teller: Teller) -> None:
        self._sharing = sharing
        self._teller = teller

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case [report, "new"]:
                return _form(await self._sharing.mine(actor, report))
            case [report, "back", share]:
                return await self._ask(actor, report, share)
            case [report, "back", share, "yes"]:
                return await self._take_back(actor, report, share)
            case [report]:
                return mine_panel(await self._sharing.mine(actor, report))
            case _:
                return Panel("Share with a coach", (Words(HOW),))

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        """The form of `share/<report>/new`."""
        report = path[0] if path else ""
        shared, fresh = await self._sharing.share(actor, report, filled.one("coach"), filled.one("note"))
        notice = "It was shared with this coach already."
        if fresh:
            told = await self._teller.tell_person(shared.coach, _invitation(shared), f"share-{shared.id}")
            notice = "Shared. The coach was told." if told else (
                "Shared. The coach could not be told just now; tell them to look under Shared with me.")  # fmt: skip
        return mine_panel(await self._sharing.mine(actor, report), notice)

    async def _ask(self, actor: Actor, report: str, share: str) -> Panel:
        mine = await self._sharing.mine(actor, report)
        shared = next((each for each in mine.shares if each.id == share), None)
        if shared is None:
            return mine_panel(mine, "That was taken back already.")
        words = "They cannot read it any more from now on. Levels they gave stay with your interview."
        return Panel(
            "Take it back?",
            (_row(shared), Words(words)),
            (Go("Take it back", f"{SHARE}/{report}/back/{share}/yes", "danger"), Go("Keep it", f"{SHARE}/{report}")),
        )

    async def _take_back(self, actor: Actor, report: str, share: str) -> Panel:
        mine = await self._sharing.mine(actor, report)
        shared = next((each for each in mine.shares if each.id == share), None)
        if shared is None or not await self._sharing.unshare(actor, report, share):
            return mine_panel(mine, "That was taken back already.")
        gone = Panel(f"Taken back: {shared.title}", (Words("The candidate took this interview back."),))
        await self._teller.tell_person(shared.coach, gone, f"share-{shared.id}")
        return mine_panel(await self._sharing.mine(actor, report), "Taken back. They cannot read it any more.")


def mine_panel(mine: Mine, notice: str = "") -> Panel:
    """A candidate's interview: whom it is shown to, and the levels that coaches gave."""
    path = f"{SHARE}/{mine.report}"
    parts: list[Part] = [Words(WHAT, small=bool(mine.shares))]
    parts += [_row(shared, Go("Take back…", f"{path}/back/{shared.id}")) for shared in mine.shares]
    if mine.ratings:
        parts.append(_levels(mine))
    label = "Share with another coach…" if mine.shares else "Choose a coach…"
    tone = "good" if notice else "neutral"
    title = f"Share: {mine.session.setup.type.title}"
    return Panel(title, tuple(parts), (Go(label, f"{path}/new", "primary"),), notice=notice, tone=tone)


def user_of(person: str) -> str:
    """The platform's id of a person."""
    return unquote(person.rpartition("/")[2])


def _form(mine: Mine) -> Form:
    fields = (
        Field("coach", "Coach", "people", most=1, hint="Somebody with the role coach in your workspace"),
        Field("note", "Note to the coach", "text", optional=True, most=NOTE_CHARS,
              hint="What you would like them to look at"),
    )  # fmt: skip
    return Form(f"{SHARE}/{mine.report}/new", "Share with a coach", fields, submit="Share", intro=WHAT)


def _row(shared: Shared, button: Go | None = None) -> Row:
    return Row("Coach", shared.note, button, who=("user", user_of(shared.coach)))


def _invitation(shared: Shared) -> Panel:
    who = Mention(user_of(shared.person), "", f" shared an interview with you: {shared.title}.")
    note = (Words(f"Their note: {shared.note}"),) if shared.note else ()
    how = Words("You read the answers and rate them on the same criteria; what the machine gave is shown afterwards.")
    button = Go("Read and rate", f"rate/{shared.id}", "primary")
    return Panel("A candidate shared an interview with you", (who, *note, how), (button,))


def _levels(mine: Mine) -> Table:
    """Every criterion that a coach rated, beside what the machine gave then."""
    coaches = list(dict.fromkeys(each.coach for each in mine.ratings))[:COLUMNS]
    names = ["Coach"] if len(coaches) == 1 else [f"Coach {n}" for n in range(1, len(coaches) + 1)]
    titles = {each.id: each.title for each in mine.session.setup.type.criteria}
    found: dict[tuple[int, str], dict[str, CoachRating]] = {}
    for each in mine.ratings:
        found.setdefault((each.turn, each.criterion), {})[each.coach] = each
    rows: list[tuple[str, ...]] = []
    for turn, criterion in sorted(found, key=lambda at: (at[0], [*titles].index(at[1]) if at[1] in titles else 99)):
        given = found[turn, criterion]
        newest = max(given.values(), key=lambda each: each.at)
        theirs = [level_words(given[coach].level) if coach in given else "" for coach in coaches]
        name = titles.get(criterion, criterion)
        rows.append((f"{turn}", name, *theirs, level_words(newest.machine, "not scored")))
    return Table(("Answer", "Criterion", *names, "Machine"), tuple(rows), "Levels, 1 to 5")


def level_words(level: int | None, without: str = "cannot tell") -> str:
    return without if level is None else str(level)
