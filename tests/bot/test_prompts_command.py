"""`rehearse prompts`: a version from a file to everybody and back, tables to read and JSON for scripts."""

from __future__ import annotations

import asyncio
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from adapters.store.opening import open_store
from bot.__main__ import main
from bot.compose import assemble
from bot.config import read_settings
from engine.feedback.reader import UNUSABLE
from engine.keys import ThreadKey
from tests.contracts.prompt_store import Place, hold_interview, reviewed
from tests.contracts.store import Clock, answered, asked


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REHEARSE_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "OPENAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


class Terminal:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        self._capsys.readouterr()
        assert main(["prompts", *arguments]) == code
        out, self.error = self._capsys.readouterr()
        return out

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))

    def refused(self, *arguments: str) -> str:
        assert self(*arguments, code=2) == ""
        return self.error


@pytest.fixture
def prompts(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def second(prompts: Terminal, home: Path) -> Path:
    """The review prompt with one more sentence, saved as version 2."""
    file = home / "review.md"
    file.write_text(prompts("show", "review") + "\nBe brief.\n", "utf-8")
    said = prompts("create", "review", "--file", str(file), "--message", "shorter")
    assert said.startswith("Saved as version 2 of review, review@")
    assert "To undo it: rehearse prompts retire review 2" in said
    return file


async def practise(home: Path, people: int) -> None:
    """So many people have an answer reviewed in a way that cannot be read."""
    async with open_store(home / "home" / "rehearse.db") as store:
        place = Place(store.prompts, store, Clock(time.time()), store.admin)
        for n in range(people):
            key = ThreadKey(platform="test", workspace="w", user=f"p{n}")
            pinned = await store.prompts.assign(key.person)
            review = reviewed(pinned.prompts["review"], missing={"summary": UNUSABLE})
            await hold_interview(place, key.user, asked(), answered(), review, assignment=pinned)


async def look_after_rollouts() -> None:
    """What the running program does every minute."""
    async with assemble(read_settings()) as app:
        await next(chore for chore in app.admins.chores if chore.name == "rollouts").run()


def test_every_prompt_is_listed(prompts: Terminal) -> None:
    head, *rows = prompts("list").splitlines()
    assert head.split() == ["PROMPT", "IN", "PRODUCTION", "VERSIONS", "ROLLOUT", "REVISION"]
    assert [row.split()[0] for row in rows] == ["question", "follow_up", "review", "model_answer", "report"]
    assert [each["prompt"] for each in prompts.json("list")] == [row.split()[0] for row in rows]


def test_a_version_is_shown_as_it_can_be_edited(prompts: Terminal, second: Path) -> None:
    assert prompts("show", "review", "2") == second.read_text("utf-8")
    assert "version 2, draft, shorter" in prompts.error
    ref = prompts.json("show", "review@2")["version"]["ref"]
    assert prompts.json("show", ref)["text"] == second.read_text("utf-8")
    assert prompts.json("show", "review")["version"]["number"] == 1


def test_what_changed_and_what_speaks_against_it(prompts: Terminal, second: Path) -> None:
    assert "+Be brief." in prompts("diff", "review", "2")
    assert "-Be brief." in prompts("diff", "review", "2", "1")
    assert prompts("diff", "review", "1") == "They do not differ.\n"
    assert "+Be brief." in prompts.json("diff", "review", "2")["diff"]
    assert "Two versions at most" in prompts.refused("diff", "review", "1", "2", "1")
    assert prompts("lint", "review", "2") == "Fit for use: nothing speaks against it.\n"
    second.write_text(second.read_text("utf-8") + "{{anwser}}", "utf-8")
    assert "did you mean answer?" in prompts("lint", "review", "--file", str(second), code=1)
    assert len(prompts.json("lint", "review", "--file", str(second), code=1)["problems"]) == 1
    assert "did you mean answer?" in prompts.refused("create", "review", "--file", str(second))


def test_the_same_text_is_the_same_version(prompts: Terminal, second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = prompts("create", "review", "--from", "1", "--file", str(second))
    assert said == "This is version 2 of review already: the same text is the same version.\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(second.read_bytes() + b"\nPlease.\n")))
    assert prompts.json("create", "review", "--file", "-")["new"] is True


def test_a_version_is_tried_offline(prompts: Terminal, second: Path, home: Path) -> None:
    (home / "answer.txt").write_text("I broke the build once.", "utf-8")
    said = prompts("try", "review", "2", "--offline", "--answer", str(home / "answer.txt"))
    assert said.startswith("offline checklist")
    assert "## headline" in said
    assert prompts.json("try", "review", "2")["unreadable"] is False
    assert second.is_file()


def test_a_rollout_is_opened_raised_held_resumed_and_promoted(prompts: Terminal, second: Path) -> None:
    assert second.is_file()
    said = prompts("rollout", "review", "2", "--share", "5%", "--reason", "shorter")
    assert said.startswith("5 % of the people get version 2 of review from now on. Interviews that have begun go on")
    assert "To undo it: rehearse prompts rollback review" in said
    shown = prompts("rollout", "review")
    assert "Rollout of review: version 2 against version 1, at 5 %." in shown
    assert "Not enough data: about" in shown
    assert prompts("hold", "review").startswith("On hold: nobody new gets version 2 of review.")
    assert prompts("resume", "review").startswith("The rollout of review goes on, with the very same people.")
    assert prompts.json("rollout", "review", "--share", "2500bp")["rollout"]["share"] == "25 %"
    told = prompts.json("rollout", "review")
    assert (told["verdict"]["advice"], told["alarms"], set(told["watched"]) > {"unreadable", "time"}) == (
        "wait",
        [],
        True,
    )
    assert prompts("promote", "review", "2", code=1) == ""
    assert "Say so with --yes" in prompts.error
    assert prompts("promote", "review", "2", "--yes").startswith("Version 2 of review is in production.")
    assert prompts("rollback", "review").startswith("Rolled back: new interviews get version 1 of review.")
    assert "no earlier version" in prompts.refused("rollback", "review")
    history = prompts("history", "review")
    assert "  The operator rolled back production to" in history.splitlines()[0]
    assert prompts.json("history", "review", "--limit", "1")[0]["deed"] == "rolled back"


def test_a_rollout_is_closed_or_rolled_back_and_opened_again(prompts: Terminal, second: Path) -> None:
    assert second.is_file()
    prompts("rollout", "review", "2", "--share", "250bp")
    assert "To undo it: rehearse prompts rollout review 2 --share 250bp" in prompts("close", "review")
    prompts("rollout", "review", "2", "--share", "10")
    said = prompts("rollback", "review", "--evict", "--reason", "leaks the key points")
    assert "Interviews that run with the other one use it too" in said
    assert "To undo it: rehearse prompts rollout review 2 --share 1000bp" in said
    assert prompts.json("list")[2]["replaced"] != {}


def test_labels_and_retiring(prompts: Terminal, second: Path) -> None:
    assert second.is_file()
    assert prompts("label", "review", "staging", "2") == "staging points to version 2 of review.\n"
    assert "To undo it: rehearse prompts label review staging 2" in prompts("label", "review", "staging", "1")
    assert prompts("retire", "review", "2", code=1) == ""
    assert prompts("retire", "review", "2", "--yes").startswith("Version 2 of review is retired.")
    assert "version 2 is retired" in prompts.refused("rollout", "review", "2", "--share", "5")


def test_figures_are_printed_of_every_version_that_was_used(prompts: Terminal, second: Path, home: Path) -> None:
    assert second.is_file()
    prompts("rollout", "review", "2", "--share", "100")

    asyncio.run(practise(home, 5))
    said = prompts("stats", "review")
    assert said.split()[:4] == ["VERSION", "2", "N", "Interviews"]
    [line] = [line for line in said.splitlines() if line.startswith("Could not be read")]
    assert line.split("read")[1].split("  ")[-1] == "5"
    assert "100 % (57–100)" in line
    assert prompts.json("stats", "review", "--days", "1")["versions"][0]["figures"]["sessions"] == 5
    shown = prompts("rollout", "review")
    assert "roll back: The last 3 reviews could not be read." in shown
    assert prompts.json("rollout", "review")["alarms"][0]["advice"] == "roll back"


def test_a_rollout_that_breaks_reviews_is_rolled_back_by_itself(prompts: Terminal, second: Path, home: Path) -> None:
    assert second.is_file()
    prompts("rollout", "review", "2", "--share", "10%")
    prompts("rollout", "review", "--share", "100%")
    asyncio.run(practise(home, 3))
    asyncio.run(look_after_rollouts())
    assert prompts.json("list")[2]["rollout"] is None
    newest = prompts.json("history", "review", "--limit", "1")[0]
    assert newest["deed"] == "rolled back"
    assert "The last 3 reviews could not be read." in newest["reason"]
    assert "Rehearse rolled back review@" in prompts("history", "review").splitlines()[0]
    assert "could not be read.\n" in prompts("rollout", "review")


def test_figures_are_printed_with_what_they_rest_on(prompts: Terminal) -> None:
    assert "Nobody has had an interview with review" in prompts("stats", "review", "--days", "30")
    assert prompts.json("stats", "review") == {"prompt": "review", "versions": []}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "revieww"), "There is no prompt called 'revieww'. Did you mean review?"),
        (("show", "review", "9"), "There is no version '9' of review: write 1 to 1 or a label (production, latest)."),
        (("rollout", "review", "1", "--share", "150%"), "at most 100 %, not 150 %"),
        (("rollout", "review", "1", "--share", "5"), "this version is in production already"),
        (("rollout", "review"), "There has been no rollout of review."),
        (("hold", "review"), "no rollout is open"),
        (("rollback", "review"), "there is no earlier version"),
        (("create", "review", "--file", "nowhere.md"), "nowhere.md cannot be read"),
        (("label", "review", "staging", "1", "--revision", "99"), "Somebody was quicker."),
    ],
)
def test_what_is_not_possible_is_one_sentence(prompts: Terminal, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in prompts.refused(*arguments)


def test_a_file_that_is_no_text_is_refused(prompts: Terminal, home: Path) -> None:
    (home / "a.md").write_bytes(b"\xff\xfe\x00")
    assert "is not plain text in UTF-8" in prompts.refused("create", "review", "--file", "a.md")
    (home / "b.md").write_bytes(b"x" * 200_001)
    assert "larger than 200 kB" in prompts.refused("create", "review", "--file", "b.md")


def test_a_number_that_is_none_is_refused(prompts: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        prompts("stats", "review", "--days", "soon")
    assert "'soon' is not a number" in capsys.readouterr().err
