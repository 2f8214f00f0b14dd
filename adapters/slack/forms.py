"""Forms that people fill in: start an interview, score a message, delete everything. They open at once.

A submission is judged while the form waits, so that what is wrong with it stands beside the field; the work itself is
handed back to be done, and everything it needs came with the form: nothing is remembered in between.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress

from adapters.owned import stored
from adapters.slack.names import FORGET_FORM, SCORE_FORM, START_FORM, VOICE_FORM
from adapters.slack.render import Json, forget_form, score_form, start_form
from adapters.slack.render.forms import (
    FOCUS,
    FOCUS_CHARS,
    LANGUAGE,
    LEVEL,
    QUESTION,
    QUESTIONS,
    ROLE,
    SURE,
    SURE_VALUE,
    TYPE,
)
from adapters.slack.render.inputs import LANGUAGES
from adapters.slack.render.voice import TEXT, transcript_of
from adapters.slack.replies import Replies
from adapters.slack.seen import Called, Place, Submitted
from adapters.slack.sentences import NO_QUESTION, NOTHING_TO_SCORE, message_view, scored_message, sentence
from adapters.slack.starts import QUESTIONS_MOST, REFUSED, Order, Starts, Types, number, person_key
from adapters.slack.words import only_emoji, plain
from adapters.surface.wishes import ROLE_WORDS
from engine.desk import Desk
from engine.interviews import GIVEN_CHARS, HIGHEST_LEVEL

Work = Coroutine[object, object, None]
Answer = tuple[Json, Work | None]
"""What the form is told (nothing: close), and what is to be done."""


class Forms:
    """`voiced` takes a corrected transcript, `forget` deletes everything about a person."""

    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, voiced: Callable[[Submitted], Work],
        forget: Callable[[Place], Work],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._voiced = voiced
        self._forget = forget

    async def start(self, place: Place, trigger: str, order: Order | None = None) -> None:
        """Open the form for an interview."""
        language = (await stored(lambda: self._desk.preferences(person_key(place)))).language
        types = await self._starts.offered(place)
        chosen = order or Order("")
        form = start_form(
            types, type_id=chosen.type_id, role=chosen.role, questions=chosen.questions, level=chosen.level,
            language=language, metadata=place.channel,
        )  # fmt: skip
        await self._replies.open_view(place.team, trigger, form)

    async def score(self, called: Called) -> None:
        """Open the form for a message that is to be scored."""
        message = called.message
        text = plain(message.text).strip() if message is not None else ""
        if message is None or only_emoji(text) or not any(letter.isalnum() for letter in text):
            await self._replies.whisper(called.place, sentence(NOTHING_TO_SCORE), called.respond)
            return
        kept = "|".join((called.place.channel, message.ts, message.user))
        types = await self._starts.offered(called.place)
        await self._replies.open_view(called.place.team, called.trigger, score_form(types, text, metadata=kept))

    async def forget(self, place: Place, trigger: str) -> None:
        """Ask before everything is deleted."""
        await self._replies.open_view(place.team, trigger, forget_form())

    async def submitted(self, submitted: Submitted) -> Answer:
        match submitted.form:
            case form if form == START_FORM:
                return self._started(submitted, await self._starts.offered(_asked_in(submitted)))
            case form if form == SCORE_FORM:
                return self._scored(submitted, await self._starts.offered(_asked_in(submitted)))
            case form if form == FORGET_FORM:
                if SURE_VALUE not in submitted.fields.get(SURE, ""):
                    return _wrong({SURE: "Tick the box to delete everything, or cancel."}), None
                return {}, self._forget(submitted.place)
            case form if form == VOICE_FORM:
                return {}, self._voiced(submitted)
            case _:
                return {}, None

    def _started(self, submitted: Submitted, types: Types) -> Answer:
        fields = submitted.fields
        order, wrong = _chosen(fields, types)
        questions = number(fields.get(QUESTIONS, "").strip(), QUESTIONS_MOST)
        if questions is None:
            wrong[QUESTIONS] = f"A number from 1 to {QUESTIONS_MOST}, please."
        focus = fields.get(FOCUS, "").strip()
        if len(focus) > FOCUS_CHARS:
            wrong[FOCUS] = f"{FOCUS_CHARS} characters at most, please."
        if order is None or wrong:
            return _wrong(wrong), None
        level, language = number(fields.get(LEVEL, ""), HIGHEST_LEVEL), fields.get(LANGUAGE, "")
        known = language if language in LANGUAGES else ""
        whole = Order(order.type_id, order.role, level, questions, focus, known)
        return {}, self._begin(submitted, whole)

    async def _begin(self, submitted: Submitted, order: Order) -> None:
        with suppress(*REFUSED):  # the root of the thread says so
            await self._starts.in_direct_message(_asked_in(submitted), order, submitted.view)

    def _scored(self, submitted: Submitted, types: Types) -> Answer:
        order, wrong = _chosen(submitted.fields, types)
        question = submitted.fields.get(QUESTION, "").strip()
        if len(question) > GIVEN_CHARS:
            wrong[QUESTION] = f"{GIVEN_CHARS:,} characters at most, please."
        if order is None or wrong:
            return _wrong(wrong), None
        answer = quoted(submitted.blocks)
        if not answer.strip():
            return {"response_action": "update", "view": message_view("Score this answer", NOTHING_TO_SCORE)}, None
        whole = Order(order.type_id, order.role, question=question or NO_QUESTION, answer=answer)
        return {}, self._score(submitted, whole)

    async def _score(self, submitted: Submitted, order: Order) -> None:
        """Feedback in private, in a thread of the direct message whose root quotes what is looked at."""
        place = submitted.place
        channel, ts, author = [*submitted.kept.split("|"), "", "", ""][:3]
        link = await self._replies.link(place.team, channel, ts) if ts else ""
        root = scored_message(order.answer, author or place.user, link)
        with suppress(*REFUSED):
            await self._starts.in_direct_message(_asked_in(submitted), order, submitted.view, root)


def _chosen(fields: Mapping[str, str], types: Types) -> tuple[Order | None, dict[str, str]]:
    """The type and role level that were chosen, and what is wrong with them by field."""
    kind = types.get(fields.get(TYPE, ""))
    if kind is None:
        return None, {TYPE: "This type is not there any more. Choose another one."}
    role = ROLE_WORDS.get(fields.get(ROLE, ""))
    if role is None or role not in kind.roles:
        return None, {ROLE: f"{kind.title} is made for: {', '.join(kind.roles)}."}
    return Order(kind.id, role), {}


def _asked_in(submitted: Submitted) -> Place:
    """Where the form was asked for, which it was given to keep."""
    place = submitted.place
    return Place(place.team, submitted.kept.partition("|")[0], place.user)


def quoted(blocks: tuple[Mapping[str, object], ...]) -> str:
    """The message that a form shows, read off its quotes as a transcript is read off its own."""
    shown = [block for block in blocks if "rich_text_quote" in str(block.get("elements"))]
    return transcript_of([dict(block) | {"block_id": f"{TEXT}{n}.n"} for n, block in enumerate(shown)])


def _wrong(errors: Mapping[str, str]) -> Json:
    return {"response_action": "errors", "errors": dict(errors)}
