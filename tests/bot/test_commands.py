"""The real program, started as a person starts it: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import OVERVIEW
from engine.events import EVENT, FeedbackCard, Settled

pytestmark = pytest.mark.process
LONGEST_S = 60
ANSWER = (
    "Last spring I broke our invoice export for 40 customers. I reverted it within ten minutes, because stopping the "
    "damage came first, told support, and added a test and a daily check, so that it cannot happen again."
)


def rehearse(*arguments: str, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=said,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def events(done: subprocess.CompletedProcess[str]) -> tuple[dict[str, Any], list[Any]]:
    first, *rest = done.stdout.splitlines()
    return json.loads(first), [EVENT.validate_json(line) for line in rest]


def test_alone_it_says_what_it_can_do() -> None:
    done = rehearse()
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, OVERVIEW, "")


def test_a_script_gets_an_interview_as_json_lines() -> None:
    done = rehearse("practice", "--json", "--type", "behavioral", "--questions", "1", said=f"hint\n\n{ANSWER}\nskip\n")
    assert (done.returncode, done.stderr) == (0, "")
    head, told = events(done)
    assert head["kind"] == "session"
    assert (head["type"], head["role"], head["questions"], head["engine"]) == (
        "behavioral",
        "mid",
        1,
        "offline checklist",
    )
    settled: dict[str, Any] = {event.post: event.card for event in told if isinstance(event, Settled)}
    assert settled["a1.1"].text == ANSWER
    assert {"q1", "h1.1", "f1.1", "report"} <= settled.keys()
    assert told[-1].post == "report"
    assert told[-1].card.report.answered == 1


def test_answers_that_end_early_end_the_interview_with_a_report(working_folder: Path) -> None:
    (working_folder / "answers.txt").write_text(f"{ANSWER}\nretry\n{ANSWER} And more.\n")
    done = rehearse("practice", "--json", "--questions", "3", "--answers", "answers.txt")
    assert done.returncode == 0
    _, told = events(done)
    assert told[-1].card.report.answered == 1
    last = [event.card for event in told if isinstance(event, Settled) and isinstance(event.card, FeedbackCard)][-1]
    assert last.attempt == 2
    assert last.before is not None


def test_feedback_may_come_at_the_end() -> None:
    said = f"{ANSWER}\n{ANSWER}\n{ANSWER}\n"
    options = ("--type", "coding", "--level", "senior", "--difficulty", "2", "--feedback", "end", "--questions", "1")
    done = rehearse("practice", "--json", *options, said=said)
    head, told = events(done)
    assert (head["level"], head["role"], head["feedback"]) == (2, "senior", "end")
    assert told[-1].post == "report"


def test_through_a_pipe_it_is_plain_text_without_colours() -> None:
    done = rehearse("practice", "--questions", "1", said=f"{ANSWER}\n\nnext\nstop\n")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "Question 1 of 1" in done.stdout
    assert "Report" in done.stdout
    assert "rehearse practice --history" in done.stdout


def test_an_interview_can_be_paused_resumed_and_found_in_the_history() -> None:
    paused = rehearse("practice", "--questions", "1", said="pause\n")
    assert "rehearse practice --resume" in paused.stdout
    resumed = rehearse("practice", "--resume", said=f"{ANSWER}\ndone\nstop\n")
    assert "Question 1 of 1" in resumed.stdout
    assert "Report" in resumed.stdout
    (entry,) = (json.loads(line) for line in rehearse("practice", "--history", "--json").stdout.splitlines())
    assert (entry["state"], entry["answered"]) == ("stopped", 1)
    assert "1 of 1" in rehearse("practice", "--history").stdout
    assert "There is no unfinished interview" in rehearse("practice", "--resume").stderr


def test_a_new_interview_ends_the_unfinished_one_with_its_report() -> None:
    rehearse("practice", "--questions", "1", said="pause\n")
    done = rehearse("practice", "--new", "--json", "--questions", "1", said="stop\n")
    head, told = events(done)
    assert head["session"].endswith("#2")
    assert told[-1].session == head["session"]
    assert len(rehearse("practice", "--history", "--json").stdout.splitlines()) == 2


def test_the_demo_needs_nothing_and_keeps_nothing(new_machine: Path) -> None:
    started = time.monotonic()
    done = rehearse("practice", "--demo", OPENAI_API_KEY="sk-must-not-be-used")
    assert time.monotonic() - started < LONGEST_S
    assert done.returncode == 0
    for words in ("weak on purpose", "strong on purpose", "Question 4 of 4", "Report", "offline checklist"):
        assert words in done.stdout
    assert not (new_machine / "rehearse" / "rehearse.db").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("frobnicate",), "invalid choice: 'frobnicate'"),
        (("practice", "--questions", "99"), "'99' is not a number from 1 to 20"),
        (("practice", "--difficulty", "x"), "'x' is not a number from 1 to 5"),
        (("practice", "--demo", "--resume"), "not allowed with argument"),
        (("practice", "--type", "poetry"), "Choose one of: behavioral"),
        (("practice", "--json", "--answers", "nowhere.txt"), "nowhere.txt cannot be read"),
    ],
)
def test_a_wrong_option_is_named_and_ends_with_2(arguments: tuple[str, ...], sentence: str) -> None:
    done = rehearse(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["practice", "run"])
def test_a_broken_setting_is_one_sentence(command: str, working_folder: Path) -> None:
    (working_folder / ".env").write_text("REHEARSE_PORT=eighty\n")
    done = rehearse(command)
    assert done.returncode == 2
    sentence = "REHEARSE_PORT=eighty is not right. Write a port number from 1 to 65535, for example 8765."
    assert done.stderr == f"rehearse: {sentence}\n"


def test_debug_shows_where_it_went_wrong() -> None:
    done = rehearse("practice", "--type", "poetry", REHEARSE_LOG_LEVEL="debug")
    assert "Traceback" in done.stderr


def test_a_corrupt_database_is_left_as_it_is(new_machine: Path) -> None:
    home = new_machine / "rehearse"
    home.mkdir()
    (home / "rehearse.db").write_bytes(b"not a database" * 100)
    done = rehearse("practice", "--json")
    assert done.returncode == 2
    assert "is damaged, or not a database" in done.stderr
    assert (home / "rehearse.db").read_bytes() == b"not a database" * 100
    assert "BROKEN   database" in rehearse("doctor").stdout


def test_a_newer_database_is_left_as_it_is(new_machine: Path) -> None:
    assert rehearse("practice", "--history").returncode == 0
    file = new_machine / "rehearse" / "rehearse.db"
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = rehearse("practice", "--history")
    assert done.returncode == 2
    assert "written by a newer Rehearse" in done.stderr
    assert "written by a newer Rehearse" in rehearse("doctor").stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = rehearse("run", REHEARSE_PORT=port)
        doctor = rehearse("doctor", REHEARSE_PORT=port)
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be used now" in doctor.stdout
    assert doctor.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_says_where_it_is_and_stops_in_order(number: signal.Signals) -> None:
    port = free_port()
    environment: Mapping[str, str] = {**os.environ, "REHEARSE_PORT": str(port)}
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        lines: list[str] = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(program.stdout.readline())
            assert lines[-1], program.stderr.read()
        said = "".join(lines)
        assert f"http://127.0.0.1:{port}/" in said
        assert "offline checklist. No key is set" in said
        assert "rehearse.db" in said
        program.send_signal(number)
        assert program.wait(10) == 0
        assert program.stderr.read() == ""


def test_an_interrupted_script_is_paused_and_ends_with_130() -> None:
    command = [sys.executable, "-m", "bot", "practice", "--json", "--questions", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        while b'"settled"' not in program.stdout.readline():
            pass
        program.send_signal(signal.SIGINT)
        assert b"Paused." in program.stdout.read()
        assert program.wait(LONGEST_S) == 130
        assert program.stderr.read() == b""


def test_whoever_stops_reading_ends_the_program_without_a_complaint() -> None:
    command = [sys.executable, "-m", "bot", "practice", "--json", "--questions", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        program.stdin.write(f"{ANSWER}\n".encode())
        program.stdin.close()
        assert program.wait(LONGEST_S) == 141
        assert program.stderr.read() == b""
