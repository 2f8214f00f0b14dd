"""Prompts as versioned data, the requests made from them, and what admins may do to them."""

from engine.prompting.changes import Act, Close, Hold, Move, Open, Promote, Raise, Resume, Retire, RollBack, decide
from engine.prompting.drafting import Draft, as_text, difference, drafted, problems
from engine.prompting.prompt import MessageTemplate, Prompt, Variable, lint
from engine.prompting.requests import build_request
from engine.prompting.standing import PRODUCTION, Change, Standing, Version
from engine.prompting.store import PromptRegistry, PromptStore

__all__ = [
    "PRODUCTION",
    "Act",
    "Change",
    "Close",
    "Draft",
    "Hold",
    "MessageTemplate",
    "Move",
    "Open",
    "Promote",
    "Prompt",
    "PromptRegistry",
    "PromptStore",
    "Raise",
    "Resume",
    "Retire",
    "RollBack",
    "Standing",
    "Variable",
    "Version",
    "as_text",
    "build_request",
    "decide",
    "difference",
    "drafted",
    "lint",
    "problems",
]
