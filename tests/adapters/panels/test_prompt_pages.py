"""Prompts as an admin meets them: from the list to a rollout that is promoted or rolled back, in few presses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.surface.panels import (
    FIELD_CHARS,
    PATH_CHARS,
    Amiss,
    Code,
    Filled,
    Form,
    Outlet,
    Panel,
    Row,
    Table,
    Upload,
    Words,
)
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.prompts import PromptPages
from adapters.surface.panels.prompts_text import pieces, together
from adapters.surface.panels.rollout import alert, news_card, rollout_card
from adapters.surface.panels.telling import Telling
from engine.admin.guard import Looked, News
from engine.admin.records import FormDraft
from engine.admin.roles import Actor
from engine.prompting import Hold, as_text
from engine.prompting.standing import Change
from engine.trials.verdict import compare
from tests.contracts.prompt_store import NAME, NEW, OLD
from tests.engine.admin.test_guard import BETTER, UNEVEN
from tests.engine.admin.test_prompts import ADMIN, OPERATOR, OTHER, STRANGER, VIEWER, House
from tests.kit.prompts import prompt


@dataclass
class Messages(Outlet):
    panels: list[Panel] = field(default_factory=list[Panel])
    _ids = count(1)

    async def post(self, scope: str, user: str, panel: Panel, handle: str = "") -> str:
        self.panels.append(panel)
        return handle or str(next(self._ids))


class Office:
    """An admin at the panels."""

    def __init__(self) -> None:
        self.house = House()
        self.messages = Messages()
        outlets: dict[str, Outlet] = {"slack": self.messages}
        self.pages = PromptPages(
            self.house.prompts,
            store=self.house.admin,
            telling=Telling(self.house.admin, outlets),
            now=lambda: self.house.now,
        )
        self.panels = Panels([self.pages], store=self.house.admin, now=lambda: self.house.now)

    async def see(self, path: str, actor: Actor = ADMIN) -> Panel:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Panel)
        return shown

    async def form(self, path: str, actor: Actor = ADMIN) -> Form:
        shown = await self.panels.show(actor, path)
        assert isinstance(shown, Form), shown
        return shown

    async def press(self, panel: Panel, label: str, actor: Actor = ADMIN) -> Panel | Form:
        return await self.panels.show(actor, gos(panel)[label])

    async def presses(self, panel: Panel, *labels: str, actor: Actor = ADMIN) -> Panel:
        for label in labels:
            shown = await self.press(panel, label, actor)
            assert isinstance(shown, Panel)
            panel = shown
        return panel

    async def hand_in(self, form: Form | str, actor: Actor = ADMIN, **fields: str) -> Panel | Form | Amiss:
        if isinstance(form, str):
            form = await self.form(form, actor)
        filled = {each.id: each.values for each in form.fields} | {id: (value,) for id, value in fields.items()}
        return await self.panels.submit(actor, form.path, Filled(filled))


def gos(panel: Panel) -> dict[str, str]:
    rows = {part.button.label: part.button.path for part in panel.parts if isinstance(part, Row) and part.button}
    return (
        rows | {go.label: go.path for go in panel.buttons} | ({panel.back.label: panel.back.path} if panel.back else {})
    )


def said(panel: object) -> str:
    return repr(panel)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def drafts(office: Office) -> Office:
    await office.house.with_drafts()
    return office


@pytest.fixture
async def rollout(drafts: Office) -> Office:
    await drafts.hand_in(gos(await drafts.see(f"prompts/{NAME}/v/2"))["Roll out…"], share="10")
    return drafts


def base(number: int) -> str:
    return f"prompts/{NAME}/v/{number}"


# Looking.


async def test_everything_is_three_presses_from_the_list(drafts: Office) -> None:
    listed = await drafts.see("prompts")
    titles = [part.title for part in listed.parts if isinstance(part, Row)]
    assert titles == ["Questions", "Follow-ups", "Reviews", "Model answers", "Reports"]
    one = await drafts.see(f"prompts/{NAME}")
    assert [part.title for part in one.parts if isinstance(part, Row)] == ["Version 3", "Version 2", "Version 1"]
    version = await drafts.see(base(2))
    assert Code(as_text(NEW), "md") in version.parts
    assert list(gos(version)) == [
        "Lint", "Diff with production", "Download", "Try…", "Edit…", "Upload…", "Roll out…", "Promote", "Retire",
        "Label…", "Back to model answers",
    ]  # fmt: skip
    assert "Fit for use" in said(await drafts.presses(version, "Lint"))
    assert "-Data stands" in said(await drafts.presses(version, "Diff with production"))
    assert "-Nothing but data" in said(await drafts.see(f"{base(2)}/diff/3"))
    assert (await drafts.presses(version, "Download")).files[0].content == as_text(NEW).encode()
    assert "Nobody has had an interview with it" in said(await drafts.presses(one, "Figures", "30 days"))
    assert "Admin aaaaaa" in said(await drafts.presses(one, "History"))


async def test_who_may_only_look_is_offered_nothing_else_and_told_why(rollout: Office) -> None:
    for actor in (VIEWER, STRANGER):
        assert "REHEARSE_ADMIN_WORKSPACES" in said(await rollout.see("prompts", actor))
        assert list(gos(await rollout.see(base(2), actor))) == [
            "Lint",
            "Diff with production",
            "Download",
            "Back to model answers",
        ]
        assert list(gos(await rollout.see(f"prompts/{NAME}/rollout", actor))) == ["Back to model answers"]
    assert (await rollout.see(f"prompts/{NAME}/rollout/hold/5", STRANGER)).title == "Not for you"


async def test_many_versions_are_chosen_from_a_list(drafts: Office) -> None:
    for n in range(12):
        await drafts.house.prompts.create(ADMIN, NAME, "1", as_text(NEW) + f"\nNumber {n}.", message=f"n{n}")
    [menu] = (await drafts.see(f"prompts/{NAME}")).menus
    assert (menu.path, menu.options[0].value, len(menu.options)) == (f"prompts/{NAME}/v", "15", 15)


@pytest.mark.parametrize(
    "path",
    [
        "prompts/nothing", f"prompts/{NAME}/v/99", f"prompts/{NAME}/v/1/nothing", f"prompts/{NAME}/x/y/z/a/b",
        f"prompts/{NAME}/rollback/mine", f"prompts/{NAME}/v/1/save", f"prompts/{NAME}/v/1/draft",
        f"prompts/{NAME}/rollout",
        f"prompts/{NAME}/rollout/hold/3", f"prompts/{NAME}/stats/soon", f"prompts/{NAME}/rollout/nothing",
    ],
)  # fmt: skip
async def test_a_forged_or_old_button_does_no_harm(office: Office, path: str) -> None:
    before = await office.house.registry.standing(NAME)
    assert (await office.see(path)).tone == "warn"
    assert await office.house.registry.standing(NAME) == before


# Writing.


async def test_a_prompt_is_edited_checked_and_saved(office: Office) -> None:
    form = await office.form(f"{base(1)}/edit")
    assert form.intro.endswith("key_points, language, level, level_name, question, role, marker.")
    text = form.fields[0].values[0]
    draft = await office.hand_in(form, text_1=text, text_2="Be brief.", message="shorter")
    assert isinstance(draft, Panel)
    assert "+Be brief." in said(draft)
    assert "Why: shorter" in said(draft)
    again = await office.press(draft, "Edit…")
    assert isinstance(again, Form)
    assert "Be brief." in again.fields[0].values[0]
    tried = await office.presses(draft, "Try it")
    assert tried.title == "Tried: model answers, not saved yet"
    saved = await office.presses(tried, "Save")
    assert saved.notice == "Saved as version 2. Nobody gets it until it is rolled out or promoted."
    assert (await office.house.registry.standing(NAME)).versions[-1].message == "shorter"
    assert (await office.see(f"{base(1)}/save")).tone == "warn", "it is saved once"


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(office: Office) -> None:
    form = await office.form(f"{base(1)}/edit")
    one, two = "# system\n\nData stands between {{marker}}. {{question}}", "# user\n\n{{qestion}}\n\n{{#question}}"
    refused = await office.hand_in(form, text_1=one, text_2=two)
    assert isinstance(refused, Amiss)
    assert refused.problems == {
        "text_1": "Message 1: question may only stand in a user message.",
        "text_2": "Message 2: {{#question}} is never closed.",
    }
    assert [each.values for each in refused.form.fields][:2] == [(one,), (two,)]
    refused = await office.hand_in(form, text_1="# system\n\n{{marker}}", text_2="# user\n\n{{qestion}}")
    assert isinstance(refused, Amiss)
    assert "Message 2: qestion is not declared; did you mean question?" in refused.problems["text_2"]
    refused = await office.hand_in(form, text_1=as_text(OLD), message="x" * 501)
    assert isinstance(refused, Amiss)
    assert refused.problems == {"message": "At most 500 characters, not 501."}
    kept = await office.form(f"{base(1)}/edit")
    assert kept.fields[0].values == (as_text(OLD),)


async def test_what_changes_nothing_is_not_saved_and_a_draft_can_be_discarded(office: Office) -> None:
    same = await office.hand_in(f"{base(1)}/edit")
    assert isinstance(same, Panel)
    assert "nothing to save" in said(same)
    draft = await office.hand_in(f"{base(1)}/edit", text_2="Be brief.")
    assert isinstance(draft, Panel)
    gone = await office.presses(draft, "Discard")
    assert gone.notice == "Discarded; nothing was saved."
    assert (await office.see(f"{base(1)}/draft")).tone == "warn"


async def test_the_same_text_is_the_same_version(drafts: Office) -> None:
    draft = await drafts.hand_in(f"{base(1)}/edit", text_1=as_text(NEW))
    assert isinstance(draft, Panel)
    assert (
        await drafts.presses(draft, "Save")
    ).notice == "This is version 2 already: the same text is the same version."


async def test_a_draft_that_is_not_fit_any_more_says_so(office: Office) -> None:
    for text, words in (
        ("no role", "must begin with a line"),
        (as_text(OLD) + "{{questoin}}", "did you mean question?"),
    ):
        await office.house.admin.keep_draft("slack/T1/U1", FormDraft(f"{base(1)}/save", {"text": (text,)}), at=0.0)
        shown = await office.see(f"{base(1)}/draft")
        assert (shown.tone, words in said(shown)) == ("bad", True)
        assert list(gos(shown)) == ["Edit…", "Discard", "Back to the version"]
        assert (await office.see(f"{base(1)}/attempt")).tone == "warn"
        assert (await office.see(f"{base(1)}/save")).tone == "warn"


async def test_a_long_prompt_goes_through_a_file(office: Office) -> None:
    long = prompt(("system", "{{marker}} " + "x" * 4_000), ("user", "{{question}}"))
    await office.house.registry.create(long, by="ada", message="")
    shown = await office.see(f"{base(2)}/edit")
    assert (shown.title, list(gos(shown))) == ("Too long to edit here", ["Download", "Upload…", "Back to the version"])
    text = as_text(long).replace("xxxx", "yyyy", 1).encode()
    draft = await office.panels.submit(ADMIN, f"{base(2)}/upload", Filled({}, (Upload("new.md", text),)))
    assert isinstance(draft, Panel)
    await office.presses(draft, "Save")
    assert len((await office.house.registry.standing(NAME)).versions) == 3


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), "Choose a file."),
        ((Upload("a.md", b"\xff\xfe\x00"),), "not plain text in UTF-8"),
        ((Upload("a.md", b"x" * 60_001),), "The file has 60 kB"),
        ((Upload("a.md", b"hello"),), "The text must begin with a line"),
    ],
)
async def test_a_file_that_is_no_prompt_is_refused(office: Office, files: tuple[Upload, ...], words: str) -> None:
    assert (await office.form(f"{base(1)}/upload")).fields[0].kind == "file"
    refused = await office.panels.submit(ADMIN, f"{base(1)}/upload", Filled({}, files))
    assert isinstance(refused, Amiss)
    assert words in refused.problems["file"]


@given(
    st.lists(
        st.text("ab{}\n #", max_size=700)
        .map(lambda text: text.strip("\n"))
        .filter(lambda text: text.strip() and "\n\n" not in text),
        min_size=1,
        max_size=30,
    )
)
def test_a_text_is_cut_and_put_together_without_loss(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraph.strip() for paragraph in paragraphs) + "\n"
    cut = pieces(text)
    if cut is None:
        assert len(text) > 4 * 2_300
    else:
        assert 1 <= len(cut) <= 4
        assert all(len(piece) <= FIELD_CHARS for piece in cut)
        assert together([f" {piece}\n" for piece in [*cut, ""]]) == text


# Trying.


async def test_a_version_is_tried_by_whom_one_chooses(drafts: Office) -> None:
    form = await drafts.form(f"{base(2)}/try")
    assert [each.id for each in form.fields] == ["with"]
    shown = await drafts.panels.submit(ADMIN, form.path, Filled({"with": ("offline",)}))
    assert isinstance(shown, Panel)
    assert "offline checklist" in said(shown)
    assert "Nothing of this was kept." in said(shown)


async def test_what_came_out_of_shape_is_said(drafts: Office) -> None:
    drafts.house.model.answer = lambda _: " "
    shown = await drafts.hand_in(f"{base(2)}/try")
    assert isinstance(shown, Panel)
    assert (shown.tone, "did not keep to its shape" in said(shown)) == ("warn", True)


# Rolling out.


async def test_a_rollout_goes_from_a_tenth_to_everybody(drafts: Office) -> None:
    card = await drafts.hand_in(gos(await drafts.see(base(2)))["Roll out…"], share="10 %", reason="shorter")
    assert isinstance(card, Panel)
    assert card.notice.startswith("10 % of the people get it from now on.")
    [posted] = drafts.messages.panels
    assert (posted.title, posted.notice) == (card.title, "")
    for label in ("Raise to 25 %", "Raise to 50 %", "Raise to 100 %", "Hold", "Resume"):
        card = await drafts.presses(card, label)
    sure = await drafts.presses(card, "Promote")
    assert sure.title == "Put version 2 into production?"
    done = await drafts.presses(sure, "Promote")
    assert done.notice.startswith("Version 2 is in production.")
    assert (await drafts.house.registry.standing(NAME)).production == NEW.ref
    over = await drafts.presses(done, "Rollout")
    assert "It is over: promoted." in said(over)
    assert list(gos(over)) == ["Try another version", "Back to model answers"]
    back = await drafts.presses(done, "Roll back")
    assert back.notice.startswith("Rolled back: version 1 is in production again.")


@pytest.mark.parametrize(("share", "words"), [("150", "at most 100 %"), ("0", "more than 0"), ("lots", "is no share")])
async def test_a_share_that_is_none_is_said_at_its_field(drafts: Office, share: str, words: str) -> None:
    refused = await drafts.hand_in(gos(await drafts.see(base(2)))["Roll out…"], share=share)
    assert isinstance(refused, Amiss)
    assert words in refused.problems["share"]
    assert refused.form.fields[0].values == (share,)


async def test_rolling_back_is_one_press_and_can_be_undone(rollout: Office) -> None:
    card = await rollout.see(f"prompts/{NAME}/rollout")
    await rollout.presses(card, "Raise to 25 %")
    done = await rollout.presses(card, "Roll back")
    assert done.notice.startswith("Rolled back: everybody new gets version 1.")
    again = await rollout.press(done, "Open it again…")
    assert isinstance(again, Form)
    assert isinstance(await rollout.hand_in(again, share="5"), Panel)
    late = await rollout.presses(card, "Roll back")
    assert late.notice == "This rollout is over already; nothing was changed."
    assert (await rollout.house.registry.standing(NAME)).rollout is not None


async def test_of_two_admins_the_second_is_told_what_the_first_did(rollout: Office) -> None:
    card = await rollout.see(f"prompts/{NAME}/rollout")
    await rollout.presses(card, "Hold", actor=OTHER)
    for label in ("Raise to 25 %", "Hold", "Promote"):
        late = await rollout.presses(card, label)
        assert late.title == "Somebody was quicker"
        assert "Admin bbbbbb held" in said(late)
    form = await rollout.see(f"{base(3)}/rollout/2")
    assert form.title == "Somebody was quicker"


async def test_there_is_nothing_to_promote_in_a_rollout_that_is_over(rollout: Office) -> None:
    await rollout.presses(await rollout.see(f"prompts/{NAME}/rollout"), "Roll back")
    seen = (await rollout.house.registry.standing(NAME)).revision
    assert "It is over" in said(await rollout.see(f"prompts/{NAME}/rollout/promote/{seen}"))
    assert (await rollout.see(f"prompts/{NAME}/rollout/promote/yes/{seen}")).tone == "warn"


async def test_a_version_is_promoted_retired_and_labelled(drafts: Office) -> None:
    promoted = await drafts.presses(await drafts.see(base(2)), "Promote", "Promote")
    assert promoted.notice.startswith("Version 2 is in production.")
    retired = await drafts.presses(await drafts.see(base(3)), "Retire", "Retire")
    assert retired.notice.startswith("Version 3 is retired. Save it once more to have it back.")
    assert "Promote" not in gos(await drafts.see(base(3)))
    labelled = await drafts.hand_in(gos(await drafts.see(base(2)))["Label…"], label="Staging")
    assert isinstance(labelled, Panel)
    assert labelled.notice == "The label staging points to version 2 now."
    assert ("Label staging", "version 2") in labelled.parts[0].pairs  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_version_that_was_replaced_says_by_which(rollout: Office) -> None:
    await rollout.house.prompts.rollback(OPERATOR, NAME, evict=True)
    assert "version 2 is replaced by" in said(await rollout.see(f"prompts/{NAME}"))


# The card, the news and the menu.


async def test_the_card_shows_both_sides_with_what_they_rest_on(rollout: Office) -> None:
    standing = await rollout.house.registry.standing(NAME)
    assert standing.rollout is not None
    interviews = [replace(each, rollout=standing.rollout.id) for each in BETTER]
    comparison = compare(
        replace(standing.rollout, stages=(replace(standing.rollout.stage, share_bp=5_000),)), interviews, now=0.0
    )
    card = rollout_card(Looked(standing, comparison))
    [table] = [part for part in card.parts if isinstance(part, Table)]
    assert table.head == ("", "Candidate", "n", "Production", "n")
    assert table.rows[1][0] == "Satisfied, of those who rated"
    assert (card.tone, comparison.verdict.words in said(card)) == ("good", True)
    row = alert(Looked(standing, comparison))
    assert row is not None
    assert row.about == comparison.verdict.words


async def test_what_speaks_against_a_candidate_is_listed(rollout: Office) -> None:
    standing = await rollout.house.registry.standing(NAME)
    assert standing.rollout is not None
    comparison = compare(
        replace(standing.rollout, stages=(replace(standing.rollout.stage, share_bp=5_000),)),
        [replace(each, rollout=1) for each in UNEVEN],
        now=0.0,
    )
    assert "hold: " in said(rollout_card(Looked(standing, comparison)))


async def test_the_menu_tells_of_a_rollout_that_needs_somebody(rollout: Office) -> None:
    assert list(await rollout.pages.alerts(ADMIN)) == []
    assert list(await rollout.pages.alerts(VIEWER)) == []
    await rollout.house.prompts.hold(ADMIN, NAME)
    [row] = await rollout.pages.alerts(OTHER)
    assert row.title == "Rollout of model answers, on hold at 10 %"


async def test_news_says_what_was_done_and_leads_out_of_it(rollout: Office) -> None:
    registry = rollout.house.registry
    standing = await registry.change(
        NAME, Hold(), by="", reason="Scores are higher.", seen=(await registry.standing(NAME)).revision
    )
    assert standing.last is not None
    held = news_card(News(standing, standing.last))
    assert (held.title, held.parts[0]) == ("Held by itself: model answers, version 2", Words("Scores are higher."))
    assert (await rollout.presses(held, "Resume")).notice == "Resumed, with the very same people."
    await rollout.presses(held, "Roll back")
    after = await registry.standing(NAME)
    rolled = Change(NAME, "rolled back", NEW.ref, "", "It breaks.", 0.0)
    assert list(gos(news_card(News(after, rolled)))) == ["Look at it"]


async def test_every_path_fits_a_button(rollout: Office) -> None:
    async def paths() -> list[str]:
        panels = [
            await rollout.see(path) for path in ("prompts", f"prompts/{NAME}", f"prompts/{NAME}/rollout", base(3))
        ]
        return [path for panel in panels for path in gos(panel).values()]

    assert max(map(len, await paths())) + 6 <= PATH_CHARS
