"""What people saw, and when: figures from the writes that were accepted and the moments the chunks were generated.

**First text**: answer sent → the first chunk visible. **First lag**: the first chunk generated → a chunk visible.
**Section-1 lag**: the first criterion generated → all of it visible. **Staleness** at a moment: the age of the oldest
chunk that is certain and not visible, sampled every 20 ms from the first chunk until all are visible; for an answer
that never completes until its last chunk, which flatters it. **Finish lag**: the last chunk generated → all of it
visible, and the buttons of the feedback where there are any.

A review shows only some of its fixes, so those are certain later; a plain text is as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.perf.chat_text import CHUNKS, CHUNKS_PER_S, HEADLINE, marks, stream
from tests.perf.table import percentile

SAMPLE_S = 0.02
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Write:
    """One call as the server took it. `seen` is what a person can read of it, `leads_on` is whether it has *Next*."""

    at: float
    method: str
    channel: str
    accepted: bool
    limited: bool
    seen: str = ""
    leads_on: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and its review. Times are on one clock; `first_chunk` is that of the first chunk."""

    channel: str
    round: int
    sent: float
    first_chunk: float
    buttons: bool
    """Whether the review is only whole with its buttons."""

    def generated(self, n: int) -> float:
        return self.first_chunk + n / CHUNKS_PER_S

    @property
    def last_chunk(self) -> float:
        return self.generated(CHUNKS - 1)


@dataclass(slots=True)
class Figures:
    """Seconds, of all answers of a run, infinite where it never came. Staleness samples are of all of them together."""

    answers: int = 0
    first_text: list[float] = field(default_factory=list)
    first_lag: list[float] = field(default_factory=list)
    section_1: list[float] = field(default_factory=list)
    staleness: list[float] = field(default_factory=list)
    finish: list[float] = field(default_factory=list)
    never_final: int = 0
    accepted: dict[str, int] = field(default_factory=dict)
    limited: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    cpu_ms: float = 0.0
    """Of the bot's process, per second of an answer being written."""

    @property
    def writes_per_answer(self) -> float:
        return sum(self.accepted.values()) / max(1, self.answers)

    @property
    def limited_per_answer(self) -> float:
        return sum(self.limited.values()) / max(1, self.answers)

    def p(self, name: str, share: float) -> float:
        """A percentile of one of the lists; infinite where it never came."""
        values: list[float] = getattr(self, name)
        return percentile(values, share) if values else NEVER


def figures(answers: Sequence[Answer], writes: Iterable[Write], since: float, began: float) -> Figures:
    """What the writes from `since` on amount to; what was limited counts from when the run `began`."""
    found = Figures(answers=len(answers))
    by_channel: dict[str, list[Write]] = {}
    for write in sorted(writes, key=lambda write: write.at):
        if write.at < (began if write.limited else since):
            continue
        kind = found.limited if write.limited else found.accepted if write.accepted else found.refused
        kind[write.method] = kind.get(write.method, 0) + 1
        if write.accepted:
            by_channel.setdefault(write.channel, []).append(write)
    for answer in answers:
        _add(found, answer, by_channel.get(answer.channel, []))
    return found


def _add(found: Figures, answer: Answer, writes: Sequence[Write]) -> None:
    visible: dict[int, float] = {}
    whole_at = NEVER
    for write in writes:
        if write.at < answer.sent:
            continue
        for round_, n in marks(write.seen):
            if round_ == answer.round:
                visible.setdefault(n, write.at)
        if len(visible) == CHUNKS and (not answer.buttons or write.leads_on):
            whole_at = min(whole_at, write.at)
    end = stream(answer.round).ends[0]
    first = max(visible.get(n, NEVER) for n in range(HEADLINE, end + 1))
    found.first_text.append(min(visible.values(), default=NEVER) - answer.sent)
    found.first_lag.append(min(visible.values(), default=NEVER) - answer.first_chunk)
    found.section_1.append(first - answer.generated(end))
    found.finish.append(whole_at - answer.last_chunk)
    found.never_final += whole_at == NEVER
    found.staleness += staleness(answer, visible)


def staleness(answer: Answer, visible: dict[int, float]) -> list[float]:
    """The samples of one answer."""
    is_whole = len(visible) == CHUNKS
    until = max(visible.values()) if is_whole else answer.last_chunk
    certain = stream(answer.round).certain if answer.buttons else range(CHUNKS)
    order = sorted((moment, n) for n, moment in enumerate(certain))
    samples: list[float] = []
    oldest, at = 0, answer.first_chunk
    while at < until:
        while oldest < CHUNKS and visible.get(order[oldest][1], NEVER) <= at:
            oldest += 1
        samples.append(max(0.0, at - answer.generated(order[oldest][0])) if oldest < CHUNKS else 0.0)
        at += SAMPLE_S
    return samples
