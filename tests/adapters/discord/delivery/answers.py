"""What was seen of an answer in Discord, and when."""

from __future__ import annotations

from tests.adapters.discord.delivery.stage import EPOCH, Stage
from tests.kit.paced import Answer, Seen, looked


def seen(stage: Stage, answer: Answer) -> Seen:
    """Read off the messages of the answer's conversation."""
    channel = answer.key.channel.removeprefix("forms:")
    timeline = stage.discord.timeline
    return looked(answer, ((w.at - EPOCH, w.message, w.text) for w in timeline if str(w.channel) == channel))
