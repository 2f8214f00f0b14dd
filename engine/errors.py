"""Everything that can go wrong on purpose, split by what the caller should do about it.

RehearseError                      str() goes to the log; `hint` may be shown to a candidate
├── ModelError                     one provider, one request
│   ├── Busy                       wait `retry_after_s`, or go elsewhere          (429, 503)
│   ├── Unreachable                go elsewhere                                   (refused, reset, DNS, TLS)
│   ├── TimedOut                   go elsewhere; `stage` is first | gap | total
│   ├── Failed                     go elsewhere                                   (5xx, in-band server error)
│   ├── Truncated                  continue elsewhere: the stream ended without its terminal event
│   ├── Misconfigured              tell the operator: wrong key, no such model    (401, 403, 404)
│   ├── Rejected                   do not repeat this request anywhere            (400, 422)
│   ├── Declined                   the model refused or a filter stepped in; not an illness
│   ├── CutShort                   the model ran into its output limit; not an illness
│   ├── Unheard                    no words came of a recording; `hint` tells the person what to do
│   ├── Garbled                    ask again: the body was not what the protocol or the schema promises
│   └── AllDown                    every provider is out; the earliest reopens in `retry_after_s`
├── StoreError
│   ├── VersionConflict            somebody else wrote; read again
│   ├── Overtaken                  another admin changed the prompt since it was read; look again
│   ├── LeaseLost                  another attendant holds this session now; stop at once
│   ├── StoreUnavailable           locked, full disk, corrupt file, no server: `hint` says what to do
│   └── StoreTooNew                the database was made by a newer Rehearse
├── NotAllowed                     the role it needs is `needs`; ask somebody who has it
├── Wrong                          what an admin wrote cannot be taken; `problems` says so, field by field
├── OverLimit                      a limit is reached; it resets at `resets_at`
├── PromptError                    a template, a type or the bank is broken; names the place
└── SettingsError                  a setting is wrong; names it and the way out
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Stage = Literal["first", "gap", "total"]


class RehearseError(Exception):
    """Root of the tree. `hint` is a sentence for a person without access to the log."""

    hint: str = "Something went wrong on our side. Your interview is saved; please try again."


class ModelError(RehearseError):
    """A provider could not answer. `provider` and `model` say which one, `detail` what it said."""

    hint = "The model could not answer just now."

    def __init__(self, provider: str, model: str = "", detail: str = "") -> None:
        self.provider = provider
        self.model = model
        self.detail = detail
        super().__init__(" ".join(part for part in (f"{provider}/{model}:", self._says(), detail) if part))

    def _says(self) -> str:
        return type(self).__name__


class Busy(ModelError):
    """Rate limit or overload. `retry_after_s` is what the provider asked for, `None` when it did not say."""

    hint = "The model is busy."

    def __init__(self, provider: str, model: str = "", detail: str = "", *, retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(provider, model, detail)


class Unreachable(ModelError):
    """No connection, or it broke without an answer."""


class TimedOut(ModelError):
    """A deadline of ours passed: first content, the gap between two contents, or the total."""

    def __init__(self, provider: str, model: str = "", detail: str = "", *, stage: Stage = "total") -> None:
        self.stage: Stage = stage
        super().__init__(provider, model, detail)

    def _says(self) -> str:
        return f"TimedOut({self.stage})"


class Failed(ModelError):
    """The provider reports a failure of its own."""


class Truncated(ModelError):
    """The stream ended cleanly but without its terminal event, so its text is not the whole text."""


class Misconfigured(ModelError):
    """Wrong key, forbidden, or unknown model. Only an operator can mend it."""


class Rejected(ModelError):
    """The provider says the request itself is wrong. `param` names the offending one where it is known."""

    def __init__(self, provider: str, model: str = "", detail: str = "", *, param: str | None = None) -> None:
        self.param = param
        super().__init__(provider, model, detail)


class Declined(ModelError):
    """The model refused, or a content filter stopped it. `reason` is the provider's own word."""

    hint = "The model declined to answer this one."

    def __init__(self, provider: str, model: str = "", detail: str = "", *, reason: str = "refusal") -> None:
        self.reason = reason
        super().__init__(provider, model, detail)


