"""Reviews as they are told while a model writes them, with a numbered word for every token.

A word is on screen when its number is, whatever the message looks like; so how long it took can be read off what was
shown.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from engine.events import FeedbackCard, Grew, Opened, QuestionCard, SectionView, Settled
from engine.keys import ThreadKey, session_id

TOKENS_PER_S = 60
SECTIONS = 5
SECTION_S = 2.0
TICK_S = 0.1
_WORD = re.compile(r"\bw(\d+)\b")


def review(tokens: int, *, sections: int = SECTIONS, per_section: int = 120, settled: bool = False) -> FeedbackCard:
    """A review after so many tokens, of which every section has the same number."""
    views: list[SectionView] = []
    for index in range(sections):
        first, last = index * per_section, min(tokens, (index + 1) * per_section)
        state = "settled" if tokens >= (index + 1) * per_section else "growing" if tokens > first else "waiting"
        words = " ".join(f"w{n}" for n in range(first, last)) + ("." if state == "settled" else " ")
        views.append(
            SectionView(
                criterion=f"c{index}",
                title=f"Criterion {index}",
                weight=20,
                state=state,
                assessment=words if last > first else "",
                level=3 if state == "settled" else None,
                score=0.5 if state == "settled" else None,
            )
        )
    return FeedbackCard(
        turn=1,
        attempt=1,
        state="settled" if settled else "growing",
        status="" if settled else "Reading your answer…",
        headline="A clear answer." if tokens else "",
        sections=tuple(views),
        score=0.5 if settled else None,
        actions=("next", "retry", "model_answer", "helpful", "unhelpful") if settled else (),
        engine="a model",
    )


def asked(turn: int = 1, *, actions: bool = True) -> QuestionCard:
    return QuestionCard(
        turn=turn,
        number=turn,
        total=3,
        level=3,
        level_name="Mid",
        text=f"Question {turn}: what did you do?",
        actions=("skip", "repeat", "pause", "stop") if actions else (),
    )


@dataclass
class Answer:
    """A review that is told token by token, and when each token was there."""

    key: ThreadKey
    now: Callable[[], float]
    began_at: float = 0.0
    made_at: list[float] = field(default_factory=list[float])

    async def stream(
        self,
        emit: Callable[[Opened | Grew | Settled], None],
        *,
        section_s: float = SECTION_S,
        tokens_per_s: float = TOKENS_PER_S,
    ) -> None:
        """Tell it by the running loop's clock: each section takes so many seconds."""
        per = round(tokens_per_s * section_s)
        total = SECTIONS * per
        session = session_id(self.key, 1)
        self.began_at = self.now()
        emit(Opened(key=self.key, session=session, post="f1.1", card=review(0, per_section=per)))
        shown_at = self.began_at
        step = max(1, round(tokens_per_s * TICK_S))
        for tokens in sorted({*range(step, total, step), *range(per, total + 1, per)}):
            await asyncio.sleep(max(0.0, self.began_at + tokens / tokens_per_s - self.now()))
            self.made_at += [self.now()] * (tokens - len(self.made_at))
            if self.now() - shown_at >= TICK_S - 1e-6 or tokens % per == 0:
                shown_at = self.now()
                emit(Grew(key=self.key, session=session, post="f1.1", card=review(tokens, per_section=per)))
        emit(Settled(key=self.key, session=session, post="f1.1", card=review(total, per_section=per, settled=True)))


@dataclass(frozen=True)
class Seen:
    """How an answer came to be seen: `first_s`, `section_s`, `finish_s` after they were made; `stale_s` as it grew."""

    first_s: float
    section_s: float
    finish_s: float
    stale_s: tuple[float, ...]
    writes: int

    @property
    def whole(self) -> bool:
        return self.finish_s < float("inf")


def looked(answer: Answer, writes: Iterable[tuple[float, Hashable, str]]) -> Seen:
    """Read off what was on screen: the moment of every write to the answer's conversation, its message, its text."""
    shown: dict[Hashable, str] = {}
    words: list[tuple[float, frozenset[int], bool]] = []
    for at, message, written in writes:
        shown[message] = written
        text = "\n".join(shown.values())
        words.append((at, frozenset(map(int, _WORD.findall(text))), "Judged by" in text))
    total = len(answer.made_at)
    first = range(total // SECTIONS)
    section = next((at for at, there, _ in words if there.issuperset(first)), float("inf"))
    whole = next((at for at, there, done in words if done and there.issuperset(range(total))), float("inf"))
    return Seen(
        first_s=next((at for at, there, _ in words if there), float("inf")) - answer.made_at[0],
        section_s=section - answer.made_at[len(first) - 1],
        finish_s=whole - answer.made_at[-1],
        stale_s=tuple(_staleness(answer.made_at, words)),
        writes=len(words),
    )


def _staleness(made_at: list[float], words: list[tuple[float, frozenset[int], bool]]) -> Iterator[float]:
    """The age of the oldest token that is not on screen, every 20 ms until the last was made."""
    at, count, visible = made_at[0], 0, 0
    while at < made_at[-1]:
        while count < len(words) and words[count][0] <= at:
            there = words[count][1]
            while visible in there:
                visible += 1
            count += 1
        yield max(0.0, at - made_at[visible]) if visible < len(made_at) else 0.0
        at += 0.02


def percentile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
