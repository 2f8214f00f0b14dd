"""Cards, lists and forms as Discord shows them: pure functions to pages of Components V2, and modals.

`page` says what a page is, `words` and `parts` make its pieces. Nothing here knows when or where anything is posted.
"""

from typing import assert_never

from adapters.discord.render.feedback import feedback_pages, why_pages
from adapters.discord.render.forms import answer_form, forget_page, score_form, settings_page
from adapters.discord.render.help import help_page, notice_page, sentence
from adapters.discord.render.lists import history_pages, progress_pages
from adapters.discord.render.page import Attachment, Json, Page
from adapters.discord.render.question import answer_pages, hint_pages, model_answer_pages, question_pages
from adapters.discord.render.report import report_pages
from adapters.discord.render.start import (
    focus_of,
    intro_page,
    refused_page,
    scored_pages,
    settled_pick,
    start_form,
    start_page,
)
from adapters.discord.render.voice import (
    TRANSCRIPT_FILE,
    edited_transcript,
    transcript_of,
    voice_form,
    voice_page,
)
from engine.events import AnswerCard, Card, FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, ReportCard

__all__ = [
    "TRANSCRIPT_FILE", "Attachment", "Json", "Page", "answer_form", "answer_pages", "card_pages", "edited_transcript",
    "focus_of", "forget_page", "help_page", "history_pages", "intro_page", "notice_page", "progress_pages",
    "refused_page", "report_pages", "score_form", "scored_pages", "sentence", "settings_page", "settled_pick",
    "start_form", "start_page", "transcript_of", "voice_form", "voice_page", "why_pages",
]  # fmt: skip


def card_pages(card: Card, owner: str, *, live: bool = True, session: str = "") -> tuple[Page, ...]:
    """The pages of any card, growing or settled, with its buttons on the last; three at most. None for an answer: it
    stands there already (`answer_pages` shows one that does not).

    `owner` is whose buttons they are, `session` the interview's id, without which a report cannot be shared. Without
    `live`, feedback that grows says only that it does.
    """
    match card:
        case QuestionCard():
            return question_pages(card, owner)
        case AnswerCard():
            return ()
        case FeedbackCard():
            return feedback_pages(card, owner, live=live)
        case HintCard():
            return hint_pages(card)
        case ModelAnswerCard():
            return model_answer_pages(card)
        case ReportCard():
            return report_pages(card, session)
        case _:
            assert_never(card)
