"""Interview types as they are shipped: one YAML file each in `prompts/types/`, named like the type's id."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from adapters.library.reading import files, model, place, read, shipped
from engine.errors import PromptError
from engine.interviews import InterviewType


def load_types(root: Traversable | None = None) -> Mapping[str, InterviewType]:
    """The types by id, those of the three standard formats first. `root` holds a folder `types`.

    Raises `PromptError` naming the file and the place in it.
    """
    folder = (root or shipped()) / "types"
    found = [_type(file) for file in files(folder)]
    return {kind.id: kind for kind in sorted(found, key=lambda kind: (kind.format == "custom", kind.title))}


def _type(file: Traversable) -> InterviewType:
    kind = model(InterviewType, dict(read(file)), place(file))
    if kind.id != file.name.removesuffix(".yaml"):
        raise PromptError(
            place(file), f"id: the file is named {file.name}, so the id must be the same, not {kind.id!r}"
        )
    return kind
