"""What there is to see of prompts, as panels: the list, one prompt, one version, its history and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.surface.choices import Option
from adapters.surface.panels import (
    OPTIONS,
    Code,
    Download,
    Facts,
    Go,
    Menu,
    Panel,
    Part,
    Row,
    Table,
    Words,
)
from adapters.surface.panels.prompts_wording import about, moment, number_of, sentences, title_of
from engine.admin.prompts import Shown
from engine.admin.trying import Tried
from engine.prompting.drafting import as_text
from engine.prompting.standing import PRODUCTION, Change, Standing, actor_name
from engine.trials.figures import Figures
from engine.trials.lines import side_by_side
from engine.trials.verdict import described

ROWS, BESIDE = 10, 4
PERIODS = (7, 30, 90)
SHARED = (
    "Prompts are shared by all workspaces of this installation. Here you can look at them; whoever runs Rehearse can "
    "let your workspace change them (REHEARSE_ADMIN_WORKSPACES)."
)
RANGES = (
    "In brackets: where the figure lies, with a chance of 95 %. n: how many values it rests on, or how many people. "
    "This is what was, not which version is better; that is what a rollout is for."
)


def prompts_panel(standings: Sequence[Standing], *, may_change: bool) -> Panel:
    """Every prompt, with what is in production and what is tried."""
    rows = [Row(title_of(each.name), _state(each), Go("Open", f"prompts/{each.name}")) for each in standings]
    words = "What the models are told, task by task. A change is a new version; nobody gets it until you say so."
    notes = [] if may_change else [Words(SHARED, small=True)]
    return Panel("Prompts", (Words(words), *rows, *notes), back=Go("Back to the menu", "menu"))


def prompt_panel(standing: Standing, *, may_change: bool, notice: str = "") -> Panel:
    """One prompt with its versions."""
    name, base = standing.name, f"prompts/{standing.name}"
    facts = [("In production", _named(standing, standing.production)), ("Changes so far", str(standing.revision))]
    if standing.rollout is not None:
        number = number_of(standing, standing.rollout.candidate)
        facts.insert(1, ("Rollout", f"{number}, {described(standing.rollout)}"))
    facts += [
        (f"Label {label}", number_of(standing, ref))
        for label, ref in sorted(standing.labels.items())
        if label != PRODUCTION
    ]
    facts += [
        (f"{number_of(standing, old)} is replaced by", number_of(standing, new))
        for old, new in standing.evicted.items()
    ]
    newest = standing.versions[::-1]
    rows = [
        Row(f"Version {each.number}", _version_line(standing, each.ref), Go("Open", f"{base}/v/{each.number}"))
        for each in newest[:ROWS]
    ]
    menus = ()
    if len(newest) > ROWS:
        options = tuple(
            Option(str(each.number), f"Version {each.number}", each.message[:80]) for each in newest[:OPTIONS]
        )
        menus = (Menu("Another version", f"{base}/v", options),)
    buttons = [Go("Rollout", f"{base}/rollout")] if standing.rollouts else []
    buttons += [Go("Figures", f"{base}/stats"), Go("History", f"{base}/history")]
    if may_change and len(standing.productions) > 1 and standing.rollout is None:
        buttons.append(Go("Roll back", f"{base}/rollback/{standing.revision}", "danger"))
    return Panel(
        title_of(name), (Facts(tuple(facts)), *rows), tuple(buttons), menus, Go("Back to prompts", "prompts"), notice,
        "good" if notice else "neutral",
    )  # fmt: skip


def version_panel(shown: Shown, *, may_change: bool, notice: str = "") -> Panel:
    """One version with its text, and what can be done with it."""
    standing, version = shown.standing, shown.version
    base, seen = f"prompts/{standing.name}/v/{version.number}", standing.revision
    in_production = version.ref == standing.production
    buttons = [Go("Lint", f"{base}/lint")]
    if not in_production:
        buttons.append(Go("Diff with production", f"{base}/diff"))
    buttons.append(Go("Download", f"{base}/download"))
    if may_change:
        buttons += [Go("Try…", f"{base}/try"), Go("Edit…", f"{base}/edit"), Go("Upload…", f"{base}/upload")]
        if version.status != "retired":
            if not in_production:
                if standing.rollout is None:
                    buttons.append(Go("Roll out…", f"{base}/rollout/{seen}", "primary"))
                buttons += [Go("Promote", f"{base}/promote/{seen}"), Go("Retire", f"{base}/retire/{seen}", "danger")]
            buttons.append(Go("Label…", f"{base}/label/{seen}"))
    said = [Words(version.message)] if version.message else []
    parts: list[Part] = [
        Facts((("Name", version.ref), ("State", about(standing, version)))),
        *said,
        Code(as_text(shown.prompt), "md"),
    ]
    return Panel(
        f"{title_of(standing.name)}, version {version.number}", tuple(parts), tuple(buttons), back=_back(standing.name),
        notice=notice, tone="good" if notice else "neutral",
    )  # fmt: skip


def download_panel(shown: Shown) -> Panel:
    """A version as a file, which can be uploaded again."""
    name = f"{shown.standing.name}-{shown.version.number}.md"
    file = Download(name, as_text(shown.prompt).encode(), "The text as you can upload it again")
    back = Go("Back to the version", f"prompts/{shown.standing.name}/v/{shown.version.number}")
    return Panel(f"{title_of(shown.standing.name)}, version {shown.version.number}", files=(file,), back=back)


def lint_panel(shown: Shown, problems: Sequence[str]) -> Panel:
    """What speaks against a version."""
    said = [Words(each) for each in sentences(problems)] or [Words("Fit for use: nothing speaks against it.")]
    back = Go("Back to the version", f"prompts/{shown.standing.name}/v/{shown.version.number}")
    title = f"Lint of {title_of(shown.standing.name).lower()}, version {shown.version.number}"
    return Panel(title, tuple(said), back=back, tone="bad" if problems else "good")


def diff_panel(shown: Shown, against: str, text: str) -> Panel:
    """What changed between two versions."""
    part = Code(text, "diff") if text else Words("They do not differ.")
    title = f"{title_of(shown.standing.name)}: what version {shown.version.number} changes"
    back = Go("Back to the version", f"prompts/{shown.standing.name}/v/{shown.version.number}")
    return Panel(title, (Words(f"Compared with {against}."), part), back=back)


def tried_panel(title: str, tried: Tried, buttons: Sequence[Go], back: Go) -> Panel:
    """What came of trying a version."""
    usage = tried.usage
    told = [
        ("Answered by", tried.engine),
        ("Took", f"{tried.took_s:.1f} s"),
        ("Tokens", f"{usage.input:,} in, {usage.output:,} out"),
    ]
    if usage.cost_micros:
        told.append(("Cost", f"${usage.cost_micros / 1_000_000:.4f}"))
    parts: list[Part] = [Facts(tuple(told))]
    if tried.unreadable:
        parts.append(Words("The answer did not keep to its shape; an interview would have asked once more."))
    parts += [Code(f"{name}\n\n{text}") for name, text in tried.sections.items()]
    parts.append(Words("Nothing of this was kept.", small=True))
    return Panel(title, tuple(parts), tuple(buttons), back=back, tone="warn" if tried.unreadable else "neutral")


def history_panel(name: str, changes: Sequence[Change]) -> Panel:
    """What was done to a prompt, newest first."""
    rows = [Row(_done(each), _who(each)) for each in changes]
    return Panel(f"History of {title_of(name).lower()}", tuple(rows) or (Words("Nothing yet."),), back=_back(name))


def stats_panel(standing: Standing, found: Mapping[str, Figures], days: int | None) -> Panel:
    """The figures of the versions that were used last, side by side."""
    name = standing.name
    refs = [each.ref for each in standing.versions[::-1] if each.ref in found][:BESIDE]
    parts: list[Part] = [Words("Nobody has had an interview with it in this time.")]
    if refs:
        head = ("", *(cell for ref in refs for cell in (number_of(standing, ref).capitalize(), "n")))
        rows = tuple(side_by_side(*(found[ref] for ref in refs)))
        parts = [Table(head, rows, "Figures"), Words(RANGES, small=True)]
    periods = [Go(f"{each} days", f"prompts/{name}/stats/{each}") for each in PERIODS if each != days]
    buttons = [*periods, *([Go("All", f"prompts/{name}/stats")] if days else [])]
    title = f"Figures of {title_of(name).lower()}" + (f", {days} days" if days else "")
    return Panel(title, tuple(parts), tuple(buttons), back=_back(name))


def sure_panel(shown: Shown, act: str, seen: str, words: str) -> Panel:
    """Asked before a version is put into production, or retired."""
    name, number = shown.standing.name, shown.version.number
    style = "danger" if act == "retire" else "primary"
    go = Go(act.capitalize(), f"prompts/{name}/v/{number}/{act}/yes/{seen}", style)
    back = Go("Back to the version", f"prompts/{name}/v/{number}")
    return Panel(f"{act.capitalize()} version {number} of {title_of(name).lower()}?", (Words(words),), (go,), back=back)


def _back(name: str) -> Go:
    return Go(f"Back to {title_of(name).lower()}", f"prompts/{name}")


def _state(standing: Standing) -> str:
    rollout = standing.rollout
    trying = f" · {number_of(standing, rollout.candidate)} in a rollout {described(rollout)}" if rollout else ""
    count = len(standing.versions)
    return f"{_named(standing, standing.production)} of {count}{trying}" if count else "no version yet"


def _named(standing: Standing, ref: str) -> str:
    return f"{number_of(standing, ref)} ({ref.partition('@')[2]})" if ref else "none"


def _version_line(standing: Standing, ref: str) -> str:
    version = standing.version(ref)
    return about(standing, version) + (f"\n{version.message}" if version.message else "")


def _done(change: Change) -> str:
    share = "" if change.share_bp is None else f" at {change.share_bp / 100:g} %"
    label = f" {change.label} to" if change.label else ""
    return f"{change.deed}{label} {change.ref}{share}"


def _who(change: Change) -> str:
    why = f": {change.reason}" if change.reason else ""
    return f"{actor_name(change.actor)}, {moment(change.at)}{why}"
