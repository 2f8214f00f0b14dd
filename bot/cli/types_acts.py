"""What each `rehearse types` command does, and how it is printed."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from adapters.library.question_files import read_questions, written_csv, written_yaml
from adapters.library.type_files import read_type_file, written_type
from adapters.surface.panels.types_words import LAYERS, audience_words, criteria, facts, roles_words, when
from bot.cli.common import Options, opened, operator, print_json, print_table, scope_words, sure
from engine.admin.roles import EVERYWHERE, Actor
from engine.admin.shelf import Held
from engine.admin.type_bodies import Body, body_of, held_questions, weights_of
from engine.errors import SettingsError
from engine.interviews import InterviewType, RoleLevel

NUMBERS = ("questions", "follow_ups", "minutes", "start_level")
WORDS = ("title", "description", "format", "feedback", "source", "language")
IDS = ("people", "groups", "channels")
NONE = "none"


async def list_types(options: Options) -> int:
    actor = operator(options)
    async with opened() as admins:
        every, defaults = await admins.types.every(actor), await admins.types.defaults(actor)
    shown = [held for held in every if options["all"] or not held.archived]
    if options["json_lines"]:
        print_json([_plain(held) | {"usual": held.id == defaults.usual} for held in shown])
        return 0
    rows = [(each.id, each.kind.title, str(each.version or "-"), _standing(each, defaults.usual)) for each in shown]
    print_table(("ID", "TITLE", "VERSION", "STANDING"), rows)
    return 0


async def show(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    async with opened() as admins:
        held = await admins.types.get(actor, id)
        version = cast("int | None", options["version"])
        kind = held.kind if version is None else await admins.types.version(actor, id, version)
        own = held_questions(await admins.types.export(actor, id)) if version is None else None
    if options["json_lines"]:
        print_json({**_plain(held), "type": body_of(kind)} | ({} if own is None else {"own_questions": own}))
        return 0
    _print_type(kind)
    if own:
        print(f"Own questions:     {len(own)} (rehearse types export {id} --questions yaml{_where(actor)})")
    if version is None:
        print(f"Standing:          {_standing(held, '')}")
    return 0


async def versions(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    between = cast("Sequence[int] | None", options["diff"])
    async with opened() as admins:
        if between is not None:
            told = await admins.types.difference(actor, id, between[0], between[1])
            if options["json_lines"]:
                print_json({"sentences": told.sentences, "diff": told.text})
            else:
                print("\n".join([*told.sentences, "", told.text]) if told.sentences else "Nothing is different.")
            return 0
        found = await admins.types.versions(actor, id)
    if options["json_lines"]:
        plain = [{"version": each.number, "archived": each.archived, "by": each.by, "at": each.at} for each in found]
        print_json(plain)
    elif not found:
        print(f"Nobody changed {id} here; it is as it is shipped, or as it is set for every workspace.")
    else:
        rows = [(str(each.number), when(each.at), "archived" if each.archived else "in use") for each in found]
        print_table(("VERSION", "SINCE", "STANDING"), rows)
    return 0


async def create(options: Options) -> int:
    actor, body = operator(options), _type_file(str(options["file"]))
    async with opened() as admins:
        held = await admins.types.create(actor, body)
    return _done(options, held, f"Made: {held.kind.title}. It is in use.", f"archive {held.id}{_where(actor)}")


async def edit(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    file = cast("str | None", options["file"])
    async with opened() as admins:
        held = await admins.types.get(actor, id)
        body: Body = _type_file(file) if file else body_of(held.kind)
        body = _changed(body, options)
        seen = cast("int | None", options["seen"])
        new = await admins.types.edit(actor, id, body, seen=held.version if seen is None else seen)
    if new.version == held.version:
        return _done(options, new, "Nothing is different; nothing was changed.", "")
    return _done(options, new, f"Published: version {new.version} of {new.kind.title}.", _back(actor, held))


async def import_types(options: Options) -> int:
    actor = operator(options)
    bodies = [_type_file(name) for name in cast("Sequence[str]", options["files"])]
    async with opened() as admins:
        for body in bodies:
            before = {held.id: held for held in await admins.types.every(actor)}
            new = await admins.types.take_in(actor, body)
            old = before.get(new.id)
            undo = f"archive {new.id}{_where(actor)}" if old is None else _back(actor, old)
            _done(options, new, f"In use: version {new.version} of {new.kind.title}.", undo)
    return 0


async def export(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    async with opened() as admins:
        body = await admins.types.export(actor, id)
    own = held_questions(body) or []
    match options["questions"]:
        case "csv":
            text = written_csv(own)
        case "yaml":
            text = written_yaml(own)
        case _:
            text = written_type(body)
    if options["json_lines"]:
        print_json(own if options["questions"] else body)
    elif output := cast("str | None", options["output"]):
        _write(output, text)
        print(f"Written: {output}")
    else:
        sys.stdout.write(text)
    return 0


async def duplicate(options: Options) -> int:
    actor, new_id = operator(options), str(options["new"])
    async with opened() as admins:
        held = await admins.types.duplicate(actor, str(options["type"]), new_id=new_id, title=str(options["title"]))
    return _done(options, held, f"Made: {held.kind.title}. It is in use.", f"archive {held.id}{_where(actor)}")


async def preview(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    answer = cast("str | None", options["answer"])
    said = _read(answer).decode("utf-8", "replace") if answer else ""
    async with opened() as admins:
        tried = await admins.types.preview(actor, id, role=cast("RoleLevel | None", options["role"]), answer=said)
    feedback = tried.feedback
    if options["json_lines"]:
        plain = {"question": tried.question.model_dump(mode="json"), "answer": tried.answer}
        print_json(plain | {"feedback": feedback.model_dump(mode="json")})
        return 0
    titles = {each.id: each.title for each in tried.session.setup.type.criteria}
    print(f"Question (level {tried.question.level}, {tried.question.minutes} minutes): {tried.question.text}\n")
    print(f"Answer: {tried.answer}\n")
    print(feedback.headline)
    levels = [(titles[each.criterion], f"level {each.level}" if each.level else f"not scored: {each.reason}", each.fix)
              for each in feedback.criteria]  # fmt: skip
    print_table(("CRITERION", "LEVEL", "FIX"), levels)
    print(f"\nReviewed by {feedback.engine}. Nothing of this was kept.")
    return 0


async def archive(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    async with opened() as admins:
        title = (await admins.types.get(actor, id)).kind.title
        if not sure(f"Archive {title}? Nobody can begin it then.", yes=bool(options["yes"])):
            return 2
        held = await admins.types.archive(actor, id)
    words = f"Archived: {held.kind.title}. Interviews that are under way go on."
    return _done(options, held, words, f"restore {id}{_where(actor)}")


async def restore(options: Options) -> int:
    actor, id = operator(options), str(options["type"])
    version = cast("int | None", options["version"])
    async with opened() as admins:
        before = await admins.types.get(actor, id)
        held = await admins.types.restore(actor, id, version=version, shipped=bool(options["shipped"]))
    undo = f"archive {id}{_where(actor)}" if before.archived else _back(actor, before)
    return _done(options, held, f"In use: version {held.version} of {held.kind.title}.", undo)


async def default(options: Options) -> int:
    actor, id, channel = operator(options), cast("str | None", options["type"]), str(options["channel"])
    async with opened() as admins:
        before = await admins.types.defaults(actor)
        if id is None and not options["none"]:
            _print_defaults(options, before.usual, before.channels)
            return 0
        after = await admins.types.set_default(actor, id or "", channel=channel)
    if options["json_lines"]:
        print_json(after.model_dump(mode="json"))
        return 0
    was = before.channels.get(channel, "") if channel else before.usual
    where = f"in the channel {channel}" if channel else f"in {scope_words(actor)}"
    print(f"Usual {where}: {id or 'no type of its own'}.")
    at = f" --channel {channel}" if channel else ""
    print(f"To undo it: rehearse types default {was or '--none'}{at}{_where(actor)}")
    return 0


ACTS: Mapping[str, Callable[[Options], Awaitable[int]]] = {
    "list": list_types, "show": show, "versions": versions, "create": create, "edit": edit, "import": import_types,
    "export": export, "duplicate": duplicate, "preview": preview, "archive": archive, "restore": restore,
    "default": default,
}  # fmt: skip


def _changed(body: Body, options: Options) -> dict[str, object]:
    """A body with what `--set`, `--weights` and `--questions` say."""
    made = dict(body)
    for each in cast("Sequence[str]", options["set"]):
        field, equals, value = each.partition("=")
        if not equals:
            raise SettingsError(f"--set {each}: write FIELD=VALUE.")
        _set(made, field.strip(), value.strip())
    for each in cast("Sequence[str]", options["weights"]):
        role, _, text = each.partition("=")
        bars = dict(cast("Mapping[str, Body]", made["roles"]))
        if role not in bars:
            raise SettingsError(f"--weights {each}: write ROLE=30/20/30/20; there are {', '.join(bars)}.")
        bars[role] = {**bars[role], "weights": weights_of([str(one["id"]) for one in criteria(made)], text)}
        made["roles"] = bars
    questions = cast("str | None", options["questions"])
    if questions is not None:
        name = "" if questions == "-" else questions
        made["own_questions"] = [] if questions == NONE else read_questions(_read(questions), name=name)
    return made


def _set(body: dict[str, object], field: str, value: str) -> None:
    nothing = value in ("", NONE)
    if field in NUMBERS:
        body[field] = None if nothing else _number(field, value)
    elif field in WORDS:
        body[field] = value
    elif field in IDS:
        audience = dict(cast("Mapping[str, object]", body.get("audience") or {}))
        ids = [] if nothing else [each.strip() for each in value.split(",") if each.strip()]
        body["audience"] = {**audience, field: ids}
    elif field.startswith("prompts."):
        task = field.removeprefix("prompts.")
        chosen = {name: choice for name, choice in cast("Mapping[str, str]", body.get("prompts") or {}).items()
                  if name != task}  # fmt: skip
        body["prompts"] = chosen if nothing else {**chosen, task: value}
    else:
        known = ", ".join((*WORDS, *NUMBERS, *IDS, "prompts.<task>"))
        raise SettingsError(f"--set {field}: there is no such field. Known are {known}; --file changes all else.")


def _number(field: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise SettingsError(f"--set {field}={value}: must be a whole number.")
    return int(value)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise SettingsError(f"{name} cannot be read ({error.strerror}).") from error


def _type_file(name: str) -> dict[str, object]:
    return read_type_file(_read(name), name="what is piped in" if name == "-" else name)


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, "utf-8", newline="")
    except OSError as error:
        raise SettingsError(f"{name} cannot be written ({error.strerror}).") from error


def _done(options: Options, held: Held, words: str, undo: str) -> int:
    """Say what was done, and how to undo it."""
    if options["json_lines"]:
        print_json(_plain(held))
        return 0
    print(words)
    if undo:
        print(f"To undo it: rehearse types {undo}")
    return 0


def _back(actor: Actor, held: Held) -> str:
    return f"restore {held.id} --version {held.version}{_where(actor)}"


def _where(actor: Actor) -> str:
    return "" if actor.scope == EVERYWHERE else f" --workspace {actor.scope}"


def _standing(held: Held, usual: str) -> str:
    layer = "set here" if held.layer == "here" else LAYERS[held.layer]
    words = ["archived" if held.archived else "in use", layer, "usual" if held.id == usual else ""]
    return ", ".join(word for word in words if word)


def _plain(held: Held) -> dict[str, object]:
    return {"id": held.id, "title": held.kind.title, "version": held.version, "from": held.layer,
            "archived": held.archived, "at": held.at}  # fmt: skip


def _print_type(kind: InterviewType) -> None:
    body = body_of(kind)
    print(f"{kind.title} ({kind.id})")
    if kind.description:
        print(kind.description)
    print()
    pairs = [*facts(body).pairs, ("May be begun by", audience_words(body))]
    pairs += [(f"Prompt {task}", choice) for task, choice in kind.prompts.items()]
    for name, value in pairs:
        print(f"{name + ':':<18} {value}")
    print("Criteria:          " + " / ".join(f"{each.title} ({each.id})" for each in kind.criteria))
    for role, about in roles_words(body):
        if about:
            print(f"{role.capitalize() + ':':<18} {about}")


def _print_defaults(options: Options, usual: str, channels: Mapping[str, str]) -> None:
    if options["json_lines"]:
        print_json({"usual": usual, "channels": dict(channels)})
        return
    print(f"Usual: {usual or 'the first of the list'}")
    if channels:
        print_table(("CHANNEL", "TYPE"), list(channels.items()))
