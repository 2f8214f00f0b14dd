"""One component as HTML, and a modal."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tests.kit.cardview.markdown import html, tree

Json = dict[str, Any]
Files = Mapping[str, bytes]
"""Attached files by name."""

STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary"}


def parts_html(components: Sequence[Any], files: Files) -> str:
    return "".join(part_html(each, files) for each in components)


def part_html(part: Json, files: Files) -> str:
    match part["type"]:
        case 1:
            return f'<div class="row">{parts_html(part["components"], files)}</div>'
        case 2:
            return _button(part)
        case 3:
            return _menu(part)
        case 5 | 6 | 8 as kind:
            return _people(part, kind)
        case 9:
            words = parts_html(part["components"], files)
            return f'<div class="section"><div class="words">{words}</div>{part_html(part["accessory"], files)}</div>'
        case 10:
            return f'<div class="text">{html(tree(part["content"]))}</div>'
        case 12:
            return "".join(_picture(item, files) for item in part["items"])
        case 13:
            name = str(part["file"]["url"]).removeprefix("attachment://")
            return f'<div class="file"><b>{escape(name)}</b><span>{len(files.get(name, b"")):,} bytes</span></div>'
        case 14:
            return "<hr>"
        case 17:
            colour = f"#{part['accent_color']:06x}" if "accent_color" in part else "transparent"
            inside = parts_html(part["components"], files)
            return f'<section class="card" style="border-left-color:{colour}">{inside}</section>'
        case 18:
            about = f'<p class="about">{escape(part["description"])}</p>' if "description" in part else ""
            needed = "" if part["component"].get("required") is False else "<i>*</i>"
            name = f"<b>{escape(part['label'])}{needed}</b>"
            return f'<label class="field">{name}{about}{part_html(part["component"], files)}</label>'
        case 4:
            tall = " tall" if part["style"] == 2 else ""
            value = escape(str(part.get("value", "")))
            shown = value or f'<span class="quiet">{escape(str(part.get("placeholder", "")))}</span>'
            return f'<div class="typed{tall}">{shown}</div>'
        case 19:
            return '<div class="upload">⬆ <span class="at">Browse files</span> or drop them here</div>'
        case kind:
            return f"<em>component {kind}</em>"


def _button(part: Json) -> str:
    emoji = part.get("emoji", {}).get("name", "")
    label = " ".join(word for word in (emoji, escape(part.get("label", ""))) if word)
    return f'<button class="{STYLES[part["style"]]}">{label}</button>'


def _menu(part: Json) -> str:
    chosen = [escape(option["label"]) for option in part["options"] if option.get("default")]
    words = ", ".join(chosen) or f'<span class="quiet">{escape(part.get("placeholder", "Make a selection"))}</span>'
    return f'<div class="menu"><span>{words}</span><span class="quiet">⌄</span></div>'


LISTED = {5: ("Select a person", "@"), 6: ("Select a role", "@&"), 8: ("Select a channel", "#")}


def _people(part: Json, kind: int) -> str:
    """A menu that Discord fills; who is chosen stands there as a mention does."""
    empty, mark = LISTED[kind]
    chosen = [f'<span class="mention">&lt;{mark}{each["id"]}&gt;</span>' for each in part.get("default_values", [])]
    words = " ".join(chosen) or f'<span class="quiet">{empty}</span>'
    return f'<div class="menu"><span>{words}</span><span class="quiet">⌄</span></div>'


def _picture(item: Json, files: Files) -> str:
    name = str(item["media"]["url"]).removeprefix("attachment://")
    coded = base64.b64encode(files[name]).decode()
    return f'<img alt="{escape(item.get("description", ""))}" src="data:image/png;base64,{coded}">'
