"""Slack's blocks and views as a small HTML page that looks like Slack, for eyes, documents and tests.

`python -m tests.kit.blockview docs` draws the pictures in `docs/`; with another folder, all samples in light and dark.
"""

from tests.kit.blockview.page import Message, message_html, page_html, view_html

__all__ = ["Message", "message_html", "page_html", "view_html"]
