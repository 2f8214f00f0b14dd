"""Cards and lists as Slack shows them: pure functions to pages, views and the Markdown of a stream.

`page` says what a page is, `blocks`, `prose`, `marks` and `figures` make its pieces. Nothing here knows when or where
anything is posted.
"""

from typing import assert_never

from adapters.slack.render.feedback import closing_pages, feedback_pages, section_page
from adapters.slack.render.feedback import stream_ending as feedback_ending
from adapters.slack.render.forms import forget_form, score_form, start_form
from adapters.slack.render.help import PROMPTS, PROMPTS_TITLE, help_page, notice_page
from adapters.slack.render.home import home_view
from adapters.slack.render.lists import history_pages, history_view
from adapters.slack.render.page import Json, Look, Page, Picture
from adapters.slack.render.progress import progress_pages
from adapters.slack.render.question import (
    hint_pages,
    model_answer_ending,
    model_answer_pages,
    question_pages,
    root_page,
)
from adapters.slack.render.report import report_pages
from adapters.slack.render.stream import STREAM_BYTES, settled_sections, stream_bytes, stream_text
from adapters.slack.render.voice import edited_transcript, transcript_of, voice_form, voice_page
from engine.events import AnswerCard, Card, FeedbackCard, HintCard, ModelAnswerCard, QuestionCard, ReportCard

__all__ = [
    "PROMPTS", "PROMPTS_TITLE", "STREAM_BYTES", "Json", "Look", "Page", "Picture", "card_pages", "closing_pages",
    "edited_transcript", "forget_form", "help_page", "history_pages", "history_view", "home_view", "notice_page",
    "progress_pages", "report_pages", "root_page", "score_form", "section_page", "settled_sections", "start_form",
    "stream_bytes", "stream_ending", "stream_text", "transcript_of", "voice_form", "voice_page",
]  # fmt: skip

_LOOK = Look()


def card_pages(card: Card, owner: str, look: Look = _LOOK, session: str = "") -> tuple[Page, ...]:
    """The pages of any card, growing or settled, with its buttons on the last. None for an answer: it stands there
    already. `owner` is whose buttons they are, `session` which interview's."""
    match card:
        case QuestionCard():
            return question_pages(card, owner)
        case AnswerCard():
            return ()
        case FeedbackCard():
            return feedback_pages(card, owner, look)
        case HintCard():
            return hint_pages(card)
        case ModelAnswerCard():
            return model_answer_pages(card)
        case ReportCard():
            return report_pages(card, look, session)
        case _:
            assert_never(card)


def stream_ending(card: FeedbackCard | ModelAnswerCard, owner: str, look: Look = _LOOK) -> tuple[Json, ...]:
    """The blocks that end a stream of `stream_text`, at most fifty."""
    if isinstance(card, ModelAnswerCard):
        return tuple(model_answer_ending(card))
    return feedback_ending(card, owner, look)
