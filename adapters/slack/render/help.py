"""What every command and every word does, in a thread and outside; and how the Messages tab greets a newcomer."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack.names import COMMAND, HOME_START
from adapters.slack.render.blocks import (
    actions,
    bullets,
    button,
    fallback,
    header,
    line,
    pieces,
    rich,
    section,
    small,
    text,
)
from adapters.slack.render.page import Json, Page
from adapters.surface.wording import DISCLAIMER, WORDS

COMMANDS = (
    ("", "opens the form"),
    ("start system-design senior", "starts one without the form"),
    ("resume", "goes on where you left off"),
    ("progress", "draws the line over your interviews"),
    ("history", "lists them, with their reports"),
    ("export", "sends you everything that is kept about you"),
    ("delete-my-data", "deletes it"),
    ("help", "shows this"),
    ("admin", "for admins and coaches: interview types, prompts, limits, the team"),
)
HELP = "How Rehearse works"


def help_page() -> Page:
    """All of it on one page."""
    blocks = [
        header(HELP),
        section(
            "I ask one question at a time. Write your answer in as many messages as you like, or send a voice clip. "
            "Edit a message before the feedback has settled, and the whole answer is looked at again."
        ),
        _table("In an interview’s thread, as a button or as a word", [(word, about) for word, about in WORDS]),
        _table("Anywhere else", [(f"{COMMAND} {word}".rstrip(), about) for word, about in COMMANDS]),
        *small(
            "In a channel, mention me to start an interview in a thread there. To score something you wrote, open its "
            "message menu and choose “Score this answer”.",
            DISCLAIMER,
        ),
        actions(button("Start an interview", HOME_START, style="primary")),
    ]
    return Page(
        tuple(blocks), f"{HELP}: answer in the thread; say hint, skip, next, stop; {COMMAND} help shows all of it."
    )


def _table(name: str, rows: list[tuple[str, str]]) -> Json:
    items = [[text(word, code=True), text(f" {about}")] for word, about in rows]
    return rich(line(text(name, bold=True)), bullets(items))


@dataclass(frozen=True, slots=True)
class Prompt:
    """A suggestion in the Messages tab: what it says, and what is sent when it is chosen."""

    title: str
    message: str


PROMPTS = (
    Prompt("Practise system design", "Start a system design interview"),
    Prompt("Practise behavioral questions", "Start a behavioral interview"),
    Prompt("Practise coding", "Start a coding interview"),
    Prompt("How does this work?", "help"),
)
"""At most four are shown."""

PROMPTS_TITLE = "What shall we practise?"


def notice_page(words: str, *, error: bool = False) -> Page:
    """A sentence of the engine's outside any card, shortened where one block does not hold it. `error` marks one that
    asks something of the reader."""
    first, *more = *pieces(words), ""
    mark = [text("⚠️ ")] if error else []
    return Page((rich(line(*mark, text(f"{first}…" if any(more) else first or " "))),), fallback(words))
