"""The methods of the Web API that are there; all others are `unknown_method`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.wire.slack.api import agents, chat, files, installs, places, streams, views
from tests.wire.slack.api.ask import Ask

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

METHODS: dict[str, Callable[[Slack, Ask], dict[str, Any]]] = {
    **chat.METHODS, **streams.METHODS, **places.METHODS, **views.METHODS, **agents.METHODS, **files.METHODS,
    **installs.METHODS,
}  # fmt: skip