class CutShort(ModelError):
    """The output limit was reached before the answer was complete."""


class Unheard(ModelError):
    """No words came of a recording: silence, too large, not sound. `elsewhere`: another model may make them out."""

    def __init__(self, provider: str, model: str = "", detail: str = "", *, hint: str, elsewhere: bool = False) -> None:
        self.hint = hint
        self.elsewhere = elsewhere
        super().__init__(provider, model, detail)


class Garbled(ModelError):
    """The answer is not what the protocol or the schema promises."""


class AllDown(ModelError):
    """Every provider for this purpose is out; the earliest reopens in `retry_after_s` seconds."""

    def __init__(self, provider: str = "router", model: str = "", detail: str = "", *, retry_after_s: float = 0.0):
        self.retry_after_s = retry_after_s
        super().__init__(provider, model, detail)


class StoreError(RehearseError):
    """The database did not do what was asked; nothing of the failed call was written."""


class VersionConflict(StoreError):
    """The session moved on since it was read."""


class Overtaken(StoreError):
    """A prompt is not any more as it was when a change to it was decided on; `change` says in a sentence what it is."""

    def __init__(self, name: str, change: str) -> None:
        self.name = name
        self.change = change
        self.hint = f"Somebody was quicker. {change} Look again before you change anything."
        super().__init__(f"{name} was changed meanwhile: {change}")


class LeaseLost(StoreError):
    """This attendant's lease ran out and another one may hold the session now."""


class StoreUnavailable(StoreError):
    """The database cannot be used at the moment; `hint` says what to do."""

    def __init__(self, detail: str, hint: str) -> None:
        self.hint = hint
        super().__init__(detail)


class StoreTooNew(StoreError):
    """The database was written by a newer version of Rehearse."""

    def __init__(self, found: str, known: str) -> None:
        self.found = found
        self.known = known
        self.hint = (
            "This database was written by a newer Rehearse. Upgrade Rehearse, or point REHEARSE_HOME or "
            "DATABASE_URL somewhere else; nothing was changed."
        )
        super().__init__(f"database revision {found} is newer than {known}")


class PromptError(RehearseError):
    """A prompt template, an interview type or the question bank is broken; the text names the place."""

    def __init__(self, place: str, detail: str) -> None:
        self.place = place
        self.detail = detail
        self.hint = f"{place}: {detail}"
        super().__init__(self.hint)


class SettingsError(RehearseError):
    """A setting is wrong; the text names it and what to write instead."""

    def __init__(self, detail: str) -> None:
        self.hint = detail
        super().__init__(detail)


class NotAllowed(RehearseError):
    """Somebody wants what their role does not let them do; `needs` is the role it takes."""

    def __init__(self, needs: str, hint: str = "") -> None:
        self.needs = needs
        self.hint = hint or f"This takes the role {needs}. Ask an admin of this workspace, or whoever runs Rehearse."
        super().__init__(f"needs the role {needs}")


class Wrong(RehearseError):
    """What was written cannot be taken, and nothing was changed. `problems` maps a field ("" for the whole) to why."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        self.hint = " ".join(self.problems.values())
        super().__init__("; ".join(f"{field or 'all'}: {why}" for field, why in self.problems.items()))


class OverLimit(RehearseError):
    """A limit is reached. `limit` names it, `resets_at` is epoch seconds, `None` where only an admin can raise it."""

    def __init__(self, limit: str, hint: str, *, resets_at: float | None) -> None:
        self.limit = limit
        self.hint = hint
        self.resets_at = resets_at
        super().__init__(f"over the limit {limit}")
