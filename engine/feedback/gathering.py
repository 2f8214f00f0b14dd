"""The sections of a review as they come in: which are final, which are spoilt, which are missing.

Streams may break off, be cut back when another provider goes on, or be asked for again; a section that settled in an
earlier stream stays. What the sections say to a candidate is put together in `reader.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.feedback.evidence import Evidence
from engine.feedback.model import CriterionFeedback, Origin
from engine.feedback.sections import judged, told
from engine.feedback.verdict import acceptable, read_criterion, read_text, sections_for
from engine.interviews import Criterion
from engine.llm.sections import SectionScanner
from engine.ports import Source


class Gathering:
    """Reads the streams of one review. `strict`: no level may exceed what the wording shows.

    `texts` and `judgements` hold what settled, `spoilt` the criteria that are readable but for their level, `unusable`
    what came and made no sense, `given_up` what is not waited for any more, with the reason. `values` is what a model
    wrote, for a provider that has to go on from it. `version` rises whenever any of them but `given_up` changes.
    """

    def __init__(self, criteria: Sequence[Criterion], evidence: Evidence, *, strict: bool = False) -> None:
        self.order: tuple[str, ...] = sections_for(criteria)
        self.texts: dict[str, str] = {}
        self.judgements: dict[str, CriterionFeedback] = {}
        self.values: dict[str, object] = {}
        self.origins: dict[str, Origin] = {}
        self.spoilt: dict[str, CriterionFeedback] = {}
        self.unusable: set[str] = set()
        self.given_up: dict[str, str] = {}
        self.version = 0
        self._criteria = frozenset(criterion.id for criterion in criteria)
        self._evidence = evidence
        self._strict = strict
        self._scanner = SectionScanner()
        self._unreadable = False
        self._earlier: frozenset[str] = frozenset()
        self._settled: tuple[int, tuple[str, ...]] = (0, ())

    @property
    def settled(self) -> tuple[str, ...]:
        """The sections that are final, in order."""
        if self._settled[0] != self.version:  # asked for with every piece of every stream
            self._settled = (self.version, tuple(name for name in self.order if name in self.values))
        return self._settled[1]

    @property
    def missing(self) -> tuple[str, ...]:
        """The sections that are neither final nor given up, in order."""
        return tuple(name for name in self.order if name not in self.values and name not in self.given_up)

    @property
    def chars(self) -> int:
        """How much of this stream was read."""
        return len(self._scanner.text)

    def feed(self, text: str, source: Source) -> bool:
        """Take the next piece of the stream; `True` when a section settled."""
        if self._unreadable:
            return False
        try:
            completed = self._scanner.feed(text)
        except ValueError:
            # What came whole before the nonsense is still good; the rest of this stream is not listened to.
            self._unreadable = True
            completed = tuple(self._scanner.spans)
        return sum(self._settle(name, source) for name in completed) > 0

    def cut(self, keep: int) -> None:
        """The writer changed: forget what stood from `keep` on, and listen again."""
        self._unreadable = False
        self.version += 1
        try:
            self._scanner.cut(keep)
        except ValueError:
            self._unreadable = True
        known = self.values.keys() | self.spoilt.keys() | self.unusable
        for name in known - self._scanner.spans.keys() - self._earlier:
            for kept in (self.texts, self.judgements, self.values, self.origins, self.spoilt):
                kept.pop(name, None)
            self.unusable.discard(name)

    def again(self) -> None:
        """A new stream follows, for what is missing."""
        self._scanner = SectionScanner()
        self._unreadable = False
        self._earlier = frozenset(self.values) | frozenset(self.spoilt) | frozenset(self.unusable)

    def growing(self) -> tuple[str, object]:
        """The section being written and what is certain of it; `("", None)` when there is none."""
        name = self._scanner.open[0] if self._scanner.open else ""
        return (name, self._scanner.open_value()) if name in self.missing else ("", None)

    def _settle(self, name: str, source: Source) -> bool:
        """Hold a section that has just become whole against the answer; `True` when it is good and new."""
        if name not in self.missing:
            return False
        self.version += 1
        origin = Origin(provider=source.provider, model=source.model, fallback=source.fallback)
        value = self._value(name)
        good = acceptable(name, value, criterion=name in self._criteria)
        if name in self._criteria and (verdict := read_criterion(value)):
            part = judged(name, verdict, self._evidence, origin, strict=self._strict)
            (self.judgements if good else self.spoilt)[name] = part
        elif good:
            self.texts[name] = told(name, read_text(value) or "", self._evidence)
        elif name not in self.spoilt:
            self.unusable.add(name)
        if good:
            self.values[name] = value
            self.origins[name] = origin
            self.spoilt.pop(name, None)
            self.unusable.discard(name)
        return good

    def _value(self, name: str) -> object:
        try:
            return self._scanner.value(name)
        except ValueError:
            return None
