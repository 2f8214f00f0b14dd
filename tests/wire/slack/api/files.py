"""Files: upload in three steps, `files.info`, and downloads that ask for the token as real Slack does.

A download without a good token is no error but a page of HTML with status 200. External files lie on another origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.slack.api.ask import Ask, place, read_blocks, thread
from tests.wire.slack.state import Message, Refused, SlackFile
from tests.wire.slack.surfaces import Download

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>"
)
_TYPES = {"png": "image/png", "md": "text/markdown", "txt": "text/plain", "csv": "text/csv", "json": "application/json"}


def get_upload_url(slack: Slack, ask: Ask) -> Json:
    name, length = ask.need("filename", "length")
    id, ticket = slack.new_id("F"), slack.new_id("ticket")
    mimetype = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    file = SlackFile(id, name, mimetype, b"", ask.team.id, ask.team.bot_user, size=int(length), done=False)
    file.url = f"{slack.url}/files-pri/{ask.team.id}-{id}/{name}"
    file.download_url = f"{slack.url}/files-pri/{ask.team.id}-{id}/download/{name}"
    file.alt_text = str(ask.args.get("alt_txt") or "")
    slack.files[id] = file
    slack.downloads.uploads[ticket] = id
    return {"upload_url": f"{slack.url}/upload/v1/{ticket}", "file_id": id}


def complete_upload(slack: Slack, ask: Ask) -> Json:
    """Makes uploaded files real, and shares them as one message where a channel is given."""
    given = ask.args.get("files")
    if not isinstance(given, list) or not given:
        raise Refused("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [slack.files.get(one.get("id", "")) for one in given]
    if any(file is None or file.team != ask.team.id for file in files):
        raise Refused("file_not_found")
    found = [file for file in files if file is not None]
    if any(file.size is not None and len(file.content) != file.size for file in found):
        raise Refused("file_update_failed")
    channel = place(slack, ask, "channel_id", to_write=True) if ask.args.get("channel_id") else None
    root = thread(ask, channel) if channel is not None else None
    for file, one in zip(found, given, strict=True):
        file.title, file.done = one.get("title") or file.name, True
        file.highlight_type = one.get("highlight_type") or ""
    if channel is not None:
        text, blocks = str(ask.args.get("initial_comment") or ""), read_blocks(slack, ask)
        message = Message(
            channel.id, slack.new_ts(), ask.team.bot_user, text, blocks, root, bot=True, subtype="file_share",
            files=found,
        )  # fmt: skip
        channel.messages[message.ts] = message
        for file in found:
            file.shared_in.append(channel.id)
        slack.wrote(ask.method, ask.team.id, message)
        slack.events.echo(slack.events.posted(message, channel, ask.team), channel, ask.team)
    return {"files": [file.as_json() for file in found]}


def files_info(slack: Slack, ask: Ask) -> Json:
    (id,) = ask.need("file")
    file = slack.files.get(id)
    if file is None or file.team != ask.team.id or not file.done:
        raise Refused("file_not_found")
    return {"file": file.as_json(), "comments": [], "response_metadata": {"next_cursor": ""}}


def files_delete(slack: Slack, ask: Ask) -> Json:
    (id,) = ask.need("file")
    if slack.files.pop(id, None) is None:
        raise Refused("file_not_found")
    return {}


METHODS = {
    "files.getUploadURLExternal": get_upload_url, "files.completeUploadExternal": complete_upload,
    "files.info": files_info, "files.delete": files_delete,
}  # fmt: skip


def routes(slack: Slack) -> web.RouteTableDef:
    """The URLs bytes go to and come from."""
    table = web.RouteTableDef()

    @table.post("/upload/v1/{ticket}")
    async def upload(request: web.Request) -> web.Response:
        id = slack.downloads.uploads.get(request.match_info["ticket"])
        if id is None:
            return web.Response(status=404, text="no such upload")
        if request.content_type.startswith("multipart/"):
            form = await request.post()
            parts = [part.file.read() for part in form.values() if isinstance(part, web.FileField)]
            slack.files[id].content = parts[0]
        else:
            slack.files[id].content = await request.read()
        slack.changed()
        return web.Response(text=f"OK - {len(slack.files[id].content)}")

    @table.get("/files-pri/{where}/{rest:.*}")
    async def download(request: web.Request) -> web.StreamResponse:
        slack.downloads.log.append(_seen(request, foreign=False))
        slack.changed()
        team, _, id = request.match_info["where"].partition("-")
        file = slack.files.get(id)
        fault = slack.faults.take("files.download")
        if fault is not None:
            return web.Response(status=fault.status, text=fault.body or "", content_type="text/html")
        grant = slack.grants.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        org = slack.teams[team].enterprise if team in slack.teams else ""
        allowed = (
            grant is not None
            and not grant.error
            and (grant.team == team or (not grant.team and grant.enterprise == org))
        )
        if file is None or not allowed:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if id in slack.downloads.redirects:
            raise web.HTTPFound(slack.downloads.redirects[id])
        return web.Response(body=file.content, content_type=file.mimetype)

    @table.get("/foreign/{id}/{rest:.*}")
    async def foreign(request: web.Request) -> web.StreamResponse:
        slack.downloads.log.append(_seen(request, foreign=True))
        slack.changed()
        file = slack.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    return table


def _seen(request: web.Request, *, foreign: bool) -> Download:
    return Download(str(request.url), request.headers.get("Authorization", ""), foreign)
