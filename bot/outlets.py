"""Where events go: to the surface of their thread's platform, or else to whoever watches in this process."""

from __future__ import annotations

from collections.abc import Callable

from adapters.live import Live
from engine.events import Event

CHAT_PLATFORMS = frozenset({"slack", "discord"})
"""Whose threads are shown by the process that is connected to them, and by no other."""


class Outlets:
    """`emit` is the engine's. Attach every surface before anybody attends to a thread: what was emitted is not kept."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._surfaces: dict[str, Callable[[Event], None]] = {}
        self.unserved = set(CHAT_PLATFORMS)
        """Platforms whose threads are none of this process's business."""

    def attach(self, platform: str, emit: Callable[[Event], None]) -> None:
        self._surfaces[platform] = emit
        self.unserved.discard(platform)

    def emit(self, event: Event) -> None:
        self._surfaces.get(event.key.platform, self._live.emit)(event)
