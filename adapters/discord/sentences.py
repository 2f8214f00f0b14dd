"""What the bot says outside an interview's cards: short sentences, some with buttons. Pure.

Every one says what can be done instead. Names of types come from admins, names of files from anybody; both go in
escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.discord.names import COMMAND, HISTORY, START, Picked, pick_id, resume_id, voice_id
from adapters.discord.render import Page, sentence
from adapters.discord.render.parts import PRIMARY, button, link
from adapters.discord.render.words import escaped, shortened, small
from engine.interviews import LEVEL_NAMES, InterviewType
from engine.keys import ThreadKey

EMOJI_ONLY = "An emoji alone gives me nothing to give feedback on, so it is not part of your answer. Say it in words?"
NOT_KEPT = f"This interview is not kept any more. Start another one with `{COMMAND} start`."
NO_OPEN = f"You have no open interview. Start one with `{COMMAND} start`, or here:"
NO_VOICE = "I cannot listen to recordings here, since no speech model is set up. Please type your answer instead."
EMPTY_VOICE = "That recording is empty. Please record it again, or type your answer."
NOTHING_SAID = "There is nothing in that message that I can read. Please type your answer, or send a text or code file."
EMPTY_FORM = "The form was empty, so nothing was added to your answer."
TURN_OVER = "That question is behind us, so this is not part of an answer. The buttons of the newest question count."
DELETED = (
    "Everything I kept about you here is deleted: interviews, answers, feedback and settings. "
    "Messages that stand in Discord stay; you can delete yours there."
)
KEPT = "Nothing was deleted."
NOTHING_TO_SCORE = (
    "There are no words in that message that I could give feedback on. Choose “Score this answer” on one with text."
)
NO_QUESTION = "No question came with this answer. Judge it by what it sets out to say."
"""Asked in place of a question, where somebody has an answer scored and names none."""
SCORED_HERE = "I could not open a direct message with you, so the feedback comes here, where only you see it."
SCORED_ASIDE = "Your direct message holds an open interview, so the feedback comes here, where only you see it."
FAILED = "That did not work just now. Nothing of your interview is lost; please try again in a moment."
DISCARDED = "Thrown away; nothing of it is part of your answer."
RECORD_AGAIN = "All right, that one is thrown away: record another one here, or type your answer."
SEND_AGAIN = "I do not have that file any more. Please send it again."
NO_WORDS = "There were no words left to use."
EXPORTED = "Here is everything I keep about you: every interview with every word of it."
NOTHING_KEPT = f"I keep nothing about you yet. Start an interview with `{COMMAND} start`."
UNKNOWN_COMMAND = f"I do not know that command any more. `{COMMAND} help` shows those there are."
NO_THREAD = "I may not open a private thread here. Allow direct messages, or stay in private messages here."
ENDING = "I am ending the open one first; its report comes in a moment, and then the new one begins."
NOT_ENDED = "The open interview is still being wound up. Its report comes soon; then start the new one."
READ_IN_THREAD = "It goes on here; what you said before is kept."
WELCOME = (
    "Hi! I hold mock interviews: I ask, you answer as you would in the real one, and you get feedback by rubric while "
    "it is written, with a report at the end. Which one shall it be?"
)


def plain_sentence(markdown: str) -> Page:
    return sentence(markdown)


def not_begun(why: str) -> Page:
    """A limit is reached, or what was picked is offered no longer."""
    return sentence(escaped(why), button("Choose another", START), button("History", HISTORY))


def start_button() -> Page:
    """There is no open interview."""
    return sentence(NO_OPEN, button("Start an interview", START, PRIMARY))


def others_interview(owner: str) -> Page:
    return sentence(f"This is <@{owner}>’s interview, so only they can use its buttons. Yours: `{COMMAND} start`.")


def unknown_type(said: str, types: Mapping[str, InterviewType]) -> Page:
    names = ", ".join(f"`{id}`" for id in types)
    return sentence(
        f"I know no interview type “{escaped(shortened(said, 100))}”. There are: {names}.",
        button("Choose one", START, PRIMARY),
    )


def unknown_level(said: str) -> Page:
    return sentence(
        f"I know no level “{escaped(shortened(said, 100))}”. There are roles (intern, junior, mid, senior, staff) and "
        f"difficulties from 1 ({LEVEL_NAMES[0]}) to 5 ({LEVEL_NAMES[-1]}).",
        button("Choose one", START, PRIMARY),
    )


def still_open(title: str, key: ThreadKey, again: Picked, url: str) -> Page:
    """Somebody wants to start while an interview is open."""
    return sentence(
        f"{_linked(f'Your {escaped(title)} interview', url)} is still open. Go on with it, or end it and start "
        "another one?",
        button("Resume it", resume_id(key), PRIMARY),
        button("End it and start another", pick_id("again", again)),
    )


def begun(title: str, role: str, questions: int, url: str) -> Page:
    """Where it stands; `url` is "" where it stands right here."""
    there = [link("Go to the interview", url)] if url else []
    count = f"{questions} question{'' if questions == 1 else 's'}"
    return sentence(f"Your {escaped(title)} interview ({role}, {count}) has begun.", *there)


def scored(url: str) -> Page:
    return sentence("The feedback comes in our direct message.", link("Go to the feedback", url))


def resumed(title: str, url: str) -> Page:
    return sentence(f"Going on with {_linked(f'your {escaped(title)} interview', url)}.")


def elsewhere(title: str, url: str, key: ThreadKey) -> Page:
    """Somebody writes in the direct message while their interview stands somewhere else."""
    where = _linked(f"your {escaped(title)} interview", url) if url else f"your {escaped(title)} interview"
    return sentence(
        f"I did not take this as a part of your answer: {where} goes on elsewhere. `{COMMAND} resume` leads there.",
        button("Resume it", resume_id(key), PRIMARY),
    )


def listening(name: str, owner: str, message: str) -> Page:
    """While a recording is listened to; the button is for when nothing comes of it."""
    return sentence(f"Listening to {_file(name)}…", button("Try again", voice_id("again", owner, message)))


def files_read(read: Sequence[tuple[str, int]], refused: Sequence[tuple[str, str]]) -> Page:
    """What became of the text files of a message: name and length, or name and reason."""
    lines: list[str] = []
    if read:
        names = ", ".join(_file(name) for name, _ in read)
        lines.append(f"I read {names} as part of your answer: {sum(chars for _, chars in read):,} characters.")
    alone = len(refused) == 1 and not read
    lines += [escaped(why) if alone else f"{_file(name)}: {escaped(why)}" for name, why in refused]
    return sentence("\n".join(lines))


def file_failed(why: str, owner: str, message: str, *, again: bool) -> Page:
    """`again`: it may go well another time."""
    if not again:
        return sentence(escaped(why))
    retry = button("Try again", voice_id("again", owner, message))
    return sentence(escaped(why), retry, button("Discard", voice_id("discard", owner, message)))


def too_long(chars: int, most: int) -> str:
    return (
        f"That file holds {chars:,} characters; {most:,} is the most I can read in an answer. Please send the "
        "essential part."
    )


def exported(part: int, parts: int) -> str:
    return EXPORTED if parts == 1 else f"{EXPORTED}\n{small(f'Part {part} of {parts}.')}"


def _linked(words: str, url: str) -> str:
    return f"[{words}]({url})" if url else words


def _file(name: str) -> str:
    return f"“{escaped(shortened(name, 80))}”" if name else "your file"
