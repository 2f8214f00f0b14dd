"""A metered provider is a provider, and charges every call for what it took, however it ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.llm.scripted import Break, Scripted
from engine.errors import AllDown, Truncated
from engine.keys import ThreadKey
from engine.limits.model import NOTHING, Amounts, Limits, PersonLimits, WorkspaceLimits
from engine.llm.metered import LOOK_AGAIN_S, Metered
from engine.llm.router import Router
from engine.ports import Account, LLMProvider
from tests.contracts.llm import QUESTION, REVIEW, ProviderContract, read
from tests.engine.llm.test_contract import ANSWERS
from tests.kit.limited import PRICE, Limited
from tests.kit.loop import virtual
from tests.kit.model import Model

HOME = "slack/T1"
KEY = ThreadKey(platform="slack", workspace="T1", channel="C", user="U1")
MINE = Account(HOME, KEY)
CHARGED = replace(REVIEW, account=MINE)
ROOMY = Limits(person=PersonLimits(tokens=1_000_000))


class TestNobodysCalls(ProviderContract):
    @pytest.fixture
    async def provider(self) -> Metered:
        return Limited(float).metered(Scripted(ANSWERS))


class TestChargedCalls(ProviderContract):
    review = CHARGED
    question = replace(QUESTION, account=MINE)

    @pytest.fixture
    async def provider(self) -> Metered:
        return Limited(float).metered(Scripted(ANSWERS))


class TestLimitedCalls(TestChargedCalls):
    @pytest.fixture
    async def provider(self) -> Metered:
        limited = Limited(float)
        await limited.limit(ROOMY)
        return limited.metered(Scripted(ANSWERS))


async def spent(limited: Limited) -> Amounts:
    await limited.budgets.write_down()
    return (await limited.ledger.used(HOME)).workspace


@pytest.mark.parametrize("limits", [Limits(), ROOMY])
async def test_what_a_call_took_is_counted_and_priced_with_a_limit_and_without(limits: Limits) -> None:
    limited = Limited(float)
    await limited.limit(limits)
    chunks = await read(limited.metered(Model()), CHARGED)
    assert await spent(limited) == Amounts(tokens=20, cost_micros=20 * PRICE)
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.cost_micros == 20 * PRICE
    assert not limited.ledger.holds


async def test_a_model_without_a_known_price_costs_nothing() -> None:
    limited = Limited(float)
    await limited.limit(Limits(person=PersonLimits(cost_micros=1)))
    await limited.metered(Model(model="homemade")).complete(CHARGED)
    assert await spent(limited) == Amounts(tokens=20)


async def test_what_the_offline_coach_writes_costs_nothing() -> None:
    limited = Limited(float)
    await limited.limit(ROOMY)
    await limited.metered(Model(name="offline", model="m-like a priced one")).complete(CHARGED)
    assert await spent(limited) == NOTHING


async def test_what_is_nobodys_is_not_counted() -> None:
    limited = Limited(float)
    await limited.metered(Model()).complete(REVIEW)
    assert await spent(limited) == NOTHING


async def test_the_most_a_call_may_take_is_set_aside_while_it_is_under_way() -> None:
    limited = Limited(float)
    await limited.limit(ROOMY)
    provider = limited.metered(Model())
    async with provider.stream(CHARGED) as chunks:
        async for _ in chunks:
            [hold] = limited.ledger.holds.values()
            assert hold.amounts.tokens > CHARGED.max_output_tokens + sum(len(m.text) for m in CHARGED.messages)
            assert hold.amounts.cost_micros == hold.amounts.tokens * PRICE
    assert not limited.ledger.holds


@pytest.mark.parametrize("limits", [Limits(), ROOMY])
async def test_a_call_that_failed_at_once_costs_nothing(limits: Limits) -> None:
    limited = Limited(float)
    await limited.limit(limits)
    provider = limited.metered(Scripted(ANSWERS, breaks=[Break(Truncated("scripted"), 0)]))
    with pytest.raises(Truncated):
        await read(provider, CHARGED)
    assert await spent(limited) == NOTHING


@pytest.mark.parametrize("limits", [Limits(), ROOMY])
async def test_a_call_that_broke_off_is_charged_by_our_count(limits: Limits) -> None:
    limited = Limited(float)
    await limited.limit(limits)
    provider = limited.metered(Scripted(ANSWERS, model="m", breaks=[Break(Truncated("scripted"), 60)]))
    with pytest.raises(Truncated):
        await read(provider, CHARGED)
    assert 20 < (taken := await spent(limited)).tokens < 400
    assert taken.cost_micros == taken.tokens * PRICE


@virtual
async def test_a_call_that_is_cancelled_gives_back_what_it_did_not_take() -> None:
    limited = Limited(asyncio.get_running_loop().time)
    await limited.limit(ROOMY)
    provider = limited.metered(Model(pace_s=1.0))
    task = asyncio.create_task(provider.complete(CHARGED))
    await asyncio.sleep(3.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not limited.ledger.holds
    assert 0 < (await spent(limited)).tokens < 400


async def test_both_writers_of_an_answer_are_charged() -> None:
    limited = Limited(float)
    broken = Scripted(ANSWERS, name="a", model="ma", breaks=[Break(Truncated("a"), 120)])
    router = Router(
        [broken, Scripted(ANSWERS, name="b", model="mb")], order={"scoring": ["a", "b"]}, now=float, draw=lambda: 0.5
    )
    alone = Limited(float)
    await alone.metered(Scripted(ANSWERS, name="b", model="mb")).complete(CHARGED)
    await limited.metered(router).complete(CHARGED)
    assert (await spent(limited)).tokens > (await spent(alone)).tokens


class TestWithNothingLeft:
    @staticmethod
    async def world(now: float = 0.0) -> tuple[Limited, Model, LLMProvider]:
        limited = Limited(lambda: now)
        await limited.limit(Limits(workspace=WorkspaceLimits(tokens=100)))
        model, stand_in = Model(), Model(name="offline", model="checklist")
        return limited, model, limited.metered(model, stand_in)

    async def test_the_offline_coach_stands_in_and_says_so_once(self) -> None:
        limited, model, provider = await self.world(now=86_400 * 9 + 86_000.0)
        for _ in range(3):
            completion = await provider.complete(CHARGED)
            assert completion.source.fallback
            assert completion.source.provider == "offline"
        assert model.asked == []
        [(key, sentence)] = limited.told
        assert key == KEY
        assert "The 100 tokens that everybody here shares for today are used up." in sentence
        assert "at 00:00 UTC, in 7 min" in sentence
        assert await spent(limited) == NOTHING

    async def test_what_is_owed_by_a_model_waits_until_it_resets_or_a_limit_may_have_been_raised(self) -> None:
        for now, wait_s in ((86_000.0, 400.0), (40_000.0, LOOK_AGAIN_S)):
            limited, model, provider = await self.world(now=now)
            with pytest.raises(AllDown) as caught:
                await provider.complete(CHARGED.for_models_only())
            assert caught.value.retry_after_s == wait_s
            assert (model.asked, limited.told) == ([], [])

    async def test_another_thread_is_told_too_and_everybody_again_the_next_day(self) -> None:
        now = 0.0
        limited = Limited(lambda: now)
        await limited.limit(Limits(person=PersonLimits(tokens=100)))
        provider = limited.metered(Model(), Model(name="offline", model="checklist"))
        other = KEY.model_copy(update={"thread": "2"})
        for day in range(2):
            now = day * 86_400.0
            for key in (KEY, other, KEY):
                await provider.complete(replace(CHARGED, account=Account(HOME, key)))
        assert [key for key, _ in limited.told] == [KEY, other, KEY, other]

    async def test_without_anybody_to_stand_in_it_is_as_if_everybody_were_down(self) -> None:
        limited = Limited(float)
        await limited.limit(Limits(person=PersonLimits(cost_micros=1)))
        with pytest.raises(AllDown):
            await limited.metered(Model()).complete(CHARGED)


async def test_it_counts_and_is_called_as_the_one_behind_it() -> None:
    provider = Limited(float).metered(Model())
    assert (provider.name, provider.model) == ("model", "m-1")
    assert provider.count_tokens("12345678").n == 2
