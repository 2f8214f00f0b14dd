"""The playground in a browser: a page, a small JSON API and Server-Sent Events on this machine's own address.

`server` makes the application and binds it, `guard` decides whose requests are taken, `api` is what can be asked,
`stream` is what is told, `views` is how a session looks from the page, and `static/` is the page: plain modules, no
build step.
"""

from adapters.playground.web.server import playground, serve

__all__ = ["playground", "serve"]
