"""`rehearse types`: shaping interview types on the command line, what it says, and how to undo it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import cast

import pytest

from bot.__main__ import main

HERE = ("--workspace", "slack/T1")


class Terminal:
    """Commands as they are typed; what they print is kept."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    def __call__(self, *words: str, code: int = 0) -> str:
        assert main(("types", *words)) == code
        captured = self._capsys.readouterr()
        self.error = captured.err
        return captured.out

    def json(self, *words: str) -> object:
        return cast("object", json.loads(self(*words, "--json")))


@pytest.fixture
def types(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def file(types: Terminal, tmp_path: Path) -> Path:
    """A type of one's own, made of a shipped one."""
    made = tmp_path / "backend.yaml"
    types("export", "coding", "--output", str(made))
    text = made.read_text("utf-8").replace("id: coding", "id: backend").replace("title: Coding", "title: Backend")
    made.write_text(text, "utf-8")
    return made


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))


def test_a_type_is_made_changed_tried_archived_and_restored(types: Terminal, file: Path) -> None:
    assert types("create", str(file)) == "Made: Backend. It is in use.\nTo undo it: rehearse types archive backend\n"
    said = types("edit", "backend", "--set", "questions=6", "--set", "minutes=8", "--weights", "mid=40/20/20/20")
    assert said == "Published: version 2 of Backend.\nTo undo it: rehearse types restore backend --version 1\n"
    assert "6 questions" in types("show", "backend")
    assert "8 minutes" in types("show", "backend")
    assert "3 questions" in types("show", "backend", "--version", "1")
    assert types("edit", "backend", "--set", "minutes=8") == "Nothing is different; nothing was changed.\n"
    told = types("versions", "backend", "--diff", "1", "2")
    assert "Mid: weights 30/20/30/20 → 40/20/20/20." in told
    assert types("versions", "backend", "--diff", "2", "2") == "Nothing is different.\n"
    assert types("versions", "backend").count("in use") == 2
    assert "Nobody changed coding here" in types("versions", "coding")
    tried = types("preview", "backend", "--role", "senior")
    assert "8 minutes" in tried
    assert "Reviewed by offline checklist. Nothing of this was kept." in tried
    said = types("archive", "backend", "--yes")
    assert "To undo it: rehearse types restore backend" in said
    assert "backend" not in types("list")
    assert "archived, set here" in types("list", "--all")
    assert "To undo it: rehearse types archive backend" in types("restore", "backend")
    said = types("restore", "backend", "--version", "1")
    assert "In use: version 5 of Backend." in said
    assert "To undo it: rehearse types restore backend --version 4" in said


def test_scripts_get_json(types: Terminal, file: Path) -> None:
    made = cast("dict[str, object]", types.json("create", str(file), *HERE))
    assert (made["id"], made["version"], made["from"], made["archived"]) == ("backend", 1, "here", False)
    listed = cast("list[dict[str, object]]", types.json("list", *HERE))
    assert [each["id"] for each in listed] == ["behavioral", "coding", "system-design", "mixed", "backend"]
    shown = cast("dict[str, dict[str, object]]", types.json("show", "backend", *HERE))
    assert shown["type"]["title"] == "Backend"
    assert "own_questions" not in cast("dict[str, object]", types.json("show", "backend", "--version", "1", *HERE))
    [version] = cast("list[dict[str, object]]", types.json("versions", "backend", *HERE))
    assert version["by"] == "operator"
    assert types.json("versions", "backend", "--diff", "1", "1", *HERE) == {"sentences": [], "diff": ""}
    tried = cast("dict[str, object]", types.json("preview", "backend", *HERE))
    assert set(tried) == {"question", "answer", "feedback"}
    assert cast("dict[str, object]", types.json("export", "backend", *HERE))["id"] == "backend"
    assert types.json("export", "backend", "--questions", "yaml", *HERE) == []
    assert types.json("default", "backend", *HERE) == {"usual": "backend", "channels": {}}
    assert types.json("default", *HERE) == {"usual": "backend", "channels": {}}


def test_a_workspaces_types_are_its_own(types: Terminal, file: Path) -> None:
    said = types("create", str(file), *HERE)
    assert "rehearse types archive backend --workspace slack/T1" in said
    assert "backend" not in types("list")
    types("edit", "coding", "--set", "title=House coding")
    assert "set for every workspace" in types("list", *HERE)


