"""Bytes that call themselves text, as text; `None` for what only pretends to be."""

from __future__ import annotations

import codecs
import re

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Written in plain characters, and still not to be read: printed pages, and RTF.
MARKED = (b"%PDF-", b"{\\rtf", b"%!PS")
SAMPLE_BYTES = 4_000
WESTERN_SHARE = 0.1
"""Of Western text in an old encoding, no more than this is other than ASCII; of any other text, more."""

_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")  # a log may have coloured lines (ESC)


def plain_text(content: bytes) -> str | None:
    """The text in UTF-8, UTF-16, UTF-32 or Western Windows; `None` where the bytes are no text in any of them."""
    if content.startswith(MARKED):
        return None
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return _decoded(content[len(bom) :], encoding)
    if content[:SAMPLE_BYTES].count(0):
        wide = _wide(content[:SAMPLE_BYTES])
        return _decoded(content, wide) if wide else None
    text = _decoded(content, "utf-8")
    if text is None and sum(byte > 0x7F for byte in content) <= WESTERN_SHARE * len(content):
        text = _decoded(content, "cp1252")
    return text


def _wide(sample: bytes) -> str | None:
    """UTF-16 by its zeros: one byte of each Latin letter is one, the second in the little-endian order."""
    letters = len(sample) // 2
    if sample[1::2].count(0) > letters / 2:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > letters / 2 else None


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _BINARY.search(text) else text
