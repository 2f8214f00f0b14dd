"""A whole interview in a real terminal of 80 by 24, keys and screen: needs tmux, and says so where there is none."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
PATIENCE_S = 30.0


class Terminal:
    """A program in a terminal of its own tmux server."""

    def __init__(self, command: str) -> None:
        self._socket = f"rehearse-{uuid4().hex[:12]}"
        # `-f /dev/null`: not the person's own tmux settings. The shell stays, so that the last screen can be read.
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", f"{command}; echo exit $?; cat")

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def scrolled(self) -> str:
        return self._tmux("capture-pane", "-p", "-S", "-")

    def until(self, words: str) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.screen():
            assert time.monotonic() < deadline, f"{words!r} never came:\n{self.screen()}"
            time.sleep(0.05)
        return self.screen()

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout


@pytest.fixture
def terminal(new_machine: object) -> Iterator[Terminal]:
    del new_machine
    opened = Terminal(f"{shlex.quote(sys.executable)} -m bot practice")
    yield opened
    opened.close()


def test_the_demo_types_grows_and_keeps_to_its_minute(new_machine: object) -> None:
    del new_machine
    started = time.monotonic()
    opened = Terminal(f"{shlex.quote(sys.executable)} -m bot practice --demo --questions 2")
    try:
        opened.until("The sample candidate types (weak on purpose):")
        opened.until("Reading your answer…")
        while "exit 0" not in opened.screen():
            # Half of the questions in half of the minute, and some for the start of a busy machine.
            assert time.monotonic() - started < 35, opened.screen()
            time.sleep(0.2)
        everything = opened.scrolled()
    finally:
        opened.close()
    assert everything.count("╭─ Feedback") == 2
    assert everything.count("You:") == 2
    assert "types (" not in everything, "what was typed gave way to the answer"
    assert "Your turn: rehearse practice" in everything


def test_an_interview_by_hand(terminal: Terminal) -> None:
    terminal.until("What would you like to practise?")
    terminal.press("Enter")
    terminal.until("For which role?")
    terminal.press("Enter")
    terminal.until("How many questions?")
    terminal.press("1", "Enter")
    terminal.until("Anything to focus on?")
    terminal.press("Enter")
    screen = terminal.until("blank line or “done” hands in")
    assert "Question 1 of 1" in screen
    assert "What would you like" not in screen

    terminal.press("hint", "Enter")
    terminal.until("Hint 1 of")
    terminal.press("I reverted it because users came first,", "Enter")
    terminal.press("and since then a daily check compares the dates.", "Enter", "Enter")
    terminal.until("Enter: next")
    assert "1 hint used" in terminal.scrolled()

    terminal.press("C-c")
    terminal.until("exit 0")
    assert "`rehearse practice --resume` goes on where you stopped." in terminal.screen()
    everything = terminal.scrolled()
    assert everything.count("╭─ Feedback") == 1, "a repainted card left a copy of itself"
