"""Which questions of the bank may be asked next, and which of them fits best.

The bank is plain data, read elsewhere. Chance is an argument (`draw`), so that the same interview can be dealt again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from engine.feedback.words import content_stems
from engine.interviews import Format, Question, RoleLevel

# What every question is about says nothing about this one.
_COMMON = content_stems("system design question coding interview")


class QuestionBank:
    """Questions by id. Two with the same id or the same text are a mistake of whoever read them."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._by_id = {question.id: question for question in questions}
        self._by_text = {question.text: question for question in self._by_id.values()}

    def __iter__(self) -> Iterator[Question]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, id: str) -> Question | None:
        """The question with this id."""
        return self._by_id.get(id)

    def by_text(self, text: str) -> Question | None:
        """The question that reads exactly like this, white space at the ends aside."""
        return self._by_text.get(text.strip())

    def seeds(
        self,
        format: Format,
        level: int,
        role: RoleLevel,
        used_ids: Collection[str],
        focus: str,
        draw: Callable[[], float],
    ) -> tuple[Question, ...]:
        """Questions not asked yet at `level`, the preferred first; empty when the format is used up.

        When the level is used up, those of the nearest level that still has some. First come questions whose topic,
        tags or text hold words of `focus`, then those made for `role`; chance (`draw`: 0 ≤ x < 1) decides the rest. A
        custom interview draws on all formats, those asked least so far first.
        """
        open_ = [each for each in self if format in (each.format, "custom") and each.id not in used_ids]
        nearest = min((abs(each.level - level) for each in open_), default=0)
        asked = Counter(each.format for each in self if each.id in used_ids)
        wanted = content_stems(focus) - _COMMON

        def preference(question: Question) -> tuple[int, int, bool, float]:
            fits = not question.roles or role in question.roles
            return (-_overlap(wanted, question), asked[question.format], not fits, draw())

        ranked = {each.id: preference(each) for each in open_ if abs(each.level - level) == nearest}
        return tuple(self._by_id[id_] for id_ in sorted(ranked, key=lambda id_: ranked[id_]))


def _overlap(wanted: frozenset[str], question: Question) -> int:
    """How well a question meets the focus: a word in topic or tags counts twice, one in the text once."""
    if not wanted:
        return 0
    named = content_stems(" ".join((question.topic, *question.tags)))
    return 2 * len(wanted & named) + len((wanted - named) & content_stems(question.text))
