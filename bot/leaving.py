"""Being asked to leave: Ctrl-C and SIGTERM as a call in the loop, so that everything can be put down in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def on_signals(leave: Callable[[], None]) -> None:
    """Call `leave` on the first Ctrl-C or SIGTERM; a second one ends the program as usual."""
    loop = asyncio.get_running_loop()

    def first(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        leave()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, first, number)
        except NotImplementedError:  # Windows: Ctrl-C stays a KeyboardInterrupt
            return
