"""A review whose writer dies: every section is delivered once, in order, whoever wrote it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CutShort, Declined, Garbled, ModelError, Rejected, Truncated, Unreachable
from engine.llm.reading import Reading
from engine.llm.sections import MAX_CHARS
from engine.ports import Chunk, Request, Source, Usage
from tests.engine.llm.playing import (
    DEATHS,
    REVIEW,
    SCHEMA,
    SECTIONS,
    VALUES,
    Player,
    Step,
    dying,
    good,
    pieces,
    read,
    router,
    written,
)
from tests.kit.loop import run_virtual, virtual

PIECES = len(written(REVIEW))


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: type(death()).__name__)
def test_however_and_wherever_the_first_writer_dies_every_section_comes_once_and_in_order(
    death: Callable[[], ModelError],
) -> None:
    async def main() -> None:
        for after in range(PIECES + 1):
            first, second = Player("a", [dying(after, death)]), Player("b", [good])
            reading, _, completed = await read(router(first, second), REVIEW)
            assert completed == list(SECTIONS), after
            assert json.loads(reading.text) == VALUES
            assert list(json.loads(reading.text)) == list(SECTIONS)
            assert first.open == second.open == 0

    run_virtual(main())


deaths = st.tuples(st.integers(0, PIECES * 3), st.sampled_from(DEATHS[:6]), st.integers(1, 40))


@given(st.lists(deaths, min_size=1, max_size=6), st.booleans())
def test_any_number_of_deaths_is_survived_by_whoever_is_left(
    script: list[tuple[int, Callable[[], ModelError], int]], is_offline: bool
) -> None:
    """Two or three providers die at random places; the last one asked, or the fallback, finishes."""

    async def main() -> None:
        plays = [dying(after, error, size) for after, error, size in script]
        players = [Player("a", plays[0::2]), Player("b", plays[1::2] or plays), Player("c", plays[2::2] or plays)]
        last = Player("offline", [good])
        reading, chunks, completed = await read(router(*players[: 2 + is_offline], fallback=last), REVIEW)
        assert completed == list(SECTIONS)
        assert json.loads(reading.text) == VALUES
        assert reading.text == buffer(chunks)
        assert set(reading.sources()) == set(SECTIONS)
        assert all(source.fallback == (source.provider == "offline") for source in reading.sources().values())

    run_virtual(main())


@st.composite
def scribbles(draw: st.DrawFn) -> Callable[[Request], list[Step]]:
    """A writer with bad habits: its own order, foreign and repeated keys, bad values, talk, an early death."""
    order = draw(st.permutations([*SECTIONS, "thoughts", "headline"]))
    bad = draw(st.sets(st.sampled_from(SECTIONS)))
    before, size = draw(st.sampled_from(["", "Sure! ", "```json\n"])), draw(st.integers(1, 60))
    after, error = draw(st.integers(0, 400)), draw(st.sampled_from(DEATHS[:6]))

    def write(request: Request) -> list[Step]:
        members = [f"{json.dumps(name)}: {json.dumps('bad' if name in bad else VALUES.get(name))}" for name in order]
        text = before + "{" + ", ".join(members) + "}"
        return [*pieces(text[:after], size), error()]

    return write


@given(st.lists(scribbles(), min_size=2, max_size=4))
def test_whatever_writers_scribble_the_reader_always_holds_the_beginning_of_one_good_object(
    scripts: list[Callable[[Request], list[Step]]],
) -> None:
    async def main() -> None:
        players = [Player("a", scripts[0::2]), Player("b", scripts[1::2])]
        request = replace(REVIEW, accepts=lambda _, value: value != "bad")
        reading = Reading(request)
        async with router(*players, fallback=Player("offline", [good])).stream(request) as chunks:
            async for chunk in chunks:
                reading.add(chunk)
                assert tuple(reading.scanner.spans) == SECTIONS[: len(reading.scanner.spans)]
                assert reading.scanner.text == reading.text
        pairs: list[tuple[str, object]] = json.loads(reading.text, object_pairs_hook=list)
        assert [name for name, _ in pairs] == list(SECTIONS)
        assert {name: reading.scanner.value(name) for name in SECTIONS} == VALUES

    run_virtual(main())


def buffer(chunks: list[Chunk]) -> str:
    text = ""
    for chunk in chunks:
        text = text[: chunk.keep] + chunk.text
        whole = "".join(text)
        assert whole.startswith("{") or not whole
    return text


@virtual
async def test_the_next_provider_is_asked_for_the_missing_sections_only() -> None:
    first = Player("a", [dying(12, lambda: Truncated("a"))])
    second = Player("b", [good])
    request = replace(REVIEW, finished={"earlier": 1})
    reading, chunks, _ = await read(router(first, second), request)
    asked = second.asked[0]
    kept = [name for name in SECTIONS if reading.sources()[name].provider == "a"]
    assert kept == ["headline", "clarity"][: len(kept)] != []
    assert asked.sections == SECTIONS[len(kept) :]
    assert asked.schema == {
        **SCHEMA,
        "properties": {name: {"title": name} for name in asked.sections},
        "required": list(asked.sections),
    }
    assert asked.finished == {"earlier": 1} | {name: VALUES[name] for name in kept}
    assert asked.messages[:-1] == request.messages
    assert asked.messages[-1].role == "user"
    assert json.dumps({name: VALUES[name] for name in kept}, ensure_ascii=False) in asked.messages[-1].text
    assert ", ".join(asked.sections) in asked.messages[-1].text
    cuts = [chunk for chunk in chunks if chunk.keep is not None]
    assert [chunk.source.provider for chunk in cuts] == ["b"]


@virtual
async def test_a_complete_section_that_is_not_acceptable_is_asked_for_again() -> None:
    bad = VALUES | {"clarity": {"level": 99}}

    def accepts(name: str, value: object) -> bool:
        return value != {"level": 99}

    first = Player("a", [[*pieces(json.dumps(bad), 9)[:-1], Truncated("a")]])
    second = Player("b", [good])
    reading, _, _ = await read(router(first, second), replace(REVIEW, accepts=accepts))
    assert second.asked[0].sections == ("clarity", "summary")
    assert json.loads(reading.text) == VALUES
    assert [reading.sources()[name].provider for name in SECTIONS] == ["a", "b", "a", "a", "b"]


@virtual
async def test_a_section_that_is_no_json_is_asked_for_again_after_a_death_and_left_out_of_a_finished_answer() -> None:
    bad = '{"headline": "raw \n break", "clarity": 1, "depth": 2, "score": 3, "summary": 4'
    first, second = Player("a", [[bad, Truncated("a")]]), Player("b", [good])
    reading, _, _ = await read(router(first, second), REVIEW)
    assert second.asked[0].sections == ("headline", "summary")
    assert list(json.loads(reading.text)) == list(SECTIONS)
    reading, _, _ = await read(router(Player("a", [[bad, "}"]])), REVIEW)
    assert json.loads(reading.text) == {"clarity": 1, "depth": 2, "score": 3, "summary": 4}


@virtual
async def test_extra_keys_other_orders_fences_and_preambles_do_not_show() -> None:
    noisy = {"thoughts": "hm", **dict(reversed(VALUES.items())), "bonus": 7}
    text = "Sure:\n```json\n" + json.dumps(noisy, indent=1) + "\n``` done"
    reading, _, completed = await read(router(Player("a", [pieces(text, 5)])), REVIEW)
    assert completed == list(SECTIONS)
    assert json.loads(reading.text) == VALUES
    first = Player("a", [dying(12, lambda: Truncated("a"))])
    reading, _, completed = await read(router(first, Player("b", [pieces(text, 5)])), REVIEW)
    assert completed == list(SECTIONS)
    assert json.loads(reading.text) == VALUES
    assert reading.sources()["headline"].provider == "a"


@virtual
async def test_sections_held_back_for_their_turn_outlive_their_writer() -> None:
    first = Player("a", [['{"summary": "s", "depth": 2, "headline": "h", "cla', Truncated("a")]])
    second = Player("b", [good])
    reading, _, completed = await read(router(first, second), REVIEW)
    assert second.asked[0].sections == ("clarity", "score")
    assert completed == list(SECTIONS)
    assert [reading.sources()[name].provider for name in SECTIONS] == ["a", "b", "a", "b", "a"]


@virtual
async def test_a_death_after_the_last_section_needs_nobody_else() -> None:
    first, second = Player("a", [[json.dumps(VALUES), Truncated("a")]]), Player("b", [good])
    reading, _, _ = await read(router(first, second), REVIEW)
    assert json.loads(reading.text) == VALUES
    assert second.asked == []


@virtual
async def test_when_both_are_dead_the_offline_coach_writes_the_rest_and_says_so() -> None:
    first, second = Player("a", [dying(12, lambda: Truncated("a"))]), Player("b", [[Unreachable("b")]])
    subject = router(first, second, fallback=Player("offline", [good], model="coach"))
    reading, _, _ = await read(subject, REVIEW)
    assert json.loads(reading.text) == VALUES
    assert reading.sources()["headline"] == Source("a", "m")
    assert reading.sources()["summary"] == Source("offline", "coach", fallback=True)
    assert subject.state().fell_back == 1


@virtual
async def test_without_a_fallback_the_last_error_is_raised_and_what_was_written_stays_with_the_reader() -> None:
    subject = router(Player("a", [dying(12, lambda: Truncated("a"))]), Player("b", [[Unreachable("b")]]))
    with pytest.raises(Unreachable):
        await read(subject, REVIEW)
    assert subject.state().failed == 1


@virtual
async def test_an_answer_that_only_its_writer_calls_whole_goes_on_elsewhere_or_is_handed_over_as_it_is() -> None:
    half: list[Step] = [*written(REVIEW)[:12], Usage(3, 0, 4)]
    reading, chunks, _ = await read(router(Player("a", [half]), Player("b", [good])), REVIEW)
    assert json.loads(reading.text) == VALUES
    assert [(chunk.source.provider, chunk.usage) for chunk in chunks if chunk.usage] == [
        ("a", Usage(3, 0, 4)),
        ("b", Usage(10, 0, 20)),
    ]
    reading, _, _ = await read(router(Player("a", [half, [Garbled("a")]])), REVIEW)
    assert json.loads(reading.text) == {"headline": VALUES["headline"]}
    with pytest.raises(Garbled):
        await read(router(Player("a", [["I would rather not."]])), REVIEW)


@virtual
async def test_missing_sections_at_a_normal_end_are_left_to_the_caller() -> None:
    short = json.dumps({"headline": 1, "summary": 2})
    second = Player("b", [good])
    reading, _, completed = await read(router(Player("a", [[short]]), second), REVIEW)
    assert completed == ["headline", "summary"]
    assert json.loads(reading.text) == {"headline": 1, "summary": 2}
    assert second.asked == []


@virtual
async def test_an_answer_with_none_of_the_sections_goes_elsewhere() -> None:
    reading, _, _ = await read(router(Player("a", [["{}"]]), Player("b", [good])), REVIEW)
    assert json.loads(reading.text) == VALUES


@virtual
async def test_ten_megabytes_are_cut_off() -> None:
    flood: list[Step] = ['{"headline": "h", "clarity": "', *["x" * (MAX_CHARS // 4)] * 40]
    reading, _, _ = await read(router(Player("a", [flood]), Player("b", [good])), REVIEW)
    assert json.loads(reading.text) == VALUES | {"headline": "h"}


@virtual
async def test_a_review_that_was_declined_or_rejected_is_tried_once_elsewhere_and_nobody_is_ill() -> None:
    for error in (Declined("a"), Rejected("a")):
        first, second, third = Player("a", [[error]]), Player("b", [[error]]), Player("c", [good])
        subject = router(first, second, third)
        with pytest.raises(type(error)):
            await read(subject, REVIEW)
        assert (len(first.asked), len(second.asked), len(third.asked)) == (1, 1, 0)
        assert all(circuit.failures == 0 for circuit in subject.state().circuits)


@virtual
async def test_what_was_rejected_everywhere_the_offline_coach_answers_but_not_what_was_declined() -> None:
    offline = Player("offline", [good])
    reading, _, _ = await read(router(Player("a", [[Rejected("a")]]), fallback=offline), REVIEW)
    assert reading.source.fallback
    with pytest.raises(Declined):
        await read(router(Player("a", [[Declined("a")]]), fallback=offline), REVIEW)


@virtual
async def test_a_writer_that_ran_into_its_output_limit_may_write_the_rest() -> None:
    only = Player("a", [dying(12, lambda: CutShort("a")), good])
    reading, _, _ = await read(router(only), REVIEW)
    assert json.loads(reading.text) == VALUES
    assert only.asked[1].sections == SECTIONS[1:]


@virtual
async def test_complete_says_who_wrote_which_section() -> None:
    subject = router(Player("a", [dying(12, lambda: Truncated("a"))]), Player("b", [good]))
    completion = await subject.complete(REVIEW)
    assert json.loads(completion.text) == VALUES
    assert completion.source == Source("b", "m")
    assert completion.usage == Usage(10, 0, 20)
    assert completion.sources == {"headline": Source("a", "m")} | dict.fromkeys(SECTIONS[1:], Source("b", "m"))


@virtual
async def test_a_request_without_a_schema_is_narrowed_too() -> None:
    first, second = Player("a", [dying(12, lambda: Truncated("a"))]), Player("b", [good])
    await read(router(first, second), replace(REVIEW, schema=None))
    assert second.asked[0].schema is None


@virtual
async def test_leaving_in_the_middle_closes_the_connection_at_once() -> None:
    player = Player("a", [['{"headline": "', 60.0]])
    subject = router(player)
    async with subject.stream(REVIEW) as chunks:
        async for _ in chunks:
            break
        assert player.open == 1
    assert player.open == 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await read(subject, REVIEW)
    assert player.open == 0
    assert all(circuit.answers == 0 for circuit in subject.state().circuits)


def test_a_reader_is_told_when_what_it_reads_is_no_object() -> None:
    with pytest.raises(Garbled):
        Reading(REVIEW).add(Chunk("{no", Source("a", "m")))
