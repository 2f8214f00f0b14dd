"""A transcript that waits for its speaker's word: use it, change it, say it again, throw it away.

The message itself holds the transcript, so that a press can be understood from its payload alone, after a restart
as well: `transcript_of` reads back what `voice_page` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import cast

from adapters.slack.names import VOICE_AGAIN, VOICE_DISCARD, VOICE_EDIT, VOICE_FORM, VOICE_USE
from adapters.slack.render.blocks import actions, button, fallback, line, quote, rich, small, text
from adapters.slack.render.inputs import FIELD, INPUT_CHARS, field, modal, typed
from adapters.slack.render.page import BLOCK_CHARS, PAGE_CHARS, Json, Page, chars
from adapters.surface.transcripts import joined, part_name, parts, transcript_shown
from adapters.surface.wording import HEARD, NOTHING_HEARD

TEXT = "voice.text."
"""The block ids of a transcript's pieces: this, their number, and what stood between a piece and the one before."""

TOO_LONG = "It was longer than one message holds: the rest is left out. Record that part as another clip."
ROOM_CHARS = PAGE_CHARS - 800
EDIT_CHARS = 2_500
"""How much of a transcript one field begins with, so that there is room to add to it."""


def voice_page(transcript: str, owner: str, file_id: str, ts: str, *, engine: str = "") -> Page:
    """What was heard, with what can be done about it. What is more than one message holds is left out, and it says so:
    some twelve minutes of speech fit."""
    heard = transcript_shown(transcript)
    value = f"{owner}|{file_id}|{ts}"
    quoted = [
        rich(quote(piece)) | {"block_id": f"{TEXT}{n}.{between}"}
        for n, (between, piece) in enumerate(parts(heard, BLOCK_CHARS))
    ]
    shown = [block for block, size in zip(quoted, accumulate(map(chars, quoted)), strict=True) if size <= ROOM_CHARS]
    notes = (
        "" if heard else NOTHING_HEARD,
        TOO_LONG if shown != quoted else "",
        f"Transcribed by {engine}" if engine else "",
    )
    use = [button("Use it", VOICE_USE, value, style="primary"), button("Edit", VOICE_EDIT, value)] if shown else []
    again = [button("Record again", VOICE_AGAIN, value), button("Discard", VOICE_DISCARD, value)]
    blocks = [rich(line(text(HEARD, bold=True))), *shown, *small(*notes), actions(*use, *again)]
    return Page(tuple(blocks), fallback(HEARD, heard or NOTHING_HEARD))


def transcript_of(blocks: Sequence[object]) -> str:
    """The transcript that the blocks of a message made by `voice_page` show."""
    named = ((str(block.get("block_id") or ""), block) for block in map(_object, blocks))
    return joined((name[-1], "".join(_words(block))) for name, block in named if name.startswith(TEXT))


def voice_form(transcript: str, metadata: str = "") -> Json:
    """The transcript to be changed, in as many fields as it takes."""
    found = list(parts(transcript_shown(transcript), EDIT_CHARS)) or [("x", "")]
    blocks = [
        field(f"{TEXT}{n}.{between}", part_name(n, len(found)),
              typed(piece, most=INPUT_CHARS, multiline=True), optional=len(found) > 1)
        for n, (between, piece) in enumerate(found)
    ]  # fmt: skip
    return modal(VOICE_FORM, "Edit your answer", "Use it", blocks, metadata)


def edited_transcript(values: Mapping[str, Mapping[str, object]]) -> str:
    """What was typed into `voice_form`, from its state: block id → action id → the element's state."""
    names = sorted((name for name in values if name.startswith(TEXT)), key=lambda name: int(name.split(".")[2]))
    return joined((name[-1], str(_object(values[name].get(FIELD)).get("value") or "")) for name in names).strip()


def _words(element: Mapping[str, object]) -> Iterator[str]:
    """The characters of a piece. Slack may hand emoji back as elements of their own."""
    match element.get("type"):
        case "text":
            yield str(element.get("text", ""))
        case "emoji":
            yield _emoji(element)
        case "link":
            yield str(element.get("text") or element.get("url") or "")
        case _:
            inside = element.get("elements")
            for each in cast("list[object]", inside) if isinstance(inside, list) else []:
                yield from _words(_object(each))


def _emoji(element: Mapping[str, object]) -> str:
    code = element.get("unicode")
    if not isinstance(code, str):
        return f":{element.get('name')}:"
    return "".join(chr(int(each, 16)) for each in code.split("-"))


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
