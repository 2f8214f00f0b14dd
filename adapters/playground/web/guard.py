"""Whose requests are taken: this machine's own page and nobody else's, and how a refusal sounds.

The server listens on loopback, where any web site open in the same browser can reach it. Two checks keep those out:
the `Host` must be a name of this machine (a hostile name may resolve to 127.0.0.1: DNS rebinding), and what changes
something must come from our own origin (cross-site request forgery). Errors are JSON `{"error": {"code", "message"}}`,
whose message is a sentence for the person at the screen.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import ValidationError

from engine.errors import OverLimit, RehearseError, SettingsError, StoreError

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# Asked by a load balancer or a watchdog under whatever name it likes; they tell nothing.
PROBES = frozenset({"/healthz", "/readyz"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

SENTENCES = {
    400: "That request could not be read.",
    404: "There is nothing here.",
    405: "That cannot be done here.",
    413: "That is more than can be read at once: please send the essential part.",
    415: "Requests must be sent as JSON.",
}


class Refused(Exception):
    """A request that is turned down with a status, a stable code and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        self.message = message
        super().__init__(f"{status} {code}")


def refusal(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def doorkeeper(allowed_hosts: Iterable[str]) -> Middleware:
    """Take requests for this machine, and changes from our own page only."""
    hosts = LOOPBACK | {host.casefold().strip("[]") for host in allowed_hosts}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in PROBES:
            if _name(f"//{request.host}") not in hosts:
                raise Refused(
                    403, "host", "This address is not one of this machine's own. Open the playground by the address "
                    "it printed when it started."
                )  # fmt: skip
            if request.method not in ("GET", "HEAD") and not _own_origin(request):
                raise Refused(403, "origin", "Another web site tried to use the playground; nothing was changed.")
        return await handler(request)

    return middleware


@web.middleware
async def outfit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on everything, and every failure as one JSON sentence. Stands outermost."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = refusal(error.status, _code(error.reason), SENTENCES.get(error.status, error.reason))
    except Refused as error:
        response = refusal(error.status, error.code, error.message)
    except ValidationError as error:
        response = refusal(400, "invalid", _invalid(error))
    except SettingsError as error:
        response = refusal(400, "choice", error.hint)
    except OverLimit as error:
        response = refusal(429, "limit", error.hint)
    except StoreError as error:
        log.error("store failed", extra={"path": request.path, "error": str(error)})
        response = refusal(503, "store", error.hint)
    except RehearseError as error:
        log.error("request failed", extra={"path": request.path, "error": str(error)})
        response = refusal(500, "failed", error.hint)
    except Exception:  # the edge of the process: the log gets the traceback, the page a sentence
        log.exception("request failed", extra={"path": request.path})
        response = refusal(500, "failed", RehearseError.hint)
    if not response.prepared:
        response.headers.update(HEADERS)
        # The page and its modules change with an upgrade; revalidating costs nothing on loopback.
        response.headers.setdefault("Cache-Control", "no-cache" if request.path.startswith("/static") else "no-store")
    return response


def _own_origin(request: web.Request) -> bool:
    """Whether a change comes from our own page, or from no page at all (a script, a test)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    return site in ("same-origin", "none") and (origin is None or urlsplit(origin).netloc == request.host)


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _code(reason: str) -> str:
    return reason.casefold().replace(" ", "_")


def _invalid(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}." if place else f"{first['msg']}."
