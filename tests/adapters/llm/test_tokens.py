"""Counting never fails, never waits, never downloads, and its bound holds for what people write."""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.tokens import CACHE_NAME, count, estimate, load_ranks

PROSE = "I would put a cache in front of the database, because most reads ask for the same rows. "
SAMPLES = {
    PROSE: 19,
    "Wir würden zuerst messen, welche Anfragen langsam sind, und danach einen Zwischenspeicher bauen. ": 22,
    "我会先在数据库前面加一个缓存然后测量它的命中率。": 18,
    "def f(xs: list[int]) -> int:\n    return sum(x * x for x in xs if x % 2 == 0)\n": 33,
}
"""Texts and what o200k_base makes of them, measured once."""


@pytest.fixture(autouse=True)
def nothing_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("adapters.llm.tokens._Loaded.encoding", None)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "no-cache"))


@pytest.fixture
def ranks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny vocabulary in place of the real one: single bytes, and two merges."""
    words = [bytes([byte]) for byte in range(256)] + [b"th", b"the"]
    content = b"".join(b64encode(word) + f" {rank}\n".encode() for rank, word in enumerate(words))
    (tmp_path / "o200k_base.tiktoken").write_bytes(content)
    monkeypatch.setattr("adapters.llm.tokens.RANKS_SHA256", hashlib.sha256(content).hexdigest())
    return tmp_path


@pytest.mark.parametrize(("text", "true"), SAMPLES.items(), ids=range(len(SAMPLES)))
def test_the_bound_holds_and_is_no_more_than_three_times_the_truth(text: str, true: int) -> None:
    found = estimate(text * 20)
    assert true * 20 * 0.99 <= found.upper <= true * 20 * 3
    assert found.method == "estimate"


@given(st.text(max_size=300))
def test_no_text_upsets_the_estimate(text: str) -> None:
    found = estimate(text)
    size = len(text.encode("utf-8", "surrogatepass"))
    assert 0 <= found.upper <= size
    assert found.n == -(-size // 4)


@pytest.mark.parametrize("text", [" " * 1_000_000, "x" * 1_000_000, "word " * 40_000, "\n" * 60_000, "é" * 50_000])
def test_a_monstrous_text_is_counted_at_once(text: str, ranks: Path) -> None:
    assert load_ranks(ranks)
    started = time.process_time()
    assert count(text, "gpt-6-luna").upper >= len(text) // 8
    assert time.process_time() - started < 0.1


def test_without_ranks_it_is_an_estimate() -> None:
    assert not load_ranks()
    assert count(PROSE, "gpt-5").method == "estimate"


@pytest.mark.parametrize(
    ("model", "method"),
    [("gpt-5-mini", "exact"), ("gpt-6-luna", "assumed"), ("gemini-3.8-flash", "estimate"), ("llama", "estimate")],
)
def test_with_ranks_it_says_how_sure_it_is(ranks: Path, model: str, method: str) -> None:
    assert load_ranks(ranks)
    assert load_ranks(ranks)  # once is enough
    found = count("the thaw", model)
    assert found.method == method
    if method != "estimate":
        assert found.n == 5  # the, space, th, a, w


def test_ranks_of_another_content_are_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "o200k_base.tiktoken").write_bytes(b"IQ== 0\n")
    assert not load_ranks(tmp_path)


def test_tiktokens_own_cache_is_looked_into(ranks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (ranks / "o200k_base.tiktoken").rename(ranks / CACHE_NAME)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(ranks))
    assert load_ranks()


def test_packages_that_bring_ranks_are_found_without_importing(ranks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = ranks / "litellm" / "litellm_core_utils" / "tokenizers"
    inside.mkdir(parents=True)
    (ranks / "litellm" / "__init__.py").write_text("raise SystemExit('this must not be imported')")
    (ranks / "o200k_base.tiktoken").rename(inside / CACHE_NAME)
    monkeypatch.syspath_prepend(str(ranks))
    assert load_ranks()


@pytest.mark.parametrize("text", ["<|endoftext|>", "\ud800", "a\x00b"])
def test_special_texts_are_only_text(ranks: Path, text: str) -> None:
    load_ranks(ranks)
    assert count(text, "gpt-5").n > 0


def test_a_panicking_encoder_ends_in_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panicking:
        def encode_ordinary(self, text: str) -> list[int]:
            raise type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})(text)

    class Interrupted:
        def encode_ordinary(self, text: str) -> list[int]:
            raise KeyboardInterrupt(text)

    monkeypatch.setattr("adapters.llm.tokens._Loaded.encoding", Panicking())
    assert count(PROSE, "gpt-5").method == "estimate"
    monkeypatch.setattr("adapters.llm.tokens._Loaded.encoding", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        count(PROSE, "gpt-5")
