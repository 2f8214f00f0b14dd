"""A transcript that waits for its speaker's word: use it, change it, say it again, throw it away.

The message itself holds the whole transcript, so that a press can be understood from its payload alone, after a restart
as well: `transcript_of` reads back what `voice_page` wrote. What no message holds is attached as `TRANSCRIPT_FILE`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from adapters.discord.names import voice_form_id, voice_id
from adapters.discord.render.inputs import FIELDS, INPUT_CHARS, field, modal, typed
from adapters.discord.render.page import Attachment, Json, Page, attached, paged, walk
from adapters.discord.render.parts import BLURPLE, SUCCESS, button, row, text
from adapters.discord.render.words import escaped, quote_lines, quoted, small, unescaped
from adapters.surface.transcripts import joined, part_name, parts, transcript_shown
from adapters.surface.wording import HEARD, NOTHING_HEARD
from adapters.surface.words import units

TRANSCRIPT_ID = 1_001
"""The `id` of the text that holds the whole transcript."""
TRANSCRIPT_FILE = "transcript.txt"
SHOWN_CHARS, SHOWN_BYTES = 3_500, 8_500
IN_FILE = "That is how it begins; the attached file has all of it."

TEXT = "text."
"""The fields of `voice_form`: this, their number, and what stood between a piece and the one before."""
EDIT_CHARS = 3_000
"""How much of a transcript one field begins with, so that there is room to add to it."""
_QUOTE = re.compile(r"^> ?", re.MULTILINE)


def voice_page(transcript: str, owner: str, message: str, *, engine: str = "") -> Page:
    """What was heard, in full, with what can be done about it."""
    heard = transcript_shown(transcript)
    made = [text(f"**{HEARD}**")]
    files: tuple[Attachment, ...] = ()
    whole = quote_lines(escaped(heard))
    if not heard:
        made.append(text(small(NOTHING_HEARD)))
    elif units(whole) <= SHOWN_CHARS and len(whole.encode()) <= SHOWN_BYTES:
        made.append(text(whole) | {"id": TRANSCRIPT_ID})
    else:
        files = (Attachment(TRANSCRIPT_FILE, "The whole transcript", text=heard),)
        made += [text(next(quoted(heard))), text(small(IN_FILE)), attached(TRANSCRIPT_FILE)]
    if engine.strip():
        made.append(text(small(f"Transcribed by {escaped(engine)}")))
    use = [button("Use it", voice_id("use", owner, message), SUCCESS)] if heard else []
    if heard and len(heard) <= FIELDS * INPUT_CHARS:
        use.append(button("Edit", voice_id("edit", owner, message)))
    again = button("Record again", voice_id("again", owner, message))
    drop = button("Discard", voice_id("discard", owner, message))
    return paged(made, title=HEARD, accent=BLURPLE, tail=[row(*use, again, drop)], files=files)[-1]


def transcript_of(components: Sequence[object]) -> str | None:
    """The transcript that the components of a `voice_page` show; `None` where it is in the file, or is none."""
    for component in components:
        for each in walk(cast("Json", component)) if isinstance(component, dict) else ():
            if each.get("id") == TRANSCRIPT_ID:
                return unescaped(_QUOTE.sub("", str(each.get("content", ""))))
    return None


def voice_form(transcript: str, owner: str, message: str) -> Json:
    """The transcript to be changed, in as many fields as it takes: at most `FIELDS` of `INPUT_CHARS` each."""
    heard = transcript_shown(transcript)
    begin_with = EDIT_CHARS if len(heard) <= FIELDS * EDIT_CHARS else INPUT_CHARS
    found = list(parts(heard, begin_with)) or [("x", "")]
    if len(found) > FIELDS:  # cut between words it takes one too many
        found = [("x", heard[at : at + INPUT_CHARS]) for at in range(0, len(heard), INPUT_CHARS)][:FIELDS]
    fields = [
        field(part_name(n, len(found)), typed(f"{TEXT}{n}.{between}", piece, long=True, required=len(found) == 1))
        for n, (between, piece) in enumerate(found)
    ]
    return modal(voice_form_id(owner, message), "Edit your answer", fields)


def edited_transcript(values: Mapping[str, str]) -> str:
    """What was typed into `voice_form`, by the fields' custom ids."""
    names = sorted((name for name in values if name.startswith(TEXT)), key=lambda name: int(name.split(".")[1]))
    return joined((name[-1], values[name]) for name in names).strip()
