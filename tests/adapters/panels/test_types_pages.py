"""Interview types as panels: three steps to anything, what is amiss beside its field, a way back from everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.library.type_files import read_type_file
from adapters.surface.panels import PATH_CHARS, Amiss, Code, Facts, Filled, Form, Go, Heading, Panel, Row, Upload, Words
from adapters.surface.panels.types import TypePages, new_id
from adapters.surface.panels.types_words import criteria
from engine.admin.roles import EVERYWHERE, Actor
from engine.admin.type_bodies import NEW_ID_CHARS
from engine.catalogue import Whereabouts
from tests.kit.types import ADA, BOB, EVA, SHIPPED, VERA, Office

FIVE = "one\ntwo\nthree\nfour\nfive"
HOME = Whereabouts("slack/T1", "eva")


def labels(panel: Panel) -> list[str]:
    return [button.label for button in panel.buttons]


def button(panel: Panel, label: str) -> str:
    """Where a button leads."""
    ways = [*panel.buttons, *(part.button for part in panel.parts if isinstance(part, Row) and part.button)]
    return next(way.path for way in ways if way.label == label)


def said(panel: Panel) -> str:
    """Everything a panel says."""
    words: list[str] = [panel.title, panel.notice]
    for part in panel.parts:
        match part:
            case Words() | Code() | Heading():
                words.append(part.text)
            case Row():
                words += [part.title, part.about]
            case Facts():
                words += [f"{name}: {value}" for name, value in part.pairs]
            case _:
                raise AssertionError(part)
    return "\n".join(words)


async def problems(
    office: Office, path: str, actor: Actor = ADA, *, file: Upload | None = None, **fields: str
) -> dict[str, str]:
    shown = await office.hand_in(path, actor, file=file, **fields)
    assert isinstance(shown, Amiss), shown
    return dict(shown.problems)


async def test_the_list_leads_to_everything() -> None:
    office = Office()
    panel = await office.show("types")
    assert [part.title for part in panel.parts if isinstance(part, Row)] == ["Behavioral interview", "Coding"]
    assert labels(panel) == ["New type", "Import"]
    assert labels(await office.show("types", VERA)) == []
    one = await office.show("types/coding")
    assert "In use, as it is shipped." in said(one)
    assert labels(one) == ["Edit", "Preview", "Duplicate", "Make usual", "Versions", "Export", "Archive"]
    assert labels(await office.show("types/coding", VERA)) == ["Versions", "Export"]
    assert (await office.show("types/coding/edit", VERA)).title == "Not for you"
    assert (await office.show("types", EVA)).title == "Not for you"
    assert "no interview type 'nope'" in said(await office.show("types/nope"))


async def test_a_new_type_is_begun_changed_published_used_archived_and_restored() -> None:
    office = Office()
    panel = await office.fill("types/new", title="Backend für alle", base="coding", format="custom")
    assert panel.title == "Editing Backend für alle"
    assert panel.notice.startswith("Begun.")
    id = "backend-f-r-alle"
    assert id not in await office.shelf.offered(HOME)
    assert labels(await office.show("types")) == ["New type", "Import", "Archived (1)"]
    assert "Backend für alle" in said(await office.show("types/old"))
    await office.fill(f"types/{id}/basics", description="About our services.", language="de")
    await office.fill(f"types/{id}/length", questions="6", minutes="8", start_level="4", feedback="end")
    await office.fill(f"types/{id}/c/new/edit", title="Depth of it", description="How far", anchors=FIVE)
    panel = await office.fill(f"types/{id}/role/mid", weights="20/20/20/20/20", meets="3,5")
    assert "weights 20/20/20/20/20" in said(panel)
    panel = await office.fill(f"types/{id}/role/staff", weights="100/0/0/0/0", expects="Everything.")
    assert "Staff" in said(panel)
    panel = await office.fill(f"types/{id}/role/staff", offered="no")
    assert "Staff\nnot offered" in said(panel)
    await office.fill(f"types/{id}/questions/put", text="What is an index for?\n- reads\n- writes", source="bank")
    await office.fill(f"types/{id}/who", people=["eva", "ada"], channels=["C1"])
    edit = await office.fill(f"types/{id}/prompts", review="production")
    assert "2 people, in 1 channel" in said(edit)
    publish = await office.show(button(edit, "Publish…"))
    assert "New criterion “Depth of it”." in said(publish)
    done = await office.show(button(publish, "Publish"))
    assert done.notice == "Version 2 is published."
    kind = (await office.shelf.offered(Whereabouts("slack/T1", "eva", "C1")))[id]
    assert (kind.questions, kind.minutes, kind.start_level, kind.feedback, kind.language) == (6, 8, 4, "end", "de")
    assert [each.id for each in kind.criteria][-1] == "depth_of_it"
    assert (kind.source, kind.prompts) == ("bank", {"review": "production"})
    one = await office.show(f"types/{id}")
    assert "Own questions: 1 own question" in said(one)
    assert "Prompts: review: production" in said(one)
    assert "About our services." in said(one)
    assert "not for everybody" in said(await office.show("types"))
    sure = await office.show(button(one, "Archive"))
    assert sure.tone == "warn"
    gone = await office.show(button(sure, "Archive"))
    assert gone.notice == "Archived. Interviews that are under way go on as they began."
    assert id not in await office.shelf.offered(Whereabouts("slack/T1", "eva", "C1"))
    back = await office.show(button(gone, "Undo"))
    assert back.notice == "In use again."
    assert id in await office.shelf.offered(Whereabouts("slack/T1", "eva", "C1"))
    assert labels(await office.show(f"types/{id}/archive/yes"))[:2] == ["Undo", "Restore"]


async def test_what_is_amiss_stands_beside_its_field_and_what_was_typed_is_kept() -> None:
    office = Office()
    assert await problems(office, "types/coding/length", questions="70") == {
        "questions": "The number of questions must be 20 or less."
    }
    assert await problems(office, "types/coding/length", minutes="soon") == {"minutes": "Write a whole number."}
    form = await office.form("types/coding/length")
    assert {field.id: field.values for field in form.fields}["minutes"] == ("soon",)
    assert await problems(office, "types/coding/role/mid", weights="30/25/25/15") == {
        "weights": "Weights of mid sum to 95; they must sum to 100."
    }
    for meets in ("high", "7"):
        assert await problems(office, "types/coding/role/mid", meets=meets) == {
            "meets": "Write a number from 1 to 5, such as 3.5."
        }
    assert await problems(office, "types/coding/role/mid", offered="no") == {
        "offered": "At least one role level is needed."
    }
    assert await problems(office, "types/coding/c/1/edit", anchors="one\ntwo") == {
        "anchors": "Write five lines, one for each level from 1 to 5; there are 2."
    }
    assert await problems(office, "types/coding/c/1/edit", title="", anchors=FIVE) == {
        "title": "The title must not be empty."
    }
    long = "\n".join(["x" * 501, "b", "c", "d", "e"])
    assert list(await problems(office, "types/coding/c/1/edit", title="T", anchors=long)) == ["anchors"]
    assert await problems(office, "types/coding/basics", title="") == {"title": "The title must not be empty."}
    assert await problems(office, "types/coding/questions/put") == {
        "text": "Type or paste questions, or choose a file."
    }
    assert await problems(office, "types/coding/questions/put", text="short") == {
        "text": "Question 1, text needs at least 10 characters."
    }
    upload = Upload("q.csv", b"question,level\nWhat is an index for?,easy\n")
    assert await problems(office, "types/coding/questions/put", file=upload) == {
        "file": "q.csv, line 2: level must be a whole number, not 'easy'."
    }
    assert await problems(office, "types/new", title="") == {"title": "The title must not be empty."}
    missing = ["The title", "The format", "The criteria", "The role levels"]
    assert await problems(office, "types/import", text="id: x") == {
        "text": " ".join(f"{each} must be given." for each in missing)
    }
    assert await problems(office, "types/import", text="") == {"text": "Choose a file, or paste what is in it."}
    bomb = Upload("bomb.yaml", b"a: &a [x]\nb: *a\n")
    assert await problems(office, "types/import", file=bomb) == {
        "file": "bomb.yaml, line 1: anchors and aliases are not used here."
    }
    assert not (await office.drafts.working(ADA, "coding")).changed


async def test_two_at_once_the_second_sees_the_firsts_change_and_keeps_their_own() -> None:
    office = Office()
    await office.fill("types/coding/length", questions="5")
    await office.fill("types/coding/length", BOB, questions="6")
    await office.show("types/coding/publish/yes")
    late = await office.show("types/coding/publish/yes", BOB)
    assert late.title == "Somebody was quicker"
    assert "published version 1 of the type Coding" in said(late)
    assert "The number of questions: 2 → 5." in said(late)
    on_top = await office.show(button(late, "Put mine on top"), BOB)
    assert "You both changed the number of questions; yours stand here." in said(on_top)
    done = await office.show(button(on_top, "Publish"), BOB)
    assert done.notice == "Version 2 is published."
    back = await office.show(button(done, "Undo"), BOB)
    assert "Version 1 counts again." in said(back)
    assert (await office.types.get(ADA, "coding")).kind.questions == 5
    await office.fill("types/coding/length", follow_ups="2")
    alone = await office.show("types/coding/rebase")
    assert "Your changes are on top of theirs." in said(alone)


async def test_changes_are_discarded_after_a_question() -> None:
    office = Office()
    edit = await office.fill("types/coding/basics", title="Ours")
    sure = await office.show(button(edit, "Discard"))
    assert sure.tone == "warn"
    assert "This is what is published." in said(await office.show(button(sure, "Discard")))
    assert labels(await office.show("types/coding/edit")) == ["Preview"]
    assert "Nothing is changed." in said(await office.show("types/coding/publish"))
    await office.types.archive(ADA, "coding")
    assert "it is put in use as it is" in said(await office.show("types/coding/publish"))


async def test_a_criterion_is_looked_at_changed_and_taken_out() -> None:
    office = Office()
    panel = await office.show("types/coding/criteria")
    one = await office.show(button(panel, "Open"))
    assert one.title == "Technical accuracy"
    assert "5  foresight" in said(one)
    await office.fill(button(one, "Change"), title="Correct", anchors=FIVE)
    sure = await office.show("types/coding/c/1/gone")
    panel = await office.show(button(sure, "Take out"))
    assert "its weight went to the others" in panel.notice
    assert "weights 36/36/28" in said(await office.show("types/coding/roles"))
    for _ in range(2):
        await office.show("types/coding/c/1/gone/yes")
    assert labels(await office.show("types/coding/c/1")) == ["Change"], "the last one stays"
    assert (await office.show("types/coding/c/9")).title == "Editing Coding", "a button that is too old"
    panel = await office.fill("types/coding/c/new/edit", title="§§", anchors=FIVE)
    panel = await office.fill("types/coding/c/new/edit", title="§§", anchors=FIVE)
    ids = [each["id"] for each in criteria((await office.drafts.working(ADA, "coding")).body)]
    assert ids[1:] == ["criterion", "criterion_2"]


async def test_a_criterion_that_does_not_fit_yet_keeps_a_type_from_being_published() -> None:
    office = Office()
    working = await office.drafts.working(ADA, "coding")
    await office.drafts.work(ADA, "coding", {"criteria": criteria(working.body)[:2]})
    assert "Before you can publish" in said(await office.show("types/coding/edit"))
    assert (await office.show("types/coding/publish")).title == "Coding cannot be published yet"
    refused = await office.show("types/coding/publish/yes")
    assert "Weights of mid must be for exactly" in said(refused)


async def test_own_questions_are_put_in_added_to_and_taken_out() -> None:
    office = Office()
    assert "None yet" in said(await office.show("types/coding/questions"))
    upload = Upload("q.yaml", b"- text: What is an index for?\n  level: 2\n")
    panel = await office.fill("types/coding/questions/put", file=upload)
    assert "level 2 · 0 key points" in said(panel)
    more = "\n".join(f"Question number {number}?" for number in range(12))
    panel = await office.fill("types/coding/questions/put", text=more, how="add")
    assert panel.title == "Own questions (13)"
    assert "… and 3 more" in said(panel)
    assert [file.name for file in panel.files] == ["coding-questions.csv", "coding-questions.yaml"]
    await office.show("types/coding/publish/yes")
    assert (await office.show("types/coding/questions")).title == "Own questions (13)"
    assert "13 own questions" in said(await office.show("types/coding"))
    assert "as published" in said(await office.show("types/coding/edit"))
    exported = await office.show("types/coding/export")
    assert [file.name for file in exported.files] == ["coding.yaml", "coding-questions.csv"]
    panel = await office.show("types/coding/questions/none")
    assert panel.title == "Own questions (0)"


async def test_what_is_exported_comes_in_elsewhere() -> None:
    office, other = Office(), Office()
    await office.fill("types/coding/basics", title="Ours")
    await office.show("types/coding/publish/yes")
    file = (await office.show("types/coding/export")).files[0]
    panel = await other.fill("types/import", file=Upload(file.name, file.content))
    assert panel.notice == "Version 1 is in use."
    assert (await other.types.get(ADA, "coding")).kind.title == "Ours"
    again = await other.show(button(panel, "Undo"))
    assert again.title == "Coding"
    body = read_type_file(file.content) | {"id": "mine"}
    made = await other.fill("types/import", text=str(body).replace("None", "null"))
    assert button(made, "Undo") == "types/mine/archive"


async def test_versions_are_looked_at_and_gone_back_to() -> None:
    office = Office()
    assert "Nobody changed it here" in said(await office.show("types/coding/versions"))
    for title in ("First", "Second"):
        await office.fill("types/coding/basics", title=title)
        await office.show("types/coding/publish/yes")
    versions = await office.show("types/coding/versions")
    assert [part.title for part in versions.parts if isinstance(part, Row)] == ["Version 2 · counts now", "Version 1"]
    assert "It counts now." in said(await office.show("types/coding/v/2"))
    first = await office.show("types/coding/v/1")
    assert "The title: “First” → “Second”." in said(first)
    assert labels(await office.show("types/coding/v/1", VERA)) == []
    back = await office.show(button(first, "Make it count again"))
    assert back.title == "First"
    shipped = await office.show(button(back, "As shipped"))
    put_back = await office.show(button(shipped, "Put it back"))
    assert put_back.notice == "As it is shipped again."
    assert (await office.show(button(put_back, "Undo"))).title == "First"
    form = await office.form("types/coding/try")
    assert form.fields[0].values == ("mid",)
    assert (await office.show("types/behavioral/shipped")).title == "Behavioral interview", "it is as shipped"


async def test_a_preview_is_of_what_is_being_worked_on() -> None:
    office = Office()
    await office.fill("types/coding/length", minutes="33")
    preview = await office.fill("types/coding/try", answer="I asked first, then I measured it twice.")
    assert "33 minutes" in said(preview)
    assert "I asked first" in said(preview)
    assert "Nothing of this was kept." in said(preview)
    assert labels(preview) == ["Again", "Edit"]


async def test_a_copy_has_another_name() -> None:
    office = Office()
    panel = await office.fill("types/coding/copy")
    assert panel.title == "Editing Coding (copy)"
    assert (await office.types.get(ADA, "coding-copy")).archived


async def test_a_type_is_made_usual_in_the_workspace_and_in_channels() -> None:
    office = Office()
    panel = await office.show("types/coding/usual")
    done = await office.show(button(panel, "Everywhere here"))
    assert "Chosen when nothing was said." in said(done)
    assert "usual" in said(await office.show("types"))
    assert button(done, "Undo") == "types/coding/usual/no"
    other = await office.show("types/behavioral/usual/yes")
    assert button(other, "Undo") == "types/coding/usual/yes"
    await office.show("types/coding/usual/yes")
    undone = await office.show("types/coding/usual/no")
    assert button(undone, "Undo") == "types/coding/usual/yes"
    await office.show("types/coding/usual/yes")
    assert "No longer in the workspace" in labels(await office.show("types/coding/usual"))
    panel = await office.fill("types/coding/usual-in", channels=["C1", "C2"])
    assert "Usual in 2 channels" in said(panel)
    await office.fill("types/coding/usual-in", channels=["C2"])
    assert (await office.types.defaults(ADA)).channels == {"C2": "coding"}


async def test_many_types_are_turned_over_by_page() -> None:
    office = Office()
    for number in range(9):
        await office.types.duplicate(ADA, "coding", new_id=f"t{number}", title=f"T{number}")
    first = await office.show("types")
    assert "More" in labels(first)
    assert "Before" in labels(await office.show(button(first, "More")))
    for number in range(9):
        await office.types.archive(ADA, f"t{number}")
    old = await office.show("types/old")
    [menu] = old.menus
    assert [option.label for option in menu.options] == ["T8"]
    assert (await office.show("types/pick/t8")).title == "T8"


async def test_what_leads_nowhere_shows_where_one_was() -> None:
    office = Office()
    assert (await office.show("types/coding/dance")).title == "Editing Coding"
    shown = await office.panels.submit(ADA, "types/coding/dance", Filled({}))
    assert isinstance(shown, Panel)
    assert shown.title == "Editing Coding"
    direct = await TypePages(office.types, office.drafts).show(ADA, ())
    assert isinstance(direct, Panel)
    shown = await office.panels.submit(ADA, "types", Filled({}))
    assert isinstance(shown, Panel)
    assert shown.title == "Interview types"


async def test_a_language_and_a_prompt_nobody_lists_any_more_are_kept() -> None:
    office = Office()
    await office.drafts.work(ADA, "coding", {"language": "tlh", "prompts": {"review": "review@000000000000"}})
    form = await office.form("types/coding/basics")
    assert {field.id: field.values for field in form.fields}["language"] == ("tlh",)
    form = await office.form("types/coding/prompts")
    review = next(field for field in form.fields if field.id == "review")
    assert review.options[1].about == "not there any more"
    refused = await office.show("types/coding/publish/yes")
    assert "no version or label review@000000000000" in said(refused)


@given(st.text(max_size=80), st.sets(st.sampled_from(["type", "new", "a", "a-2"])))
def test_an_id_made_of_a_title_is_new_and_fits(title: str, known: set[str]) -> None:
    id = new_id(title, known)
    assert id not in known | {"new", "import", "old", "page", "pick"}
    assert 0 < len(id) <= NEW_ID_CHARS


async def test_every_path_of_the_longest_id_fits_into_a_button() -> None:
    office = Office()
    id = "x" * NEW_ID_CHARS
    await office.types.duplicate(ADA, "coding", new_id=id)
    for verb in (
        "",
        "/edit",
        "/criteria",
        "/c/1",
        "/c/1/gone",
        "/roles",
        "/questions",
        "/usual",
        "/versions",
        "/publish",
    ):
        panel = await office.show(f"types/{id}{verb}")
        ways = [*panel.buttons, *(part.button for part in panel.parts if isinstance(part, Row) and part.button)]
        back: list[Go] = [panel.back] if panel.back else []
        assert max(len(way.path) for way in [*ways, *back]) <= PATH_CHARS


async def test_an_operator_shapes_what_holds_everywhere() -> None:
    office = Office()
    operator = Actor("local", "-", "op", operator=True, on=EVERYWHERE)
    shown = await office.panels.show(operator, "types/coding/edit")
    assert isinstance(shown, Panel | Form)
    await office.fill("types/coding/basics", operator, title="House coding")
    await office.show("types/coding/publish/yes", operator)
    assert "set for every workspace" in said(await office.show("types"))
    assert SHIPPED["coding"].title == "Coding"


@pytest.mark.parametrize(
    "path",
    ["types/coding/archive/yes", "types/coding/publish/yes", "types/coding/usual/yes", "types/new", "types/import",
     "types/coding/archive", "types/coding/copy", "types/coding/try", "types/coding/usual-in"],
)  # fmt: skip
async def test_no_path_goes_round_the_question_who_asks(path: str) -> None:
    office = Office()
    assert (await office.show(path, VERA)).title == "Not for you"
    assert office.store.entries == []
