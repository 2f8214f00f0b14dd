"""What is kept about people: for how long, a form to choose it, and letting go now of what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.surface.marks import count
from adapters.surface.panels import Facts, Field, Filled, Form, Go, Panel, Part, Words
from engine.admin.data import Data, Kept
from engine.admin.roles import Actor, at_least
from engine.errors import Wrong
from engine.retention import LONGEST_DAYS, Rule

BACK = Go("Back to the menu", "menu")
HERE = Go("Back to data", "data")
PERSON = (
    "Everybody can export or delete their own data at any time: the commands are export and delete-my-data. Deleting "
    "reaches everything about them, at once."
)


class DataPages:
    """`data`, `data/keep/<version seen>`, `data/back/<version>`, `data/purge[/yes]`."""

    name = "data"

    def __init__(self, data: Data) -> None:
        self._data = data

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case ["keep", seen] if seen.isdecimal():
                return _form((await self._data.kept(actor)).rule, int(seen))
            case ["back", version] if version.isdecimal():
                await self._data.put_back(actor, int(version))
                return await self._page(actor, "Put back. It holds from the next day's clearing on.")
            case ["purge"]:
                return await self._ask(actor)
            case ["purge", "yes"]:
                swept = await self._data.purge(actor)
                return await self._page(actor, _swept(swept.words, swept.whole))
            case _:
                return await self._page(actor)

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        seen = int(path[1]) if len(path) == 2 and path[1].isdecimal() else -1
        answers, scores = _days(filled, "answers"), _days(filled, "scores")
        await self._data.keep(actor, answers, scores, seen=seen)
        undo = Go("Undo", f"data/back/{seen}")
        return await self._page(actor, "Saved. It holds from the next day's clearing on.", undo)

    async def _page(self, actor: Actor, notice: str = "", undo: Go | None = None) -> Panel:
        kept = await self._data.kept(actor)
        admin = at_least(await self._data.roles.role(actor), "admin")
        buttons = [undo] if undo else []
        if admin:
            buttons += [Go("Change", f"data/keep/{kept.rule.version}", "primary"), Go("Clear now…", "data/purge")]
        return Panel(
            "Data",
            (*_how_long(kept.rule), Facts(tuple(_how_much(kept))), Words(PERSON, small=True)),
            tuple(buttons),
            back=BACK,
            notice=notice,
            tone="good" if notice else "neutral",
        )

    async def _ask(self, actor: Actor) -> Panel:
        rule = (await self._data.kept(actor)).rule
        if rule.retention.answers_days is None:
            words = "Everything is kept until people delete it, so there is nothing to clear."
            return Panel(
                "Nothing to clear", (Words(words),), (Go("Change that", f"data/keep/{rule.version}"),), back=HERE
            )
        words = (
            f"Words of interviews that have been quiet for more than {rule.retention.answers_days} days are deleted "
            "now, rather than within a day. This cannot be undone: nothing of them is left."
        )
        buttons = (Go("Clear now", "data/purge/yes", "danger"), Go("Leave it", "data"))
        return Panel("Clear what is over?", (Words(words),), buttons, back=HERE)


def _form(rule: Rule, seen: int) -> Form:
    hint = "Empty: until the person deletes it"

    def days(id: str, label: str, value: int | None) -> Field:
        values = () if value is None else (str(value),)
        return Field(id, label, "number", values, hint, optional=True, least=1, most=LONGEST_DAYS)

    return Form(
        f"data/keep/{seen}",
        "How long things are kept",
        (
            days("answers", "Days to keep answers", rule.retention.answers_days),
            days("scores", "Days to keep scores", rule.retention.scores_days),
        ),
        intro="Days count from the last time something happened in an interview. Scores are kept at least as long.",
    )


def _how_long(rule: Rule) -> list[Part]:
    facts = (
        ("Answers", _until(rule.retention.answers_days)),
        ("Scores", _until(rule.retention.scores_days)),
        ("Recordings", "never kept: they go once their words are written down"),
        ("Logs", "hold neither words nor ids of people; whoever runs Rehearse keeps them"),
    )
    note = "Chosen by an admin." if rule.chosen else "Nobody chose this yet; it is what Rehearse does by itself."
    return [Facts(facts), Words(note, small=True)]


def _how_much(kept: Kept) -> list[tuple[str, str]]:
    standing = kept.standing
    facts = [
        ("With their words", f"{count(standing.worded, 'interview')}, {standing.under_way} of them under way"),
        ("Figures alone", count(standing.figures, "interview")),
    ]
    if standing.oldest_at is not None:
        facts.append(("Quiet for longest since", f"{datetime.fromtimestamp(standing.oldest_at, UTC):%-d %b %Y}"))
    return facts


def _until(days: int | None) -> str:
    return "until the person deletes them" if days is None else f"{days} days"


def _swept(words: int, whole: int) -> str:
    if not words and not whole:
        return "There was nothing to clear."
    return f"Cleared: the words of {count(words, 'interview')}, and {count(whole, 'interview')} altogether."


def _days(filled: Filled, id: str) -> int | None:
    text = filled.one(id)
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Wrong({id: f"A number of days, from 1 to {LONGEST_DAYS:,}; or nothing."})
    return int(text)
