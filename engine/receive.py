"""What a thing that somebody did means for the interview: facts to record, or a sentence to say back. Pure.

Words and buttons are the same here: a message that is nothing but a command word is that command. Whatever cannot be
done now gets a kind sentence that says what can be done instead; nothing is ever ignored silently except duplicates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from engine.difficulty import clamp
from engine.facts import (
    Advanced,
    Amended,
    Answered,
    Asked,
    AskedQuestion,
    Begun,
    Fact,
    Hinted,
    Levelled,
    ModelAnswerWanted,
    Paused,
    Postponed,
    Rated,
    Resumed,
    Retried,
    Skipped,
    Stopped,
    Submitted,
)
from engine.inbound import MESSAGE_CHARS, Action, Begin, Edited, Given, Inbound, Pressed, Wrote
from engine.interviews import Setup, level_name
from engine.limits.words import waits
from engine.session import Session, Turn

WORDS: dict[str, Action] = {
    "done": "done", "finished": "done", "submit": "done",
    "next": "next", "continue": "next", "next question": "next",
    "hint": "hint", "a hint": "hint", "hint please": "hint",
    "skip": "skip", "pass": "skip",
    "repeat": "repeat", "repeat the question": "repeat",
    "easier": "easier", "harder": "harder",
    "pause": "pause", "resume": "resume",
    "try again": "retry", "retry": "retry", "again": "retry",
    "model answer": "model_answer", "model": "model_answer", "show me a model answer": "model_answer",
    "stop": "stop", "quit": "stop", "end": "stop", "exit": "stop",
    "help": "help", "?": "help", "commands": "help",
    "👍": "helpful", "+1": "helpful", "👎": "unhelpful", "-1": "unhelpful",
}  # fmt: skip

HELP = (
    "Write your answer in as many messages as you like; a short pause or “done” ends it. You can also say: hint, skip, "
    "repeat, easier, harder, pause, resume, stop — and after feedback: next, try again, model answer, 👍, 👎."
)
NO_INTERVIEW = "There is no interview going on here. Start one first."
ON_ITS_WAY = "The next question is on its way; one moment."
OVER = "This interview is over and your report stands above. Start another one whenever you like."
STOPPING = "This interview is ending; your report is on its way."
REVIEWED = "That answer has its feedback already. Say “try again” to answer anew, or “next” to go on."


@dataclass(frozen=True, slots=True)
class Received:
    """What came of it: facts to record, a sentence to say, and posts to show once more."""

    facts: tuple[Fact, ...] = ()
    says: str = ""
    error: bool = False
    show: tuple[str, ...] = ()


NOTHING = Received()


def command(text: str) -> Action | None:
    """The command a message is, when it is nothing else: letter case, white space and end punctuation do not matter."""
    if len(text) > 40:
        return None
    words = " ".join(text.casefold().split())
    return WORDS.get(words) or WORDS.get(words.strip(".!,;:/ "))


def receive(session: Session | None, inbound: Inbound, *, most_chars: int = MESSAGE_CHARS) -> Received:
    """What `inbound` means for `session`. No answer may get longer than `most_chars`."""
    match inbound:
        case Begin():
            return _begin(session, inbound, most_chars)
        case Wrote():
            return _wrote(session, inbound, most_chars)
        case Edited():
            return _edited(session, inbound, most_chars)
        case Pressed():
            return _pressed(session, inbound.action, inbound.turn, inbound.at)
        case _:
            assert_never(inbound)


def _no(sentence: str) -> Received:
    return Received(says=sentence, error=True)


def _begin(session: Session | None, inbound: Begin, most_chars: int) -> Received:
    if session is not None and not session.over:
        return _no("An interview is still open here. Say “stop” to end it with a report, then start another one.")
    number = 1 if session is None else session.number + 1
    begun = Begun(at=inbound.at, key=inbound.key, number=number, setup=inbound.setup)
    if inbound.given is None:
        return Received((begun,))
    if len(inbound.given.answer) > most_chars:
        return _no(f"That is {len(inbound.given.answer):,} characters; {most_chars:,} is the most I can read.")
    return Received((begun, *_given(inbound.setup, inbound.given, inbound)))


def _given(setup: Setup, given: Given, inbound: Begin) -> tuple[Fact, ...]:
    """The question as it was brought along, and the answer as if it had been written and handed in."""
    at, topic = inbound.at, setup.focus or setup.type.title
    question = AskedQuestion(id="given", text=given.question, topic=topic, level=setup.start_level)
    asked = Asked(at=at, turn=1, question=question)
    if not given.answer.strip():
        return (asked,)
    return (asked, Answered(at=at, turn=1, message=inbound.id, text=given.answer), Submitted(at=at, turn=1))


def _wrote(session: Session | None, inbound: Wrote, most_chars: int) -> Received:
    if action := command(inbound.text):
        return _pressed(session, action, 0, inbound.at)
    if session is None:
        return _no(NO_INTERVIEW)
    if session.over:
        return _no(OVER)
    if session.stopped:
        return _no(_ending(session, inbound.at))
    turn = session.turn
    if turn is None or turn.skipped or turn.swapped or session.advanced:
        return _no(ON_ITS_WAY)
    if turn.attempt.feedback is not None:
        return _no(REVIEWED)
    if not inbound.text.strip():
        return _no("That message was empty, so nothing was added to your answer.")
    if (length := len(turn.attempt.text) + len(inbound.text)) > most_chars:
        return _no(
            f"That would make your answer {length:,} characters long; {most_chars:,} is the most I can read. "
            "Nothing of this message was added: please send the essential part."
        )
    resumed = (Resumed(at=inbound.at),) if session.paused else ()
    answered = Answered(at=inbound.at, turn=turn.number, message=inbound.message, text=inbound.text)
    return Received((*resumed, answered))


def _edited(session: Session | None, inbound: Edited, most_chars: int) -> Received:
    for turn in reversed(session.turns if session else ()):
        for attempt in reversed(turn.attempts):
            part = next((part for part in attempt.parts if part.message == inbound.message), None)
            if part is None or part.text == inbound.text:
                continue
            if attempt is not turn.attempt or attempt.feedback is not None:
                return _no("The feedback on that answer has settled. Say “try again” to answer the question anew.")
            if turn.skipped:
                return NOTHING
            text = inbound.text if inbound.text and inbound.text.strip() else None
            length = len(attempt.text) - len(part.text) + len(text or "")
            if length > most_chars:
                return _no(f"Edited so, your answer would be over {most_chars:,} characters; I keep it as it was.")
            return Received((Amended(at=inbound.at, turn=turn.number, message=inbound.message, text=text),))
    return NOTHING


def _pressed(session: Session | None, action: Action, number: int, at: float) -> Received:
    if action == "help":
        return Received(says=HELP)
    if session is None:
        return _no(NO_INTERVIEW)
    if action in ("helpful", "unhelpful"):
        return _rate(session, number, at, 1 if action == "helpful" else -1)
    if action == "model_answer":
        return _model_answer(session, number, at)
    if session.over:
        return _no(OVER)
    if action == "done" and (waiting := session.waiting) is not None:
        # An admin may have raised the limit meanwhile.
        return Received((Postponed(at=at, turn=waiting.number, until=at),))
    if session.stopped:
        return _no(_ending(session, at))
    if action == "stop":
        return Received((Stopped(at=at),))
    if action == "pause":
        return NOTHING if session.paused else Received((Paused(at=at),), says="Paused. Say “resume” when you are back.")
    turn = session.turn
    if action == "resume":
        show = (f"q{turn.number}",) if turn else ()
        return (
            Received((Resumed(at=at),), show=show) if session.paused else Received(says="It is not paused.", show=show)
        )
    if turn is None or turn.skipped or turn.swapped or session.advanced:
        return _no(ON_ITS_WAY)
    if number not in (0, turn.number):
        return _no("That question is behind us; the buttons of the newest one count.")
    done = _on_turn(session, turn, action, at)
    resumed: tuple[Fact, ...] = (Resumed(at=at),) if session.paused and done.facts else ()
    return Received((*resumed, *done.facts), done.says, done.error, done.show)


def _ending(session: Session, at: float) -> str:
    """Why the report of an interview that was stopped is not there yet."""
    return STOPPING if session.waiting is None else waits(at, session.waiting.attempt.postponed_until)


def _on_turn(session: Session, turn: Turn, action: Action, at: float) -> Received:
    attempt = turn.attempt
    reviewed = attempt.feedback is not None
    match action:
        case "repeat":
            return Received(show=(f"q{turn.number}",))
        case "done" if reviewed:
            return _no(REVIEWED)
        case "done" if not attempt.parts:
            return _no("There is no answer yet. Write one first, or say “skip”.")
        case "done":
            return NOTHING if attempt.submitted else Received((Submitted(at=at, turn=turn.number),))
        case "next" if reviewed or (turn.feedback and not attempt.parts):
            return Received((Advanced(at=at),))
        case "next" if attempt.waits:
            return _no(waits(at, attempt.postponed_until))
        case "next" if attempt.parts:
            return _no("Your answer is being read; the feedback comes first. Say “skip” to do without it.")
        case "next":
            return _no("This question is still open. Answer it, or say “skip”.")
        case "hint" if reviewed:
            return _no("Hints are for open questions. Say “try again” first, or “model answer”.")
        case "hint" if attempt.hints >= len(turn.question.hints):
            return _no("There are no more hints for this question." if attempt.hints else "This question has no hints.")
        case "hint":
            return Received((Hinted(at=at, turn=turn.number, rung=attempt.hints + 1),))
        case "skip":
            return Received((Advanced(at=at),) if reviewed else (Skipped(at=at, turn=turn.number),))
        case "retry" if reviewed:
            return Received((Retried(at=at, turn=turn.number),), show=(f"q{turn.number}",))
        case "retry":
            return _no("This question is still open: just answer it.")
        case _:  # easier or harder: what needs no turn was dealt with before
            return _relevel(session, turn, 1 if action == "harder" else -1, at)


def _relevel(session: Session, turn: Turn, step: int, at: float) -> Received:
    level = clamp(session.level + step)
    if level == session.level:
        return _no(f"{level_name(level)} is the {'hardest' if step > 0 else 'easiest'} level there is.")
    swap = not turn.answered and turn.question.kind == "main"
    when = "Here comes another question" if swap else "From the next question on it is"
    return Received(
        (Levelled(at=at, level=level, swap=swap),), says=f"{when}{' at' if swap else ''} {level_name(level)}."
    )


def _rate(session: Session, number: int, at: float, value: int) -> Received:
    turn = _reviewed_turn(session, number)
    if turn is None:
        return _no("There is no feedback to rate yet.")
    rated = Rated(at=at, turn=turn.number, value=1 if value > 0 else -1)
    return NOTHING if turn.rating == value else Received((rated,), says="Thank you; that helps.")


def _model_answer(session: Session, number: int, at: float) -> Received:
    turn = _reviewed_turn(session, number)
    if turn is None:
        return _no("A model answer comes after your own attempt.")
    if turn.model_answer:
        return Received(show=(f"m{turn.number}",))
    return NOTHING if turn.model_answer_wanted else Received((ModelAnswerWanted(at=at, turn=turn.number),))


def _reviewed_turn(session: Session, number: int) -> Turn | None:
    """The turn meant by a button: the named one, else the newest with feedback."""
    turns = [turn for turn in session.turns if turn.feedback and number in (0, turn.number)]
    return turns[-1] if turns else None
