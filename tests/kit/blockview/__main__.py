"""Draws the samples with an installed Chromium: `python -m tests.kit.blockview docs`; all of them in another folder."""

from __future__ import annotations

from tests.kit.blockview.page import page_html
from tests.kit.blockview.samples import SAMPLES
from tests.kit.drawing import Album, main

DOCS = {"question": True, "feedback-stream": True, "feedback": True, "report": True, "home": False, "start": False}
"""What `docs/slack-*.png` show, and which of them in the dark."""

ALBUM = Album("slack", SAMPLES, DOCS, lambda parts, dark: page_html(parts, dark=dark))

if __name__ == "__main__":
    main(ALBUM)
