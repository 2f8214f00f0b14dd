"""A transcript waits in its own message: what was shown is what is read back, after a restart as well."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.names import VOICE_AGAIN, VOICE_DISCARD, VOICE_EDIT, VOICE_USE
from adapters.slack.render import edited_transcript, transcript_of, voice_form, voice_page
from adapters.slack.render.inputs import FIELD
from adapters.slack.render.voice import TOO_LONG
from adapters.surface.transcripts import transcript_shown
from tests.adapters.slack.rendering.reading import blocks_of
from tests.kit.cards import words
from tests.kit.samples import ANSWER
from tests.wire.slack.blocks import validate_message, validate_view

TEXTS = words(6_000) | st.builds(lambda text, n: text * n, st.text(max_size=20), st.sampled_from((1, 90, 300)))
some = settings(max_examples=40, deadline=None)


@given(TEXTS)
@some
def test_the_transcript_is_shown_in_full_and_read_back_from_the_message(transcript: str) -> None:
    page = voice_page(transcript, "U1", "F1", "1.2")
    assert validate_message(list(page.blocks)) == []
    assert transcript_shown(transcript).startswith(transcript_of(page.blocks))
    assert transcript_of(page.blocks) == transcript_shown(transcript) or TOO_LONG in str(page.blocks)


@given(TEXTS)
@some
def test_a_transcript_that_nobody_changes_comes_back_from_the_form_as_it_was(transcript: str) -> None:
    view = voice_form(transcript, "{}")
    assert validate_view(view) == []
    values = {block["block_id"]: {FIELD: {"value": block["element"].get("initial_value")}} for block in blocks_of(view)}
    assert edited_transcript(dict(reversed(values.items()))) == transcript_shown(transcript)


def test_ten_minutes_of_speech_are_shown_in_full_and_what_no_message_holds_is_said_to_be_left_out() -> None:
    spoken = ("and so I asked " * 700)[:10_000].strip()
    assert transcript_of(voice_page(spoken, "U1", "F1", "1.2").blocks) == spoken
    longer = voice_page(spoken * 2, "U1", "F1", "1.2")
    assert TOO_LONG in str(longer.blocks)
    assert validate_message(list(longer.blocks)) == []


def test_what_is_typed_into_the_form_is_the_answer() -> None:
    assert edited_transcript({"voice.text.0.x": {FIELD: {"value": " Changed. "}}, "other": {}}) == "Changed."


def test_emoji_that_slack_hands_back_as_elements_are_read_as_characters() -> None:
    parts = [
        {"type": "text", "text": "Shipped it "}, {"type": "emoji", "name": "tada", "unicode": "1f389"},
        {"type": "link", "url": "https://x.example"}, {"type": "emoji", "name": "ours"},
        {"type": "user", "user_id": "U1"},
    ]  # fmt: skip
    quote = {"type": "rich_text_quote", "elements": parts}
    block = {"type": "rich_text", "block_id": "voice.text.0.x", "elements": [quote]}
    assert transcript_of([{"type": "divider"}, block]) == "Shipped it 🎉https://x.example:ours:"


def test_the_buttons_say_whose_clip_it_is_and_where_it_stands() -> None:
    buttons = blocks_of(voice_page(ANSWER, "U1", "F1", "1.2"))[-1]["elements"]
    assert [each["action_id"] for each in buttons] == [VOICE_USE, VOICE_EDIT, VOICE_AGAIN, VOICE_DISCARD]
    assert {each["value"] for each in buttons} == {"U1|F1|1.2"}


def test_silence_can_only_be_recorded_again_or_thrown_away() -> None:
    page = voice_page(" ", "U1", "F1", "1.2")
    assert [each["action_id"] for each in blocks_of(page)[-1]["elements"]] == [VOICE_AGAIN, VOICE_DISCARD]
    assert transcript_of(page.blocks) == ""
