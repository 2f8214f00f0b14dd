"""Who is asked: order, health, retries, deadlines, hedging, and what happens when nobody is left."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator

import pytest

from engine.errors import AllDown, Busy, CutShort, Declined, Failed, Garbled, Misconfigured, TimedOut, Truncated
from engine.llm.limits import HealthLimits, RouterLimits
from engine.llm.router import Router
from engine.ports import Chunk, Deadlines, LLMProvider, Purpose, Source, Usage
from tests.engine.llm.playing import QUESTION, REVIEW, Player, good, read, router
from tests.kit.loop import virtual


def works(name: str, first_word_s: float = 0.5) -> Player:
    return Player(name, [lambda request: [first_word_s, *(good(request) if request.sections else ["Why?", Usage(1)])]])


def dead(name: str) -> Player:
    return Player(name, [[Failed(name)]])


async def ask(subject: Router, purpose: Purpose = "conversation") -> Source:
    reading, _, _ = await read(subject, QUESTION if purpose == "conversation" else REVIEW)
    return reading.source


@virtual
async def test_while_all_is_well_the_order_of_the_purpose_decides() -> None:
    providers: list[LLMProvider] = [works("other"), works("openai"), works("gemini")]
    subject = Router(
        providers,
        order={"scoring": ["openai", "gemini"], "conversation": ["gemini", "openai"]},
        now=asyncio.get_running_loop().time,
        draw=random.Random(1).random,
    )
    for _ in range(60):
        assert (await ask(subject, "scoring")).provider == "openai"
        assert (await ask(subject)).provider == "gemini"
    assert [circuit.provider for circuit in subject.state().circuits] == [
        *("openai", "gemini", "other"),
        *("gemini", "openai", "other"),
    ]
    assert subject.name == "router"
    assert subject.model == "other/m, openai/m, gemini/m"


@virtual
async def test_a_free_text_whose_writer_dies_is_begun_again() -> None:
    first = Player("a", [["Tell me", " about", Truncated("a")]])
    reading, chunks, _ = await read(router(first, works("b")), QUESTION)
    assert reading.text == "Why?"
    assert [chunk.keep for chunk in chunks] == [None, None, 0, None]
    assert reading.completion().sources == {"": Source("b", "m")}


@virtual
async def test_an_empty_or_endless_free_text_goes_elsewhere() -> None:
    for play in ([" ", "\n"], ["x" * 200_000] * 2):
        reading, _, _ = await read(router(Player("a", [play]), works("b")), QUESTION)
        assert reading.text == "Why?"
    with pytest.raises(Garbled):
        await ask(router(Player("a", [[""]])))


@virtual
async def test_a_question_that_was_declined_is_asked_nowhere_else() -> None:
    second = works("b")
    with pytest.raises(Declined):
        await ask(router(Player("a", [[Declined("a")]]), second, fallback=works("offline")))
    assert second.asked == []


@virtual
async def test_a_free_text_that_was_cut_short_is_tried_once_elsewhere() -> None:
    first, second = Player("a", [["much", CutShort("a")]]), Player("b", [["more", CutShort("b")]])
    with pytest.raises(CutShort):
        await ask(router(first, second))
    assert (len(first.asked), len(second.asked)) == (1, 1)


@virtual
async def test_nobody_is_asked_more_than_twice() -> None:
    first, second = dead("a"), dead("b")
    with pytest.raises(Failed):
        await ask(router(first, second))
    assert (len(first.asked), len(second.asked)) == (2, 2)


@virtual
async def test_asking_the_same_provider_again_is_paid_from_the_retry_budget() -> None:
    tough = RouterLimits(health=HealthLimits(failures_in_a_row=1_000, window_requests=1_000))
    only = dead("a")
    subject = router(only, limits=tough)
    for _ in range(20):
        with pytest.raises(Failed):
            await ask(subject)
    assert len(only.asked) == 20 + 0.2 * 20 + 3


@virtual
async def test_traffic_leaves_a_sick_provider_while_most_requests_still_succeed() -> None:
    dice = random.Random(7)
    sick = Player("a", [lambda _: [0.5, *([Failed("a")] if dice.random() < 0.3 else ["Why?", Usage()])]])
    well = works("b")
    draws = random.Random(8)
    subject = router(sick, well, draws=iter(draws.random, 2.0))
    met: list[int] = []
    for _ in range(600):
        met.append(len(sick.asked))
        await ask(subject)
        await asyncio.sleep(1)
    assert met[-1] - met[100] < 0.2 * 500
    sick.plays = works("a").plays
    await asyncio.sleep(600)
    for _ in range(20):
        assert (await ask(subject)).provider == "a"


@virtual
async def test_two_equally_sick_providers_keep_their_order() -> None:
    subject = router(dead("a"), dead("b"), fallback=works("offline"), draws=iter([0.99] * 99))
    await ask(subject)
    first = subject.state()
    assert [circuit.failures for circuit in first.circuits] == [0, 0, 2, 2]


@virtual
async def test_an_open_circuit_is_not_asked_until_one_request_probes_it() -> None:
    first, second = Player("a", [[Failed("a")]] * 5 + [["Back.", Usage()]]), works("b")
    subject = router(first, second)
    for _ in range(9):
        assert (await ask(subject)).provider == "b"
    assert len(first.asked) == 5
    await asyncio.sleep(15)
    assert (await ask(subject)).provider == "a"
    assert (await ask(subject)).provider == "a"


@virtual
async def test_a_probe_that_fails_costs_a_little_time_and_no_request() -> None:
    first = Player("a", [["Why?", Usage()], *[[Failed("a")]] * 5, [4.9, TimedOut("a", stage="first")]])
    second = works("b")
    subject = router(first, second)
    for _ in range(6):
        await ask(subject)
    await asyncio.sleep(15)
    assert (await ask(subject)).provider == "b"
    assert first.asked[-1].deadlines.first_s == 5
    assert second.asked[-1].deadlines.first_s == 20
    assert second.asked[-1].deadlines.total_s == pytest.approx(120 - 4.9)
    assert next(c for c in subject.state().circuits if c.purpose == "conversation").phase == "open"


@virtual
async def test_a_request_that_has_failed_already_is_no_probe_when_somebody_is_well() -> None:
    first, second, third = dead("a"), dead("b"), works("c")
    subject = router(first, second, third)
    for _ in range(5):
        await ask(subject)
    await asyncio.sleep(15)
    await ask(subject)
    assert (len(first.asked), len(second.asked)) == (6, 5)


@virtual
async def test_when_all_circuits_are_open_the_fallback_stands_in() -> None:
    first, offline = dead("a"), works("offline")
    subject = router(first, fallback=offline)
    for _ in range(9):
        assert await ask(subject) == Source("offline", "m", fallback=True)
    assert len(first.asked) == 5
    assert subject.state().fell_back == 9
    assert offline.asked[-1].deadlines == Deadlines()


@virtual
async def test_without_a_fallback_the_earliest_to_reopen_is_tried_and_then_the_wait_is_told() -> None:
    first = Player("a", [[Busy("a", retry_after_s=60)]])
    second = Player("b", [[Busy("b", retry_after_s=30)]] * 2 + [["Here.", Usage()]])
    subject = router(first, second)
    with pytest.raises(AllDown) as caught:
        await ask(subject)
    assert caught.value.retry_after_s == 30
    assert (len(first.asked), len(second.asked)) == (1, 2)
    assert (await ask(subject)).provider == "b"
    assert subject.state().failed == 1


@virtual
async def test_one_wrong_key_is_all_down_and_a_working_neighbour_is_not_disturbed() -> None:
    wrong = Player("a", [[Misconfigured("a", detail="401")]])
    with pytest.raises(AllDown, match="401"):
        await ask(router(wrong))
    assert len(wrong.asked) == 1
    subject = router(wrong, works("b"))
    for _ in range(3):
        assert (await ask(subject)).provider == "b"
    assert len(wrong.asked) == 2
    assert subject.state().circuits[2].needs_operator


@virtual
async def test_a_failing_fallback_leaves_nobody() -> None:
    for error in (Failed("offline"), Misconfigured("offline")):
        with pytest.raises(AllDown, match="offline"):
            await ask(router(fallback=Player("offline", [[error]])))
    with pytest.raises(ValueError, match="provider or a fallback"):
        router()


@virtual
async def test_what_is_not_for_the_fallback_waits_for_a_model_and_probes_it_in_its_time() -> None:
    first = Player("a", [[Failed("a")]] * 5 + [["Here.", Usage()]])
    subject = router(first, fallback=works("offline"))
    for _ in range(5):
        await ask(subject)
    owed = QUESTION.for_models_only()
    with pytest.raises(AllDown) as caught:
        await read(subject, owed)
    assert len(first.asked) == 5
    await asyncio.sleep(caught.value.retry_after_s)
    reading, _, _ = await read(subject, owed)
    assert reading.source == Source("a", "m")


@virtual
async def test_with_the_time_used_up_no_further_model_is_asked() -> None:
    slow, second = Player("a", [[119.0, TimedOut("a", stage="total")]]), works("b")
    assert (await ask(router(slow, second, fallback=works("offline")))).fallback
    assert second.asked == []


async def warm(subject: Router, requests: int) -> None:
    for _ in range(requests):
        await ask(subject)


@virtual
async def test_a_silent_first_provider_is_raced_and_the_first_to_speak_is_heard() -> None:
    first, second = works("a"), works("b")
    subject = router(first, second)
    await warm(subject, 40)
    began = asyncio.get_running_loop().time()
    first.plays = [[50.0, "Late."]]
    assert (await ask(subject)).provider == "b"
    assert asyncio.get_running_loop().time() - began == pytest.approx(1.5)
    assert (first.hung_up, first.open, subject.state().hedged) == (1, 0, 1)


@virtual
async def test_the_race_is_won_by_the_first_provider_too_and_by_whoever_speaks_at_all() -> None:
    for first_play, second_play, winner in (
        ([1.1, "Mine.", 5.0, Usage()], [0.5, "Late."], "a"),
        ([1.2, Failed("a")], [0.5, "Mine.", Usage()], "b"),
        ([2.0, "Mine.", Usage()], [0.1, Failed("b")], "a"),
    ):
        first, second = works("a"), works("b")
        subject = router(first, second)
        await warm(subject, 40)
        first.plays, second.plays = [first_play], [second_play]
        assert (await ask(subject)).provider == winner
        assert first.open == second.open == 0


@virtual
async def test_when_both_runners_fail_the_request_goes_on_elsewhere() -> None:
    first, second = works("a"), works("b")
    subject = router(first, second, fallback=works("offline"))
    await warm(subject, 40)
    first.plays, second.plays = [[1.2, Failed("a")]], [[0.5, Failed("b")]]
    assert (await ask(subject)).fallback


@virtual
async def test_no_more_than_one_request_in_twenty_is_raced_and_only_against_somebody_well() -> None:
    first, second = works("a"), works("b")
    subject = router(first, second)
    await warm(subject, 40)
    first.plays = [[1.2, "Slow.", Usage()]]
    await warm(subject, 60)
    assert subject.state().hedged <= 5
    alone = router(works("a"))
    await warm(alone, 40)
    await ask(alone, "scoring")
    assert alone.state().hedged == 0


@virtual
async def test_with_nobody_to_race_the_silent_provider_is_waited_for() -> None:
    only = works("a")
    subject = router(only)
    await warm(subject, 40)
    only.plays = [[3.0, "Late.", Usage()]]
    assert (await ask(subject)).provider == "a"


@virtual
async def test_a_model_that_is_ill_for_another_purpose_is_no_rival() -> None:
    first, second = works("a"), works("b")
    subject = Router(
        [first, second],
        order={"scoring": ["b", "a"], "conversation": ["a", "b"]},
        now=asyncio.get_running_loop().time,
        draw=lambda: 0.0,
    )
    await warm(subject, 40)
    second.plays = [[Failed("b")]]
    await ask(subject, "scoring")
    first.plays = [[3.0, "Late.", Usage()]]
    assert (await ask(subject)).provider == "a"
    assert subject.state().hedged == 0


@virtual
async def test_leaving_during_a_race_hangs_up_on_both() -> None:
    first, second = works("a"), works("b")
    subject = router(first, second)
    await warm(subject, 40)
    first.plays, second.plays = [[50.0]], [[50.0]]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await ask(subject)
    assert (first.open, second.open, first.hung_up, second.hung_up) == (0, 0, 1, 1)


@virtual
async def test_what_is_no_model_error_is_not_hidden() -> None:
    class Broken(Player):
        async def _perform(self, steps: object) -> AsyncGenerator[Chunk]:
            raise ZeroDivisionError
            yield

    with pytest.raises(ZeroDivisionError):
        await ask(router(Broken("a", [[]])))


@virtual
async def test_a_request_that_failed_over_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        subject = router(dead("a"), works("b"))
        await ask(subject)
    (record,) = caplog.records
    assert (record.levelname, record.message) == ("INFO", "request failed over")
    assert (vars(record)["asked"], vars(record)["errors"]) == ("a → b", "a/: Failed")
    assert subject.state().failed_over == 1


@virtual
async def test_tokens_are_counted_for_the_greediest_provider() -> None:
    few, many = Player("a", [[]], tokens=3), Player("b", [[]], tokens=5)
    assert router(few, many).count_tokens("x").upper == 5
    assert router(fallback=many).count_tokens("x").upper == 5
