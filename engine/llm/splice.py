"""One answer from several writers: what the reader's buffer becomes when a provider dies and another goes on.

`Splice` puts JSON answers together section by section. What a provider streams is never passed on as it is: the scanner
finds the values, and only they are copied into an object of our own, `{"a":…,"b":…}`, in the order of the request, each
section once. So a preamble, a fence, a foreign key, another order, or a section that was finished long ago cannot hurt.
`Restart` does what can be done for free text: begin again.

Both are pure: chunks of a provider in, chunks for the reader out. Who is asked next is the router's decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, cast

from engine.errors import Garbled
from engine.llm.sections import MAX_CHARS, SectionScanner
from engine.ports import Chunk, Message, Request, Source, Usage, accept_any

_RESUME = """\
Some sections of this answer are already written and stand as they are. Here they are, as JSON data:
{finished}
Write only the missing sections, consistent with those, as one JSON object with exactly these keys, in order: {missing}.
"""


class Writing(Protocol):
    """An answer in progress, whoever writes it."""

    @property
    def is_whole(self) -> bool:
        """After a death: nothing is missing all the same, so `close` may follow."""
        ...

    @property
    def is_empty(self) -> bool:
        """After a death: there is nothing worth closing."""
        ...

    def request(self) -> Request:
        """What the next provider is to be asked."""
        ...

    def write(self, chunk: Chunk) -> Iterator[Chunk]:
        """Take a provider's chunk, give what the reader gets. Raises `Garbled` when it makes no sense."""
        ...

    def end(self) -> None:
        """The provider ended normally. Raises `Garbled` when that cannot be all of it."""
        ...

    def die(self) -> Iterator[Chunk]:
        """The provider will not go on: keep what is good, forget the rest."""
        ...

    def close(self) -> Iterator[Chunk]:
        """End the answer with what there is."""
        ...


@dataclass(frozen=True, slots=True)
class _Section:
    raw: str
    source: Source
    value: object


