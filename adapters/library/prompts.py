"""The prompts as they are shipped: `prompts/*.md`, one Markdown file with YAML front matter per task.

The front matter declares the task, a title and the variables; below it, a line `# system` or `# user` begins each
message. What a prompt may say is checked by `engine.prompting`; versions, labels and history are the store's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import cast, get_args

import yaml

from adapters.library.reading import MAX_BYTES, Value, model, only, place, shipped
from engine.errors import PromptError
from engine.ports import Task
from engine.prompting import Prompt, lint

_FRONT = re.compile(r"\A---\n(.*?)^---\n(.*)\Z", re.DOTALL | re.MULTILINE)
_ROLE = re.compile(r"^# (system|user)[ \t]*\n", re.MULTILINE)


def load_prompts(root: Traversable | None = None) -> tuple[Prompt, ...]:
    """One prompt per task. `root` is the folder of the files. Raises `PromptError` naming the file and its fault."""
    folder = root or shipped()
    made: dict[Task, Prompt] = {}
    for file in _files(folder):
        prompt = read_prompt(file)
        if prompt.task in made:
            raise PromptError(place(file), f"task: there is another prompt for {prompt.task}")
        made[prompt.task] = prompt
    tasks = cast("tuple[Task, ...]", get_args(Task))
    if missing := [task for task in tasks if task not in made]:
        raise PromptError(place(folder), f"no prompt for {', '.join(missing)}")
    return tuple(made[task] for task in tasks)


def read_prompt(file: Traversable) -> Prompt:
    """A prompt from its file, fit for use. Raises `PromptError`."""
    parts = _FRONT.match(_text(file))
    if parts is None:
        raise PromptError(place(file), "expected YAML between two lines of --- at the top")
    front, body = parts.groups()
    top = _front_matter(file, front)
    only(file, top, "task", "title", "variables")
    messages: list[Value] = [{"role": role, "text": text} for role, text in _messages(file, body)]
    prompt = model(Prompt, {**top, "messages": messages}, place(file))
    if problems := lint(prompt):
        raise PromptError(place(file), "; ".join(problems))
    return prompt


def _files(folder: Traversable) -> Iterator[Traversable]:
    try:
        names = sorted((item for item in folder.iterdir()), key=lambda item: item.name)
    except OSError as error:
        raise PromptError(place(folder), "the folder cannot be read") from error
    return (item for item in names if item.name.endswith(".md") and item.name != "README.md")


def _text(file: Traversable) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise PromptError(place(file), "the file cannot be read") from error
    if len(raw) > MAX_BYTES:
        raise PromptError(place(file), f"larger than {MAX_BYTES} bytes")
    try:
        # A checkout on Windows must not make another version of the same prompt.
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PromptError(place(file), "not UTF-8") from error


def _front_matter(file: Traversable, front: str) -> Mapping[str, Value]:
    try:
        loaded = cast("Value", yaml.safe_load(front))
        # Once through JSON: what has no place there (a date, a set) has none here either.
        top = cast("Value", json.loads(json.dumps(loaded)))
    except yaml.MarkedYAMLError as error:
        # Counted in the file, whose first line is the ---.
        line = f"line {error.problem_mark.line + 2}" if error.problem_mark else "front matter"
        raise PromptError(place(file, line), error.problem or "not YAML") from error
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise PromptError(place(file, "front matter"), f"not plain YAML: {error}".splitlines()[0]) from error
    if not isinstance(top, dict):
        raise PromptError(place(file, "front matter"), "expected a mapping")
    return top


def _messages(file: Traversable, body: str) -> Iterator[tuple[str, str]]:
    before, *pieces = _ROLE.split(body)
    if before.strip() or not pieces:
        raise PromptError(place(file), "the text must begin with a line `# system` or `# user`")
    for role, text in zip(pieces[::2], pieces[1::2], strict=True):
        yield role, text.strip()
