"""A modal as a person fills it in: what a client would not send off, and the data of what it sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.wire.discord import components as c
from tests.wire.discord import words
from tests.wire.discord.components import Json, custom_ids
from tests.wire.discord.house import House
from tests.wire.discord.interactions import FILE_BYTES, Modal
from tests.wire.discord.offers import File, NotOffered
from tests.wire.discord.world import Attachment


def filled_in(
    house: House, modal: Modal, values: Mapping[str, object], files: Mapping[str, Sequence[File]]
) -> tuple[Json, Json]:
    """The submitted components, and what is resolved of them. Values and files go by `custom_id`."""
    unknown = (set(values) | set(files)) - set(custom_ids(modal.components))
    if unknown:
        raise NotOffered(f"the form has no {sorted(unknown)}; it has {custom_ids(modal.components)}")
    resolved: Json = {}
    submitted: list[Json] = []
    for component in modal.components:
        kind, number = component["type"], component["id"]
        if kind == c.TEXT_DISPLAY:
            submitted.append({"type": kind, "id": number})
        elif kind == c.LABEL:
            inner = _answer(house, modal, component["component"], values, files, resolved)
            submitted.append({"type": kind, "id": number, "component": inner})
        else:
            inner = _answer(house, modal, component["components"][0], values, files, resolved)
            submitted.append({"type": kind, "id": number, "components": [inner]})
    return {"custom_id": modal.custom_id, "components": submitted}, resolved


def _answer(
    house: House,
    modal: Modal,
    component: Json,
    values: Mapping[str, object],
    files: Mapping[str, Sequence[File]],
    resolved: Json,
) -> Json:
    kind, custom_id = component["type"], component["custom_id"]
    found: Json = {"type": kind, "id": component["id"], "custom_id": custom_id}
    required = component.get("required") is not False
    given = values.get(custom_id)
    match kind:
        case c.TEXT_INPUT:
            text = str(component.get("value") or "" if given is None else given)
            least = component.get("min_length") or int(required)
            most = component.get("max_length") or 4000
            if (required or text) and not least <= len(text) <= most:
                raise NotOffered(f"{custom_id} takes {least} to {most} characters, not {len(text)}")
            return found | {"value": text}
        case c.FILE_UPLOAD:
            uploads = files.get(custom_id, ())
            _count(component, len(uploads), required, component.get("max_values") or 1)
            ids: list[str] = []
            for filename, content, media_type in uploads:
                if len(content) > FILE_BYTES:
                    raise NotOffered(f"{filename} is larger than {FILE_BYTES} bytes")
                file = Attachment(house.ids.new(), filename, content, media_type, ephemeral=True)
                url = house.cdn.address(modal.opened_by.channel, file)
                resolved.setdefault("attachments", {})[str(file.id)] = words.attachment(file, url)
                ids.append(str(file.id))
            return found | {"values": ids}
        case c.RADIO_GROUP:
            default = next((each["value"] for each in component["options"] if each.get("default")), None)
            choice = default if given is None else given
            if (choice is None and required) or (choice is not None and choice not in _offered(component)):
                raise NotOffered(f"{custom_id} has no choice {choice!r} among {_offered(component)}")
            return found | {"value": choice}
        case c.CHECKBOX:
            return found | {"value": bool(component.get("default") if given is None else given)}
        case _:
            chosen = [given] if isinstance(given, str) else list(given) if isinstance(given, Sequence) else []
            if given is None:
                chosen = [each["value"] for each in component.get("options") or [] if each.get("default")]
            most = component.get("max_values") or (len(component["options"]) if kind == c.CHECKBOX_GROUP else 1)
            _count(component, len(chosen), required, most)
            if kind in (c.STRING_SELECT, c.CHECKBOX_GROUP) and set(chosen) - set(_offered(component)):
                raise NotOffered(f"{custom_id} offers {_offered(component)}, not {chosen}")
            return found | {"values": [str(each) for each in chosen]}


def _count(component: Json, number: int, required: bool, most: int) -> None:
    low = component.get("min_values")
    least = (1 if low is None else low) if required or number else 0
    if not least <= number <= most:
        raise NotOffered(f"{component['custom_id']} takes {least} to {most}, not {number}")


def _offered(component: Json) -> list[str]:
    return [each["value"] for each in component.get("options") or []]
