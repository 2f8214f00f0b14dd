"""Whose requests are taken: this machine's own page, and no other web site that is open in the same browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.playground.web.server import serve
from tests.adapters.playground.web.client import Page, browse
from tests.adapters.playground.web.stage import Open, Stage


@pytest.fixture
async def room() -> AsyncIterator[Open]:
    async with Stage().open() as room:
        yield room


@pytest.fixture
async def page(room: Open) -> AsyncIterator[Page]:
    async with browse(room.url) as page:
        yield page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
async def test_this_machine_is_known_by_its_names(page: Page, room: Open, host: str) -> None:
    assert (await page.get("/api/types", Host=f"{host}:{room.port}"))[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8765", "[", ""])
async def test_a_foreign_name_that_leads_here_is_refused(page: Page, host: str) -> None:
    status, answer = await page.get("/api/types", Host=host)
    assert (status, answer["error"]["code"]) == (403, "host")
    assert (await page.get("/", Host=host))[0] == 403


async def test_probes_are_answered_under_any_name(page: Page) -> None:
    assert await page.get("/healthz", Host="10.0.0.7:8765") == (200, {"ok": True})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_web_site_changes_nothing(page: Page, headers: dict[str, str]) -> None:
    form = {"id": "evil-1", "type": "coding"}
    for method, path, body in (("POST", "/api/interviews", form), ("DELETE", "/api/me", {"confirm": "delete my data"})):
        async with page.http.request(method, page.url + path, json=body, headers=headers) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (403, "origin")
    assert await page.get("/api/interviews") == (200, {"interviews": []})


async def test_our_own_page_may(page: Page) -> None:
    headers = {"Origin": page.url, "Sec-Fetch-Site": "same-origin"}
    body = {"id": "mine-1", "type": "coding"}
    async with page.http.post(page.url + "/api/interviews", json=body, headers=headers) as response:
        assert response.status == 201


async def test_a_name_can_be_allowed(room: Open) -> None:
    async with serve(room.desk, room.live, port=0, allowed_hosts=["Rehearse.Test"]) as url, browse(url) as page:
        assert (await page.get("/api/types", Host="rehearse.test"))[0] == 200


@pytest.mark.parametrize("path", ["/", "/static/js/app.js", "/api/types", "/api/nothing", "/healthz"])
async def test_everything_wears_its_security_headers(page: Page, path: str) -> None:
    async with page.http.get(page.url + path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_stream_wears_them_too(page: Page) -> None:
    id = await page.begin()
    async with page.http.get(f"{page.url}/api/interviews/{id}/events") as response:
        assert response.headers["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in response.headers


async def test_the_page_asks_nobody_else_for_anything(page: Page) -> None:
    async with page.http.get(page.url + "/") as response:
        assert response.content_type == "text/html"
        text = await response.text()
    assert "http://" not in text
    assert "https://" not in text
    assert "<script>" not in text
    assert "style=" not in text
