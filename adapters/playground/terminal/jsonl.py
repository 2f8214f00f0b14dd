"""The interview as JSON lines: one event per line, exactly as surfaces get it, after a first line about the session."""

from __future__ import annotations

import json
from collections.abc import Callable

from engine.events import EVENT, Event
from engine.session import Session

Write = Callable[[str], None]


class JsonLines:
    """A `View` for scripts. `write` gets one line at a time, without its end."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def head(self, session: Session, engine: str) -> None:
        """The first line."""
        setup = session.setup
        head = {
            "kind": "session",
            "session": session.id,
            "type": setup.type.id,
            "role": setup.role,
            "questions": setup.questions,
            "level": setup.start_level,
            "focus": setup.focus,
            "language": setup.language,
            "feedback": setup.type.feedback,
            "prompts": dict(setup.prompts),
            "engine": engine,
        }
        self._write(json.dumps(head, ensure_ascii=True))

    def show(self, event: Event) -> None:
        self._write(EVENT.dump_json(event, ensure_ascii=True).decode("ascii"))

    def wait(self, session: Session | None) -> None:
        pass

    def listen(self) -> None:
        pass

    def expect_again(self) -> None:
        pass
