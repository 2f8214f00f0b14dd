"""Pages of HTML drawn as pictures with an installed Chromium, for `docs/` and for eyes."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser

from tests.adapters.playground.web.chromium import chromium


@dataclass(frozen=True, slots=True)
class Album:
    """Samples of one platform. `docs` says which of them `docs/` shows, and whether in the dark."""

    platform: str
    samples: Mapping[str, Callable[[], Sequence[str]]]
    docs: Mapping[str, bool]
    html: Callable[[Sequence[str], bool], str]
    """A whole page of them, light or dark."""

    async def draw(self, browser: Browser, name: str, *, dark: bool, scale: float = 1.0) -> bytes:
        """A sample as a PNG, as high as it is."""
        context = await browser.new_context(viewport={"width": 720, "height": 200}, device_scale_factor=scale)
        page = await context.new_page()
        await page.set_content(self.html(self.samples[name](), dark))
        picture = await page.screenshot(full_page=True)
        await context.close()
        return picture

    async def fill(self, folder: Path) -> None:
        """The pictures of `docs`; in any other folder all samples, light and dark."""
        folder.mkdir(parents=True, exist_ok=True)
        async with chromium() as browser:
            if folder.name == "docs":
                for name, dark in self.docs.items():
                    save(await self.draw(browser, name, dark=dark, scale=1.5), folder / f"{self.platform}-{name}.png")
                return
            for name in self.samples:
                for look in ("light", "dark"):
                    picture = await self.draw(browser, name, dark=look == "dark")
                    save(picture, folder / f"{self.platform}-{name}-{look}.png")


def save(picture: bytes, to: Path) -> None:
    """With few colours, which is all such a page has, it takes a third of the room."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(64).save(to, optimize=True)


def main(album: Album) -> None:
    """Into the folder that the command line names."""
    asyncio.run(album.fill(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")))


def thumb(turn: str = "") -> str:
    """A thumb up; not every machine that draws has a font with these."""
    shape = "M3 10.5h4V21H3zM7 11l4.2-8.2c1.5.1 2.5 1.2 2.3 2.8L13 9h6a2 2 0 0 1 2 2.3l-1.2 7.4A2.4 2.4 0 0 1 17.4 21H7"
    return f'<svg class="thumb" viewBox="0 0 24 24"><path {turn} d="{shape}"/></svg>'


DRAWN: Mapping[str, str] = {"👍": thumb(), "👎": thumb('transform="rotate(180 12 12)"')}
