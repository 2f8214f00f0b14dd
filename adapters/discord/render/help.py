"""What every command and every word does; short notices; sentences with buttons."""

from __future__ import annotations

from adapters.discord.names import COMMAND, SETTINGS, START
from adapters.discord.render.page import Json, Page, paged
from adapters.discord.render.parts import BLURPLE, PRIMARY, button, row, rows, text, texts
from adapters.discord.render.words import pieces, small
from adapters.surface.wording import DISCLAIMER, WORDS

COMMANDS = (
    ("start", "starts an interview: choose a type and a level, or name them"),
    ("resume", "goes on where you left off"),
    ("progress", "draws the line over your interviews"),
    ("history", "lists them, with their reports"),
    ("settings", "switches live feedback, and chooses a language"),
    ("export", "sends you everything that is kept about you"),
    ("delete-my-data", "deletes it"),
    ("help", "shows this"),
)
HELP = "How Rehearse works"
_HOW = (
    "I ask one question at a time. Write your answer in our direct message, in as many messages as you like, send a "
    "voice message, or use the form. Edit a message before the feedback has settled, and the whole answer is looked "
    "at again."
)
_MENU = "To score something you wrote, open its message menu, then Apps, and choose “Score this answer”."

_ADMINS = "Whoever manages a server shapes its interviews with `/interview-admin`."


def help_page() -> Page:
    """All of it on one page."""
    words = [f"`{word}` {about}" for word, about in WORDS]
    commands = [f"`{COMMAND} {word}` {about}" for word, about in COMMANDS]
    contents = [
        f"### {HELP}\n{_HOW}",
        "\n".join(("**In an interview, as a button or as a word**", *(f"• {each}" for each in words))),
        "\n".join(("**Anywhere**", *(f"• {each}" for each in commands))),
        "\n".join(small(line) for line in (_MENU, _ADMINS, DISCLAIMER)),
    ]
    buttons = [row(button("Start an interview", START, PRIMARY), button("Settings", SETTINGS))]
    return paged(texts(contents), title=HELP, accent=BLURPLE, tail=buttons)[0]


def notice_page(words: str, *, error: bool = False) -> Page:
    """A sentence of the engine's outside any card, shortened where one text does not hold it. `error` marks one that
    asks something of the reader."""
    first, *more = *pieces(f"⚠️ {words}" if error else words), ""
    return sentence(f"{first}…" if any(more) else first)


def sentence(markdown: str, *buttons: Json) -> Page:
    """A sentence of our own, with what can be pressed about it; what others wrote in it must be `escaped`."""
    return Page((text(markdown), *rows(buttons)))
