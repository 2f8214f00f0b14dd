"""Adding the app through its pages: from the first page to a token in the database, and every way it can go wrong."""

from __future__ import annotations

import html
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.oauth import authorization_url, oauth_flow, oauth_routes
from tests.adapters.slack.installing import Process, process
from tests.wire.slack import Slack, serve_slack


@dataclass
class Page:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Browser:
    """Somebody's browser, which keeps one cookie."""

    base: str
    http: aiohttp.ClientSession
    added: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    cookie: str = ""

    async def get(self, path: str) -> Page:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        async with self.http.get(self.base + path, headers=headers) as answer:
            if "Set-Cookie" in answer.headers:
                self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
            return Page(answer.status, await answer.text(), dict(answer.headers))

    async def to_slack(self) -> str:
        """Open the first page and follow its button; where Slack then leads back to, as a path."""
        page = await self.get(INSTALL_PATH)
        assert (page.status, "Add Rehearse to Slack" in page.text) == (200, True)
        (href,) = re.findall(r'href="(http[^"]+)"', page.text)
        async with self.http.get(html.unescape(href), allow_redirects=False) as answer:
            assert answer.status == 302
            return answer.headers["Location"].removeprefix(self.base)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serve_slack() as slack:
        yield slack


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rehearse.db"


@pytest.fixture
async def ours(slack: Slack, path: Path) -> AsyncIterator[Process]:
    async with process(slack, path) as process_:
        yield process_


@pytest.fixture
async def browser(slack: Slack, ours: Process) -> AsyncIterator[Browser]:
    app = web.Application()
    runner = web.AppRunner(app)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        browser = Browser("", http)
        site_url = ""

        async def dispatch(request: web.Request) -> web.StreamResponse:
            return await handlers[request.path](request)

        app.router.add_get("/slack/{page}", dispatch)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        site_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        flow = oauth_flow(
            ours.installs,
            client=ours.client,
            secret=slack.app.client_secret,
            scopes=["chat:write", "commands"],
            public_url=site_url,
            api_url=f"{slack.url}/api",
            installed=lambda enterprise, team: browser.added.append((enterprise, team)),
        )
        handlers = {route.path: route.handler for route in oauth_routes(flow)}
        browser.base = site_url
        yield browser
    await runner.cleanup()


async def test_a_workspace_is_added(slack: Slack, ours: Process, browser: Browser) -> None:
    page = await browser.get(await browser.to_slack())
    assert page.status == 200
    assert "Rehearse is installed" in page.text
    assert "ready in Rehearse" in page.text
    assert "/interview" in page.text
    assert "team=T0REHEARSE" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    held = await ours.installs.find("", "T0REHEARSE")
    assert held is not None
    assert (held.installed.token, held.installed.bot) == (slack.team.bot_token, "B0REHEARSE")
    assert browser.added == [("", "T0REHEARSE")]


async def test_a_token_that_rotates_comes_with_the_means_to_renew_it(
    slack: Slack, ours: Process, browser: Browser
) -> None:
    slack.app.rotates = True
    assert (await browser.get(await browser.to_slack())).status == 200
    held = await ours.installs.find("", "T0REHEARSE")
    assert held is not None
    assert held.installed.refresh_token
    slack.age(13 * 3600)
    assert (await ours.workspaces.client("T0REHEARSE")).token == slack.team.bot_token != held.installed.token


async def test_a_whole_organisation_is_added(slack: Slack, ours: Process, browser: Browser) -> None:
    slack.installs.into = slack.add_team("T1", enterprise="E1", org_wide=True)
    page = await browser.get(await browser.to_slack())
    assert page.status == 200
    assert browser.added == [("E1", "")]
    assert await ours.workspaces.grant("E1", "T5") is not None


async def test_whoever_says_no_is_told_that_nothing_happened(slack: Slack, browser: Browser) -> None:
    slack.installs.denied = True
    page = await browser.get(await browser.to_slack())
    assert "Nothing was installed" in page.text
    assert f'href="{INSTALL_PATH}"' in page.text
    assert slack.calls == []


async def test_a_state_is_good_once(slack: Slack, browser: Browser) -> None:
    back = await browser.to_slack()
    cookie = browser.cookie
    assert (await browser.get(back)).status == 200
    browser.cookie = cookie
    page = await browser.get(back)
    assert (page.status, "That took too long" in page.text) == (401, True)
    assert len(slack.called("oauth.v2.access")) == 1


async def test_ten_minutes_are_enough_and_eleven_are_not(slack: Slack, browser: Browser) -> None:
    back = await browser.to_slack()
    slack.age(660)
    assert "That took too long" in (await browser.get(back)).text
    assert slack.calls == []


async def test_another_browser_cannot_finish_it(slack: Slack, browser: Browser) -> None:
    back = await browser.to_slack()
    browser.cookie = ""
    page = await browser.get(back)
    assert (page.status, "one browser" in page.text) == (400, True)
    assert slack.calls == []


async def test_a_code_that_slack_refuses_is_not_logged(
    slack: Slack, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    back = await browser.to_slack()
    code = re.search(r"code=([^&]+)", back)
    assert code
    slack.fail("oauth.v2.access", error="invalid_code")
    with caplog.at_level(logging.INFO):
        page = await browser.get(back)
    assert (page.status, "Slack did not confirm it" in page.text) == (401, True)
    assert "not installed" in caplog.text
    assert code.group(1) not in caplog.text


@pytest.mark.parametrize("fault", [{"status": 503, "body": "busy"}, {"reset": True}])
async def test_a_slack_that_is_away_is_a_page_too(slack: Slack, browser: Browser, fault: dict[str, object]) -> None:
    back = await browser.to_slack()
    slack.fail("oauth.v2.access", **fault)  # pyright: ignore[reportArgumentType]
    assert "Slack did not confirm it" in (await browser.get(back)).text


async def test_a_database_that_is_away_is_a_page_too(slack: Slack, browser: Browser, path: Path) -> None:
    back = await browser.to_slack()
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE installations RENAME TO elsewhere")
    page = await browser.get(back)
    assert (page.status, "could not be kept" in page.text) == (500, True)
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE oauth_states RENAME TO nowhere")
    assert (await browser.get(INSTALL_PATH)).status == 503


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("error=<script>alert(1)</script>", "Its word for it is “&lt;script&gt;"),
        ("error=invalid_team_for_non_distributed_app", "Manage Distribution"),
        ("", "one browser"),
    ],
)
async def test_whatever_comes_back_is_answered_and_inert(browser: Browser, query: str, says: str) -> None:
    page = await browser.get(f"{REDIRECT_PATH}?{query}")
    assert says in page.text
    assert "<script" not in page.text


def test_the_page_for_consent_is_where_the_api_is() -> None:
    assert authorization_url(None) == "https://slack.com/oauth/v2/authorize"
    assert authorization_url("https://slack-gov.com/api/") == "https://slack-gov.com/oauth/v2/authorize"
