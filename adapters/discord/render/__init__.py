"""Cards, lists and forms as Discord shows them: pure functions to pages of Components V2, and modals.

`page` says what a page is, `words` and `parts` make its pieces. Nothing here knows when or where anything is posted.
"""

from typing import assert_never

from adapters.discord.render.feedback import feedback_pages, why_pages
from adapters.discord.render.page import Attachment, Json, Page
from adapters.discord.render.question import answer_pages, hint_pages, model_answer_pages, question_pages
from adapters.discord.render.report import report_pages
from engine.events import AnswerCard, Card, FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, ReportCard

__all__ = ["Attachment", "Json", "Page", "answer_pages", "card_pages", "why_pages"]


def card_pages(card: Card, owner: str, *, live: bool = True) -> tuple[Page, ...]:
    """The pages of any card, growing or settled, with its buttons on the last; three at most. None for an answer: it
    stands there already (`answer_pages` shows one that does not).

    `owner` is whose buttons they are. Without `live`, feedback that grows says only that it does.
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
            return report_pages(card)
        case _:
            assert_never(card)
