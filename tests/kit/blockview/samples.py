"""Messages and views to look at: an interview on system design from question to report, and what is around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters.slack.render import (
    Look,
    Page,
    card_pages,
    help_page,
    history_pages,
    home_view,
    progress_pages,
    root_page,
    score_form,
    start_form,
    stream_ending,
    stream_text,
    voice_page,
)
from engine.events import FeedbackCard, ReportCard
from engine.preferences import Preferences
from tests.kit.admin_panels import MENU
from tests.kit.blockview.page import Message, message_html, view_html
from tests.kit.samples import ANSWER, HINT, KIND, MODEL_ANSWER, TYPES, growing, question, report, sessions, settled

OWNER = "U024BE7LH"


def _pages(pages: Sequence[Page]) -> list[str]:
    return [message_html(Message(page.blocks)) for page in pages]


def _stream(card: FeedbackCard) -> list[str]:
    ending = stream_ending(card, OWNER) if card.state == "settled" else ()
    return [message_html(Message(markdown=stream_text(card), blocks=ending))]


def _question() -> list[str]:
    root = message_html(Message(root_page(KIND.title, "senior", 4).blocks, at="10:21"))
    return [root, *_pages(card_pages(question(), OWNER)), message_html(Message(text="hint", who="Mara", at="10:25")),
            message_html(Message(card_pages(HINT, OWNER)[0].blocks, at="10:25"))]  # fmt: skip


SAMPLES: Mapping[str, Callable[[], list[str]]] = {
    "question": _question,
    "feedback-growing": lambda: _pages(card_pages(growing(), OWNER)),
    "feedback-stream": lambda: _stream(growing()),
    "feedback-streamed": lambda: _stream(settled()),
    "feedback": lambda: _pages(card_pages(settled(), OWNER)),
    "report": lambda: _pages(card_pages(ReportCard(title=KIND.title, report=report()), OWNER)),
    "report-plain": lambda: _pages(
        card_pages(ReportCard(title=KIND.title, report=report()), OWNER, Look(charts=False, tables=False))
    ),
    "home": lambda: [view_html(home_view(TYPES, sessions(), Preferences()))],
    "home-new": lambda: [view_html(home_view(TYPES, [], Preferences(live=False, language="de")))],
    "home-admin": lambda: [view_html(home_view(TYPES, sessions()[-2:], Preferences(), admin=("admin", MENU)))],
    "start": lambda: [view_html(start_form(TYPES, type_id="system-design", role="senior"))],
    "score": lambda: [view_html(score_form(TYPES, ANSWER))],
    "voice": lambda: _pages([voice_page(ANSWER, OWNER, "F1", "1.2", engine="gpt-6-ear")]),
    "model-answer": lambda: [
        *_pages(card_pages(MODEL_ANSWER, OWNER)), message_html(Message(markdown=stream_text(MODEL_ANSWER))),
    ],
    "progress": lambda: _pages(progress_pages(sessions()[1:], Look())),
    "progress-plain": lambda: _pages(progress_pages(sessions()[1:], Look(charts=False))),
    "history": lambda: _pages(history_pages(sessions())),
    "help": lambda: _pages([help_page()]),
}  # fmt: skip
