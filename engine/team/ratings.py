"""How coaches rated answers, and how far that agrees with the levels the machine gave. Pure.

A rating is blind while its coach has not seen the machine's levels for that answer; only blind ones say how well the
machine judges. Agreement is never shown without what always giving the same level would reach (Doewes et al. 2023).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEVELS = (1, 2, 3, 4, 5)
FEWEST_PAIRS = 30
"""With fewer pairs, a coefficient of agreement would say more about chance than about the machine."""


@dataclass(frozen=True, slots=True)
class CoachRating:
    """A coach's level for one criterion of one answer; `level` is `None` where they could not tell.

    `machine` is the level that stood there at that moment, from `engine` under the version `prompt`. `attempt` and
    `revision` say which text was rated. `coach` is a keyed hash.
    """

    session: str
    person: str
    home: str
    turn: int
    attempt: int
    revision: int
    coach: str
    type_id: str
    rubric: str
    question: str
    difficulty: int
    criterion: str
    level: int | None
    machine: int | None
    engine: str
    prompt: str
    blind: bool
    at: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Levels of coaches beside those of the machine. `constant` is the level that would fit the coaches' best.

    `kappa` is quadratically weighted; `None` with fewer than 30 pairs, or where nothing varies. `abstained` counts what
    either side did not score.
    """

    pairs: int
    coaches: int
    exact: int
    adjacent: int
    constant: int
    constant_exact: int
    constant_adjacent: int
    kappa: float | None
    abstained: int


def newest(ratings: Iterable[CoachRating]) -> list[CoachRating]:
    """Of each coach, answer and criterion the rating that counts; `ratings` come oldest first."""
    found: dict[tuple[str, int, str, str], CoachRating] = {}
    for rating in ratings:
        found[rating.session, rating.turn, rating.coach, rating.criterion] = rating
    return list(found.values())


def newest_blind(ratings: Iterable[CoachRating]) -> list[CoachRating]:
    """The same, of those that were made blind."""
    return newest(rating for rating in ratings if rating.blind)


def agreement(ratings: Sequence[CoachRating]) -> Agreement | None:
    """How these agree, one rating each per coach, answer and criterion; `None` when there is no pair to compare."""
    pairs = [(r.level, r.machine) for r in ratings if r.level is not None and r.machine is not None]
    if not pairs:
        return None
    theirs = [level for level, _ in pairs]
    constant = max(LEVELS, key=lambda fixed: (theirs.count(fixed), _within(theirs, fixed), -fixed))
    return Agreement(
        pairs=len(pairs),
        coaches=len({rating.coach for rating in ratings}),
        exact=sum(level == machine for level, machine in pairs),
        adjacent=sum(abs(level - machine) <= 1 for level, machine in pairs),
        constant=constant,
        constant_exact=theirs.count(constant),
        constant_adjacent=_within(theirs, constant),
        kappa=weighted_kappa(pairs) if len(pairs) >= FEWEST_PAIRS else None,
        abstained=len(ratings) - len(pairs),
    )


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa with quadratic weights; `None` where chance alone would agree fully."""
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    seen = sum((a - b) ** 2 for a, b in pairs) / n if n else 0.0
    by_chance = sum((a - b) ** 2 * first[a] * second[b] for a in first for b in second) / n**2 if n else 0.0
    return 1 - seen / by_chance if by_chance else None


def compared(theirs: Mapping[str, int | None], machine: Mapping[str, int | None]) -> str:
    """How a coach's levels for one answer agree with the machine's, in a sentence or two."""
    gaps = [abs(level - other) for id, level in theirs.items() if level is not None
            and (other := machine.get(id)) is not None]  # fmt: skip
    if not gaps:
        return "Nothing to compare: no criterion was scored by both of you."
    same, near, far = gaps.count(0), gaps.count(1), sum(gap > 1 for gap in gaps)
    said = [f"the same level for {same} of {_criteria(len(gaps))}"]
    if near:
        said.append(f"one level apart for {near}")
    if far:
        said.append(f"further apart for {far}")
    left = len(theirs) - len(gaps)
    rest = f" {_criteria(left).capitalize()} not scored by both." if left else ""
    return f"You and the machine gave {', '.join(said)}.{rest}"


def exported(ratings: Sequence[CoachRating]) -> list[dict[str, object]]:
    """The blind ratings for a benchmark, without anybody's id or words: coaches and answers are numbered anew."""
    blind = sorted(newest_blind(ratings), key=lambda r: (r.at, r.session, r.turn, r.criterion))
    coaches = {coach: n for n, coach in enumerate(dict.fromkeys(r.coach for r in blind), 1)}
    answers = {key: n for n, key in enumerate(dict.fromkeys((r.session, r.turn, r.revision) for r in blind), 1)}
    return [
        {
            "answer": answers[r.session, r.turn, r.revision],
            "rater": coaches[r.coach],
            "type": r.type_id,
            "rubric": r.rubric,
            "question": r.question,
            "difficulty": r.difficulty,
            "criterion": r.criterion,
            "level": r.level,
            "machine_level": r.machine,
            "engine": r.engine,
            "prompt": r.prompt,
        }
        for r in blind
    ]


def _within(levels: Sequence[int], fixed: int) -> int:
    return sum(abs(level - fixed) <= 1 for level in levels)


def _criteria(count: int) -> str:
    return f"{count} criterion" if count == 1 else f"{count} criteria"
