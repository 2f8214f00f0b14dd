"""`rehearse prompts`: versions of what the models are told, tried, rolled out, promoted and rolled back.

What may be written is `prompts_options.py`'s, how it is printed `prompts_shown.py`'s.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import cast

from bot.cli.common import Options, opened, operator, sure
from bot.cli.prompts_options import add
from bot.cli.prompts_shown import Printer, number_of
from engine.admin.prompts import Prompts
from engine.admin.roles import Actor
from engine.errors import SettingsError
from engine.prompting.choosing import share_bp
from engine.prompting.standing import PRODUCTION, Standing
from engine.trials.rollout import percent

__all__ = ["add", "run"]

FILE_BYTES = 200_000
GONE_ON = "Interviews that have begun go on as they began."


async def run(options: Mapping[str, object]) -> int:
    actor, act = operator(options), str(options["of_prompts"])
    printer = Printer(as_json=bool(options["json_lines"]))
    async with opened() as admins:
        if act == "list":
            return printer.standings(await admins.prompts.list(actor))
        name, _, named = str(options["name"]).partition("@")
        asked = _Asked(admins.prompts, actor, name, str(options.get("version") or named), options, printer)
        if act in ("show", "diff", "lint", "try", "stats", "history") or (act == "rollout" and not options["share"]):
            return await _look(asked, act)
        return await _change(asked, act)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be done. `version` is "" where none was named."""

    prompts: Prompts
    actor: Actor
    name: str
    version: str
    options: Options
    printer: Printer

    def text(self, option: str) -> str:
        return str(self.options.get(option) or "")


async def _look(asked: _Asked, act: str) -> int:
    prompts, actor, name, printer = asked.prompts, asked.actor, asked.name, asked.printer
    version = asked.version or PRODUCTION
    match act:
        case "show":
            return printer.version(await prompts.show(actor, name, version))
        case "diff":
            old, new = ([PRODUCTION, *_versions(asked.options)])[-2:]
            return printer.text("diff", await prompts.diff(actor, name, old, new), "They do not differ.")
        case "lint":
            if file := asked.text("file"):
                return printer.problems((await prompts.draft(actor, name, version, _read(file))).problems)
            return printer.problems(await prompts.lint(actor, name, version))
        case "try":
            answer = _read(asked.text("answer")) if asked.options["answer"] else ""
            offline = bool(asked.options["offline"])
            return printer.tried(await prompts.try_(actor, name, version, answer=answer, offline=offline))
        case "stats":
            days = asked.options["days"]
            since = time() - int(str(days)) * 86_400 if days else 0.0
            found = await prompts.stats(actor, name, since=since)
            return printer.stats((await prompts.show(actor, name)).standing, found)
        case "history":
            return printer.history(await prompts.history(actor, name, int(str(asked.options["limit"]))))
        case _:
            comparison = await prompts.compare(actor, name)
            return printer.rollout((await prompts.show(actor, name)).standing, comparison)


async def _change(asked: _Asked, act: str) -> int:
    prompts, actor, name, version = asked.prompts, asked.actor, asked.name, asked.version
    reason, seen = asked.text("reason"), _revision(asked.options)
    done = asked.printer.changed
    match act:
        case "create":
            kept = await prompts.create(
                actor, name, asked.text("base"), _read(asked.text("file")), message=asked.text("message")
            )
            return asked.printer.kept(kept)
        case "label":
            label = asked.text("label")
            before = (await prompts.show(actor, name)).standing
            after = await prompts.label(actor, name, label, version, reason=reason, seen=seen)
            earlier = before.labels.get(label)
            undo = f"label {name} {label} {before.version(earlier).number}" if earlier else ""
            return done(after, f"{label} points to {number_of(after, after.labels[label])} of {name}.", undo)
        case "promote":
            shown = await prompts.show(actor, name, version)
            question = f"Put version {shown.version.number} of {name} into production, for every new interview?"
            if not sure(question, yes=bool(asked.options["yes"])):
                return 1
            after = await prompts.promote(actor, name, version, reason=reason, seen=seen or shown.standing.revision)
            return done(
                after, f"Version {shown.version.number} of {name} is in production. {GONE_ON}", f"rollback {name}"
            )
        case "rollout":
            share = share_bp(asked.text("share"))
            after = await prompts.rollout(actor, name, share, ref=version, reason=reason, seen=seen)
            which = number_of(after, _candidate(after))
            words = f"{percent(share)} of the people get {which} of {name} from now on."
            return done(after, f"{words} {GONE_ON}", f"rollback {name}")
        case "hold":
            after = await prompts.hold(actor, name, reason=reason, seen=seen)
            return done(
                after,
                f"On hold: nobody new gets {number_of(after, _candidate(after))} of {name}. {GONE_ON}",
                f"resume {name}",
            )
        case "resume":
            after = await prompts.resume(actor, name, reason=reason, seen=seen)
            return done(after, f"The rollout of {name} goes on, with the very same people.", f"hold {name}")
        case "close":
            before = (await prompts.show(actor, name)).standing
            after = await prompts.close(actor, name, reason=reason, seen=seen)
            return done(after, f"The rollout of {name} is over; production stays as it is.", _again(before))
        case "rollback":
            before = (await prompts.show(actor, name)).standing
            evict = bool(asked.options["evict"])
            after = await prompts.rollback(actor, name, reason=reason, evict=evict, seen=seen)
            words = f"Rolled back: new interviews get {number_of(after, after.production)} of {name}."
            words += (
                " Interviews that run with the other one use it too, from their next request on."
                if evict
                else f" {GONE_ON}"
            )
            undo = _again(before) if before.rollout else f"promote {name} {before.version(before.production).number}"
            return done(after, words, undo)
        case _:
            shown = await prompts.show(actor, name, version)
            if not sure(
                f"Let nobody choose version {shown.version.number} of {name} any more?", yes=bool(asked.options["yes"])
            ):
                return 1
            after = await prompts.retire(actor, name, version, reason=reason, seen=seen or shown.standing.revision)
            words = f"Version {shown.version.number} of {name} is retired. {GONE_ON}"
            return done(after, f"{words} Saving its text once more brings it back.", "")


def _candidate(standing: Standing) -> str:
    return standing.rollout.candidate if standing.rollout else ""


def _again(before: Standing) -> str:
    """How a rollout that has ended is opened once more."""
    if (rollout := before.rollout) is None:
        return ""
    return f"rollout {before.name} {before.version(rollout.candidate).number} --share {rollout.reached_bp}bp"


def _versions(options: Options) -> list[str]:
    versions = cast("list[str]", options["versions"])  # argparse takes one or more
    if len(versions) > 2:
        raise SettingsError("Two versions at most: rehearse prompts diff review 2 3.")
    return versions


def _revision(options: Options) -> int | None:
    text = options.get("revision")
    return None if text is None else int(str(text))


def _read(name: str) -> str:
    """A file, or standard input for "-". Raises `SettingsError`."""
    try:
        content = sys.stdin.buffer.read(FILE_BYTES + 1) if name == "-" else Path(name).read_bytes()
        if len(content) > FILE_BYTES:
            raise SettingsError(f"{name} is larger than {FILE_BYTES // 1000} kB; a prompt is not.")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name} is not plain text in UTF-8.") from error
