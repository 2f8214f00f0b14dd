"""A port nobody listens on."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A free port of this machine's own address. Somebody else may take it before you do; that is rare."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address: tuple[str, int] = probe.getsockname()
        return address[1]
