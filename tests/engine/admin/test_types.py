"""Interview types as admins shape them: whole versions, plain refusals, nothing overwritten, nothing half-done."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.admin.roles import EVERYWHERE, Actor
from engine.admin.type_bodies import body_of
from engine.admin.types import MOST_TYPES, TASKS
from engine.catalogue import Whereabouts
from engine.desk import Desk
from engine.errors import NotAllowed, Overtaken, Wrong
from engine.facts import Asked, Begun
from engine.inbound import Begin
from engine.interviews import Audience, InterviewType, Setup
from engine.prompting import Move, Open, Retire
from engine.session import Session, evolve
from engine.steps import Ask
from tests.kit.interviews import KEY, interview_type
from tests.kit.memory import MemoryStore
from tests.kit.types import ADA, BOB, EVA, PINS, PROMPTS, SHIPPED, VERA, Office

HOME = Whereabouts("slack/T1", "eva")
OPERATOR = Actor("local", "-", "operator", operator=True, on=EVERYWHERE)
OWN = [
    {
        "text": "What is an index good for?",
        "key_points": ["Reads get faster", {"point": "Writes cost more", "cues": ["slower"]}],
    },
    {"text": "When does a cache lie to you?", "level": 2, "minutes": 9, "hints": ["Think of time."]},
]


def body(**changes: object) -> dict[str, object]:
    return body_of(interview_type(id="backend", title="Backend")) | changes


async def test_a_made_type_is_offered_and_leaves_a_line() -> None:
    office = Office()
    held = await office.types.create(ADA, body())
    assert (held.id, held.version, held.layer, held.archived) == ("backend", 1, "here", False)
    assert list(await office.shelf.offered(HOME)) == ["behavioral", "coding", "backend"]
    [entry] = office.store.entries
    assert (entry.act, entry.subject, entry.role) == ("type.create", "type:backend", "admin")
    assert entry.words == "made the type Backend"
    assert [each.id for each in await office.types.every(VERA)] == ["behavioral", "coding", "backend"]
    assert (await office.types.get(VERA, "backend")).kind.title == "Backend"


async def test_only_an_admin_changes_types() -> None:
    office = Office()
    for actor in (VERA, EVA):
        with pytest.raises(NotAllowed):
            await office.types.create(actor, body())
    with pytest.raises(NotAllowed):
        await office.types.every(EVA)
    assert office.store.entries == []


async def test_a_new_id_must_be_free_short_and_sensible() -> None:
    office = Office()
    for id, why in (("coding", "already"), ("new", "means something else"), ("x" * 41, "at most 40")):
        with pytest.raises(Wrong, match=why):
            await office.types.create(ADA, body(id=id))
    for number in range(MOST_TYPES - 2):
        await office.types.create(ADA, body(id=f"t{number}"))
    with pytest.raises(Wrong, match="100 interview types at most"):
        await office.types.create(ADA, body())


async def test_an_edit_is_a_whole_new_version() -> None:
    office = Office()
    await office.types.create(ADA, body())
    held = await office.types.edit(BOB, "backend", body(questions=7), seen=1)
    assert (held.version, held.kind.questions) == (2, 7)
    versions = await office.types.versions(VERA, "backend")
    assert [(each.number, each.kind and each.kind.questions) for each in versions] == [(2, 7), (1, 2)]
    assert (await office.types.version(VERA, "backend", 1)).questions == 2
    told = await office.types.difference(VERA, "backend", 1, 2)
    assert told.sentences == ("The number of questions: 2 → 7.",)
    assert '+ "questions": 7,' in told.text.splitlines()
    assert (await office.types.edit(ADA, "backend", body(questions=7), seen=2)).version == 2, "nothing changed"
    with pytest.raises(Wrong, match="keeps its id"):
        await office.types.edit(ADA, "backend", body(id="other"), seen=2)
    with pytest.raises(Wrong, match="no interview type 'nope'"):
        await office.types.edit(ADA, "nope", body(id="nope"), seen=0)
    with pytest.raises(Wrong, match="no version 9"):
        await office.types.difference(VERA, "backend", 9, 2)


async def test_the_second_of_two_admins_is_shown_the_firsts_change_and_overwrites_nothing() -> None:
    office = Office()
    await office.types.create(ADA, body())
    await office.types.edit(ADA, "backend", body(questions=7), seen=1)
    with pytest.raises(Overtaken) as refused:
        await office.types.edit(BOB, "backend", body(questions=3), seen=1)
    assert "published version 2 of the type Backend" in refused.value.hint
    assert (await office.types.get(ADA, "backend")).kind.questions == 7


async def test_a_shipped_type_is_changed_for_a_workspace_and_put_back() -> None:
    office = Office()
    changed = body_of(SHIPPED["coding"]) | {"title": "Our coding"}
    held = await office.types.edit(ADA, "coding", changed, seen=0)
    assert (held.layer, held.version, held.shipped) == ("here", 1, True)
    assert (await office.shelf.offered(Whereabouts("slack/T2", "eva")))["coding"].title == "Coding"
    assert (await office.types.difference(ADA, "coding", 0, 1)).sentences == ("The title: “Coding” → “Our coding”.",)
    back = await office.types.restore(ADA, "coding", shipped=True)
    assert (back.version, back.kind) == (2, SHIPPED["coding"])
    assert (await office.types.restore(ADA, "coding", version=1)).kind.title == "Our coding"
    assert (await office.types.restore(ADA, "coding", version=0)).kind == SHIPPED["coding"]
    await office.types.create(ADA, body())
    with pytest.raises(Wrong, match="is as it is shipped"):
        await office.types.restore(ADA, "coding", shipped=True)
    with pytest.raises(Wrong, match="your own"):
        await office.types.restore(ADA, "backend", shipped=True)
    with pytest.raises(Wrong, match="is in use"):
        await office.types.restore(ADA, "backend")


async def test_what_holds_everywhere_lies_between_the_shipped_and_the_workspaces_own() -> None:
    office = Office()
    await office.types.edit(OPERATOR, "coding", body_of(SHIPPED["coding"]) | {"title": "House coding"}, seen=0)
    await office.types.create(OPERATOR, body())
    held = {each.id: each for each in await office.types.every(ADA)}
    assert (held["coding"].layer, held["coding"].version, held["coding"].kind.title) == (
        "everywhere",
        0,
        "House coding",
    )
    await office.types.edit(ADA, "backend", body(title="Ours"), seen=0)
    assert (await office.types.get(ADA, "backend")).layer == "here"
    assert (await office.types.difference(ADA, "backend", 0, 1)).sentences == ("The title: “Backend” → “Ours”.",)
    assert (await office.types.get(OPERATOR, "backend")).kind.title == "Backend"
    assert (await office.types.restore(OPERATOR, "coding", version=0)).kind == SHIPPED["coding"]


async def test_archived_a_type_is_offered_no_more_until_it_is_restored() -> None:
    office = Office()
    await office.types.archive(ADA, "coding")
    assert list(await office.shelf.offered(HOME)) == ["behavioral"]
    with pytest.raises(Wrong, match="archived already"):
        await office.types.archive(ADA, "coding")
    with pytest.raises(Wrong, match="restore it first"):
        await office.types.set_default(ADA, "coding")
    with pytest.raises(Wrong, match="must stay open to everybody"):
        await office.types.archive(ADA, "behavioral")
    assert (await office.types.restore(ADA, "coding")).archived is False
    assert list(await office.shelf.offered(HOME)) == ["behavioral", "coding"]


async def test_one_type_stays_open_to_everybody() -> None:
    office = Office()
    await office.types.archive(ADA, "coding")
    closed = body_of(SHIPPED["behavioral"]) | {"audience": {"people": ["eva"]}}
    with pytest.raises(Wrong, match="must stay open") as refused:
        await office.types.edit(ADA, "behavioral", closed, seen=0)
    assert list(refused.value.problems) == ["audience"]


async def test_who_may_use_it_and_where() -> None:
    office = Office()
    audience = {"people": ["eva"], "groups": ["G1"], "channels": ["C1"]}
    await office.types.create(ADA, body(audience=audience))

    async def offered(user: str, channel: str, *groups: str) -> bool:
        return "backend" in await office.shelf.offered(Whereabouts("slack/T1", user, channel, frozenset(groups)))

    assert await offered("eva", "C1")
    assert await offered("bob", "C1", "G1", "G2")
    assert not await offered("bob", "C1", "G2")
    assert not await offered("eva", "C2")
    assert not await offered("eva", "")


async def test_the_usual_type_comes_first_the_channels_before_the_workspaces() -> None:
    office = Office()
    await office.types.create(ADA, body())
    await office.types.set_default(ADA, "backend")
    await office.types.set_default(ADA, "coding", channel="C1")
    assert next(iter(await office.shelf.offered(HOME))) == "backend"
    assert await office.shelf.usual(HOME) == "backend"
    assert next(iter(await office.shelf.offered(Whereabouts("slack/T1", "eva", "C1")))) == "coding"
    assert (await office.types.defaults(VERA)).channels == {"C1": "coding"}
    await office.types.set_default(ADA, "", channel="C1")
    await office.types.set_default(ADA, "")
    assert next(iter(await office.shelf.offered(Whereabouts("slack/T1", "eva", "C1")))) == "behavioral"
    assert office.store.entries[-1].words == "unset the usual type of the workspace"


async def test_a_copy_keeps_everything_but_its_name() -> None:
    office = Office()
    await office.types.create(ADA, body(own_questions=OWN))
    copy = await office.types.duplicate(ADA, "backend", new_id="platform")
    assert copy.kind.title == "Backend (copy)"
    assert await office.types.questions(ADA, "platform") == await office.types.questions(ADA, "backend")
    hidden = await office.types.duplicate(ADA, "backend", new_id="hidden", title="Hidden", in_use=False)
    assert hidden.archived
    assert "hidden" not in await office.shelf.offered(HOME)


async def test_a_file_brings_a_type_back_with_its_questions() -> None:
    office, other = Office(), Office()
    await office.types.create(ADA, body(own_questions=OWN, minutes=8))
    file = await office.types.export(VERA, "backend")
    assert cast("list[object]", file["own_questions"])[0] == OWN[0]
    held = await other.types.take_in(ADA, file)
    assert (held.kind, held.version) == ((await office.types.get(ADA, "backend")).kind, 1)
    again = await other.types.take_in(ADA, {**file, "title": "Newer"})
    assert (again.version, again.kind.title) == (2, "Newer")
    assert (await other.types.export(ADA, "coding"))["own_questions"] == []
    assert await other.types.questions(ADA, "coding") is None
    acts = [entry.act for entry in other.store.entries]
    assert acts == ["type.questions", "type.create", "type.publish"], "the set is kept once"


async def test_what_is_unfit_is_refused_in_plain_words_at_its_field() -> None:
    office = Office()
    bars = cast("dict[str, dict[str, object]]", body()["roles"])
    weights = cast("dict[str, int]", bars["mid"]["weights"])
    off = {"mid": {**bars["mid"], "weights": {**weights, "completeness": 15}}}
    short, gone = [{"text": "short"}], "0123456789abcdef"
    for changes, field, why in (
        ({"roles": off}, "roles.mid.weights", "Weights of mid sum to 95; they must sum to 100."),
        ({"colour": "red"}, "colour", "Colour is not known here."),
        ({"own_questions": short}, "own_questions.0.text", "Question 1, text needs at least 10 characters."),
        ({"own_questions": gone}, "own_questions", "These questions are not here any more. Put them in again."),
        ({"prompts": {"poem": "x"}}, "prompts.poem", f"There is no prompt for poem; there are {', '.join(TASKS)}."),
        ({"prompts": {"review": "x"}}, "prompts.review", "The prompt review has no version or label x that is in use."),
        ({"title": object()}, "", "This holds something that is neither text, a number, a list nor yes or no."),
    ):
        with pytest.raises(Wrong) as refused:
            await office.types.create(ADA, body(**changes))
        assert refused.value.problems == {field: why}
    assert office.store.records == {}


async def test_two_who_keep_the_same_questions_at_once_keep_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    await office.types.create(ADA, body(own_questions=OWN))

    async def unseen(scope: str, kind: str, id: str) -> None:
        """As the other one's set is, until it is written."""
        del scope, kind, id

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(office.store, "newest", unseen)
        await office.types.create(BOB, body(id="other", own_questions=OWN))
    assert await office.types.questions(ADA, "other") == await office.types.questions(ADA, "backend")


