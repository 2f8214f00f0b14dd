"""The README says what there is, and there is what the README says: settings, commands, options, pictures, files."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path
from typing import cast

import pytest

import adapters.discord.commands as discord
import adapters.discord.render.help as discord_help
from adapters.library.types import load_types
from adapters.llm.capabilities import table
from adapters.slack.commands import KNOWN
from adapters.slack.names import COMMAND
from adapters.slack.render.help import COMMANDS
from bot.__main__ import parser
from bot.config import Settings, setting_names
from engine.interviews import ROLE_LEVELS
from engine.receive import command

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {page: page.read_text("utf-8") for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))}
BOOK = "\n".join(PAGES.values())
"""The README and what it leads to: admins' commands have pages of their own."""


def section(title: str) -> str:
    """What stands below a heading, up to the next one of its rank."""
    rank = title.split()[0]
    found = re.search(rf"^{re.escape(title)}\n(.*?)(?=^#{{1,{len(rank)}}} |\Z)", BOOK, re.DOTALL | re.MULTILINE)
    assert found, title
    return found.group(1)


def commands(of: argparse.ArgumentParser | None = None) -> dict[str, argparse.ArgumentParser]:
    """Every command that does something, by its words: `practice`, `slack manifest`."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in (of or parser())._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in cast("dict[str, argparse.ArgumentParser]", action.choices).items():
                found |= {f"{name} {word}": deeper for word, deeper in commands(command).items()} or {name: command}
    return found


def options(of: argparse.ArgumentParser) -> set[str]:
    return {name for action in of._actions for name in action.option_strings if name.startswith("--")} - {"--help"}


def test_every_setting_is_in_the_table_and_every_row_is_a_setting() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", section("## Settings"), re.MULTILINE)
    assert sorted(rows) == sorted(setting_names())


def test_the_table_gives_the_defaults_that_hold() -> None:
    shown = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", section("## Settings"), re.MULTILINE))
    assert shown.pop("REHEARSE_OPENAI_MODEL") == table().defaults.openai
    assert shown.pop("REHEARSE_GEMINI_MODEL") == table().defaults.google
    defaults = {field.alias: field.default for field in Settings.model_fields.values() if field.default is not None}
    assert {name: written(value) for name, value in defaults.items()} == shown


def written(value: object) -> str:
    """A value as one sets it."""
    return f"{value:g}" if isinstance(value, float) else str(int(value) if isinstance(value, bool) else value)


def test_no_other_name_looks_like_a_setting() -> None:
    mentioned = set(re.findall(r"\b(?:REHEARSE|OPENAI|GEMINI|GOOGLE|DATABASE|SLACK|DISCORD)_[A-Z_]*[A-Z]\b", BOOK))
    assert mentioned - set(setting_names()) == set()


def test_every_command_has_a_heading_and_every_heading_is_a_command() -> None:
    assert sorted(re.findall(r"^### `rehearse ([\w -]+)`", BOOK, re.MULTILINE)) == sorted(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_is_documented_and_every_documented_option_exists(name: str) -> None:
    documented = set(re.findall(r"`[^`]*?(--[a-z]+(?:-[a-z]+)*)", section(f"### `rehearse {name}`")))
    assert documented == options(commands()[name])


def test_examples_are_commands_that_can_be_given() -> None:
    examples = re.findall(r"^\s*(?:[A-Z_]+=\S+ )?rehearse (.+?)(?:   .*)?$", BOOK, re.MULTILINE)
    examples += [
        line
        for each in commands().values()
        for line in re.findall(r"^  rehearse (.+?)(?:   .*)?$", each.epilog or "", re.MULTILINE)
    ]
    assert examples
    for example in examples:
        # Up to where the shell sends it elsewhere.
        parser().parse_args(shlex.split(re.split(r"\s[|<>]", example)[0]))


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert named - targets == set()
    assert {"run", "demo", "test"} <= named


def test_every_picture_and_file_that_is_linked_is_there() -> None:
    assert "docs/playground.png" in README
    lost: list[str] = []
    for page, text in PAGES.items():
        headings = {"#" + title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        linked = [target for target in re.findall(r"\]\(([^)]+)\)", text) if not target.startswith("http")]
        lost += [each for each in linked if each not in headings and not (page.parent / each).is_file()]
    assert lost == []


def test_every_word_it_teaches_is_understood() -> None:
    taught = re.search(r"What you can say at any time: (.*?)Ctrl-C", README, re.DOTALL)
    assert taught
    words = re.findall(r"`([^`]+)`", taught.group(1))
    assert len(words) >= 13
    assert [word for word in words if command(word) is None] == []


def test_every_slash_command_is_in_the_table_and_every_row_is_one() -> None:
    rows = re.findall(
        rf"^\| `{re.escape(COMMAND)} ?([\w-]*)[^`]*` \|", section("### What you can type in Slack"), re.MULTILINE
    )
    assert sorted(rows) == sorted(["", *KNOWN])


def test_every_slash_command_of_discord_is_in_its_table_and_every_row_is_one() -> None:
    said = section("### What you can type in Discord")
    rows = re.findall(r"^\| `/interview ([\w-]+)` \|", said, re.MULTILINE)
    (slash,) = [command for command in discord.COMMANDS if command["name"] == discord.SLASH]
    options = cast("list[dict[str, object]]", slash["options"])
    assert sorted(rows) == sorted(str(option["name"]) for option in options)
    others = {f"`/{discord.ADMIN}`", f"**{discord.SCORE}**"}
    assert [name for name in others if name not in " ".join(said.split())] == []


def test_the_help_in_discord_says_what_there_is() -> None:
    (slash,) = [command for command in discord.COMMANDS if command["name"] == discord.SLASH]
    options = cast("list[dict[str, object]]", slash["options"])
    assert sorted(word for word, _ in discord_help.COMMANDS) == sorted(str(option["name"]) for option in options)


def test_what_the_app_may_be_asked_for_is_what_the_help_says() -> None:
    assert {word.partition(" ")[0] for word, _ in COMMANDS} <= {"", *KNOWN}


def test_every_shipped_type_and_role_is_named() -> None:
    practice = section("### `rehearse practice`")
    assert [name for name in (*load_types(), *ROLE_LEVELS) if f"`{name}`" not in practice] == []


def test_it_says_what_it_is_not_for() -> None:
    assert "not for hiring decisions" in README


def test_the_changelog_speaks_of_this_version() -> None:
    from importlib.metadata import version

    assert f"## {version('rehearse')}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
