"""The web pages somebody sees who adds Rehearse to a workspace: the start, and how it ended, with what to do next."""

from __future__ import annotations

from html import escape

from adapters.slack.names import COMMAND

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

FAILURES = {
    "access_denied": ("Nothing was installed", "You said no on Slack's page, which is fine."),
    "invalid_browser": (
        "This has to be done in one browser",
        "It began somewhere else, the page was loaded twice, or the browser keeps no cookies for this address.",
    ),
    "invalid_state": ("That took too long", "An installation has to be finished within ten minutes, and only once."),
    "missing_code": ("Slack sent nothing to go on", "The address of this page is not complete."),
    "invalid_code": ("Slack did not confirm it", "Its answer came too late, or Slack could not be reached just now."),
    "storage_error": (
        "It could not be kept",
        "Slack said yes, but our database did not take it. Nothing is lost: do it once more in a minute.",
    ),
    "invalid_team_for_non_distributed_app": (
        "This app is not for other workspaces yet",
        "Whoever runs it has to switch on public distribution: app settings, Manage Distribution.",
    ),
}
UNKNOWN = (
    "Slack refused",
    "Its word for it is “{reason}”. A workspace may want an administrator to approve apps first.",
)

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Rehearse</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem; }}
a.button {{ display: inline-block; padding: .6rem 1.1rem; border-radius: .5rem; background: #4a154b; color: #fff;
  text-decoration: none; font-weight: 600; }}
small {{ opacity: .75; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def start_page(authorize_url: str) -> str:
    return _page(
        "Add Rehearse to Slack",
        "<p>Mock interviews in Slack: it asks, you answer, and it reviews your answer while you watch.</p>"
        f"{_button(authorize_url, 'Add to Slack')}"
        "<p><small>Slack asks you next what Rehearse may do. It is a practice tool, not for hiring decisions.</small>"
        "</p>",
    )


def done_page(where: str, open_url: str) -> str:
    """`where` is the workspace's name, or the organisation's."""
    named = f" in {escape(where)}" if where else ""
    return _page(
        "Rehearse is installed",
        f"<p>It is ready{named}. Open it and pick an interview on its Home tab, "
        f"or type <code>{escape(COMMAND)}</code> anywhere.</p>{_button(open_url, 'Open in Slack')}",
    )


def failed_page(reason: str, start_path: str) -> str:
    """`reason` is Slack's word, or Bolt's."""
    title, why = FAILURES.get(reason, (UNKNOWN[0], UNKNOWN[1].format(reason=reason[:100])))
    return _page(title, f"<p>{escape(why)}</p>{_button(start_path, 'Start again')}")


def _button(url: str, label: str) -> str:
    return f'<p><a class="button" href="{escape(url)}">{escape(label)}</a></p>'


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), body=body)
