"""Draws the samples with an installed Chromium: `python -m tests.kit.cardview docs`; all of them in another folder."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.adapters.playground.web.chromium import EXECUTABLE
from tests.kit.cardview.page import page_html
from tests.kit.cardview.samples import SAMPLES

DOCS = {
    "question": True, "feedback-growing": True, "feedback": True, "report": True, "start": False, "voice": True,
}  # fmt: skip
"""What `docs/discord-*.png` show, and which of them in the dark."""


async def draw(browser: Browser, name: str, *, dark: bool, scale: float = 1.0) -> bytes:
    """A sample as a PNG, as high as it is."""
    context = await browser.new_context(viewport={"width": 720, "height": 200}, device_scale_factor=scale)
    page = await context.new_page()
    await page.set_content(page_html(SAMPLES[name](), dark=dark))
    picture = await page.screenshot(full_page=True)
    await context.close()
    return picture


async def main(folder: Path) -> None:
    looks = list(DOCS.items())
    if folder.name != "docs":
        looks = [(name, dark) for name in SAMPLES for dark in (False, True)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox", "--disable-gpu"])
        for name, dark in looks:
            picture = await draw(browser, name, dark=dark, scale=1.5 if folder.name == "docs" else 1.0)
            suffix = "" if folder.name == "docs" else "-dark" if dark else "-light"
            save(picture, folder / f"discord-{name}{suffix}.png")
        await browser.close()


def save(picture: bytes, to: Path) -> None:
    """With few colours, which is all such a page has, it takes a third of the room."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(64).save(to, optimize=True)


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    place.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(place))
