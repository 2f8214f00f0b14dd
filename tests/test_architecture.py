"""Rules of the house that no linter knows: what the engine may import, what no file may say, what is pinned."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

ROOT = Path(__file__).parent.parent

# The engine is a function of what it is told: nothing here reads a clock, draws a number, or touches a disk or a wire.
ENGINE_MAY_IMPORT = frozenset(
    {
        "engine",
        # What facts are made of.
        "annotated_types",
        "pydantic",
        "pydantic_core",
        "typing_extensions",
        # The standard library's pure part.
        "__future__",
        "abc",
        "asyncio",
        "bisect",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "itertools",
        "json",
        "logging",
        "math",
        "operator",
        "re",
        "statistics",
        "string",
        "textwrap",
        "types",
        "typing",
        "unicodedata",
        "urllib.parse",
        "weakref",
    }
)
CLOCK_CALLS = frozenset({"now", "utcnow", "today"})

# One letter of each stands in brackets, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    r"(?<![\w.:/-])/(?:r[o]ot|w[o]rk|h[o]me/\w+|U[s]ers/\w+|o[p]t/(?:pypi|wheels))/[\w.]"
    r"|pypi[.]org|python[h]osted|npm[j]s|deb[.]debian|--index[-]url|--find[-]links",
    re.IGNORECASE,
)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def allowed(module: str) -> bool:
    return module in ENGINE_MAY_IMPORT or module.partition(".")[0] in ENGINE_MAY_IMPORT


@pytest.mark.parametrize("path", named(python_files("engine")))
def test_the_engine_imports_only_what_is_pure(path: Path) -> None:
    found = set(imports(ast.parse(path.read_bytes())))
    assert {module for module in found if not allowed(module)} == set()


@pytest.mark.parametrize("path", named(python_files("engine")))
def test_the_engine_reads_no_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            owner = ast.unparse(node.func.value)
            is_clock = node.func.attr in CLOCK_CALLS and owner in {
                "date",
                "datetime",
                "datetime.date",
                "datetime.datetime",
            }
            assert not is_clock, f"line {node.lineno}: the time is an argument here"


@pytest.mark.parametrize("path", named(python_files("bot", "adapters", "engine", "prompts")))
def test_no_check_is_switched_off_without_a_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        assert not re.search(r"#\s*(type:\s*ignore|pyright:\s*(ignore(?!\[)|basic|strict=false))", line), (
            f"line {number}"
        )


def files_in_git() -> list[Path]:
    """Tracked files, and new ones that would be."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_an_index() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in files_in_git()
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1)
        if (match := FORBIDDEN.search(line))
    ]
    assert found == []


def requirement_lines() -> list[str]:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    arrays = re.findall(r"^(?:dependencies|\w+) = \[\n(.*?)^\]", text.partition("[tool.")[0], re.DOTALL | re.MULTILINE)
    return [line for array in arrays for line in array.splitlines() if line.strip().startswith('"')]


def requirements() -> tuple[list[str], list[str]]:
    """What is needed to run, and what else is needed to work on it."""
    project = cast("dict[str, object]", tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"])
    extras = cast("dict[str, list[str]]", project["optional-dependencies"])
    return cast("list[str]", project["dependencies"]), [each for extra in extras.values() for each in extra]


def test_every_dependency_says_what_it_is_for() -> None:
    run, work = requirements()
    lines = requirement_lines()
    assert len(lines) == len(run) + len(work)
    assert [line for line in lines if not re.search(r'",\s+# \w.{8,}', line)] == []


def pins(name: str) -> dict[str, list[str]]:
    """Package name to its hashes; with which extras it is wanted makes no difference."""
    text = (ROOT / name).read_text("utf-8")
    entries = re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==\S+(.*?)(?=^\S|\Z)", text, re.DOTALL | re.MULTILINE)
    return {package: re.findall(r"--hash=sha256:([0-9a-f]{64})", rest) for package, rest in entries}


def distribution(requirement: str) -> str:
    match = re.match(r"[\w.\-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match.group()).lower()


def test_every_package_is_pinned_with_hashes() -> None:
    run, work = requirements()
    to_run, to_work = pins("constraints.txt"), pins("constraints-dev.txt")
    assert {distribution(each) for each in run} - to_run.keys() == set()
    assert {distribution(each) for each in work} - to_work.keys() == set()
    assert [package for package, hashes in [*to_run.items(), *to_work.items()] if not hashes] == []


def test_working_on_it_uses_the_versions_that_run() -> None:
    to_run, to_work = pins("constraints.txt"), pins("constraints-dev.txt")
    assert {package: to_work.get(package) for package in to_run} == to_run
