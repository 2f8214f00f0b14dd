"""The real engine behind the real server, with a memory store and a model that writes at a chosen pace.

A server can be stopped and started again on the same port with the same store, as after a crash.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from adapters.library.bank import load_bank
from adapters.library.prompts import load_prompts
from adapters.library.types import load_types
from adapters.live import Live
from adapters.playground.web.server import serve
from engine.desk import Desk
from engine.events import Notice
from engine.interviewer import Interviewer
from engine.material import ReviewMaterial
from engine.performing import Performer
from engine.ports import LLMProvider, Request
from engine.reception import Reception
from tests.kit.memory import MemoryPrompts, MemoryStore
from tests.kit.model import Model

QUESTIONS = (
    ("Webhooks", "How would you receive payment webhooks so that no event is lost and none is applied twice?"),
    ("Feeds", "Design the home feed of a small social network. Say first what you would need to know."),
    ("Limits", "Design a rate limiter for a public API that runs on forty machines."),
    ("Search", "Design the search of a shop with a million products that change all day."),
)
FOLLOW_UP = "What happens when the worker dies between the effect and its mark?"
HINTS = (
    "What does the sender do when your answer comes late?",
    "What would make it harmless to process the same event twice?",
    "Which of your two writes happens first, and what if the process dies between them?",
)
REVIEW = {
    "technical_accuracy": (
        4,
        "Storing the raw event under a unique key before you answer is right, and so is making the effect idempotent "
        "rather than hoping for exactly one delivery.",
        "Say which lock or isolation level protects the check and the write.",
    ),
    "communication_clarity": (
        3,
        "The order is easy to follow. The middle part names three mechanisms in one breath, and the listener has to "
        "sort them.",
        "One mechanism per sentence: what it does, then what breaks without it.",
    ),
    "problem_solving": (
        3,
        "You say why the acknowledgement waits for the commit, but name no alternative that you decided against.",
        "Name the option you rejected and the number that decided it.",
    ),
    "completeness": (
        4,
        "Signature, storage, retry and order are there. Nothing is said about events that never arrive.",
        "Add a nightly comparison with the provider's list.",
    ),
}
WORDS: Mapping[str, object] = {
    "headline": "A sound order of steps; one number would make it convincing.",
    "rewrite": (
        "I store the raw event under a unique key before I answer, so a crash only means that they send it again "
        "[how often did that happen?]."
    ),
    "additional_notes": "You kept to the question and came to an end by yourself.",
    "next_drill": "Take two minutes and say it again with one number per step.",
    "summary": (
        "You explain in a clear order and give reasons. Numbers, and the options you decided against, are missing most."
    ),
    "fixes": ["Put one number into every answer.", "Name the option you rejected.", "Say what you would watch after."],
    "drill": "Pick one answer of today and add three numbers to it in five minutes.",
    "key_points": ["Stores before it acknowledges", "Makes the effect idempotent"],
    "hints": HINTS,
}
MODEL_ANSWER = """First the signature, over the raw bytes:

```python
hmac.compare_digest(ours, theirs)
```

Then:
- store the event under a unique key
- acknowledge
- apply it once"""


def script() -> Callable[[Request], str]:
    """What the model writes: questions in turn, reviews that quote the answer, a report."""
    questions = count()

    def answer(request: Request) -> str:
        if not request.sections:
            return MODEL_ANSWER
        topic, question = QUESTIONS[0]
        if request.task == "question":
            topic, question = QUESTIONS[next(questions) % len(QUESTIONS)]
        if request.task == "follow_up":
            question = FOLLOW_UP
        said = request.material.answer if isinstance(request.material, ReviewMaterial) else ""
        sentences = [sentence.strip() for sentence in said.split(".") if sentence.strip()] or [""]
        sections = {**WORDS, "question": question, "topic": topic}
        for n, (name, (level, assessment, fix)) in enumerate(REVIEW.items()):
            quote = sentences[n % len(sentences)]
            quotes = [quote] if quote else []
            sections[name] = {"quotes": quotes, "assessment": assessment, "fix": fix, "level": level}
        return json.dumps({name: sections.get(name, "") for name in request.sections})

    return answer


class Stage:
    """What a server needs, for as long as the test lasts. `model.pace_s` may be changed at any time."""

    def __init__(self, *, pace_s: float = 0.0, chunk_chars: int = 24, provider: LLMProvider | None = None) -> None:
        self.model = Model(model="gpt-6-luna", name="openai", pace_s=pace_s, chunk_chars=chunk_chars, answer=script())
        self.provider = provider or self.model
        self.store = MemoryStore()
        self.prompts = MemoryPrompts(load_prompts())

    @asynccontextmanager
    async def open(self, *, port: int = 0, label: str = "gpt-6-luna", quiet_s: float = 3.0) -> AsyncGenerator[Open]:
        """The product running: its attendants and its server."""
        live = Live()
        performer = Performer(
            provider=self.provider, prompts=self.prompts, bank=load_bank(), now=time.time, draw=lambda: 0.25,
            marker=lambda: "0" * 32, pseudonym=lambda key: key.user,
        )  # fmt: skip
        interviewer = Interviewer(store=self.store, performer=performer, emit=live.emit, now=time.time)
        reception = Reception(
            store=self.store, attend=interviewer.attend, now=time.time,
            tell=lambda key, text: live.emit(Notice(key=key, session="", text=text, error=True)),
        )  # fmt: skip
        async with performer, reception:
            desk = Desk(
                store=self.store, prompts=self.prompts, types=load_types(), deliver=reception.deliver, now=time.time,
                engine_label=label,
            )  # fmt: skip
            async with serve(desk, live, port=port, quiet_s=quiet_s) as url:
                yield Open(desk, live, url)


@dataclass(frozen=True, slots=True)
class Open:
    """A running stage."""

    desk: Desk
    live: Live
    url: str

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])
