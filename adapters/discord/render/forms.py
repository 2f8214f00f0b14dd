"""Answer in a form, have a message scored, delete everything, settings."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.discord.names import (
    ANSWER,
    EXPORT,
    FILES,
    FORGET,
    LANGUAGE,
    LIVE_OFF,
    LIVE_ON,
    QUESTION,
    ROLE,
    TYPE,
    answer_id,
    forget_id,
    score_form_id,
)
from adapters.discord.render.inputs import field, modal, typed, upload
from adapters.discord.render.page import Json, Page, paged
from adapters.discord.render.parts import BLURPLE, DANGER, PRIMARY, RED, button, row, select, text, texts
from adapters.discord.render.words import packed, prose, small
from adapters.surface.choices import fitting_role, languages, roles_of, types_of
from engine.interviews import GIVEN_CHARS, InterviewType
from engine.preferences import Preferences

ANSWER_FILES = 5
SETTINGS_TITLE = "Your settings"
DELETE_TITLE = "Delete my data"
IN_CHAT = "The question is too long for this form; it stands in the chat."


def answer_form(owner: str, channel: str, turn: int, *, question: str = "") -> Json:
    """The form to answer in. Nothing of it is remembered: its `custom_id` says what it answers."""
    asked = packed(prose(question))
    if len(asked) > 1:
        asked = [small(IN_CHAT)]
    return modal(answer_id(owner, channel, turn), "Your answer", [
        *texts(asked),
        field("Your answer", typed(ANSWER, long=True, required=False),
              "Up to 4,000 characters; send the form again to add more."),
        field("Files", upload(FILES, ANSWER_FILES), "Text or code files, or a recording of what you say."),
    ])  # fmt: skip


def score_form(
    types: Mapping[str, InterviewType], answer: str, channel: str, message: str, *, question: str = "",
    type_id: str = "", role: str = "",
) -> Json:  # fmt: skip
    """Which question a message answers, and how to look at it. The answer comes back with the form, since its message
    may not be readable later; a message holds at most what the field does."""
    kind = types.get(type_id) or next(iter(types.values()))
    return modal(score_form_id(channel, message), "Score this answer", [
        field("The answer", typed(ANSWER, answer, long=True)),
        field("Which question does it answer?", typed(QUESTION, question, most=GIVEN_CHARS, long=True, required=False,
                                                      placeholder="Paste or type the question")),
        field("Score it as", select(TYPE, types_of(types), kind.id)),
        field("Role level", select(ROLE, roles_of(list(types.values())), fitting_role(kind, role))),
    ])  # fmt: skip


def forget_page(owner: str) -> Page:
    """Asked before everything about a person is deleted."""
    contents = [
        f"### {DELETE_TITLE}\nThis deletes everything Rehearse keeps about you on Discord: your interviews with every "
        "answer, feedback and report, your scores and your settings. An interview that is open ends without a report. "
        "**It cannot be undone.**",
        small(
            "Messages that stand in Discord stay; you can delete your own there. You may want to export your data "
            "first."
        ),
    ]
    buttons = [
        button("Delete everything", forget_id("yes", owner), DANGER),
        button("Keep it", forget_id("no", owner)),
        button("Export my data", EXPORT),
    ]
    return paged(texts(contents), title=DELETE_TITLE, accent=RED, tail=[row(*buttons)])[0]


def settings_page(preferences: Preferences) -> Page:
    """What a person can set for themselves, and their data."""
    if preferences.live:
        live = "**Live feedback is on.** It is shown while it is written. With a screen reader you may prefer it off."
        toggle = button("Switch live feedback off", LIVE_OFF)
    else:
        live = "**Live feedback is off.** It comes once, when it is finished."
        toggle = button("Switch live feedback on", LIVE_ON, PRIMARY)
    options, chosen = languages(preferences.language)
    made = [
        text(f"### {SETTINGS_TITLE}\n{live}"),
        row(toggle),
        text("**Language** of questions and feedback, from the next interview on"),
        row(select(LANGUAGE, options, chosen)),
        text(
            "**Your data**\nIn direct messages nobody else sees your interviews. Export them, or delete them for good."
        ),
        row(button("Export my data", EXPORT), button("Delete my data…", FORGET, DANGER)),
    ]
    return paged(made, title=SETTINGS_TITLE, accent=BLURPLE)[0]
