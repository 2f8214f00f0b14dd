"""What was seen of an answer in Slack, and when."""

from __future__ import annotations

from tests.adapters.slack.delivery.stage import Stage
from tests.kit.paced import Answer, Seen, looked


def seen(stage: Stage, answer: Answer) -> Seen:
    """Read off the messages of the answer's thread."""
    place = (answer.key.channel, answer.key.thread)
    timeline = stage.slack.timeline
    return looked(answer, ((w.at, w.ts, w.visible) for w in timeline if (w.channel, w.thread_ts) == place))
