"""One criterion of a review as blocks: its level as bar, number and word, what was said, the evidence, the fix, why."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack.render.blocks import fallback, line, pieces, quote, small, text
from adapters.slack.render.page import Json, Page, paged
from adapters.slack.render.prose import packed, stretched, styled
from adapters.surface.marks import level_bar, level_words, reason_words
from adapters.surface.words import one_line
from engine.events import SectionView


def why(section: SectionView) -> str:
    """Why this level and not the next one, by the anchors of the rubric."""
    reached = f"Reached: {section.anchor}" if section.anchor else ""
    ahead = f"Next, level {section.level + 1}" if section.level is not None else "Next"
    following = f"{ahead}: {section.next_anchor}" if section.next_anchor else ""
    return " → ".join(part for part in (reached, following) if part)


def section_blocks(section: SectionView) -> list[Json]:
    """Everything about a settled section; of an open one its words, never a number."""
    settled = section.state == "settled"
    heading = [text(section.title, bold=True), text(f" · {section.weight} %")]
    if settled:
        heading += [text(f"\n{level_bar(section.level)} "), text(level_words(section))]
    elif section.state == "growing":
        heading.append(text(" · writing…", italic=True))
    blocks = packed(_elements(line(*heading), section))
    if settled:
        blocks += small(reason_words(section), why(section))
    return blocks


def section_pages(section: SectionView) -> tuple[Page, ...]:
    """A settled section as messages of its own: one, within what the engine lets a model write."""
    said = fallback(f"{section.title}: {level_words(section)}", section.assessment)
    return paged(section_blocks(section), said)


def _elements(heading: Json, section: SectionView) -> Iterator[Json]:
    yield heading
    yield from stretched(section.assessment)
    for each in section.quotes:
        yield from (quote(f"“{piece}”") for piece in pieces(one_line(each)))
    for n, piece in enumerate(pieces(section.fix)):
        yield line(*([text("→ ", bold=True)] if n == 0 else []), *styled(piece))
