"""One block as HTML. What Slack takes literally is escaped here; `mrkdwn` and Markdown get the little that we use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

Json = dict[str, Any]


def blocks_html(blocks: Sequence[Any]) -> str:
    return "".join(block_html(block) for block in blocks)


def block_html(block: Json) -> str:
    kind = block["type"]
    make = BLOCKS.get(kind)
    return f'<div class="b {kind}">{make(block) if make else f"<em>{escape(kind)}</em>"}</div>'


def text_html(said: Json) -> str:
    if said["type"] == "mrkdwn":
        return mrkdwn_html(said["text"])
    return escape(said["text"]).replace("\n", "<br>")


def mrkdwn_html(words: str) -> str:
    """Slack's own mark-up: what is escaped stays escaped, which is HTML's way of escaping as well."""
    words = re.sub(r"<!date\^(\d+)\^[^|>]*\|[^>]*>", _day, words)
    words = re.sub(r"<(?:@|!subteam\^)(\w+)>", r'<span class="at">@\1</span>', words)
    words = re.sub(r"<(https?:[^|>]+)\|([^>]+)>", r'<a href="#">\2</a>', words)
    words = re.sub(r"(?<!\w)`([^`\n]+)`", r"<code>\1</code>", words)
    words = re.sub(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])", r"<b>\1</b>", words)
    words = re.sub(r"(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])", r"<i>\1</i>", words)
    return words.replace("\n", "<br>")


def _day(found: re.Match[str]) -> str:
    return f"{datetime.fromtimestamp(int(found[1]), UTC):%-d %b}"


def markdown_html(words: str) -> str:
    """The Markdown of a stream: paragraphs, bold, quotes, fences, hard line ends, backslashes."""
    out: list[str] = []
    for part in re.split(r"(^```.*?(?:^```$|\Z))", words, flags=re.MULTILINE | re.DOTALL):
        if part.startswith("```"):
            out.append(f"<pre>{escape(part.split(chr(10), 1)[-1].removesuffix('```').rstrip())}</pre>")
        else:
            out += (_paragraph(each) for each in re.split(r"\n\n+", part) if each.strip())
    return "".join(out)


def _paragraph(words: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\ue000{len(kept) - 1}\ue001"

    words = escape(re.sub(r"\\([^\w\s])", keep, words), quote=False)
    words = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", words, flags=re.DOTALL)
    words = re.sub(r"(?<!\w)_(\S.*?)_(?!\w)", r"<i>\1</i>", words, flags=re.DOTALL)
    quoted = words.startswith("&gt; ")
    words = re.sub(r"^&gt; ", "", words, flags=re.MULTILINE).replace("  \n", "<br>").replace("\n", " ")
    words = re.sub("\ue000(\\d+)\ue001", lambda match: escape(kept[int(match[1])]), words)
    return f"<blockquote>{words}</blockquote>" if quoted else f"<p>{words}</p>"


def _section(block: Json) -> str:
    fields = "".join(f"<div>{text_html(field)}</div>" for field in block.get("fields", []))
    words = f"<div class=words>{text_html(block['text'])}</div>" if "text" in block else ""
    side = f"<div class=side>{element_html(block['accessory'])}</div>" if "accessory" in block else ""
    return f"{words}{f'<div class=fields>{fields}</div>' if fields else ''}{side}"


def _elements(block: Json) -> str:
    return "".join(element_html(element) for element in block["elements"])


def _rich(block: Json) -> str:
    return "".join(_rich_part(part) for part in block["elements"])


def _rich_part(part: Json) -> str:
    match part["type"]:
        case "rich_text_list":
            tag = "ol" if part["style"] == "ordered" else "ul"
            return f"<{tag}>{''.join(f'<li>{_runs(item)}</li>' for item in part['elements'])}</{tag}>"
        case "rich_text_quote":
            return f"<blockquote>{_runs(part)}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{_runs(part)}</pre>"
        case _:
            return f"<div>{_runs(part)}</div>"


def _runs(part: Json) -> str:
    return "".join(_run(run) for run in part["elements"])


def _run(run: Json) -> str:
    if run["type"] in ("user", "usergroup"):
        return f'<span class="at">@{escape(run.get("user_id") or run["usergroup_id"])}</span>'
    words = escape(run.get("text", ""))
    for style, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        if run.get("style", {}).get(style):
            words = f"<{tag}>{words}</{tag}>"
    return words


def element_html(element: Json) -> str:
    """An element inside a block."""
    match element["type"]:
        case "button":
            return f'<button class="{element.get("style", "")}">{escape(element["text"]["text"])}</button>'
        case "overflow":
            return "<button class=more>⋯</button>"
        case "feedback_buttons":
            pair = (element["positive_button"], element["negative_button"])
            return "".join(f'<button class="thumb">{escape(each["text"]["text"])}</button>' for each in pair)
        case "checkboxes" | "radio_buttons":
            return "".join(_choice(element, option) for option in element["options"])
        case "file_input":
            return "<button>Choose a file</button>"
        case kind if kind.startswith("multi_") or kind in ("users_select", "conversations_select"):
            return f"<button class=select><div>{_chips(element) or 'Choose…'}</div><span>⌄</span></button>"
        case kind if kind.endswith("_select"):
            chosen = element.get("initial_option")
            shown = escape(chosen["text"]["text"]) if chosen else "Choose…"
            return f"<button class=select>{shown}<span>⌄</span></button>"
        case "plain_text_input" | "number_input" | "email_text_input":
            words = element.get("initial_value") or element.get("placeholder", {}).get("text", "")
            quiet = "" if element.get("initial_value") else " quiet"
            return f'<div class="typed{" tall" if element.get("multiline") else ""}{quiet}">{escape(words)}</div>'
        case "plain_text" | "mrkdwn":
            return f"<span>{text_html(element)}</span>"
        case kind:
            return f"<em>{escape(kind)}</em>"


def _chips(element: Json) -> str:
    """What several were chosen from a list."""
    chosen = [option["text"]["text"] for option in element.get("initial_options", [])]
    for key in ("initial_users", "initial_conversations"):
        chosen += [f"@{id}" for id in element.get(key, [])]
    return "".join(f"<mark>{escape(each)}</mark>" for each in chosen)


def _choice(element: Json, option: Json) -> str:
    chosen = element.get("initial_options") or [element.get("initial_option")]
    mark = "radio" if element["type"] == "radio_buttons" else "checkbox"
    about = f"<small>{text_html(option['description'])}</small>" if "description" in option else ""
    on = " checked" if option in chosen else ""
    return f"<label><input type={mark}{on}><span>{text_html(option['text'])}{about}</span></label>"


def _input(block: Json) -> str:
    optional = " <small>(optional)</small>" if block.get("optional") else ""
    hint = f"<small>{text_html(block['hint'])}</small>" if "hint" in block else ""
    return f"<label class=name>{text_html(block['label'])}{optional}</label>{element_html(block['element'])}{hint}"


def _table(block: Json) -> str:
    head, *rows = block["rows"]
    lines = _cells(head, "th") + "".join(_cells(row, "td") for row in rows)
    return f"<table><caption>{escape(block['caption'])}</caption>{lines}</table>"


def _cells(row: Sequence[Json], tag: str) -> str:
    cells = "".join(f"<{tag}>{escape(cell['text'])}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>"


def _chart(block: Json) -> str:
    chart = block["chart"]
    labels = chart["axis_config"]["categories"]
    step = 560 / max(1, len(labels) - 1)
    grid = "".join(
        f"<line x1=40 x2=610 y1={_y(v)} y2={_y(v)} class=grid /><text x=34 y={_y(v) + 4} text-anchor=end>{v}</text>"
        for v in (0, 0.5, 1)
    )
    names = "".join(
        f"<text x={45 + n * step} y=188 text-anchor=middle>{escape(name)}</text>" for n, name in enumerate(labels)
    )
    lines = ""
    for n, series in enumerate(chart["series"]):
        points = " ".join(f"{45 + i * step},{_y(point['value'])}" for i, point in enumerate(series["data"]))
        lines += f'<polyline points="{points}" class="s{n}"/>'
    key = "".join(f'<span class="k{n}">{escape(series["name"])}</span>' for n, series in enumerate(chart["series"]))
    drawing = f'<svg viewBox="0 0 640 196">{grid}{names}{lines}</svg>'
    return f"<b>{escape(block['title'])}</b>{drawing}<div class=key>{key}</div>"


def _y(value: float) -> float:
    return round(165 - 150 * value, 1)


BLOCKS = {
    "header": lambda block: text_html(block["text"]),
    "section": _section,
    "context": _elements,
    "actions": _elements,
    "context_actions": _elements,
    "divider": lambda _: "<hr>",
    "rich_text": _rich,
    "markdown": lambda block: markdown_html(block["text"]),
    "input": _input,
    "data_table": _table,
    "data_visualization": _chart,
}
