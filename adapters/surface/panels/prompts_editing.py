"""Writing a version from chat: a form or a file, checked, shown with what it changes, and saved by one more press.

What was written is kept for a day (as a form's draft), so that nothing is lost between two presses.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters.surface.panels import Code, Filled, Form, Go, Panel, Part, Words
from adapters.surface.panels.prompts_looking import tried_panel, version_panel
from adapters.surface.panels.prompts_text import beside, edit_form, pieces, typed, upload_form
from adapters.surface.panels.prompts_wording import sentences, title_of
from engine.admin.prompts import MESSAGE_CHARS, Prompts, Shown
from engine.admin.records import AdminStore, FormDraft
from engine.admin.roles import Actor
from engine.errors import Wrong
from engine.keys import person_of
from engine.prompting.drafting import Draft, as_text, difference

FILE_BYTES = 60_000
NOT_THERE = "There is nothing to save: what was written is kept for a day. Edit the version once more."


class Editing:
    """`now` is epoch seconds."""

    def __init__(self, prompts: Prompts, store: AdminStore, now: Callable[[], float]) -> None:
        self._prompts = prompts
        self._store = store
        self._now = now

    async def show(self, actor: Actor, shown: Shown, do: str) -> Panel | Form:
        base = _base(shown)
        match do:
            case "edit":
                text, message = await self._written(actor, shown) or (as_text(shown.prompt), "")
                if (texts := pieces(text)) is None:
                    return _too_long(base)
                return edit_form(f"{base}/edit", shown.prompt, texts, message)
            case "upload":
                return upload_form(f"{base}/upload")
            case "draft":
                text, message = await self._kept(actor, shown)
                return await self._draft_panel(actor, shown, text, message)
            case "attempt":
                text, _ = await self._kept(actor, shown)
                draft = await self._draft(actor, shown, text)
                if draft.prompt is None:
                    raise Wrong({"": " ".join(sentences(draft.problems))})
                tried = await self._prompts.try_draft(actor, draft.prompt)
                buttons = [Go("Save", f"{base}/save", "primary"), Go("Try again", f"{base}/attempt")]
                title = f"Tried: {title_of(shown.standing.name).lower()}, not saved yet"
                return tried_panel(title, tried, buttons, Go("Back to the draft", f"{base}/draft"))
            case "save":
                return await self._save(actor, shown)
            case "discard":
                await self._store.drop_draft(_person(actor), f"{base}/save")
                may_change = await self._prompts.may_change(actor)
                return version_panel(shown, may_change=may_change, notice="Discarded; nothing was saved.")
            case _:
                raise Wrong({"": "This leads nowhere now; it may be from an older version."})

    async def check(self, actor: Actor, shown: Shown, how: str, filled: Filled) -> Panel:
        """What was handed in, looked through. Raises `Wrong` with each problem at its field."""
        text = _uploaded(filled) if how == "upload" else typed(filled)
        message = filled.one("message")
        if len(message) > MESSAGE_CHARS:
            raise Wrong({"message": f"At most {MESSAGE_CHARS} characters, not {len(message)}."})
        draft = await self._draft(actor, shown, text)
        if draft.problems:
            if how == "upload":
                raise Wrong({"file": " ".join(sentences(draft.problems))})
            raise Wrong(beside(draft.problems, filled))
        fields = {"text": (text,), "message": (message,)}
        await self._store.keep_draft(_person(actor), FormDraft(f"{_base(shown)}/save", fields), at=self._now())
        return await self._draft_panel(actor, shown, text, message)

    async def _draft_panel(self, actor: Actor, shown: Shown, text: str, message: str) -> Panel:
        base, draft = _base(shown), await self._draft(actor, shown, text)
        title = f"{title_of(shown.standing.name)}: a new version, not saved yet"
        back = Go("Back to the version", base)
        again = Go("Edit…", f"{base}/edit")
        if draft.prompt is None or draft.problems:
            problems = [Words(each) for each in sentences(draft.problems)]
            return Panel(
                title, tuple(problems), (again, Go("Discard", f"{base}/discard", "danger")), back=back, tone="bad"
            )
        changed = difference(shown.prompt, draft.prompt)
        if not changed:
            return Panel(
                title, (Words("It is what the version says already; there is nothing to save."),), (again,), back=back
            )
        parts: list[Part] = [Words("Lint: fit for use, nothing speaks against it.")]
        parts += [Words(f"Why: {message}")] if message else []
        parts += [Words(f"What it changes in version {shown.version.number}:"), Code(changed, "diff")]
        buttons = (
            Go("Save", f"{base}/save", "primary"),
            Go("Try it", f"{base}/attempt"),
            again,
            Go("Discard", f"{base}/discard", "danger"),
        )
        return Panel(title, tuple(parts), buttons, back=back)

    async def _save(self, actor: Actor, shown: Shown) -> Panel:
        text, message = await self._kept(actor, shown)
        name = shown.standing.name
        kept = await self._prompts.create(actor, name, str(shown.version.number), text, message=message)
        await self._store.drop_draft(_person(actor), f"{_base(shown)}/save")
        saved = f"Saved as version {kept.version.number}. Nobody gets it until it is rolled out or promoted."
        notice = (
            saved if kept.new else f"This is version {kept.version.number} already: the same text is the same version."
        )
        after = await self._prompts.show(actor, name, str(kept.version.number))
        return version_panel(after, may_change=await self._prompts.may_change(actor), notice=notice)

    async def _draft(self, actor: Actor, shown: Shown, text: str) -> Draft:
        return await self._prompts.draft(actor, shown.standing.name, str(shown.version.number), text)

    async def _written(self, actor: Actor, shown: Shown) -> tuple[str, str] | None:
        draft = await self._store.draft(_person(actor), f"{_base(shown)}/save")
        return None if draft is None else (_one(draft, "text"), _one(draft, "message"))

    async def _kept(self, actor: Actor, shown: Shown) -> tuple[str, str]:
        if (written := await self._written(actor, shown)) is None:
            raise Wrong({"": NOT_THERE})
        return written


def _uploaded(filled: Filled) -> str:
    if not filled.files:
        raise Wrong({"file": "Choose a file."})
    content = filled.files[0].content
    if len(content) > FILE_BYTES:
        raise Wrong({"file": f"The file has {len(content) // 1000:,} kB; a prompt has at most {FILE_BYTES // 1000}."})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Wrong({"file": "The file is not plain text in UTF-8."}) from None


def _too_long(base: str) -> Panel:
    words = "This text does not fit into a form. Download it, edit it where you like, and upload it again."
    buttons = (Go("Download", f"{base}/download"), Go("Upload…", f"{base}/upload"))
    return Panel("Too long to edit here", (Words(words),), buttons, back=Go("Back to the version", base))


def _base(shown: Shown) -> str:
    return f"prompts/{shown.standing.name}/v/{shown.version.number}"


def _person(actor: Actor) -> str:
    return person_of(actor.platform, actor.workspace, actor.user)


def _one(draft: FormDraft, field: str) -> str:
    return next(iter(draft.fields.get(field, ())), "")
