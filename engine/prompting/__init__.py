"""Prompts as versioned data, and the requests made from them."""

from engine.prompting.prompt import MessageTemplate, Prompt, Variable, lint
from engine.prompting.requests import build_request
from engine.prompting.store import PromptStore

__all__ = ["MessageTemplate", "Prompt", "PromptStore", "Variable", "build_request", "lint"]
