"""Messages and modals to look at: an interview on system design from question to report, and what is around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters.discord.names import Picked, thread_key
from adapters.discord.render import (
    answer_form,
    card_pages,
    forget_page,
    help_page,
    history_pages,
    intro_page,
    progress_pages,
    refused_page,
    score_form,
    scored_pages,
    settings_page,
    start_form,
    start_page,
    voice_form,
    voice_page,
    why_pages,
)
from engine.events import ReportCard
from engine.preferences import Preferences
from engine.session import Session
from tests.kit.cardview.page import message_html, modal_html, pages_html, said_html
from tests.kit.samples import (
    ANSWER,
    HINT,
    KIND,
    MODEL_ANSWER,
    QUESTION,
    TYPES,
    growing,
    question,
    report,
    settled,
)  # fmt: skip
from tests.kit.samples import sessions as some_sessions

OWNER = "204255221017214977"
CHANNEL = "1171155998112591923"
MESSAGE = "1171156220708565043"
PICKED = Picked("system-design", "senior", 0, 4)


def sessions() -> Sequence[Session]:
    """A person's interviews, newest first, one of them open."""
    mine = some_sessions()
    return [
        each.model_copy(update={"key": thread_key(CHANNEL, OWNER), "number": len(mine) - n})
        for n, each in enumerate(mine)
    ]


def long_feedback() -> Sequence[str]:
    card = settled()
    longer = tuple(
        each.model_copy(update={"assessment": f"{each.assessment} " * 6, "fix": f"{each.fix} " * 3})
        for each in card.sections
    )
    return pages_html(card_pages(card.model_copy(update={"sections": longer}), OWNER))


def very_long_feedback() -> Sequence[str]:
    card = settled()
    longer = tuple(each.model_copy(update={"assessment": f"{each.assessment} " * 20}) for each in card.sections)
    return pages_html(card_pages(card.model_copy(update={"sections": longer}), OWNER))


SAMPLES: Mapping[str, Callable[[], Sequence[str]]] = {
    "question": lambda: [
        message_html(intro_page(KIND.title, "senior", 4), at="10:21"),
        *pages_html(card_pages(question(), OWNER)), said_html("hint"),
        message_html(card_pages(HINT, OWNER)[0], at="10:25"),
    ],
    "feedback-growing": lambda: pages_html(card_pages(growing(), OWNER)),
    "feedback": lambda: pages_html(card_pages(settled(), OWNER)),
    "feedback-quiet": lambda: pages_html(card_pages(growing(), OWNER, live=False)),
    "feedback-long": long_feedback,
    "feedback-very-long": very_long_feedback,
    "why": lambda: pages_html(why_pages(settled().sections[2]), private=True),
    "report": lambda: pages_html(card_pages(ReportCard(title=KIND.title, report=report()), OWNER)),
    "model-answer": lambda: pages_html(card_pages(MODEL_ANSWER, OWNER)),
    "start": lambda: [message_html(start_page(TYPES, PICKED), private=True), modal_html(start_form(TYPES, PICKED))],
    "answer": lambda: [modal_html(answer_form(OWNER, CHANNEL, 2, question=QUESTION))],
    "score": lambda: [modal_html(score_form(TYPES, ANSWER, CHANNEL, MESSAGE)),
                      *pages_html(scored_pages(ANSWER, QUESTION))],
    "voice": lambda: [message_html(voice_page(ANSWER, OWNER, MESSAGE, engine="gpt-6-ear"))],
    "voice-long": lambda: [message_html(voice_page(f"{ANSWER}\n\n" * 12, OWNER, MESSAGE)),
                           modal_html(voice_form(f"{ANSWER} " * 12, OWNER, MESSAGE))],
    "refused": lambda: [message_html(refused_page(PICKED, focus="caching"), private=True)],
    "forms": lambda: [message_html(intro_page(KIND.title, "senior", 4, place="forms"), private=True),
                      message_html(intro_page(KIND.title, "senior", 4, place="thread", typed=False, report=report()))],
    "history": lambda: pages_html(history_pages(sessions())),
    "progress": lambda: pages_html(progress_pages(sessions()[1:])),
    "settings": lambda: [message_html(settings_page(Preferences(live=False, language="de")), private=True),
                         message_html(forget_page(OWNER), private=True)],
    "help": lambda: [message_html(help_page(), private=True)],
}  # fmt: skip