async def test_a_record_of_a_newer_program_is_passed_over() -> None:
    office = Office()
    entry = office.people.entry(ADA, "admin", "type.publish", "type:coding", "did")
    await office.store.put("slack/T1", "type", "coding", '{"id": "coding", "shape": 3}', seen=0, entry=entry)
    assert (await office.types.get(ADA, "coding")).layer == "shipped"
    assert [each.kind for each in await office.types.versions(ADA, "coding")] == [None]


async def test_what_is_offered_is_looked_up_once_a_second() -> None:
    office = Office()
    first = await office.shelf.offered(HOME)
    entry = office.people.entry(ADA, "admin", "type.archive", "type:coding", "did")
    await office.store.put("slack/T1", "type", "coding", body_json("coding"), seen=0, entry=entry, archived=True)
    assert await office.shelf.offered(HOME) == first
    office.shelf.forget()
    assert list(await office.shelf.offered(HOME)) == ["behavioral"]


def body_json(id: str) -> str:
    return SHIPPED[id].model_dump_json()


async def test_of_very_many_workspaces_the_ones_asked_for_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.admin.shelf.SCOPES", 2)
    office = Office()
    for number in range(4):
        assert list(await office.shelf.offered(Whereabouts(f"slack/T{number}", "eva"))) == list(SHIPPED)


