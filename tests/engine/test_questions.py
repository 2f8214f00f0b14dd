"""A team's own questions: what their author leaves out is filled in, and an interview asks them before the bank's."""

from __future__ import annotations

import json

from engine.bank import QuestionBank
from engine.facts import Asked, AskedQuestion, Begun
from engine.feedback.checklist import checklist
from engine.interviews import Question
from engine.material import QuestionMaterial
from engine.questions import KeyPoint, OwnBanks, OwnQuestion, QuestionSet
from engine.session import Session, evolve
from engine.steps import Ask
from tests.kit.interviews import KEY, setup
from tests.kit.model import Model
from tests.kit.types import Office

SET = QuestionSet(
    questions=(
        OwnQuestion(
            text="What is an index good for?", key_points=(KeyPoint(point="Makes the reads of a table faster"),)
        ),
        OwnQuestion(text="When does a cache lie to you?", level=2, minutes=9, topic="Caches"),
    )
)


class Sets:
    """Keeps one set, and counts how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def set(self, home: str, digest: str) -> QuestionSet | None:
        self.asked += 1
        return SET if (home, digest) == ("slack/T1", SET.digest) else None


def test_what_an_author_leaves_out_is_filled_in() -> None:
    first, second = (each.as_question("coding", 4) for each in SET.questions)
    assert (first.level, first.minutes, first.topic) == (4, 5, "Your team's questions")
    assert (second.level, second.minutes, second.topic) == (2, 9, "Caches")
    assert first.cues == (("makes + reads + faster",),)
    [found] = checklist(first.key_points, first.cues, "It makes my reads a lot faster.")
    assert found.found
    assert KeyPoint(point="it is").told_by == ("it is",)


def test_words_are_written_on_one_line() -> None:
    assert OwnQuestion(text="  What is\n an index\tfor? ").text == "What is an index for?"
    assert len(SET.digest) == 16


async def test_a_set_is_read_once_per_level_and_only_so_many_are_kept() -> None:
    sets = Sets()
    banks = OwnBanks(sets, most=2)
    for level in (1, 1, 2, 1, 3, 1, 2):
        bank = await banks.bank("slack/T1", SET.digest, "coding", level)
        assert bank is not None
        assert len(bank) == 2
    assert sets.asked == 4
    assert await banks.bank("slack/T2", SET.digest, "coding", 1) is None


def begun(**changes: object) -> Session:
    made = setup(**{"home": "slack/T1", "type_own_questions": SET.digest, "type_source": "bank", **changes})
    return evolve(None, Begun(at=0.0, key=KEY, number=1, setup=made))


async def asked(office: Office, session: Session) -> tuple[Session, AskedQuestion]:
    [fact] = await office.performer.perform(Ask(len(session.turns) + 1, "main", 0, 3), session, lambda _: None)
    assert isinstance(fact, Asked)
    return evolve(session, fact), fact.question


async def test_own_questions_come_first_and_then_the_banks() -> None:
    bank = QuestionBank([Question(id="b3-01", format="behavioral", level=3, text="Tell me about a mistake.", topic="t",
                                  key_points=("a", "b"), cues=(("a",), ("b",)))])  # fmt: skip
    office = Office(bank=bank)
    office.sets.lend(SET)
    session = begun(questions=4)
    texts: list[str] = []
    for _ in range(3):
        session, question = await asked(office, session)
        texts.append(question.text)
    assert set(texts[:2]) == {each.text for each in SET.questions}
    assert texts[2] == "Tell me about a mistake."
    assert session.turns[0].question.level == 3, "a question without a level is asked at the one that is due"


async def test_a_set_that_is_gone_is_done_without() -> None:
    office = Office()
    _, question = await asked(office, begun())
    assert question.id == "generated-1"


async def test_a_model_that_takes_an_own_question_word_for_word_asks_that_question() -> None:
    text = SET.questions[0].text
    model = Model(answer=lambda _: json.dumps({"topic": "t", "question": text, "key_points": [], "hints": []}))
    office = Office(model)
    office.sets.lend(SET)
    _, question = await asked(office, begun(type_source="both", type_minutes=12))
    assert (question.text, question.minutes, question.key_points) == (text, 12, ("Makes the reads of a table faster",))
    material = model.asked[0].material
    assert isinstance(material, QuestionMaterial)
    assert [seed.text for seed in material.seeds] == [text], "the other one is of another level"