def test_own_questions_come_from_a_file_or_a_pipe(
    types: Terminal, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    types("create", str(file))
    questions = tmp_path / "q.csv"
    questions.write_text("question,key_points\nWhat is an index for?,reads | writes\n=1+1 is what then?,two\n", "utf-8")
    types("edit", "backend", "--questions", str(questions), "--set", "source=bank")
    assert "Own questions:     2" in types("show", "backend")
    printed = types("export", "backend", "--questions", "csv")
    assert "'=1+1 is what then?" in printed
    assert "- text: What is an index for?" in types("export", "backend", "--questions", "yaml")
    pipe(monkeypatch, "Why two replicas?\n- one may be down\n")
    types("edit", "backend", "--questions", "-")
    assert "Why two replicas?" in types("export", "backend")
    types("edit", "backend", "--questions", "none")
    assert "Own questions" not in types("show", "backend")


def test_who_may_use_it_and_its_prompts_are_set_and_unset(types: Terminal, file: Path) -> None:
    types("create", str(file))
    types("edit", "backend", "--set", "groups=S1, S2", "--set", "channels=C1", "--set", "prompts.review=production")
    shown = types("show", "backend")
    assert "2 groups, in 1 channel" in shown
    assert "Prompt review:     production" in shown
    types("edit", "backend", "--set", "groups=none", "--set", "prompts.review=none", "--set", "start_level=none")
    assert "Prompt review" not in types("show", "backend")


def test_files_are_imported_and_piped_in(types: Terminal, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "rehearse types archive backend" in types("import", str(file))
    changed = file.read_text("utf-8").replace("title: Backend", "title: Newer")
    pipe(monkeypatch, changed)
    said = types("import", "-")
    assert "In use: version 2 of Newer.\nTo undo it: rehearse types restore backend --version 1" in said
    types("edit", "backend", "--file", str(file), "--seen", "2")
    types("edit", "backend", "--file", str(file), "--set", "title=Late", "--seen", "2", code=2)
    assert "Somebody was quicker. Somebody published version 3 of the type Backend." in types.error
    assert "Made: Backend (copy)." in types("duplicate", "backend", "platform")
    assert "Made: Platform two." in types("duplicate", "backend", "platform-2", "--title", "Platform two")


def test_what_is_usual_is_shown_chosen_and_unset(types: Terminal) -> None:
    assert types("default") == "Usual: the first of the list\n"
    said = types("default", "coding", *HERE)
    assert said == "Usual in slack/T1: coding.\nTo undo it: rehearse types default --none --workspace slack/T1\n"
    assert "usual" in types("list", *HERE)
    said = types("default", "mixed", "--channel", "C1", *HERE)
    assert "To undo it: rehearse types default --none --channel C1 --workspace slack/T1" in said
    assert "C1       mixed" in types("default", *HERE)
    said = types("default", "--none", *HERE)
    assert "Usual in slack/T1: no type of its own.\nTo undo it: rehearse types default coding" in said


def test_nothing_is_archived_without_a_yes(types: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "")
    types("archive", "coding", code=2)
    assert "Say so with --yes" in types.error
    assert "coding" in types("list")


def test_an_answer_from_a_file_is_reviewed(types: Terminal, tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text("I would sort them first, because then neighbours overlap, and scan once.", "utf-8")
    assert "Answer: I would sort them first" in types("preview", "coding", "--answer", str(answer))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "nope"), "There is no interview type 'nope' here."),
        (("create", "nowhere.yaml"), "nowhere.yaml cannot be read"),
        (("edit", "coding", "--set", "colour=red"), "there is no such field"),
        (("edit", "coding", "--set", "title"), "write FIELD=VALUE"),
        (("edit", "coding", "--set", "questions=many"), "must be a whole number"),
        (("edit", "coding", "--set", "questions=99"), "The number of questions must be 20 or less."),
        (("edit", "coding", "--weights", "boss=1/2/3/4"), "write ROLE=30/20/30/20"),
        (("edit", "coding", "--weights", "mid=30/20/30/15"), "Weights of mid sum to 95; they must sum to 100."),
        (("edit", "coding", "--weights", "mid=30/70"), "Write 4 numbers"),
        (("restore", "coding", "--shipped"), "is as it is shipped"),
        (("export", "coding", "--output", "no/such/folder/x.yaml"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(types: Terminal, words: tuple[str, ...], why: str) -> None:
    types(*words, code=2)
    assert why in types.error
    assert types.error.count("\n") == 1


def test_a_bomb_is_refused_with_its_line(types: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "a: &a [x, x]\nb: [*a, *a]\n")
    types("import", "-", code=2)
    assert "what is piped in, line 1: anchors and aliases are not used here." in types.error
