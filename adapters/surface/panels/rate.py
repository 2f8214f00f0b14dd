"""What a coach reads and rates: one answer at a time, on its criteria, before the machine's levels are shown."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.surface.choices import Option
from adapters.surface.panels import (
    FIELDS,
    Facts,
    Field,
    Filled,
    Form,
    Go,
    Heading,
    Panel,
    Part,
    Row,
    Table,
    Words,
)
from adapters.surface.panels.share import Teller, level_words, share_path, user_of
from engine.admin.rating import Answer, Rating
from engine.admin.roles import Actor
from engine.errors import Wrong
from engine.interviews import Criterion
from engine.team.ratings import LEVELS, compared
from engine.team.records import Shared

NAME = "rate"
CANNOT_TELL = "-"
ANSWER_CHARS, ANCHOR_CHARS, LINE_CHARS = 1_500, 2_500, 120
"""What of an answer, and of the anchors, fits into one panel beside the question; and of a question into a list."""
SHOWN = 15
BACK = Go("Back to what was shared", NAME)


class RatePages:
    """Under `rate/<share>/<turn>`: `page/<n>`, `anchors/<n>`, `<text>/<form>`."""

    name = NAME

    def __init__(self, rating: Rating, teller: Teller) -> None:
        self._rating = rating
        self._teller = teller

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case []:
                return list_panel(await self._rating.sharing.shared_with(actor))
            case [share]:
                return await self._items(actor, share)
            case [share, turn]:
                return answer_panel(await self._rating.answer(actor, share, _number(turn)))
            case [share, turn, "page", page]:
                return answer_panel(await self._rating.answer(actor, share, _number(turn)), _number(page))
            case [share, turn, "anchors", page]:
                return anchors_panel(await self._rating.answer(actor, share, _number(turn)), _number(page))
            case [share, turn, text, form]:
                answer = await self._rating.answer(actor, share, _number(turn))
                if answer.text_id != text or not 1 <= _number(form) <= len(forms(answer.criteria)):
                    return answer_panel(answer, notice="The answer was changed. Read it again before you rate it.")
                return rating_form(answer, _number(form))
            case _:
                return list_panel(await self._rating.sharing.shared_with(actor))

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        """The form of `rate/<share>/<turn>/<text>/<form>`: a level for each of its criteria."""
        share, turn, text, form = (*path, "", "", "", "")[:4]
        shown = await self._rating.answer(actor, share, _number(turn))
        asked = forms(shown.criteria)
        if not 1 <= _number(form) <= len(asked):
            return answer_panel(shown)
        levels = _levels(asked[_number(form) - 1], filled)
        answer, new = await self._rating.rate(actor, share, _number(turn), text, levels)
        if answer.machine is None:
            return answer_panel(answer, notice="Kept. Rate the other criteria to see what the machine gave.")
        if new:
            seen = Go("See the levels", share_path(answer.shared.session))
            panel = Panel("A coach rated your answers", (Words(f"In your interview: {answer.shared.title}."),), (seen,))
            await self._teller.tell_person(answer.shared.person, panel, f"rated-{share}")
        return answer_panel(answer, notice="Kept. The candidate can see your levels.")

    async def _items(self, actor: Actor, share: str) -> Panel:
        shared, items = await self._rating.items(actor, share)
        parts: list[Part] = [_shared_row(shared, button=False)]
        if shared.note:
            parts.append(Words(f"Their note: {shared.note}"))
        for item in items[:SHOWN]:
            label = "Look" if item.rated else "Rate"
            done = "rated" if item.rated else "not rated yet"
            parts.append(
                Row(f"Answer {item.turn}: {done}", _cut(item.question), Go(label, f"{NAME}/{share}/{item.turn}"))
            )
        if not items:
            parts.append(Words("The words of this interview were deleted when their time was over."))
        left = next((item for item in items if not item.rated), None)
        buttons = (Go("Rate the next answer", f"{NAME}/{share}/{left.turn}", "primary"),) if left else ()
        return Panel(shared.title, tuple(parts), buttons, back=BACK)


def list_panel(shares: Sequence[Shared]) -> Panel:
    """Everything a coach may read now."""
    if not shares:
        words = "Nothing is shared with you now. A candidate shares an interview from its report."
        return Panel("Shared with me", (Words(words),))
    more = (Words(f"And {len(shares) - SHOWN} older ones.", small=True),) if len(shares) > SHOWN else ()
    return Panel("Shared with me", (*(_shared_row(each, button=True) for each in shares[:SHOWN]), *more))


def answer_panel(answer: Answer, page: int = 1, notice: str = "") -> Panel:
    """A question and its answer; when it is rated, both sides' levels."""
    path = f"{NAME}/{answer.shared.id}/{answer.turn}"
    texts = pieces(answer.text, ANSWER_CHARS)
    page = min(max(1, page), len(texts))
    parts: list[Part] = [Words(answer.question)] if page == 1 else []
    parts.append(Heading("Answer" if len(texts) == 1 else f"Answer, part {page} of {len(texts)}"))
    parts.append(Words(texts[page - 1]))
    if answer.hints:
        parts.append(Words(f"Hints taken: {answer.hints}.", small=True))
    buttons: list[Go] = [Go("Read on", f"{path}/page/{page + 1}")] if page < len(texts) else []
    buttons.append(Go("What the levels mean", f"{path}/anchors/1"))
    groups = forms(answer.criteria)
    for n, group in enumerate(groups, 1):
        done = all(criterion.id in answer.mine for criterion in group)
        of = f" {n} of {len(groups)}" if len(groups) > 1 else ""
        label = f"Change{of}…" if done else f"Rate{of}…"
        buttons.append(Go(label, f"{path}/{answer.text_id}/{n}", "plain" if done else "primary"))
    if answer.machine is not None:
        rows = tuple((each.title, level_words(answer.mine.get(each.id)),
                      level_words(answer.machine.get(each.id), "not scored")) for each in answer.criteria)  # fmt: skip
        parts.append(Table(("Criterion", "You", "Machine"), rows, "Levels, 1 to 5"))
        by = f" It was judged by: {answer.engine}." if answer.engine else ""
        parts.append(Words(compared(answer.mine, answer.machine) + by))
        if answer.after:
            buttons.append(Go("Next answer", f"{NAME}/{answer.shared.id}/{answer.after}", "primary"))
    back = Go("Back to the answers", f"{NAME}/{answer.shared.id}")
    tone = "good" if notice.startswith("Kept") else "warn" if notice else "neutral"
    return Panel(f"Answer {answer.turn}", tuple(parts), tuple(buttons), back=back, notice=notice, tone=tone)


