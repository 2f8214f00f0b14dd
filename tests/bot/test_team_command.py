"""`rehearse team`: tables to read, JSON for scripts, and ratings that leave the house without anybody in them."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from adapters.store.opening import open_store
from bot.__main__ import main
from engine.keys import ThreadKey
from tests.contracts.store import record
from tests.contracts.team_store import ADA, entry, rating, whole

DAY_S = 86_400.0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REHEARSE_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "OPENAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def practised(home: Path) -> None:
    async def held() -> None:
        async with open_store(home / "rehearse.db") as store:
            for n in range(6):
                key = ThreadKey(platform="slack", workspace="T1", user=f"U{n % 3}", thread=str(n))
                await record(store, *whole(key, at=time.time() - DAY_S), key=key)
            await record(store, *whole(ADA, at=time.time() - DAY_S, type_id="coding"), key=ADA)
            await store.sharing.rate([rating(at=time.time())], entry=entry())

    asyncio.run(held())


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["team", *arguments]) == code
    done = capsys.readouterr()
    return done.err if code else done.out


@pytest.mark.usefixtures("practised")
def test_it_prints_tables(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys)
    assert "Team: the last 30 days" in text
    assert "6 interviews by 3 people" in text
    assert "too few to show" in text
    assert "Coaches and the machine" in text
    of_one = said(capsys, "--type", "behavioral", "--days", "7", "--workspace", "slack/T1")
    assert "0.50 (6)" in of_one
    assert "Technical accuracy" in of_one
    assert "too few to show" in said(capsys, "--type", "coding")
    assert "Nobody held" in said(capsys, "--type", "none", code=2)


@pytest.mark.usefixtures("practised")
def test_it_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    seen = json.loads(said(capsys, "--json", "--days", "90"))
    assert (seen["days"], seen["total"]["interviews"], seen["all_counted"]) == (90, 6, False)
    assert seen["total"]["completed"] == {"hits": 6, "n": 6, "share": 1.0}
    assert [each["use"] is None for each in seen["types"]] == [False, True]
    of_one = json.loads(said(capsys, "--json", "--type", "behavioral"))
    assert [each["n"] for each in of_one["trends"]] == [6, 6, 6, 6]
    assert json.loads(said(capsys, "--json", "--workspace", "slack/T9"))["total"] is None


@pytest.mark.usefixtures("practised")
def test_blind_ratings_are_printed_line_by_line_without_anybody(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "--ratings")
    (line,) = map(json.loads, text.splitlines())
    assert (line["level"], line["machine_level"], line["criterion"]) == (4, 3, "technical_accuracy")
    assert not any(secret in text for secret in ("UADA", "slack", "T1", "c" * 16))
    assert said(capsys, "--ratings", "--days", "7") == text


@pytest.mark.usefixtures("home")
def test_an_empty_database_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Fewer than 3 people practised" in said(capsys)
    assert said(capsys, "--ratings") == ""
