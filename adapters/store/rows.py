"""Between the engine's values and what a row holds: JSON that is always valid UTF-8, and the session snapshot.

Text from outside may hold lone surrogates, which neither JSON nor a database can carry. `storable` replaces them by
U+FFFD, once, before anything is folded or written, so that what is in memory and what is on disk are the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from typing import TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from engine.errors import StoreError
from engine.facts import FACT, Fact
from engine.inbound import INBOUND, Inbound
from engine.interviews import Frozen
from engine.keys import ThreadKey
from engine.session import Session, evolve

T = TypeVar("T", bound=Frozen)

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONE_SURROGATE_OR_NUL = re.compile(r"[\ud800-\udfff\0]")


def person(platform: str, workspace: str, user: str) -> str:
    """Who, in one word: the `person` column of every table that is about somebody."""
    return "/".join(quote(part, safe="-_.~@", errors="replace") for part in (platform, workspace, user))


def person_of(key: ThreadKey) -> str:
    return person(key.platform, key.workspace, key.user)


def column_text(text: str) -> str:
    """Text that goes into a column by itself, where PostgreSQL takes no NUL either."""
    return _LONE_SURROGATE_OR_NUL.sub("\ufffd", text)


def storable_inbound(inbound: Inbound) -> tuple[Inbound, str]:
    """The inbound without lone surrogates, and its JSON."""
    return _storable(inbound, INBOUND)


def storable_fact(fact: Fact) -> tuple[Fact, str]:
    """The fact without lone surrogates, and its JSON."""
    return _storable(fact, FACT)


def _storable(value: T, adapter: TypeAdapter[T]) -> tuple[T, str]:
    try:
        return value, value.model_dump_json()
    except PydanticSerializationError:
        # `ensure_ascii=False` keeps pairs that make a character apart from the lone ones.
        text = json.dumps(value.model_dump(mode="json"), ensure_ascii=False)
        text = _LONE_SURROGATE.sub("\ufffd", text)
        return adapter.validate_json(text), text


def read_inbound(text: str) -> Inbound:
    return INBOUND.validate_json(text)


def read_facts(session_id: str, texts: Iterable[str]) -> list[Fact]:
    try:
        return [FACT.validate_json(text) for text in texts]
    except ValidationError as error:
        # The error's own text would carry the candidate's words into the log.
        raise StoreError(f"{session_id}: a fact cannot be read ({error.error_count()} errors)") from None


def read_snapshot(text: str, made_as: str) -> Session | None:
    """The session of a snapshot; `None` when another version's model made it, and the facts must be folded anew."""
    if made_as != shape():
        return None
    try:
        return Session.model_validate_json(text)
    except ValidationError:
        return None


def refold(session_id: str, session: Session | None, texts: Iterable[str]) -> Session:
    """The session that these facts make of an earlier one, or of none."""
    for fact in read_facts(session_id, texts):
        session = evolve(session, fact)
    if session is None:
        raise StoreError(f"{session_id}: no facts")
    return session


@cache
def shape() -> str:
    """Which model of a session this version folds facts into: a field more, and old snapshots are not trusted."""
    schema = json.dumps(Session.model_json_schema(), sort_keys=True)
    return hashlib.sha256(schema.encode()).hexdigest()[:12]