def anchors_panel(answer: Answer, page: int) -> Panel:
    """What each level of each criterion means."""
    path = f"{NAME}/{answer.shared.id}/{answer.turn}"
    pages = _by_size(answer.criteria)
    page = min(max(1, page), len(pages))
    parts: list[Part] = []
    for criterion in pages[page - 1]:
        parts += [Heading(criterion.title), Facts(tuple((str(n), text) for n, text in enumerate(criterion.anchors, 1)))]
    buttons = (Go("More", f"{path}/anchors/{page + 1}"),) if page < len(pages) else ()
    return Panel("What the levels mean", tuple(parts), buttons, back=Go("Back to the answer", path))


def rating_form(answer: Answer, number: int) -> Form:
    """A choice per criterion, of the `number`-th handful (from 1)."""
    groups = forms(answer.criteria)
    path = f"{NAME}/{answer.shared.id}/{answer.turn}/{answer.text_id}/{number}"
    fields = tuple(_field(criterion, answer) for criterion in groups[number - 1])
    title = f"Rate answer {answer.turn}" + (f", {number} of {len(groups)}" if len(groups) > 1 else "")
    return Form(path, title, fields, submit="Rate")


def forms(criteria: Sequence[Criterion]) -> list[Sequence[Criterion]]:
    """The criteria in handfuls that a form holds, of about the same size."""
    count = -(-len(criteria) // FIELDS)
    size = -(-len(criteria) // count)
    return [criteria[n : n + size] for n in range(0, len(criteria), size)]


def pieces(text: str, most: int) -> list[str]:
    """A text in parts of at most `most` characters, cut where a line or a word ends; at least one."""
    found: list[str] = []
    while len(text) > most:
        cut = max(text.rfind("\n", most // 2, most), 0) or max(text.rfind(" ", most // 2, most), 0) or most
        found.append(text[:cut])
        text = text[cut:].lstrip("\n") if text[cut] == "\n" else text[cut:].removeprefix(" ")
    return [*found, text]


def _field(criterion: Criterion, answer: Answer) -> Field:
    given = answer.mine.get(criterion.id)
    values = (CANNOT_TELL if given is None else str(given),) if criterion.id in answer.mine else ()
    levels = tuple(Option(str(n), str(n), text) for n, text in zip(LEVELS, criterion.anchors, strict=True))
    options = (*levels, Option(CANNOT_TELL, "Cannot tell", "The answer does not show it"))
    return Field(criterion.id, criterion.title, "choice", values, hint=criterion.description, options=options)


def _levels(criteria: Sequence[Criterion], filled: Filled) -> dict[str, int | None]:
    levels: dict[str, int | None] = {}
    wrong: dict[str, str] = {}
    for criterion in criteria:
        chosen = filled.one(criterion.id)
        if chosen == CANNOT_TELL:
            levels[criterion.id] = None
        elif chosen in map(str, LEVELS):
            levels[criterion.id] = int(chosen)
        else:
            wrong[criterion.id] = "Choose a level, or “cannot tell”."
    if wrong:
        raise Wrong(wrong)
    return levels


def _by_size(criteria: Sequence[Criterion]) -> list[list[Criterion]]:
    pages: list[list[Criterion]] = []
    room = 0
    for criterion in criteria:
        size = sum(len(anchor) + 10 for anchor in criterion.anchors)
        if not pages or size > room:
            pages.append([])
            room = ANCHOR_CHARS
        pages[-1].append(criterion)
        room -= size
    return pages


def _shared_row(shared: Shared, *, button: bool) -> Row:
    go = Go("Read and rate", f"{NAME}/{shared.id}") if button else None
    return Row("Candidate", shared.title, go, who=("user", user_of(shared.person)))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE_CHARS else f"{line[: LINE_CHARS - 1]}…"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0
