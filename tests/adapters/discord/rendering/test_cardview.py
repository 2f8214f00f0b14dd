"""The pictures are drawn of what Discord would take, and show what stands in it."""

from __future__ import annotations

import pytest

from tests.adapters.playground.web.chromium import chromium, needs_chromium
from tests.kit.cardview import page_html
from tests.kit.cardview.__main__ import ALBUM, DOCS
from tests.kit.cardview.markdown import html, shown, tree
from tests.kit.cardview.samples import SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_can_be_looked_at(name: str) -> None:
    parts = SAMPLES[name]()
    assert parts
    assert "component " not in page_html(parts)


def test_markdown_is_read_as_discord_reads_it() -> None:
    said = (
        "### Head\n-# small **b**\n> quoted\n- item\n*i* __u__ ~~s~~ `c` ||x|| <@1> <t:1:R> [l](https://a.b) :tada: \\*"
    )
    assert [node.kind for node in tree(said) if node.kind != "text"] == [
        "h", "small", "quote", "item", "i", "u", "s", "code", "spoiler", "mention", "time", "link", "emoji",
    ]  # fmt: skip
    assert shown(tree("**a** \\* `b`")) == "a * b"
    assert html(tree("a < b **c**")) == "a &lt; b <b>c</b>"


@needs_chromium
@pytest.mark.browser
@pytest.mark.xdist_group("chromium")
async def test_the_documents_pictures_can_be_drawn() -> None:
    assert set(DOCS) <= set(SAMPLES)
    async with chromium() as browser:
        picture = await ALBUM.draw(browser, "feedback", dark=True)
    assert picture.startswith(b"\x89PNG")
