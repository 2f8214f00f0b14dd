"""A router's answer as a reader holds it: one buffer, its sections, and who wrote each of them."""

from __future__ import annotations

from engine.errors import Garbled
from engine.llm.sections import SectionScanner
from engine.ports import Chunk, Completion, Request, Source, Usage


class Reading:
    """Collects the chunks of one answer. `scanner` is fed when the request asks for sections."""

    def __init__(self, request: Request) -> None:
        self.scanner = SectionScanner()
        self.text = ""
        self.usage = Usage()
        self.source = Source("", "")
        self._has_sections = bool(request.sections)
        self._written: list[tuple[int, Source]] = []

    def add(self, chunk: Chunk) -> tuple[str, ...]:
        """Take the next chunk; the names of the sections it completed. Raises `Garbled` when it is no JSON object."""
        self.source = chunk.source
        self.usage += chunk.usage or Usage()
        if chunk.keep is not None:
            self.text = self.text[: chunk.keep]
            self._written = [(begin, source) for begin, source in self._written if begin < chunk.keep]
            if self._has_sections:
                self.scanner.cut(chunk.keep)
        if not self._written or self._written[-1][1] != chunk.source:
            self._written.append((len(self.text), chunk.source))
        self.text += chunk.text
        if not self._has_sections:
            return ()
        try:
            return self.scanner.feed(chunk.text)
        except ValueError as error:
            raise Garbled(chunk.source.provider, chunk.source.model, str(error)) from error

    def sources(self) -> dict[str, Source]:
        """Who wrote each complete section; for free text one entry, under the empty name."""
        if not self._has_sections:
            return {"": self.source}
        return {name: self._source_at(begin) for name, (begin, _) in self.scanner.spans.items()}

    def completion(self) -> Completion:
        return Completion(self.text, self.source, self.usage, self.sources())

    def _source_at(self, offset: int) -> Source:
        return next(source for begin, source in reversed(self._written) if begin <= offset)