async def test_a_dry_run_asks_and_reviews_and_keeps_nothing() -> None:
    office = Office()
    await office.types.create(ADA, body(minutes=9))
    before = len(office.store.entries)
    preview = await office.types.preview(ADA, "backend", role="mid", answer="I asked first, then I measured it twice.")
    assert preview.question.minutes == 9
    assert preview.answer == "I asked first, then I measured it twice."
    assert preview.feedback.criteria
    assert preview.session.key.user == "ada"
    assert len(office.store.entries) == before


async def test_a_dry_run_of_what_is_not_published_uses_its_questions_without_keeping_them() -> None:
    office = Office()
    unkept = body(own_questions=OWN, source="bank")
    await office.types.create(ADA, body())
    preview = await office.types.preview(ADA, "backend", body=unkept, role="staff")
    assert preview.question.text in {str(each["text"]) for each in OWN}
    assert not [at for at in office.store.records if at[1] == "questions"]
    for number in range(9):
        other = [{"text": f"Question number {number}, please?"}]
        await office.types.preview(ADA, "backend", body=body(own_questions=other, source="bank"))
    asked = await office.types.preview(ADA, "backend", body=body(own_questions=[OWN[0]], source="bank"))
    assert "Reads get faster." in asked.answer, "a sample is made of its key points"


