"""Answers that fit what was asked: `plausible(schema, user_text)`.

A schema gets a JSON object with exactly its keys in its order; anything named `quotes` is made of literal substrings of
the last user message, so that quote checks pass. Without a schema the answer is a paragraph of prose. The same request
always gets the same answer.
"""

from __future__ import annotations

import json
import re
from typing import Any
from zlib import crc32

SENTENCES = (
    "You name the goal first and then walk through the steps in an order that is easy to follow.",
    "The trade-off is stated, but the numbers behind it are missing, so it is hard to judge the size of the win.",
    "Say how you would notice that it went wrong, and what you would do within the first ten minutes.",
    "The example is concrete and recent, which makes the claim believable.",
    "Compare at least one alternative and say why you did not choose it.",
    "You explain the read path well; the write path gets one sentence and deserves three.",
    "Close with the result: what changed, by how much, and how you know.",
    "Naïve retries would make the overload worse – mention back-off and a budget.",
)
QUESTIONS = (
    "How would you find out which of the two services makes the requests slow, and what would you do first?",
    "Tell me about a time when you had to change your mind in the middle of a project. What made you do it?",
    "How would you design a service that shortens links and survives the loss of one data centre?",
    "Given a stream of timestamps, how would you count the events of the last five minutes with little memory?",
)


def plausible(schema: dict[str, Any] | None, user_text: str) -> str:
    """An answer that keeps to the schema, as text."""
    if schema is None:
        return _prose("", user_text, 3)
    return json.dumps(_value(schema, schema, "", user_text), ensure_ascii=False, indent=1)


def _value(schema: dict[str, Any], root: dict[str, Any], name: str, said: str) -> Any:
    if "$ref" in schema:
        target: Any = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return _value(target, root, name, said)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        solid = [option for option in options if option.get("type") != "null"]
        return _value((solid or options)[0], root, name, said)
    if "const" in schema:
        return schema["const"]
    if values := schema.get("enum"):
        solid = [value for value in values if value is not None] or values
        return solid[_dice(name, said) % len(solid)]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    match kind:
        case "object":
            return {key: _value(part, root, key, said) for key, part in schema.get("properties", {}).items()}
        case "array":
            return _array(schema, root, name, said)
        case "integer" | "number":
            low = schema.get("minimum", 0)
            high = schema.get("maximum", low + 4)
            return low + _dice(name, said) % (int(high - low) + 1)
        case "boolean":
            return bool(_dice(name, said) % 2)
        case "null":
            return None
        case _:
            return _text(schema, name, said)


def _array(schema: dict[str, Any], root: dict[str, Any], name: str, said: str) -> list[Any]:
    low, high = schema.get("minItems", 0), schema.get("maxItems", 5)
    n = max(low, min(high, 2))
    if name == "quotes":
        return quotes(said, n)
    items = schema.get("items", {"type": "string"})
    return [_value(items, root, f"{name}{at}", said) for at in range(n)]


def _text(schema: dict[str, Any], name: str, said: str) -> str:
    if "quote" in name:
        return next(iter(quotes(said, 1)), "")
    if "question" in name or "drill" in name:
        text = QUESTIONS[_dice(name, said) % len(QUESTIONS)]
    else:
        text = _prose(name, said, 1 if name in ("headline", "topic", "title", "summary") else 2)
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), ".")


def quotes(said: str, n: int) -> list[str]:
    """Up to `n` literal pieces of what was said, from the lines that look most like somebody talking.

    Where the message fences its parts (`[begin … marker]`, `[end … marker]`), the answer's part is taken, or the last.
    """
    parts = re.findall(r"^\[begin ([^\]\n]*)\]\n(.*?)\n\[end ", said, re.MULTILINE | re.DOTALL)
    said = next((text for title, text in reversed(parts) if "answer" in title), parts[-1][1] if parts else said)
    lines = [line.strip() for line in said.splitlines()]
    talk = [line for line in lines if re.fullmatch(r"[\w'\"“(][^<>{}\[\]=#|`]*", line) and len(line.split()) >= 3]
    talk = sorted(talk or [line for line in lines if line], key=len, reverse=True)
    pieces = [" ".join(line.split(" ")[:9]) for line in talk]
    return [piece for piece in pieces if piece in said][:n]


def _prose(name: str, said: str, n: int) -> str:
    first = _dice(name, said)
    return " ".join(SENTENCES[(first + at) % len(SENTENCES)] for at in range(n))


def _dice(name: str, said: str) -> int:
    return crc32(f"{name}\0{said}".encode("utf-8", "replace"))
