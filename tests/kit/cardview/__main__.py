"""Draws the samples with an installed Chromium: `python -m tests.kit.cardview docs`; all of them in another folder."""

from __future__ import annotations

from tests.kit.cardview.page import page_html
from tests.kit.cardview.samples import SAMPLES
from tests.kit.drawing import Album, main

DOCS = {
    "question": True, "feedback-growing": True, "feedback": True, "report": True, "start": False, "voice": True,
}  # fmt: skip
"""What `docs/discord-*.png` show, and which of them in the dark."""

ALBUM = Album("discord", SAMPLES, DOCS, lambda parts, dark: page_html(parts, dark=dark))

if __name__ == "__main__":
    main(ALBUM)
