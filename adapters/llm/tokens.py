"""How many tokens a text is, without the network and without stopping the loop.

Exact where the `o200k_base` ranks were found on this machine and loaded (`load_ranks`, once, at start), an estimate
with an upper bound otherwise. tiktoken's own loader is never called: it downloads, without a timeout, under a global
lock. Its encoder is only given what it is known to survive: a text of a million spaces makes it panic, a word of a
million letters keeps it busy for a second.

    exact       the ranks are loaded and the model is known to use them
    assumed     loaded; OpenAI has not said what its newest models use, everyone takes it to be the same
    estimate    no ranks, another vendor's model, or a text too strange or too long to count in a few milliseconds
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.ports import TokenCount

if TYPE_CHECKING:
    from tiktoken import Encoding

RANKS_SHA256: Final = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
CACHE_NAME: Final = "fb374d419588a4632f3f557e76b4b70aebbca790"
"""What tiktoken calls the file in its cache: the SHA-1 of where it comes from."""

PATTERN: Final = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
"""How o200k_base cuts text before merging (tiktoken_ext/openai_public.py)."""

CAREFUL_CHARS: Final = 64_000
"""Longer texts get the crudest bound: counting them would hold up the loop, and no prompt takes them whole."""

LONGEST_WORD: Final = 400
MOST_BLANKS: Final = 4_000
"""A text with more white space than this beyond single spaces, or a longer word, is not given to the encoder."""

NO_LETTER: Final = re.compile(r"[\W\d_]+")
ORDINARY: Final = re.compile(r"(?!.*[bcdfghjklmnpqrstvwxz]{4})[a-z]*[aeiouy][a-z]*", re.IGNORECASE)

KNOWN: Final = ("gpt-4o*", "gpt-4.1*", "gpt-5*", "o1*", "o3*", "o4*")
ASSUMED: Final = ("gpt-*",)


class _Loaded:
    encoding: Encoding | None = None


def count(text: str, model: str) -> TokenCount:
    """The tokens of `text` for a model, by the best means at hand. Any text will do."""
    name = model.rpartition("/")[2].lower()
    exact = any(fnmatchcase(name, pattern) for pattern in KNOWN)
    assumed = any(fnmatchcase(name, pattern) for pattern in ASSUMED)
    encoding = _Loaded.encoding
    if encoding is None or not (exact or assumed) or _strange(text):
        return estimate(text)
    try:
        n = len(encoding.encode_ordinary(text))
    except BaseException as panic:
        # Rust's panic is not an `Exception`; it must not end an interview. Anything else is not ours to hold.
        if type(panic).__module__ != "pyo3_runtime":
            raise
        return estimate(text)
    return TokenCount(n, n if exact else -(-n * 11 // 10), "exact" if exact else "assumed")


def estimate(text: str) -> TokenCount:
    """A quarter of the bytes, and a bound for what people write, measured against o200k in all scripts.

    No text has more tokens than bytes, so the bound never exceeds those. Nonsense composed to defeat it (random Chinese
    characters) can: it is a guard of budgets, not of memory.
    """
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    n = -(-size // 4)
    if len(text) > CAREFUL_CHARS:
        return TokenCount(n, size, "estimate")
    words = text.split()
    blanks = len(text) - sum(map(len, words)) - len(words) + 1
    upper = text.count("\n") + blanks + 3 + sum(map(_word_bound, words))
    return TokenCount(n, min(size, -(-upper * 11 // 10)), "estimate")


def load_ranks(directory: Path | None = None) -> bool:
    """Load the ranks if they are on this machine, in `directory` or where packages keep them; whether they were found.

    Takes about half a second: call it in a thread, once, at start.
    """
    if _Loaded.encoding is not None:
        return True
    for path in _places(directory):
        try:
            content = path.read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == RANKS_SHA256:
            _Loaded.encoding = _encoding(content)
            return True
    return False


def _places(directory: Path | None) -> Iterator[Path]:
    if directory is not None:
        yield directory / "o200k_base.tiktoken"
        yield directory / CACHE_NAME
    cache = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    yield Path(cache or Path(tempfile.gettempdir()) / "data-gym-cache") / CACHE_NAME
    # Found without importing: importing either costs seconds and changes settings of the process.
    for package, inside in (
        ("llama_index", "core/_static/tiktoken_cache"),
        ("litellm", "litellm_core_utils/tokenizers"),
    ):
        spec = find_spec(package)
        for root in (spec.submodule_search_locations or ()) if spec is not None else ():
            yield Path(root) / inside / CACHE_NAME


def _encoding(content: bytes) -> Encoding:
    from tiktoken import Encoding

    pairs = (line.split() for line in content.splitlines() if line)
    ranks = {b64decode(token): int(rank) for token, rank in pairs}
    special = {"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018}
    return Encoding("o200k_base", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens=special)


def _strange(text: str) -> bool:
    if len(text) > CAREFUL_CHARS:
        return True
    words = text.split()
    blanks = len(text) - sum(map(len, words)) - len(words)
    return blanks > MOST_BLANKS or max(map(len, words), default=0) > LONGEST_WORD


def _word_bound(word: str) -> int:
    if word.isascii():
        size = len(word)
        if size <= 16 and word.isalpha() and (word.islower() or word[1:].islower()):
            return (size + 3) // 3 if ORDINARY.fullmatch(word) else size
        return (size + 2) // 2 if size <= 24 and not word.isalpha() else size
    size = len(word.encode("utf-8", "surrogatepass"))
    # Chinese and its like write whole sentences without a space, so the letters are counted apart from the rest.
    letters = len(NO_LETTER.sub("", word).encode("utf-8", "surrogatepass"))
    return (letters + 3) // 3 + size - letters
