"""The names a `.env` file sets. Reading the values is left to pydantic-settings; this is what it would pass over."""

from __future__ import annotations

from pathlib import Path

from dotenv.parser import parse_stream

from engine.errors import SettingsError


def names_in(path: Path) -> list[str]:
    """Every name that is set there. Raises `SettingsError` for a file, or a line, that cannot be read."""
    # python-dotenv itself only logs a line it cannot read, and goes on without the setting.
    try:
        with path.open(encoding="utf-8") as file:
            bindings = list(parse_stream(file))
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not a text file in UTF-8. Save it as UTF-8, or remove it.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}). Make it readable, or remove it.") from None
    for binding in bindings:
        if binding.error:
            raise SettingsError(f"Line {binding.original.line} of {path} is not a setting. Write NAME=value there.")
    return [binding.key for binding in bindings if binding.key]
