"""How the server can be told to misbehave: the next calls of a method fail, hang, break off or lose their answer."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What one call gets. Nothing is done by it, unless `lost`."""

    error: str | None = None
    status: int = 200
    retry_after: str | None = None
    hang_s: float = 0.0
    """The call waits that long first; without any other fault it is then done as usual."""
    reset: bool = False
    """The connection breaks off."""
    lost: bool = False
    """The call is done, and then the connection breaks off before the answer."""
    body: str | None = None
    """Sent in place of JSON, as text/html."""

    @property
    def only_slow(self) -> bool:
        return self.error is None and self.status == 200 and not self.reset and not self.lost and self.body is None


@dataclass(slots=True)
class Faults:
    _next: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict[str, deque[Fault]](deque))

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._next[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault that is due for this method, or for any method (`*`)."""
        for name in (method, "*"):
            if self._next.get(name):
                return self._next[name].popleft()
        return None

    def clear(self) -> None:
        self._next.clear()
