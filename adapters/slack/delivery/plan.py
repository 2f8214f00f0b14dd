"""The next write of a post: the first difference between what it should be and what is known to stand there. Pure.

A native stream can only be added to. When what it should say is no continuation of what it says (`sent`, `None` when
nobody knows), it is stopped as it is, and the same message is edited from then on.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack.delivery.handle import Handle, digest
from adapters.slack.delivery.layout import (
    Shown,
    cuts_of,
    flow_pages,
    group_page,
    halves,
    next_group,
    pages_of,
    plain_pages,
)
from adapters.slack.render import Json, Look, Page, stream_ending, stream_text
from engine.events import FeedbackCard, ModelAnswerCard


@dataclass(frozen=True, slots=True)
class Create:
    """Post a message, which will be the last one; `group` are the sections it is for."""

    page: Page
    digest: str
    group: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    index: int
    page: Page
    digest: str


@dataclass(frozen=True, slots=True)
class Remove:
    index: int


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a native stream with this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Append:
    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End the stream. With `cut`, the text goes on from there in a next message; with `spoilt`, it has to be edited."""

    text: str
    ending: tuple[Json, ...] = ()
    digests: tuple[str, ...] = ()
    cut: int = 0
    spoilt: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """The pictures of a workspace that shows no charts."""

    page: Page


@dataclass(frozen=True, slots=True)
class LookUp:
    """See whether the message that was to be posted is there."""


Op = Create | Update | Remove | Start | Append | Stop | Upload | LookUp


@dataclass(frozen=True, slots=True)
class Draft:
    """The newest snapshot of a post. `plain` and `splits` say how much the workspace refused of it."""

    shown: Shown
    settled: bool
    plain: bool = False
    splits: int = 0
    roll: bool = False
    """Go on in a next message, whatever room there is in this one."""
    leave: bool = False
    """End the stream as it is; the rest is shown another time."""
    stoppable: bool = True
    """Whether a stream can be stopped just now; if not, its last words are appended, and it is stopped later."""
    session: str = ""
    """The id of the interview that it is part of."""


def next_op(draft: Draft, handle: Handle, sent: str | None, owner: str, look: Look) -> Op | None:
    """What to write next; `None` when all of it is shown. `handle.sink` says how, and must be decided."""
    if handle.intent:
        return LookUp()
    if handle.live:
        return _streamed(draft, handle, sent, owner, look)
    if draft.leave:
        return None
    shown = draft.shown
    if handle.sink == "stream" and not handle.ts and isinstance(shown, FeedbackCard | ModelAnswerCard):
        text = stream_text(shown, whole=draft.settled)
        return Start(text[: (*cuts_of(text, ())[1:2], len(text))[0]])
    if handle.sink == "sections" and not draft.settled and isinstance(shown, FeedbackCard):
        group = next_group(shown, handle)
        return Create(page := group_page(shown, group, first=not handle.groups), digest(page), group) if group else None
    return _difference(draft, handle, owner, look)


def _streamed(draft: Draft, handle: Handle, sent: str | None, owner: str, look: Look) -> Op | None:
    card = draft.shown
    if sent is None or not isinstance(card, FeedbackCard | ModelAnswerCard) or draft.leave or draft.plain:
        return Stop("", spoilt=True)
    text = stream_text(card, whole=draft.settled)
    if not text.startswith(sent):
        return Stop("", spoilt=True)
    cuts = cuts_of(text, handle.cuts)
    end = max(cuts[len(handle.cuts)], len(sent)) if len(cuts) > len(handle.cuts) else len(text)
    if draft.roll:
        end = len(sent)
    more = text[len(sent) : end]
    if end < len(text) or (draft.roll and not draft.settled):
        cuts = (*handle.cuts, end)
        pages = flow_pages(card, cuts, owner, look, whole=False)
        return Stop(more, digests=tuple(digest(page) for page in pages[: len(handle.ts)]), cut=end)
    if draft.settled and (draft.stoppable or not more):
        pages = flow_pages(card, handle.cuts, owner, look, whole=True)
        return Stop(more, stream_ending(card, owner, look), tuple(digest(page) for page in pages))
    return Append(more) if more else None


def _difference(draft: Draft, handle: Handle, owner: str, look: Look) -> Op | None:
    pages = desired(draft, handle, owner, look)
    for index, page in enumerate(pages):
        mark = digest(page)
        if index >= len(handle.ts):
            return Create(page, mark)
        if handle.shown[index] != mark:
            return Update(index, page, mark)
    if not draft.settled:
        return None
    if len(handle.ts) > len(pages) > 0:
        return Remove(len(handle.ts) - 1)
    illustrated = next((page for page in pages if page.files), None)
    return Upload(illustrated) if illustrated is not None and not handle.files else None


def desired(draft: Draft, handle: Handle, owner: str, look: Look) -> tuple[Page, ...]:
    """Every message of the post as it should be."""
    pages = pages_of(draft.shown, handle, owner, look, whole=draft.settled, session=draft.session)
    if draft.plain:
        pages = plain_pages(draft.shown, pages)
    for _ in range(draft.splits):
        pages = tuple(half for page in pages for half in halves(page))
    return pages
