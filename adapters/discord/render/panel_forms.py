"""A panel's form as a modal, what came back of one, and what is amiss with it.

A modal holds five things, and a label's words are few: what does not stand at a field stands above all of them, where
there is room for a text; a form of five fields says it in short. Discord itself minds lengths and how many are chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from adapters.discord.names import panel_id
from adapters.discord.render.inputs import (
    ABOUT_CHARS,
    FIELDS,
    INPUT_CHARS,
    LABEL_CHARS,
    PLACEHOLDER_CHARS,
    field,
    modal,
)
from adapters.discord.render.page import Json
from adapters.discord.render.parts import OPTIONS, select, texts
from adapters.discord.render.words import escaped, packed, pieces, shortened
from adapters.surface.choices import Option
from adapters.surface.panels import Amiss, Field, Filled, Form, Go, Heading, Panel, Part, Upload, Words
from adapters.surface.panels.menu import WAYS
from adapters.surface.panels.paths import BACK
from adapters.surface.words import one_line, units

INTRO_CHARS = 1_500
UPLOADS = 10
TEXT_CHANNELS = [0, 5, 15]
USERS, ROLES, CHANNELS = 5, 6, 8
DEFAULTS = {USERS: "user", ROLES: "role", CHANNELS: "channel"}
AGAIN = "Edit again"
KEPT = "What you typed is kept for a day."
TOO_LONG = "What stands here is too long to be shown in a form. Put the new text in."
NOT_LISTED = "Nobody listed? Open this in the server."
"""Discord fills such menus from the server that one is in; what they hold in a direct message, it does not promise."""
BOUNDLESS = 1_000_000
_ID = re.compile(r"\d{15,20}")


def form_modal(form: Form, *, guild: str = "", beside: bool = False, direct: bool = False) -> Json:
    """The modal of a form; its name says where it goes, and is all that is remembered. `direct`: it opens in a direct
    message, where Discord may have nobody to choose from."""
    fields = [_elsewhere(each) if direct else each for each in form.fields[:FIELDS]]
    spare = FIELDS - len(fields)
    above = list(pieces(form.intro, most=INTRO_CHARS))
    if spare:
        longer = _longer(fields)
        above += [f"**{escaped(one_line(each.label))}**: {escaped(_hint(each))}" for each in longer]
        room = packed(above)[:spare]
        made = [*texts(room), *(_asked(replace(each, hint="") if each in longer else each) for each in fields)]
    else:
        made = [_asked(each, form.intro if n == 0 else "") for n, each in enumerate(fields)]
    return modal(panel_id(form.path, guild=guild, beside=beside), form.title or "…", made)


def filled_in(form: Mapping[str, Sequence[str]], files: Sequence[Upload]) -> Filled:
    """What stands in each field, as pages read it; a field without anything in it has no values."""
    return Filled({id: tuple(value for value in values if value) for id, values in form.items()}, tuple(files))


def amiss_panel(amiss: Amiss) -> Panel:
    """What is wrong by field, and the way back into the form, which opens as it was."""
    labels = {each.id: each.label for each in amiss.form.fields}
    return refused_panel(
        amiss.form.path,
        amiss.form.title,
        [(labels.get(id, ""), sentence) for id, sentence in amiss.problems.items()],
    )


def refused_panel(path: str, title: str, problems: Sequence[tuple[str, str]]) -> Panel:
    """A form that could not be taken."""
    return Panel(
        title or "That cannot be taken",
        tuple(_problems(problems)),
        (Go(AGAIN, path, "primary"),),
        back=BACK if path.partition("/")[0] in {way.path for way in WAYS} else None,
        tone="bad",
        notice="Not saved yet.",
    )


def _problems(problems: Sequence[tuple[str, str]]) -> Iterator[Part]:
    for label, sentence in problems:
        if label:
            yield Heading(label)
        yield Words(sentence)
    yield Words(KEPT, small=True)


def _elsewhere(asked: Field) -> Field:
    if asked.kind not in ("people", "groups", "channels"):
        return asked
    return replace(asked, hint=f"{asked.hint.rstrip('. ')}. {NOT_LISTED}" if asked.hint else NOT_LISTED)


def _longer(fields: Sequence[Field]) -> list[Field]:
    """Fields whose hints or labels are longer than what stands at a field."""
    return [each for each in fields if units(_hint(each)) > ABOUT_CHARS or units(each.label) > LABEL_CHARS]


def _hint(asked: Field) -> str:
    """What is said about a field; of a number also its bounds, where nothing else does and they are any."""
    hint = one_line(asked.hint)
    if asked.kind != "number" or re.search(r"\d", hint) or asked.most > BOUNDLESS:
        return hint
    bounds = f"A number from {asked.least} to {asked.most}."
    return f"{hint.rstrip('.')}. {bounds}" if hint else bounds


def _asked(asked: Field, intro: str = "") -> Json:
    about = " ".join(each for each in (one_line(intro), _hint(asked)) if each)
    return field(asked.label or "…", _component(asked), about)


def _component(asked: Field) -> Json:
    match asked.kind:
        case "line" | "text" | "number":
            return _typed(asked)
        case "choice" | "choices":
            return _chosen(asked) if asked.options else _typed(asked)
        case "people":
            return _picked(asked, USERS)
        case "groups":
            return _picked(asked, ROLES)
        case "channels":
            return _picked(asked, CHANNELS) | {"channel_types": TEXT_CHANNELS}
        case "file":
            most = max(1, min(UPLOADS, asked.most))
            return {
                "type": 19, "custom_id": asked.id, "required": not asked.optional, "max_values": most,
                "min_values": 0 if asked.optional else 1,
            }  # fmt: skip


def _typed(asked: Field) -> Json:
    words = next(iter(asked.values), "")
    of_words = asked.kind in ("line", "text")
    most = min(INPUT_CHARS, max(asked.most, units(words), 1)) if of_words else 100
    made: Json = {
        "type": 4, "custom_id": asked.id, "style": 2 if asked.kind == "text" else 1, "max_length": most,
        "required": not asked.optional,
    }  # fmt: skip
    if of_words and 0 < asked.least <= most:
        made["min_length"] = asked.least
    if units(words) > most:
        return made | {"placeholder": shortened(TOO_LONG, PLACEHOLDER_CHARS), "required": False}
    return made | {"value": words} if words else made


def _chosen(asked: Field) -> Json:
    options = _known(asked.options)[:OPTIONS]
    made = select(asked.id, options)
    picked = set(asked.values[:1] if asked.kind == "choice" else asked.values)
    listed = [
        shown | {"default": True} if each.value in picked else shown
        for each, shown in zip(options, cast("list[Json]", made["options"]), strict=True)
    ]
    return made | {"options": listed} | _bounds(asked, len(options) if asked.kind == "choices" else 1)


def _known(options: Sequence[Option]) -> list[Option]:
    """Each value once."""
    return list({each.value: each for each in options}.values())


def _bounds(asked: Field, most: int) -> Json:
    high = max(1, min(asked.most, most)) if most > 1 else 1
    low = 0 if asked.optional else max(1, min(asked.least, high))
    return {"required": not asked.optional, "min_values": low, "max_values": high}


def _picked(asked: Field, kind: int) -> Json:
    bounds = _bounds(asked, OPTIONS)
    most = bounds["max_values"]
    known = [each for each in dict.fromkeys(asked.values) if _ID.fullmatch(each)][
        : most if isinstance(most, int) else 1
    ]
    made: Json = {"type": kind, "custom_id": asked.id, **bounds}
    return made | {"default_values": [{"id": each, "type": DEFAULTS[kind]} for each in known]} if known else made
