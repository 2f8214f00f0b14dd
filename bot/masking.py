"""Ids of people and of where they write, kept out of the logs: a keyed hash stands for each, always the same one.

So a session can be followed from line to line, and from day to day, by whoever reads the log, while nobody finds the
person in it who does not have the salt. An operator who has it, and asks about one person, gets their hash with
`rehearse data hash`.

    slack/T0123/D0456/1712.001/U0789#3    a session     slack/T0123/~5e1f0a92c7#3
    slack/T0123/U0789                     a person      slack/T0123/~90b3d7725e
    U0789ABCDEF, 123456789012345678       by itself     ~1b22c80f4e

Workspaces stay as they are: an operator has to know which one is in trouble.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from structlog.typing import EventDict

from engine.keys import ThreadKey

MARK = "~"
DIGITS = 10
REMEMBERED = 4_096
SNOWFLAKE = 10**16
PLATFORMS = "slack|discord|local"
FIELDS = frozenset({"user", "person", "channel", "thread"})
"""Fields whose value is an id, whatever it looks like."""
WORDS = frozenset({
    "CANCELLED", "CERTIFICATE", "CHARACTER", "CHECKPOINT", "COMMITTED", "CONNECTED", "CONNECTION", "CONSTRAINT",
    "CONTAINER", "CONTINUED", "DEADLOCKED", "DEFERRABLE", "DEPRECATED", "DIRECTORY", "DISCONNECTED", "DUPLICATE",
    "GENERATED", "GENERATION", "UNAVAILABLE", "UNDEFINED", "UNEXPECTED", "UNIMPLEMENTED", "UNREACHABLE", "UNSUPPORTED",
})  # fmt: skip
"""Words in capitals that could be one of Slack's ids by their letters, and are not."""

_PART = r"[\w.~@%-]+"
_ID = re.compile(
    # A path of ours is not a key: what stands before it tells them apart.
    rf"(?<![\w/.%~-])(?P<home>(?:{PLATFORMS})/{_PART})/(?P<rest>(?!{MARK}){_PART}(?:/{_PART}/{_PART})?)(?![\w/%~@])"
    rf"|(?<![\w/.%~-])(?P<scope>discord/\d{{17,20}})(?![\w/])"
    r"|(?<![A-Za-z0-9])(?P<slack>[UWDCG][A-Z0-9]{8,14})(?![A-Za-z0-9])"
    r"|(?<![\d.])(?P<snowflake>\d{17,20})(?!\d)"
)


class Masking:
    """`pseudonym` makes a keyed hash of a text; it is not asked before there is something to hide."""

    def __init__(self, pseudonym: Callable[[str], str]) -> None:
        self._pseudonym = pseudonym
        self._known: dict[str, str] = {}

    def fields(self, logger: object, method: str, event: EventDict) -> EventDict:
        """The processor before the renderer, whose colours and commas would stand in the way."""
        for name, value in cast("list[tuple[str, object]]", list(event.items())):
            if name in FIELDS and value:
                event[name] = self._hash(str(value))
            elif isinstance(value, str | ThreadKey) or (isinstance(value, int) and value >= SNOWFLAKE):
                event[name] = self.mask(str(value))
        return event

    def line(self, logger: object, method: str, line: EventDict | str) -> str:
        """The processor after the renderer: the finished line, with its traceback."""
        return self.mask(str(line))

    def mask(self, text: str) -> str:
        return _ID.sub(self._masked, text)

    def person(self, person: str) -> str:
        """What stands in the log for a person (`ThreadKey.person`)."""
        home, _, _ = person.rpartition("/")
        return f"{home}/{self._hash(person)}"

    def _hash(self, text: str) -> str:
        if (known := self._known.get(text)) is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[text] = f"{MARK}{self._pseudonym(text)[:DIGITS]}"
        return known

    def _masked(self, found: re.Match[str]) -> str:
        if home := found["home"]:
            # A full stop ends a sentence, not an id.
            rest = found["rest"].rstrip(".")
            return f"{home}/{self._hash(f'{home}/{rest}')}{found['rest'][len(rest) :]}"
        if found["scope"] or found[0] in WORDS:
            return found[0]
        return self._hash(found[0])
