"""The same over HTTP, with the real SDK in full: one review, one report with a picture, in real time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.slack.delivery.delivery import Delivery
from adapters.slack.workspaces import OneWorkspace, open_session
from engine.events import ReportCard, Settled
from engine.facts import CriterionTrend, Report, TrendPoint
from tests.adapters.slack.delivery.stage import Shelf, Stage
from tests.kit.paced import Answer
from tests.wire.slack import Limits, serve_slack

REPORT = Report(
    summary="Good work.",
    score=0.6,
    criteria=tuple(
        CriterionTrend(criterion=name, title=name, score=0.6, n=2) for name in ("Clarity", "Depth", "Rigour")
    ),
    trend=(TrendPoint(turn=1, score=0.5, level=3), TrendPoint(turn=2, score=0.7, level=3)),
)


@asynccontextmanager
async def served() -> AsyncGenerator[Stage]:
    async with serve_slack(Limits.documented()) as slack, open_session() as session:
        shelf = Shelf()
        workspaces = OneWorkspace(slack.team.bot_token, session=session, base_url=f"{slack.url}/api/")
        delivery = Delivery(store=shelf, sessions=shelf.session, workspaces=workspaces, preferences=shelf.preferences)
        async with delivery:
            yield Stage(slack, shelf, workspaces, delivery)


async def test_a_review_is_streamed_and_ends_with_its_buttons() -> None:
    async with served() as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        await answer.stream(stage.emit, section_s=0.25)
        await stage.slack.until(lambda: "rehearse.press.next" in stage.shown(answer.key)[-1].action_ids)
        (message,) = stage.shown(answer.key)
        assert f"w{len(answer.made_at) - 1}" in message.visible
        assert stage.calls("chat.appendStream")
        assert not [call.error for call in stage.slack.calls if call.error]


async def test_where_charts_are_refused_their_pictures_are_uploaded() -> None:
    async with served() as stage:
        stage.slack.refuse("charts")
        key = stage.interview()
        stage.tell(key, Settled, "report", ReportCard(title="System design", report=REPORT))
        await stage.slack.until(lambda: any(message.files for message in stage.shown(key)), 10)
        report, *pictures = stage.shown(key)
        assert "Good work." in report.visible
        assert all(picture.alt_text for message in pictures for picture in message.files)
