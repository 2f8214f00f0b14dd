"""`rehearse practice`: one interview at this terminal, by a person, the sample candidate, or lines of a script.

Here is decided who answers, what is shown and which interview it is; the interview itself is held by
`adapters/playground/terminal/talk.py`. Logs go to a file in the home folder, so that the screen stays clean.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal
from uuid import uuid4

from adapters.playground.terminal.chosen import Chosen
from adapters.playground.terminal.history import history_entry, history_view
from adapters.playground.terminal.jsonl import JsonLines
from adapters.playground.terminal.lines import Lines, OnePerLine, Paragraphs, raw_lines
from adapters.playground.terminal.screen import Screen
from adapters.playground.terminal.talk import Candidate, Talk, phase
from bot.compose import App, Changes, compose
from bot.config import Settings
from bot.demo import demo_candidate, demo_changes
from bot.home import prepare
from bot.leaving import on_signals
from bot.log import configure
from bot.models import NO_KEY
from bot.options import Options
from bot.preflight import preflight
from engine.catalogue import Whereabouts
from engine.conversation import posts
from engine.errors import SettingsError
from engine.events import Settled
from engine.interviews import InterviewType, RoleLevel
from engine.keys import ThreadKey
from engine.session import Session

KEY = ThreadKey(platform="local", workspace="-", channel="terminal", thread="-", user="you")
HERE = Whereabouts(KEY.scope, KEY.user)
LOG_FILE = "practice.log"
DEMO_QUESTIONS = 4
"""Enough for the difficulty to move both ways, and done within a minute."""


async def practice(settings: Settings, options: Options) -> int:
    """Hold an interview, or list the earlier ones; the exit code."""
    if options.demo:
        with tempfile.TemporaryDirectory(prefix="rehearse-demo-") as folder:
            return await _practice(demo_settings(settings, Path(folder)), options)
    return await _practice(settings, options)


def demo_settings(settings: Settings, folder: Path) -> Settings:
    """The same, but everything is kept in a folder that goes away: a demo leaves no interview behind."""
    return settings.model_copy(update={"home_folder": folder, "database_url": None})


async def _practice(settings: Settings, options: Options) -> int:
    configure(settings, file=prepare(settings) / LOG_FILE)
    screen = Screen()
    if not options.json_lines:
        screen.wait(None)
    try:
        return await _shown(settings, options, screen)
    finally:
        screen.listen()


async def _shown(settings: Settings, options: Options, screen: Screen) -> int:
    changes = (
        demo_changes(watched=screen.repaints)
        if options.demo
        else Changes(types=lambda types: _with_feedback(types, options.feedback))
    )
    async with compose(settings, changes) as app:
        if options.history:
            sessions = await app.desk.history(KEY)
            if options.json_lines:
                for session in sessions:
                    _write_line(json.dumps(history_entry(session)))
            else:
                screen.print(history_view(sessions, screen.marks))
            return 0
        await preflight(app.models)
        return await Sitting(app, options, screen).hold()


def _with_feedback(
    types: Mapping[str, InterviewType], feedback: Literal["each", "end"] | None
) -> Mapping[str, InterviewType]:
    if feedback is None:
        return types
    return {name: kind.model_copy(update={"feedback": feedback}) for name, kind in types.items()}


class Sitting:
    """One run of the command."""

    def __init__(self, app: App, options: Options, screen: Screen) -> None:
        self._app = app
        self._options = options
        self._screen = screen
        self._json = JsonLines(_write_line) if options.json_lines else None
        self._is_person = (
            sys.stdin.isatty() and screen.repaints and not (options.json_lines or options.answers or options.demo)
        )
        self._interrupted = asyncio.Event()
        self._events = app.live.watch(KEY)

    async def hold(self) -> int:
        """From the first word to the report."""
        if self._is_person:
            self._screen.listen()
        candidate = self._candidate()
        try:
            session = await self._resumed(await self._app.desk.session(KEY))
            chosen = None if session else await self._chosen()
        except (KeyboardInterrupt, EOFError):
            return 130
        on_signals(self._interrupted.set)
        if session is None and chosen is not None:
            talk = await self._begun(candidate, chosen)
        elif session is not None:
            talk = await self._taken_up(candidate, session)
        else:
            return 0
        session = await talk.hold()
        self._farewell(session)
        return 130 if self._interrupted.is_set() and not self._is_person else 0

    def _candidate(self) -> Candidate:
        options = self._options
        if options.demo:
            return demo_candidate(self._screen)
        if options.answers:
            return OnePerLine(Lines(_file_lines(options.answers)))
        if options.json_lines:
            return OnePerLine(Lines(raw_lines(sys.stdin.fileno())))
        if self._is_person:
            from adapters.playground.terminal.keyboard import Keyboard

            return Keyboard()
        return Paragraphs(Lines(raw_lines(sys.stdin.fileno())), self._ask)

    def _ask(self, what: Literal["answer", "choose"]) -> None:
        hint = "Your answer, then a blank line:" if what == "answer" else "next, retry, model, +1, -1, pause or stop:"
        self._screen.say(hint, style="dim")

    async def _resumed(self, session: Session | None) -> Session | None:
        """The unfinished interview, if it is to go on; otherwise it is brought to its end first."""
        open_ = session if session is not None and not session.over else None
        if self._options.resume and open_ is None:
            raise SettingsError("There is no unfinished interview to resume. `rehearse practice` starts one.")
        if open_ is None or self._options.resume:
            return open_
        if self._is_person and not self._options.new:
            from adapters.playground.terminal.form import confirm

            title = open_.setup.type.title
            question = f"Your {title} interview stands at question {open_.asked} of {open_.setup.questions}."
            if await confirm(question, "Go on with it", "End it with its report, and start another one"):
                return open_
        talk = self._talk(OnePerLine(Lines([])), open_.number)
        if self._json:
            # A script gets one interview, not the end of another.
            talk.view = JsonLines(lambda _: None)
        if not open_.stopped:
            await talk.say("stop", open_)
        await talk.hold()
        return None

    async def _chosen(self) -> Chosen:
        options, types = self._options, await self._app.desk.offered(HERE)
        given = Chosen(options.type, options.level, options.questions, options.focus)
        if self._is_person and not options.names_an_interview:
            from adapters.playground.terminal.form import fill

            given = await fill(given, types, self._screen.console)
        type_id = given.type_id or next(iter(types))
        return replace(given, type_id=type_id, questions=given.questions or (DEMO_QUESTIONS if options.demo else None))

    async def _begun(self, candidate: Candidate, chosen: Chosen) -> Talk:
        before = await self._app.desk.session(KEY)
        talk = self._talk(candidate, before.number + 1 if before else 1)
        assert chosen.type_id is not None
        self._greet()
        await self._app.desk.begin(
            KEY,
            id=uuid4().hex,
            type_id=chosen.type_id,
            role=chosen.role or _usual_role((await self._app.desk.offered(HERE)).get(chosen.type_id)),
            questions=chosen.questions,
            level=self._options.difficulty,
            focus=chosen.focus or "",
            language=self._options.language,
            # An answer is handed in whole, so there is no pause to wait for.
            quiet_s=0,
        )
        if self._json:
            self._json.head(await talk.begun(), self._app.desk.engine_label)
        return talk

    async def _taken_up(self, candidate: Candidate, session: Session) -> Talk:
        talk = self._talk(candidate, session.number)
        if self._json:
            self._json.head(session, self._app.desk.engine_label)
        else:
            self._greet()
            self._screen.remember(session)
            self._screen.expect_again()
        now = phase(session, 0)
        shown = posts(session)
        turn = session.turn.number if session.turn else 0
        for post, card in shown:
            if getattr(card, "turn", 0) == turn:
                talk.view.show(Settled(key=KEY, session=session.id, post=post, card=card))
        if now == "paused":
            await talk.resume(session)
        return talk

    def _talk(self, candidate: Candidate, number: int) -> Talk:
        view = self._json or self._screen
        return Talk(self._app.desk, KEY, view, candidate, self._events, number, self._interrupted)

    def _greet(self) -> None:
        if self._json:
            return
        self._screen.say(f"Reviewed by: {self._app.desk.engine_label}.", style="dim")
        if not self._app.models.configured and not self._options.demo:
            self._screen.say(NO_KEY, style="dim")

    def _farewell(self, session: Session) -> None:
        if self._json:
            return
        if not session.over:
            self._screen.say("`rehearse practice --resume` goes on where you stopped.", style="bold")
        elif self._options.demo:
            self._screen.say("That was the sample candidate. Your turn: rehearse practice", style="bold")
        else:
            owed = sum(turn.attempt.provisional for turn in session.turns)
            if owed:
                what = "One full review follows" if owed == 1 else f"{owed} full reviews follow"
                self._screen.say(f"{what} as soon as a model is back and Rehearse runs.", style="yellow")
            self._screen.say("It is kept: rehearse practice --history", style="dim")


def _usual_role(kind: InterviewType | None) -> RoleLevel:
    return "mid" if kind is None or "mid" in kind.roles else next(iter(kind.roles))


def _file_lines(name: str) -> list[bytes]:
    try:
        return Path(name).read_bytes().splitlines()
    except OSError as error:
        raise SettingsError(f"--answers: {name} cannot be read ({error.strerror}).") from error


def _write_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
