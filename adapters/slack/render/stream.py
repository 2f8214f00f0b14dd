"""The text of a native stream: standard Markdown that is only ever added to.

So what could still change is held back: the last, half-written word, what may turn out to be a link, and whatever comes
after a part that is not final. A level stands below its section's words, and the fixes below all sections, because the
fourth may take the place of the first. Only when a model is replaced in the middle of a sentence, or writes sections
out of order or anew, can an earlier text be no prefix of a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.markdown import JOINER, held, literal, plain, stretches
from adapters.slack.render.criterion import why
from adapters.surface.cards import closing_texts, model_answer_name
from adapters.surface.marks import level_bar, level_words, reason_words
from adapters.surface.words import one_line
from engine.events import FeedbackCard, ModelAnswerCard, SectionView
from engine.feedback.reader import READING
from engine.feedback.sections import NO_LEVEL

STREAM_BYTES = 10_000
"""What one stream holds, at a careful estimate: Slack ends it with `msg_too_long` somewhere above (not documented)."""

_UNSURE_LINE = re.compile(r"(?:^|(?<=\n)) {0,3}[`~][^\n]*$")
"""A last line that may become a fence."""


def stream_bytes(markdown: str) -> int:
    """How much of a stream's room the text takes."""
    return len(markdown.encode("utf-8", "replace"))


def stream_text(card: FeedbackCard | ModelAnswerCard, *, whole: bool = True) -> str:
    """All that can be said for good, as Markdown.

    A feedback card knows whether it is whole. A model answer does not: of one that still grows (`whole=False`) the last
    words are held back, and so every text is a prefix of the later ones.
    """
    if isinstance(card, ModelAnswerCard):
        return _model_answer(card, whole=whole)
    return "\n\n".join(_parts(card))


def settled_sections(card: FeedbackCard) -> tuple[int, ...]:
    """The criteria, by index, that a growing card will say nothing else about, but for a fix it may take back."""
    return tuple(index for index, section in enumerate(card.sections) if _final(section, card))


def _parts(card: FeedbackCard) -> Iterator[str]:
    growing = card.state == "growing"
    yield "**Feedback**" if card.attempt == 1 else f"**Feedback, attempt {card.attempt}**"
    begun = any(section.state != "waiting" for section in card.sections)
    if card.headline:
        # As long as nothing has settled, the headline is what is being written.
        yield from _some(literal(card.headline if begun or card.status != READING else held(card.headline)))
    if growing and not (card.headline and begun):
        return
    for section in card.sections:
        if not _final(section, card):
            yield from _open(section)
            return
        yield _section(section)
    yield from _closing(card)


def _final(section: SectionView, card: FeedbackCard) -> bool:
    # A section without a usable level or without words may be asked for once more.
    usable = section.state == "settled" and section.reason != NO_LEVEL and section.assessment != ""
    return usable or card.state == "settled"


def _heading(section: SectionView) -> str:
    return f"**{literal(section.title)}** · {section.weight} %"


def _open(section: SectionView) -> Iterator[str]:
    """The words of a section that is being written; its quotes may still be found wanting, its level may change."""
    words = section.assessment.strip()
    if section.state == "growing":
        words = held(words)
    if words:
        yield f"{_heading(section)}  \n{literal(words)}"


def _section(section: SectionView) -> str:
    if section.state != "settled":
        return f"{_heading(section)}  \nNot looked at."
    quotes = "  \n".join(f"> “{literal(one_line(plain(quote)))}”" for quote in section.quotes if quote.strip())
    level = f"{level_bar(section.level)} **{level_words(section)}**"
    below = (level, literal(reason_words(section)), _slanted(why(section)))
    words = f"{_heading(section)}  \n{literal(section.assessment.strip())}".rstrip()
    return "\n\n".join(part for part in (words, quotes, "  \n".join(line for line in below if line)) if part)


def _slanted(words: str) -> str:
    return f"_{literal(one_line(words))}_" if words.strip() else ""


def _closing(card: FeedbackCard) -> Iterator[str]:
    fixes = [section for section in card.sections if section.fix.strip()]
    if fixes:
        lines = (f"→ {literal(section.title)}: {literal(section.fix.strip())}" for section in fixes)
        yield "  \n".join(("**To work on**", *lines))
    texts = closing_texts(card)
    if card.state == "settled":
        yield from (f"**{name}**  \n{literal(words.strip())}" for name, words in texts if words.strip())
        return
    sure = [held(words.lstrip()) for _, words in texts]
    last = max((n for n, words in enumerate(sure) if words), default=-1)
    for n, (name, words) in enumerate(texts[: last + 1]):
        if not words.strip():
            return  # it may be wanting, and be asked for once more
        # Once the next has begun, a text is whole.
        yield f"**{name}**  \n{literal(sure[n] if n == last else words.strip())}"


def _model_answer(card: ModelAnswerCard, *, whole: bool) -> str:
    words = plain(card.text) if whole else _UNSURE_LINE.sub("", plain(card.text))
    parts = [f"**{model_answer_name(card)}**"]
    found = list(stretches(words))
    for n, stretch in enumerate(found):
        growing = not whole and n == len(found) - 1
        if stretch.code:
            parts.append(_code(stretch.text, stretch.language, closed=whole or not stretch.open))
        else:
            parts += _some(literal(held(stretch.text) if growing else stretch.text))
    return "\n\n".join(parts)


def _code(words: str, language: str, *, closed: bool) -> str:
    begun = f"```{language}\n"
    words = words if closed else words.rpartition("\n")[0]
    # Fences inside came between longer ones; here every fence is three letters long.
    return begun + words.replace("```", f"``{JOINER}`") + ("\n```" if closed else "")


def _some(words: str) -> tuple[str, ...]:
    return (words,) if words else ()
