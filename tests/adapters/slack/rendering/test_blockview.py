"""The pictures that people judge pages by are drawn from the blocks themselves, and lose nothing of them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from adapters.slack.render import card_pages, start_form, stream_ending, stream_text
from engine.events import FeedbackCard
from tests.adapters.playground.web.chromium import chromium, needs_chromium
from tests.adapters.slack.rendering.reading import texts_of
from tests.kit.blockview import Message, message_html, page_html, view_html
from tests.kit.blockview.__main__ import ALBUM, DOCS
from tests.kit.blockview.samples import OWNER, SAMPLES
from tests.kit.cards import letters
from tests.kit.samples import TYPES, growing, settled

_TAGS = re.compile(r"<(?!=)[^>]*>")


def shown(html: str) -> str:
    return letters(unescape(_TAGS.sub("", html)))


@pytest.mark.parametrize("card", [growing(), settled()], ids=["growing", "settled"])
def test_every_text_of_a_page_is_in_the_picture(card: FeedbackCard) -> None:
    blocks = card_pages(card, OWNER)[0].blocks
    html = message_html(Message(blocks))
    assert all(letters(text) in shown(html) for text in texts_of(blocks))


def test_a_stream_and_a_form_can_be_looked_at() -> None:
    html = message_html(Message(markdown=stream_text(settled()), blocks=stream_ending(settled(), OWNER)))
    assert "<blockquote>“Redirects read from a cache in front of a key-value store”</blockquote>" in html
    assert "Start an interview" in view_html(start_form(TYPES))


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_has_a_block_that_cannot_be_drawn(name: str) -> None:
    assert "<em>" not in "".join(SAMPLES[name]())


@needs_chromium
@pytest.mark.browser
@pytest.mark.xdist_group("chromium")
async def test_pages_are_drawn_by_a_real_browser_in_light_and_dark() -> None:
    assert DOCS.keys() <= SAMPLES.keys()
    async with chromium() as browser:
        light, dark = [await ALBUM.draw(browser, "question", dark=dark) for dark in (False, True)]
        assert light[:8] == dark[:8] == b"\x89PNG\r\n\x1a\n"
        assert light != dark
        page = await browser.new_page(viewport={"width": 720, "height": 600})
        await page.set_content(page_html(SAMPLES["feedback"]()))
        assert await page.evaluate("document.documentElement.scrollWidth") <= 720
