"""An installed Chromium, driven by Playwright; tests that need one say so and are skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXECUTABLE = next((path for name in NAMES if (path := shutil.which(name))), None)

needs_chromium = pytest.mark.skipif(
    EXECUTABLE is None, reason=f"no browser: none of {', '.join(NAMES)} is installed, so the page was not driven"
)

# A loaded machine of two cores is slow now and then; a page that works does not wait this long.
expect.set_options(timeout=20_000)


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """The browser, headless. `--no-sandbox` because continuous integration runs as the superuser of a container."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Tab:
    """A page and what it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])

    async def width(self) -> int:
        """How wide the page is, in CSS pixels, including what must be scrolled to."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))

    async def focused(self) -> str:
        """The accessible name, roughly, of what has the focus; "" for the page itself."""
        return str(
            await self.page.evaluate(
                """(({ tagName, ariaLabel, id, innerText }) =>
                    ["BODY", "MAIN"].includes(tagName) ? "" : ariaLabel || innerText || id)(document.activeElement)"""
            )
        )


@asynccontextmanager
async def tab(
    browser: Browser, *, width: int = 1280, height: int = 860, dark: bool = False, calm: bool = False
) -> AsyncGenerator[Tab]:
    """A fresh tab of a fresh profile."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if calm else "no-preference",
    )
    opened = Tab(await context.new_page())
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on(
        "console", lambda message: opened.complaints.append(message.text) if message.type == "error" else None
    )
    try:
        yield opened
    finally:
        await context.close()