class Splice:
    """A JSON answer. Sections that are complete and acceptable outlive their writer; the open one is cut off."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._order = request.sections
        self._scanner = SectionScanner()
        self._source = Source("", "")
        self._usage: Usage | None = None
        self._kept: dict[str, _Section] = {}
        self._ends: list[int] = []  # where in the reader's buffer the first sections end
        self._chars = 0
        self._cut: int | None = None  # what the next chunk has to cut off the reader's buffer
        self._copied = 0  # how far (in the scanner's text) the open value was passed on

    @property
    def is_whole(self) -> bool:
        return all(name in self._kept for name in self._order)

    @property
    def is_empty(self) -> bool:
        return not self._kept

    def request(self) -> Request:
        if not self._kept:
            return self._request
        missing = tuple(name for name in self._order if name not in self._kept)
        finished = {name: self._kept[name].value for name in self._order if name in self._kept}
        asked = _RESUME.format(finished=json.dumps(finished, ensure_ascii=False), missing=", ".join(missing))
        return replace(
            self._request,
            sections=missing,
            schema=_only(self._request.schema, missing),
            finished={**self._request.finished, **finished},
            messages=(*self._request.messages, Message("user", asked)),
        )

    def write(self, chunk: Chunk) -> Iterator[Chunk]:
        self._source = chunk.source
        self._usage = chunk.usage or self._usage
        try:
            self._scanner.feed(chunk.text)
        except ValueError as error:
            raise self._garbled(str(error)) from error
        yield from self._pass_on()

    def end(self) -> None:
        if not self._scanner.closed:
            raise self._garbled("the answer ended inside its JSON object")
        if not any(name in self._scanner.spans for name in self._order if name not in self._kept):
            raise self._garbled("none of the sections that were asked for")

    def die(self) -> Iterator[Chunk]:
        self._keep(self._request.accepts)
        if self._usage is not None:
            yield Chunk("", self._source, usage=self._usage)
            self._usage = None

    def close(self) -> Iterator[Chunk]:
        # What is no JSON would spoil the whole object; the reader has it repaired like a missing section.
        self._keep(accept_any)
        for name in self._order[len(self._ends) :]:
            if name in self._kept:
                yield self._put(self._head(name) + self._kept[name].raw, self._kept[name].source)
        yield replace(self._put("}" if self._chars else "{}", self._source), usage=self._usage)

    def _pass_on(self) -> Iterator[Chunk]:
        scanner = self._scanner
        while len(self._ends) < len(self._order):
            name = self._order[len(self._ends)]
            if kept := self._kept.get(name):
                yield self._put(self._head(name) + kept.raw, kept.source)
                self._ends.append(self._chars)
                continue
            span = scanner.spans.get(name)
            if span is None and (scanner.open is None or scanner.open[0] != name):
                return
            begin, end = span or (scanner.open[1] if scanner.open else 0, len(scanner.text))
            piece = scanner.text[self._copied or begin : end]
            if not self._copied:
                piece = self._head(name) + piece
            if piece:
                yield self._put(piece, self._source)
            if span is None:
                self._copied = end
                return
            self._copied = 0
            self._ends.append(self._chars)

    def _keep(self, accepts: Callable[[str, object], bool]) -> None:
        """Save the good sections of the writer that is leaving, and rewind to before the first that is not."""
        scanner, self._scanner, self._copied = self._scanner, SectionScanner(), 0
        for name in self._order:
            if name not in scanner.spans or name in self._kept:
                continue
            begin, end = scanner.spans[name]
            try:
                value = scanner.value(name)
            except ValueError:
                continue
            if accepts(name, value):
                self._kept[name] = _Section(scanner.text[begin:end], self._source, value)
        good = next((i for i, name in enumerate(self._order) if name not in self._kept), len(self._order))
        del self._ends[good:]
        keep = self._ends[-1] if self._ends else 0
        if self._chars > keep:
            self._chars = self._cut = keep

    def _head(self, name: str) -> str:
        return f"{',' if self._chars else '{'}{json.dumps(name, ensure_ascii=False)}:"

    def _put(self, text: str, source: Source) -> Chunk:
        chunk = Chunk(text, source, keep=self._cut)
        self._chars += len(text)
        self._cut = None
        return chunk

    def _garbled(self, detail: str) -> Garbled:
        return Garbled(self._source.provider, self._source.model, detail)


class Restart:
    """A free text. It cannot be continued by another hand, so whoever is next begins again."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._source = Source("", "")
        self._chars = 0
        self._says_something = False
        self._is_stale = False

    @property
    def is_whole(self) -> bool:
        return False

    @property
    def is_empty(self) -> bool:
        return True

    def request(self) -> Request:
        return self._request

    def write(self, chunk: Chunk) -> Iterator[Chunk]:
        self._source = chunk.source
        self._chars += len(chunk.text)
        if self._chars > MAX_CHARS:
            raise Garbled(chunk.source.provider, chunk.source.model, f"more than {MAX_CHARS} characters")
        self._says_something = self._says_something or bool(chunk.text.strip())
        if self._is_stale and chunk.text:
            self._is_stale = False
            chunk = replace(chunk, keep=0)
        yield chunk

    def end(self) -> None:
        if not self._says_something:
            raise Garbled(self._source.provider, self._source.model, "an empty answer")

    def die(self) -> Iterator[Chunk]:
        self._is_stale = self._is_stale or self._chars > 0
        self._chars = 0
        self._says_something = False
        yield from ()

    def close(self) -> Iterator[Chunk]:
        yield from ()


def _only(schema: Mapping[str, object] | None, names: tuple[str, ...]) -> Mapping[str, object] | None:
    """The same JSON Schema with only these properties, in this order (models write in the order of `required`)."""
    if schema is None:
        return None
    properties = cast("Mapping[str, object]", schema.get("properties", {}))  # a JSON Schema, says `Request`
    kept = {name: properties[name] for name in names if name in properties}
    return {**schema, "properties": kept, "required": list(names)}
