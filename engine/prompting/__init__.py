"""Prompts as versioned data, and the requests made from them."""

from engine.prompting.prompt import Message, Prompt, Variable, lint
from engine.prompting.requests import build_request

__all__ = ["Message", "Prompt", "Variable", "build_request", "lint"]