def desk(office: Office, store: MemoryStore) -> Desk:
    return Desk(store=store, prompts=office.prompts, types=SHIPPED, deliver=store.deliver, now=lambda: 5.0,
                engine_label="m", catalogue=office.shelf)  # fmt: skip


async def begun(office: Office, type_id: str) -> Setup:
    store = MemoryStore()
    where = Whereabouts("slack/T1", "you")
    await desk(office, store).begin(KEY, id="b", type_id=type_id, where=where)
    [begin] = store.mailbox[KEY]
    assert isinstance(begin, Begin)
    return begin.setup


async def test_a_running_interview_keeps_the_type_it_began_with() -> None:
    office = Office()
    await office.types.create(ADA, body(own_questions=OWN, source="bank", audience={"people": ["you", "ada"]}))
    setup = await begun(office, "backend")
    assert setup.type.audience == Audience(), "who else may use it is nobody's business there"
    session = evolve(None, Begun(at=0.0, key=KEY, number=1, setup=setup))
    await office.types.edit(ADA, "backend", body(own_questions=[OWN[1]], source="bank", title="Other"), seen=1)
    await office.types.archive(ADA, "backend")
    asked = [await ask(office, session, turn) for turn in (1, 2)]
    assert len({each.question.id for each in asked}) == 1, "dealt by the same chance"
    for fact in asked[:1]:
        session = evolve(session, fact)
    second = await ask(office, session, 2)
    assert {asked[0].question.text, second.question.text} == {str(each["text"]) for each in OWN}
    assert session.setup.type.title == "Backend"
    assert "backend" not in await office.shelf.offered(Whereabouts("slack/T1", "you"))


async def ask(office: Office, session: Session, turn: int) -> Asked:
    [fact] = await office.performer.perform(Ask(turn, "main", 0, session.level), session, lambda _: None)
    assert isinstance(fact, Asked)
    return fact


ACTS = st.sampled_from(["edit", "questions", "archive", "restore", "back", "usual"])


