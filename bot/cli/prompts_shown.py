"""What `rehearse prompts` prints: tables for people, JSON for programs. Each method returns the exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot.cli.common import print_json, print_table
from engine.admin.prompts import Kept, Shown
from engine.admin.trying import Tried
from engine.prompting.drafting import as_text
from engine.prompting.standing import Change, Standing
from engine.trials.evidence import Evidence
from engine.trials.figures import Figures
from engine.trials.lines import side_by_side
from engine.trials.rollout import Rollout, percent
from engine.trials.verdict import Comparison, described


@dataclass(frozen=True, slots=True)
class Printer:
    as_json: bool

    def standings(self, standings: Sequence[Standing]) -> int:
        if self.as_json:
            print_json([_standing(each) for each in standings])
            return 0
        rows = [
            (
                each.name,
                number_of(each, each.production),
                str(len(each.versions)),
                f"{number_of(each, each.rollout.candidate)} {described(each.rollout)}" if each.rollout else "",
                str(each.revision),
            )
            for each in standings
        ]
        print_table(("PROMPT", "IN PRODUCTION", "VERSIONS", "ROLLOUT", "REVISION"), rows)
        return 0

    def version(self, shown: Shown) -> int:
        text = as_text(shown.prompt)
        if self.as_json:
            print_json(_standing(shown.standing) | {"version": asdict(shown.version), "text": text})
            return 0
        version = shown.version
        labels = sorted(label for label, ref in shown.standing.labels.items() if ref == version.ref)
        about = [f"version {version.number}", version.status, *labels, version.message]
        # Beside the text, so that the text alone goes into a file.
        print(f"{version.ref}: {', '.join(filter(None, about))}", file=sys.stderr)
        print(text, end="")
        return 0

    def text(self, name: str, text: str, otherwise: str) -> int:
        if self.as_json:
            print_json({name: text})
        else:
            print(text or otherwise)
        return 0

    def problems(self, problems: Sequence[str]) -> int:
        if self.as_json:
            print_json({"problems": list(problems)})
        else:
            print("\n".join(problems) if problems else "Fit for use: nothing speaks against it.")
        return 1 if problems else 0

    def tried(self, tried: Tried) -> int:
        if self.as_json:
            told = asdict(tried)
            print_json(told)
            return 0
        usage = tried.usage
        print(f"{tried.engine}, {tried.took_s:.1f} s, {usage.input:,} tokens in, {usage.output:,} out")
        if tried.unreadable:
            print("The answer did not keep to its shape; an interview would have asked once more.")
        for name, text in tried.sections.items():
            print(f"\n## {name}\n\n{text}")
        return 0

    def stats(self, standing: Standing, found: Mapping[str, Figures]) -> int:
        if self.as_json:
            print_json({"prompt": standing.name, "versions": [_figures(standing, *each) for each in found.items()]})
            return 0
        if not found:
            print(f"Nobody has had an interview with {standing.name} in this time.")
            return 0
        refs = [each.ref for each in standing.versions[::-1] if each.ref in found][:4]
        head = ("", *(cell for ref in refs for cell in (number_of(standing, ref).upper(), "N")))
        print_table(head, side_by_side(*(found[ref] for ref in refs)))
        print("\nIn brackets: where a figure lies, with a chance of 95 %. A rollout says what is better.")
        return 0

    def rollout(self, standing: Standing, comparison: Comparison) -> int:
        if self.as_json:
            print_json(_comparison(standing, comparison))
            return 0
        rollout = comparison.rollout
        candidate, control = number_of(standing, rollout.candidate), number_of(standing, rollout.control)
        print(f"Rollout of {standing.name}: {candidate} against {control}, {described(rollout)}.")
        print(f"{comparison.verdict.words}\n")
        head = ("", candidate.upper(), "N", control.upper(), "N")
        print_table(head, side_by_side(comparison.candidate, comparison.control))
        for alarm in comparison.alarms:
            print(f"\n{alarm.advice}: {alarm.words}")
        return 0

    def history(self, changes: Sequence[Change]) -> int:
        if self.as_json:
            print_json([asdict(each) for each in changes])
            return 0
        for each in changes:
            print(f"{datetime.fromtimestamp(each.at, UTC):%Y-%m-%d %H:%M}  {each.sentence}")
        return 0

    def kept(self, kept: Kept) -> int:
        number, name = kept.version.number, kept.standing.name
        words = (
            f"Saved as version {number} of {name}, {kept.version.ref}. Nobody gets it yet: roll it out, or promote it."
            if kept.new
            else f"This is version {number} of {name} already: the same text is the same version."
        )
        if self.as_json:
            print_json({"version": asdict(kept.version), "new": kept.new, "revision": kept.standing.revision})
            return 0
        print(words)
        if kept.new:
            print(f"To undo it: rehearse prompts retire {name} {number}")
        return 0

    def changed(self, after: Standing, words: str, undo: str) -> int:
        if self.as_json:
            print_json(_standing(after))
            return 0
        print(words)
        if undo:
            print(f"To undo it: rehearse prompts {undo}")
        return 0


def number_of(standing: Standing, ref: str) -> str:
    """A version in words, by its number."""
    return f"version {standing.version(ref).number}" if ref else "none"


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "prompt": standing.name,
        "revision": standing.revision,
        "production": standing.production or None,
        "labels": dict(standing.labels),
        "replaced": dict(standing.evicted),
        "versions": [asdict(each) for each in standing.versions],
        "rollout": None if standing.rollout is None else _rollout(standing.rollout),
    }


def _rollout(rollout: Rollout) -> dict[str, object]:
    return {**asdict(rollout), "state": described(rollout), "share": percent(rollout.stage.share_bp)}


def _figures(standing: Standing, ref: str, figures: Figures) -> dict[str, object]:
    return {"ref": ref, "number": standing.version(ref).number, "figures": asdict(figures)}


def _comparison(standing: Standing, comparison: Comparison) -> dict[str, object]:
    return {
        "prompt": standing.name,
        "revision": standing.revision,
        "rollout": _rollout(comparison.rollout),
        "verdict": asdict(comparison.verdict),
        "candidate": asdict(comparison.candidate),
        "control": asdict(comparison.control),
        "satisfaction": _evidence(comparison.satisfaction),
        "watched": {each.name: _evidence(each.evidence) for each in comparison.guardrails},
        "alarms": [asdict(each) for each in comparison.alarms],
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return asdict(evidence)
