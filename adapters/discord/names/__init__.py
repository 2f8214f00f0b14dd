"""The names both halves of the Discord adapter agree on: what is rendered carries them, what is parsed is told by them.

A `custom_id` holds 100 characters, and all that is needed to understand a press after a restart: what it does, whose it
is, which turn it stood on. A part may hold no colon, except where it is the last or the parts around it are counted
from both ends. Users and channels are Discord's ids of at most 20 digits. What reads a `custom_id` says `None` when it
is none of ours.
"""

from adapters.discord.names.around import (
    ANSWER,
    EXPORT,
    FILES,
    FOCUS,
    FORGET,
    HISTORY,
    LANGUAGE,
    LEVEL,
    LIVE_OFF,
    LIVE_ON,
    OWN,
    PROGRESS,
    QUESTION,
    QUESTIONS,
    ROLE,
    SETTINGS,
    START,
    START_FORM,
    TYPE,
    Sure,
    forget_id,
    read_forget,
    read_report,
    read_resume,
    read_score_form,
    report_id,
    resume_id,
    score_form_id,
)
from adapters.discord.names.panels import Led, panel_id, read_panel
from adapters.discord.names.picker import PickAct, Picked, PlaceAct, pick_id, place_id, read_pick, read_place
from adapters.discord.names.place import COMMAND, FORMS, PLATFORM, by_forms, channel_of, thread_key
from adapters.discord.names.turns import (
    VoiceAct,
    answer_id,
    form_id,
    menu_id,
    press_id,
    read_answer,
    read_form,
    read_menu,
    read_press,
    read_voice,
    read_voice_form,
    read_why,
    voice_form_id,
    voice_id,
    why_id,
)

CUSTOM_ID_CHARS = 100

__all__ = [
    "ANSWER", "COMMAND", "CUSTOM_ID_CHARS", "EXPORT", "FILES", "FOCUS", "FORGET", "FORMS", "HISTORY", "LANGUAGE",
    "LEVEL", "LIVE_OFF", "LIVE_ON", "OWN", "PLATFORM", "PROGRESS", "QUESTION", "QUESTIONS", "ROLE", "SETTINGS", "START",
    "START_FORM", "TYPE", "Led", "PickAct", "Picked", "PlaceAct", "Sure", "VoiceAct", "answer_id", "by_forms",
    "channel_of", "forget_id", "form_id", "menu_id", "panel_id", "pick_id", "place_id", "press_id", "read_answer",
    "read_forget", "read_form", "read_menu", "read_panel", "read_pick", "read_place", "read_press", "read_report",
    "read_resume", "read_score_form", "read_voice", "read_voice_form", "read_why", "report_id", "resume_id",
    "score_form_id", "thread_key", "voice_form_id", "voice_id", "why_id",
]  # fmt: skip