@settings(max_examples=25)
@given(st.lists(ACTS, max_size=8))
async def test_whatever_is_done_to_a_type_a_running_interview_does_not_notice(acts: list[str]) -> None:
    office = Office()
    await office.types.create(ADA, body(own_questions=OWN, source="bank"))
    setup = await begun(office, "backend")
    session = evolve(None, Begun(at=0.0, key=KEY, number=1, setup=setup))
    for number, act in enumerate(acts):
        seen = (await office.types.get(ADA, "backend")).version
        with suppress(Wrong):
            match act:
                case "edit":
                    await office.types.edit(ADA, "backend", body(questions=number + 1), seen=seen)
                case "questions":
                    other = [{"text": f"Question number {number}, please?"}]
                    await office.types.edit(ADA, "backend", body(own_questions=other), seen=seen)
                case "archive":
                    await office.types.archive(ADA, "backend")
                case "restore":
                    await office.types.restore(ADA, "backend")
                case "back":
                    await office.types.restore(ADA, "backend", version=1)
                case _:
                    await office.types.set_default(ADA, "backend")
    asked = await ask(office, session, 1)
    assert asked.question.text in {str(each["text"]) for each in OWN}
    assert Setup.model_validate_json(setup.model_dump_json()) == session.setup
    changes = sum(len(found) for found in office.store.records.values())
    assert changes == len(office.store.entries), "every change has a line of the audit"


async def test_a_type_starts_where_it_says_or_where_the_role_does() -> None:
    office = Office()
    await office.types.create(ADA, body(start_level=5))
    assert (await begun(office, "backend")).start_level == 5
    assert (await begun(office, "coding")).start_level == 3


async def test_a_types_own_prompt_goes_before_production_and_a_retired_one_falls_back() -> None:
    office = Office()
    review = next(prompt for prompt in PROMPTS if prompt.task == "review")
    other = review.model_copy(update={"title": "Another review"})
    standing = await office.prompts.create(other, by="ada", message="m")
    standing = await office.prompts.change(
        "review", Move("canary", other.ref), by="ada", reason="", seen=standing.revision
    )
    await office.types.create(ADA, body(prompts={"review": "canary", "question": PINS["question"]}))
    assert (await begun(office, "backend")).prompts == {**PINS, "review": other.ref}
    choices = await office.types.prompt_choices(VERA)
    assert list(choices["review"]) == ["production", "canary", other.ref, PINS["review"]]
    standing = await office.prompts.change(
        "review", Move("canary", PINS["review"]), by="ada", reason="", seen=standing.revision
    )
    await office.types.edit(ADA, "backend", body(prompts={"review": other.ref}), seen=1)
    await office.prompts.change("review", Retire(other.ref), by="ada", reason="", seen=standing.revision)
    assert (await begun(office, "backend")).prompts == PINS
    assert other.ref not in (await office.types.prompt_choices(VERA))["review"]


async def test_a_task_without_a_prompt_is_left_alone() -> None:
    office, store = Office(), MemoryStore()
    types = {"behavioral": interview_type(prompts={"poem": "x"})}
    office.shelf.shipped = types
    await desk(office, store).begin(KEY, id="b", type_id="behavioral")
    [begin] = store.mailbox[KEY]
    assert isinstance(begin, Begin)
    assert begin.setup.prompts == PINS


async def test_a_types_own_choice_is_no_side_of_a_rollout() -> None:
    office = Office()
    review = next(prompt for prompt in PROMPTS if prompt.task == "review")
    other = review.model_copy(update={"title": "Another review"})
    standing = await office.prompts.create(other, by="ada", message="m")
    act = Open(other.ref, 10_000)
    await office.prompts.change("review", act, by="ada", reason="", seen=standing.revision)
    await office.types.create(ADA, body(prompts={"review": "production"}))
    assert (await begun(office, "coding")).prompts["review"] == other.ref
    setup = await begun(office, "backend")
    assert (setup.prompts["review"], setup.arms) == (PINS["review"], {})


def test_a_type_that_was_stored_before_there_was_all_this_still_reads() -> None:
    kind = interview_type()
    old = kind.model_dump(mode="json", exclude={"minutes", "start_level", "own_questions", "audience", "prompts"})
    assert InterviewType.model_validate(old) == kind
    assert kind.audience.admits("anybody", frozenset(), "")
