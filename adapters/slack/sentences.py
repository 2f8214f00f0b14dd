"""What the bot says outside an interview's cards: short sentences, some with buttons. Pure.

Every one says what can be done instead. Names of types come from admins and go in escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.slack.names import COMMAND, HOME_RESUME, HOME_START, VOICE_AGAIN, VOICE_DISCARD
from adapters.slack.render.blocks import (
    actions,
    button,
    escaped,
    pieces,
    plain_text,
    quote,
    rich,
    section,
    shortened,
    small,
)
from adapters.slack.render.page import Json, Page, paged
from engine.interviews import LEVEL_NAMES, InterviewType

SHOWN_TYPES = 20
"""A row of buttons holds 25."""

EMOJI_ONLY = "An emoji alone gives me nothing to give feedback on, so it is not part of your answer. Say it in words?"
NOT_KEPT = f"This interview is not kept any more. Start another one with `{COMMAND} start`."
NO_OPEN = f"You have no open interview. Start one with `{COMMAND} start`, or choose here:"
NO_VOICE = "I cannot listen to voice clips here, since no speech model is set up. Please type your answer instead."
DELETED = (
    "Everything I kept about you here is deleted: interviews, answers, feedback and settings. "
    "Messages that stand in Slack belong to your workspace; you can delete yours there."
)
NOTHING_TO_SCORE = (
    "There are no words in that message that I could give feedback on. Choose “Score this answer” on one with text."
)
NO_QUESTION = "No question came with this answer. Judge it by what it sets out to say."
"""Asked in place of a question, where somebody has an answer scored and names none."""
FAILED = "That did not work just now. Nothing of your interview is lost; please try again in a moment."
DISCARDED = "Thrown away; nothing of it is part of your answer."
RECORD_AGAIN = "All right, that one is thrown away: record another one here, or type your answer."
EXPORTED = "Here is everything I keep about you: every interview with every word of it."
NOTHING_KEPT = f"I keep nothing about you yet. Start an interview with `{COMMAND} start`."


def sentence(mrkdwn: str, *buttons: Json) -> Page:
    """A sentence of our own, with what can be pressed about it."""
    rows = [actions(*buttons)] if buttons else []
    return Page((section(mrkdwn), *rows), mrkdwn.replace("`", ""))


def others_interview(owner: str) -> Page:
    return sentence(f"This is <@{owner}>’s interview, so only they can use its buttons. Yours: `{COMMAND} start`.")


def welcome(types: Mapping[str, InterviewType]) -> Page:
    """For somebody who wrote something that starts nothing."""
    return sentence(
        "Hi! I hold mock interviews: I ask, you answer as you would in the real one, and you get feedback by rubric "
        "while it is written, with a report at the end. Which one shall it be?",
        *type_buttons(types),
    )


def type_buttons(types: Mapping[str, InterviewType]) -> list[Json]:
    """A button for every type, and one for the form with all the choices."""
    starts = [button(kind.title, f"{HOME_START}.{id}", id) for id, kind in list(types.items())[:SHOWN_TYPES]]
    return [*starts, button("More choices…", HOME_START, style="primary")]


def unknown_type(said: str, types: Mapping[str, InterviewType]) -> Page:
    names = ", ".join(f"`{escaped(id)}`" for id in types)
    return sentence(
        f"I know no interview type “{escaped(said)}”. There are: {names}. A level may follow: a role (intern, junior, "
        f"mid, senior, staff) or a difficulty from 1 ({LEVEL_NAMES[0]}) to 5 ({LEVEL_NAMES[-1]}).",
        *type_buttons(types),
    )


def still_open(title: str, key: str, again: str, link: str) -> Page:
    """Somebody wants to start while an interview is open. `again` is what starting another one needs."""
    where = f"<{link}|Your {escaped(title)} interview>" if link else f"Your {escaped(title)} interview"
    return sentence(
        f"{where} is still open. Go on with it, or start another one beside it?",
        button("Resume it", HOME_RESUME, key, style="primary"),
        button("Start another", f"{HOME_START}.again", again),
    )


def begun(title: str, role: str, questions: int, link: str) -> Page:
    where = f"<{link}|Go to the thread>" if link else "It stands in our direct message"
    return sentence(f"Your {escaped(title)} interview ({role}, {_questions(questions)}) has begun. {where}.")


def begun_here(title: str, role: str, questions: int, user: str, *, guessed: bool, types: Sequence[str]) -> Page:
    """Said in a channel's thread: whose interview it is, and how to have another kind."""
    other = ", ".join(f"“{escaped(name)}”" for name in types[:3])
    how = f" You named no type, so it is a bit of everything; next time say {other}." if guessed and other else ""
    return sentence(
        f"A {escaped(title)} interview for <@{user}>, {role}, {_questions(questions)}. Answer here in this thread, in "
        f"as many messages as you like; a short pause or “done” ends an answer.{how}"
    )


def resumed(title: str, link: str) -> Page:
    where = f"<{link}|your {escaped(title)} interview>" if link else f"your {escaped(title)} interview"
    return sentence(f"Going on with {where}.")


def elsewhere(link: str) -> Page:
    where = f"<{link}|its own thread>" if link else "its own thread"
    return sentence(f"Your interview goes on in {where}; I did not take this as a part of your answer.")


def at_file(name: str, value: str, *, sound: bool) -> Page:
    """While a file is looked at; the button is for when nothing comes of it."""
    doing = "Listening to your recording…" if sound else f"Reading {_file(name)}…"
    return sentence(doing, button("Try again", VOICE_AGAIN, value))


def file_read(name: str, chars: int) -> Page:
    return sentence(f"I read {_file(name)} as part of your answer: {chars:,} characters.")


def file_failed(why: str, value: str) -> Page:
    """`value` is what trying again needs; "" where that would be in vain."""
    again = [button("Try again", VOICE_AGAIN, value), button("Discard", VOICE_DISCARD, value)] if value else []
    return sentence(escaped(why), *again)


def voice_used(transcript: str) -> Page:
    quotes = [rich(quote(piece)) for piece in pieces(transcript)]
    return paged([section("*Your answer, as you said it*"), *quotes], "Your answer, as you said it")[0]


def too_long(chars: int, most: int) -> str:
    return (
        f"That file holds {chars:,} characters; {most:,} is the most I can read in an answer. Please send the "
        "essential part."
    )


def scored_message(text: str, author: str, link: str) -> Page:
    """The root of a thread with feedback on a message somewhere; its first part is quoted."""
    parts = list(pieces(text))
    where = f" · <{link}|the message>" if link else ""
    more = small("That is its first part; all of it is looked at.") if len(parts) > 1 else []
    return Page(
        (section(f"*Feedback on an answer* by <@{author}>{where}"), rich(quote(parts[0])), *more),
        f"Feedback on an answer: {shortened(escaped(text), 200)}",
    )


def message_view(title: str, mrkdwn: str) -> Json:
    """A modal that only says something."""
    return {
        "type": "modal", "title": plain_text(title, 24), "close": plain_text("Close", 24), "blocks": [section(mrkdwn)],
    }  # fmt: skip


def unknown_command(said: str, nearest: str) -> str:
    """Mrkdwn, to stand above the help."""
    meant = f" Did you mean `{COMMAND} {nearest}`?" if nearest else ""
    return f"I know no `{COMMAND} {escaped(said)}`.{meant}"


def _file(name: str) -> str:
    return f"“{escaped(shortened(name, 100))}”" if name else "your file"


def _questions(n: int) -> str:
    return f"{n} question{'' if n == 1 else 's'}"
