"""The rollout card: how far a trial is, what it has shown, and what can be done about it. Pure."""

from __future__ import annotations

from adapters.surface.panels import Code, Facts, Go, Heading, Panel, Part, Row, Table, Tone, Words
from adapters.surface.panels.prompts_wording import moment, number_of, title_of
from engine.admin.guard import Looked, News
from engine.prompting.standing import Standing
from engine.trials.lines import side_by_side
from engine.trials.rollout import Rollout, percent
from engine.trials.verdict import Comparison, described

SHARES = (500, 1_000, 2_500, 5_000, 10_000)
TONES: dict[str, Tone] = {"wait": "neutral", "promote": "good", "hold": "warn", "roll back": "bad"}


def card_of(rollout: Rollout) -> str:
    """The name that a rollout's card is kept under."""
    return f"rollout:{rollout.id}"


ASIDE = frozenset((
    "Review, mean", "First section, mean", "First section, p95", "Tokens per interview, median",
    "Tokens per interview, p95", "Cost per interview, median", "Cost per interview, p95", "Repaired",
    "Parts never came",
))  # fmt: skip
"""Figures that a card can do without; all of them are one press away."""


def rollout_card(looked: Looked, *, may_change: bool = True, notice: str = "") -> Panel:
    """Written again at every look. `may_change`: the reader's changes would be taken."""
    standing, comparison = looked.standing, looked.comparison
    rollout, verdict = comparison.rollout, comparison.verdict
    parts: list[Part] = [
        Facts(_facts(standing, rollout)),
        Words(verdict.words if rollout.open else f"It is over: {(rollout.close_reason or 'closed').rstrip('.')}."),
        *([Words(f"So far: {verdict.words}", small=True)] if not rollout.open else []),
        Table(
            ("", "Candidate", "n", "Production", "n"),
            tuple(row for row in side_by_side(comparison.candidate, comparison.control) if row[0] not in ASIDE),
            "Figures, with 95 % ranges",
        ),
        *_watched(comparison),
        Words(
            "Evidence counts every person once in a stage and holds however often one looks; the figures count every "
            "interview.",
            small=True,
        ),
    ]
    return Panel(
        f"Rollout of {title_of(standing.name).lower()}, {number_of(standing, rollout.candidate)}",
        tuple(parts),
        buttons=tuple(_buttons(standing, rollout)) if may_change else (),
        back=Go(f"Back to {title_of(standing.name).lower()}", f"prompts/{standing.name}"),
        notice=notice,
        tone=TONES[verdict.advice] if rollout.open else "neutral",
    )


def news_card(news: News) -> Panel:
    """What was done by itself, for those who were not there, and the way out."""
    standing, change = news.standing, news.change
    name, number = title_of(standing.name).lower(), number_of(standing, change.ref)
    held = change.deed == "held"
    done = f"{'Held' if held else 'Rolled back'} by itself: {name}, {number}"
    after = (
        "Nobody new gets this version. Interviews that have begun go on with theirs."
        if held
        else "New interviews get the version in production. Interviews that have begun go on with theirs."
    )
    look = Go("Look at it", f"prompts/{standing.name}/rollout")
    rollout = standing.rollout
    acts: list[Go] = []
    if held and rollout is not None and rollout.candidate == change.ref:
        acts = [
            Go("Roll back", f"prompts/{standing.name}/rollout/rollback/{rollout.id}", "danger"),
            Go("Resume", f"prompts/{standing.name}/rollout/resume/{standing.revision}"),
        ]
    return Panel(done, (Words(change.reason), Words(after, small=True)), (*acts, look), tone="warn" if held else "bad")


def alert(looked: Looked) -> Row | None:
    """A line for the menu, where a rollout needs somebody."""
    comparison, name = looked.comparison, looked.standing.name
    if not comparison.rollout.open or (comparison.verdict.advice == "wait" and not comparison.rollout.held):
        return None
    title = f"Rollout of {title_of(name).lower()}, {described(comparison.rollout)}"
    return Row(title, comparison.verdict.words, Go("Look", f"prompts/{name}/rollout"))


def ending(standing: Standing, rollout: Rollout) -> Panel:
    """Asked before the candidate is given to everybody."""
    name, number = standing.name, number_of(standing, rollout.candidate)
    return Panel(
        f"Put {number} into production?",
        (
            Words(f"Every new interview gets {number} of {title_of(name).lower()}, and the rollout ends."),
            Words("Interviews that have begun go on with theirs. Rolling back takes one press.", small=True),
        ),
        buttons=(Go("Promote", f"prompts/{name}/rollout/promote/yes/{standing.revision}", "primary"),),
        back=Go("Back to the rollout", f"prompts/{name}/rollout"),
    )


def _facts(standing: Standing, rollout: Rollout) -> tuple[tuple[str, str], ...]:
    candidate, control = number_of(standing, rollout.candidate), number_of(standing, rollout.control)
    stages = " → ".join(percent(stage.share_bp) if stage.share_bp else "hold" for stage in rollout.stages)
    return (
        ("Candidate", f"{candidate} ({rollout.candidate})"),
        ("Against", f"{control} ({rollout.control})"),
        ("Now", described(rollout)),
        ("Stages", stages),
        ("Opened", moment(rollout.opened_at)),
    )


def _watched(comparison: Comparison) -> list[Part]:
    if not comparison.alarms:
        return []
    words = "\n".join(f"{alarm.advice}: {alarm.words}" for alarm in comparison.alarms)
    return [Heading("What speaks against it"), Code(words)]


def _buttons(standing: Standing, rollout: Rollout) -> list[Go]:
    base, seen = f"prompts/{standing.name}/rollout", standing.revision
    if not rollout.open:
        return [Go("Try another version", f"prompts/{standing.name}")]
    back = Go("Roll back", f"{base}/rollback/{rollout.id}", "danger")
    promote = Go("Promote", f"{base}/promote/{seen}", "primary")
    if rollout.held:
        return [Go("Resume", f"{base}/resume/{seen}"), promote, back, _all_figures(standing)]
    raises = [
        Go(f"Raise to {percent(share)}", f"{base}/raise/{share}/{seen}")
        for share in SHARES
        if share > rollout.stage.share_bp
    ]
    return [*raises[:3], Go("Hold", f"{base}/hold/{seen}"), promote, back, _all_figures(standing)]


def _all_figures(standing: Standing) -> Go:
    return Go("All figures", f"prompts/{standing.name}/stats")
