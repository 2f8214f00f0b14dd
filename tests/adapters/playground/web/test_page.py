"""The page in a real Chromium, before the real product: engine, SQLite, and the offline coach at a watchable pace."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from adapters.playground.web.server import serve
from bot.compose import Changes, compose
from bot.config import read_settings
from bot.models import offline_models
from tests.adapters.playground.web.chromium import chromium, needs_chromium, tab

# One browser at a time is enough for two cores.
pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.xdist_group("chromium")]

ANSWER = (
    "First I ask who reads it and how fresh it must be, because that decides what may be cached. Say 3,000 reads a "
    "second at peak. Then I keep one list of ids per reader and fetch bodies from a shared cache, so an edit happens "
    "in one place. For accounts with millions of readers I merge on read instead, since writing three million lists "
    "costs more than it saves. I would measure the lag and alert on it."
)
SETTLED = ".feedback:not(.growing)"


@asynccontextmanager
async def playground(*, pace_s: float = 0.0, port: int = 0) -> AsyncGenerator[str]:
    async with (
        compose(read_settings(), Changes(models=lambda _: offline_models(pace_s=pace_s))) as app,
        serve(app.desk, app.live, port=port, quiet_s=60.0) as url,
    ):
        yield url


async def begin(page: Page, url: str, *, questions: int = 1, kind: str = "System design") -> None:
    await page.goto(url)
    await page.get_by_role("radio", name=kind).check()
    await page.get_by_label("Questions").fill(str(questions))
    await page.get_by_role("button", name="Start the interview").click()
    await expect(page.get_by_role("textbox", name="Your answer")).to_be_visible()


async def answer(page: Page, text: str = ANSWER) -> None:
    await page.get_by_role("textbox", name="Your answer").fill(text)
    await page.get_by_role("button", name="Done", exact=True).click()


async def finish(page: Page) -> None:
    """Go on to the report, answering follow-ups on the way."""
    report = page.get_by_role("heading", name="Your report")
    while True:
        await page.locator(".way-on").get_by_role("button", name="Next question").click()
        box = page.get_by_role("textbox", name="Your answer")
        await expect(report.or_(box).filter(visible=True).first).to_be_visible()
        if await report.is_visible():
            break
        reviewed = await page.locator(SETTLED).count()
        await answer(page)
        await expect(page.locator(SETTLED)).to_have_count(reviewed + 1)
    await expect(page.locator(".overall strong")).to_be_visible()


async def test_sections_arrive_one_by_one_and_a_reload_in_the_middle_loses_none() -> None:
    # Slow enough that even a busy machine reloads before the review has ended.
    async with playground(pace_s=0.07) as url, chromium() as browser, tab(browser) as seen:
        page = seen.page
        await begin(page, url)
        await answer(page)
        await expect(page.locator(".section.is-growing")).to_have_count(1)
        await expect(page.locator(".section.is-waiting").first).to_contain_text("waiting")
        await expect(page.locator(".section.is-settled").first).to_be_visible()
        # No figure is shown before its section has settled.
        await expect(page.locator(".is-growing .figure, .is-waiting .figure").first).not_to_contain_text("of 5")

        await page.reload()
        await expect(page.locator(".feedback.growing")).to_be_visible()
        await expect(page.locator(".section.is-settled").first).to_be_visible()
        await expect(page.locator(SETTLED)).to_be_visible()
        await expect(page.locator(".section.is-settled")).to_have_count(4)
        assert seen.complaints == []


async def test_start_answer_try_again_finish_and_see_the_report() -> None:
    async with playground(pace_s=0.005) as url, chromium() as browser, tab(browser) as seen:
        page = seen.page
        await begin(page, url)
        await expect(page.locator("#engine")).to_contain_text("offline checklist, low confidence")
        await expect(page.locator(".question")).to_contain_text("Question 1 of 1")
        await page.get_by_role("button", name="Hint").click()
        await expect(page.locator(".hint")).to_contain_text("Hint 1 of")
        await answer(page)
        await expect(page.locator(SETTLED)).to_be_visible()
        await expect(page.locator("#status")).to_contain_text("Feedback: Completeness settled,")
        await expect(page.locator(".result")).to_contain_text("With 1 hint")

        # Once more, with the figure of before beside it.
        await page.locator(".card-actions").get_by_role("button", name="This review helped").click()
        await expect(page.get_by_role("button", name="This review helped")).to_have_attribute("aria-pressed", "true")
        await page.locator(".way-on").get_by_role("button", name="Try again").click()
        await answer(page, ANSWER + " I decided against one table that is joined on read, because of its cost.")
        await expect(page.locator("#post-f1-2 " + SETTLED)).to_contain_text(re.compile(r"Before 0\.\d\d, now 0\.\d\d"))
        await page.locator("#post-f1-2").get_by_role("button", name="Model answer").click()
        await expect(page.locator(".model .prose")).to_be_visible()

        await finish(page)
        report = page.locator("#post-report")
        await expect(report).to_contain_text("thing")
        await expect(report.get_by_role("img", name=re.compile("Over the interview"))).to_be_visible()
        await report.get_by_text("The same as a table").click()
        await expect(report.get_by_role("table")).to_contain_text("Answer 1")

        await page.get_by_role("link", name="History").click()
        await expect(page.locator(".past-row")).to_have_count(1)
        await expect(page.locator(".past-row")).to_contain_text("finished")
        assert seen.complaints == []


async def test_the_keyboard_is_enough() -> None:
    async with playground() as url, chromium() as browser, tab(browser) as seen:
        page = seen.page
        keys = page.keyboard

        async def reach(name: str) -> None:
            for _ in range(40):
                if (await seen.focused()).startswith(name):
                    return
                await keys.press("Tab")
            raise AssertionError(f"{name!r} cannot be reached")

        await page.goto(url)
        await expect(page.get_by_role("button", name="Start the interview")).to_be_visible()
        await keys.press("Tab")
        assert await seen.focused() == "Skip to content"
        await keys.press("Enter")
        assert await seen.focused() == ""
        await keys.press("Tab")
        await keys.press("ArrowRight")
        await expect(page.get_by_role("radio", name="Coding")).to_be_checked()
        await reach("questions")
        await keys.press("Control+A")
        await keys.type("1")
        await reach("Start the interview")
        await keys.press("Enter")

        # The question is there: one can write at once, and sends without leaving the field.
        await expect(page.locator("#text")).to_be_focused()
        await keys.type("I keep a set of what I have seen, because a look-up is constant.")
        await keys.press("Control+Enter")
        await expect(page.locator(".bubble")).to_contain_text("I keep a set")
        await reach("Edit")
        await keys.press("Enter")
        await expect(page.locator("#edit-text")).to_be_focused()
        await keys.press("Control+A")
        await keys.type("I keep a dictionary of what I have seen.")
        await keys.press("Control+Enter")
        await expect(page.locator(".bubble")).to_contain_text("a dictionary")
        await page.locator("#text").focus()
        await reach("Done")
        await keys.press("Enter")
        # The composer made way for the next step, and the focus went with it.
        await expect(page.locator(".way-on [data-action=next]")).to_be_focused()
        await reach("Stop")
        await keys.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await seen.focused() == "Keep going"
        await keys.press("Tab")
        await keys.press("Enter")
        await expect(page.locator("#report-title")).to_be_focused()
        assert seen.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_a_small_phone_never_scrolls_sideways(dark: bool) -> None:
    async with playground() as url, chromium() as browser, tab(browser, width=320, height=640, dark=dark) as seen:
        page = seen.page
        await page.goto(url)
        await expect(page.get_by_role("button", name="Start the interview")).to_be_visible()
        widths = [await seen.width()]
        await begin(page, url)
        widths.append(await seen.width())
        code = "x = [" + ", ".join(f"value_{n}" for n in range(60)) + "]"
        await answer(page, f"{ANSWER}\n\n```python\n{code}\n```\n\n{'w' * 300}")
        await expect(page.locator(SETTLED)).to_be_visible()
        widths.append(await seen.width())
        await finish(page)
        widths.append(await seen.width())
        await page.get_by_role("link", name="History").click()
        await expect(page.locator(".past-row")).to_be_visible()
        widths.append(await seen.width())
        assert widths == [320] * 5
        ground = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert ground == ("rgb(20, 23, 27)" if dark else "rgb(246, 244, 239)")
        assert seen.complaints == []


async def test_the_colours_can_be_chosen_and_are_remembered() -> None:
    async with playground() as url, chromium() as browser, tab(browser) as seen:
        page = seen.page
        await page.goto(url)
        await page.get_by_role("button", name="Switch to dark colours").click()
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(page.get_by_role("button", name="Switch to light colours")).to_be_visible()


async def test_a_server_that_goes_and_comes_back_loses_nothing() -> None:
    async with chromium() as browser, tab(browser) as seen:
        page = seen.page
        async with playground(pace_s=0.02) as url:
            await begin(page, url)
            await answer(page)
            await expect(page.locator(".section.is-settled").first).to_be_visible()
        await expect(page.locator("#connection")).to_contain_text("Reconnecting")
        # What is said meanwhile waits in the page, and so does what is only typed.
        await page.get_by_role("textbox", name="Your answer").fill("And I alert on the lag.")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".bubble.waiting")).to_contain_text("Not sent yet")
        async with playground(pace_s=0.02, port=int(url.rstrip("/").rpartition(":")[2])):
            await expect(page.locator("#connection")).to_be_hidden()
            await expect(page.locator(".bubble.waiting")).to_have_count(0)
            await expect(page.locator(".bubble").nth(1)).to_contain_text("And I alert on the lag.")
            # What was added makes the review start again, on the whole answer; its first draft is put away.
            await expect(page.locator(".feedback")).to_have_count(0)
            await page.get_by_role("button", name="Done", exact=True).click()
            await expect(page.locator(SETTLED)).to_be_visible()
            await expect(page.locator(".feedback")).to_have_count(1)


async def test_words_are_never_markup() -> None:
    hostile = "<img src=x onerror=alert(1)> <b>bold</b> <script>alert(2)</script>"
    async with playground() as url, chromium() as browser, tab(browser) as seen:
        page = seen.page
        await begin(page, url)
        await answer(page, hostile)
        await expect(page.locator(SETTLED)).to_be_visible()
        await expect(page.locator(".bubble").first).to_contain_text(hostile)
        assert await page.locator("main img, main b, main script").count() == 0
        assert seen.complaints == []


async def test_pause_keeps_the_place_and_everything_can_be_deleted() -> None:
    async with playground() as url, chromium() as browser, tab(browser, calm=True) as seen:
        page = seen.page
        await begin(page, url, questions=2)
        await page.get_by_role("button", name="Pause").click()
        await expect(page.locator(".paused")).to_contain_text("Your place is kept")
        await page.reload()
        await page.get_by_role("button", name="Resume").click()
        await expect(page.get_by_role("textbox", name="Your answer")).to_be_visible()
        await page.goto(url)
        await expect(page.locator(".open-interviews")).to_contain_text("question 1 of 2")
        await page.get_by_role("link", name="History").click()
        await page.get_by_role("button", name="Delete my data").click()
        await page.get_by_role("button", name="Keep my data").click()
        await expect(page.locator(".past-row")).to_have_count(1)
        await page.get_by_role("button", name="Delete my data").click()
        await page.get_by_role("button", name="Delete everything", exact=True).click()
        await expect(page.locator(".past-row")).to_have_count(0)
        await expect(page.locator(".history")).to_contain_text("Nothing yet")
        assert seen.complaints == []


async def test_growing_cards_are_not_read_aloud_piece_by_piece() -> None:
    async with playground(pace_s=0.005) as url, chromium() as browser, tab(browser) as seen:
        page = seen.page
        await begin(page, url)
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
        # Everything that is ever put into the status region, also what has been cleared away since.
        await page.evaluate(
            """() => {
                window.heard = [];
                const note = (records) => records.forEach(({ addedNodes }) =>
                    addedNodes.forEach((node) => window.heard.push(node.textContent)));
                new MutationObserver(note).observe(document.getElementById("status"), { childList: true });
            }"""
        )
        await answer(page)
        await expect(page.locator(SETTLED)).to_be_visible()
        heard = await page.evaluate("window.heard")
        sections = [line for line in heard if line.startswith("Feedback: ")]
        assert len(sections) == 4
        assert all(re.fullmatch(r"Feedback: .+ settled, (not scored|[1-5] of 5)", line) for line in sections)
        assert len(heard) <= 6
