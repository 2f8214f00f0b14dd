"""The same over HTTP: one connection pool, real headers, real multipart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from adapters.discord.delivery.calls import Calls, HookLost, NotSent, Refused, TokenLost, Unsure
from adapters.discord.delivery.health import Health
from adapters.discord.delivery.limits import Limits as Believed
from adapters.discord.delivery.rest import HttpRest
from adapters.discord.render import sentence
from engine.events import Grew, Opened, ReportCard, Settled
from engine.facts import Report, TrendPoint
from tests.adapters.discord.delivery.stage import Stage, staged
from tests.kit.paced import asked, review
from tests.wire.discord.limits import Limits
from tests.wire.discord.server import Discord, serve_discord


@asynccontextmanager
async def served(limits: Limits | None = None) -> AsyncGenerator[Stage]:
    async with (
        serve_discord(limits) as discord,
        staged(discord=discord, rest=HttpRest(discord.token, url=discord.rest_url)) as stage,
    ):
        yield stage


@asynccontextmanager
async def calling(discord: Discord, token: str = "") -> AsyncGenerator[Calls]:
    rest = HttpRest(token or discord.token, url=discord.rest_url)
    try:
        yield Calls(rest, Believed(), Health(), asyncio.get_running_loop().time)
    finally:
        await rest.aclose()


async def test_a_card_grows_and_is_whole_and_a_report_has_its_picture() -> None:
    report = Report(
        summary="Good work.", score=0.6, trend=tuple(TrendPoint(turn=n, score=n / 4, level=3) for n in (1, 2, 3))
    )
    async with served(Limits.documented()) as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(50))
        await stage.discord.until(lambda: len(stage.shown(key)) == 2)
        stage.tell(key, Grew, "f1.1", review(130))
        await stage.discord.until(lambda: "w129" in stage.shown(key)[1].text)
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        stage.tell(key, Settled, "report", ReportCard(title="System design", report=report))
        await stage.discord.until(lambda: len(stage.shown(key)) == 3)
        _, feedback, last = stage.shown(key)
        assert "w599" in feedback.text
        (picture,) = last.attachments
        assert picture.content.startswith(b"\x89PNG")
        assert picture.description
        assert all(not message.pings for message in stage.shown(key))
        assert stage.limited == {}


async def test_interactions_pay_over_http_as_well() -> None:
    async with served(Limits.documented()) as stage:
        key = stage.interview()
        stage.press(key)
        stage.tell(key, Settled, "q1", asked())
        await stage.discord.until(lambda: stage.shown(key))
        stage.tell(key, Settled, "q1", asked(actions=False))
        await stage.discord.until(lambda: not stage.shown(key)[0].custom_ids)
        assert {call.auth for call in stage.discord.calls} == {"interaction"}


async def test_what_the_answers_mean() -> None:
    body = sentence("Hello").body()
    async with serve_discord() as discord:
        dm = discord.person("Ada").dm
        path = f"/channels/{dm.id}/messages"
        async with calling(discord) as calls:
            await calls.send("create", "POST", path, body=body)
            assert [message.text for message in discord.messages(dm)] == ["Hello"]
            with pytest.raises(Refused) as refused:
                await calls.send("edit", "PATCH", f"{path}/1", body=body)
            assert refused.value.code == 10008
            with pytest.raises(HookLost):
                await calls.send("hook create", "POST", f"/webhooks/{discord.bot.id}/nothing", body=body)
            discord.fail("POST *", status=503)
            discord.fail("POST *", status=408)
            discord.fail("POST *", reset=True)
            for _ in range(3):
                with pytest.raises(Unsure):
                    await calls.send("create", "POST", path, body=body)
        async with calling(discord, "another token") as calls:
            with pytest.raises(TokenLost):
                await calls.send("create", "POST", path, body=body)
    async with calling(discord) as calls:
        with pytest.raises(NotSent):
            await calls.send("create", "POST", path, body=body)
