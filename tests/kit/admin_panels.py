"""Panels and forms to look at and to test with, before and beside the real ones."""

from __future__ import annotations

from adapters.surface.choices import Option
from adapters.surface.panels import Field, Form, Go, Heading, Menu, Panel, Row, Words

MENU = Panel(
    "Rehearse for admins",
    (
        Words("You are an admin of this workspace."),
        Heading("Needs you"),
        Row("Cost", "82 % of today’s budget is used", Go("Look", "limits")),
        Heading("Everything"),
        Row("Interview types", "What people can practise: questions, criteria, who may use it", Go("Open", "types")),
        Row("People", "Who may look, coach and change things", Go("Open", "people")),
    ),
    tone="warn",
)

EVERY_KIND = Form(
    "sample/form",
    "Everything",
    (
        Field("line", "A line", "line", ("Now",), hint="In short", most=80),
        Field("text", "A text", "text", ("Two\nlines",), optional=True),
        Field("number", "A number", "number", ("3",), least=1, most=9),
        Field("one", "One of them", "choice", ("b",), options=(Option("a", "A"), Option("b", "B", "the second"))),
        Field("some", "Some of them", "choices", ("a", "b"), options=(Option("a", "A"), Option("b", "B"))),
        Field("people", "People", "people", ("U1ANN",), optional=True),
        Field("groups", "Groups", "groups", ("S1CREW",), optional=True),
        Field("channels", "Channels", "channels", optional=True),
        Field("file", "A file", "file", optional=True),
    ),
    intro="All that a form can hold.",
)

CHOICE = Menu("Channel", "sample/pick", (Option("a", "A"), Option("b", "B")), "b")
