"""Components V2 and modals as a small HTML page that looks like Discord, for eyes, documents and tests.

`python -m tests.kit.cardview docs` draws the pictures in `docs/`; with another folder, all samples in light and dark.
"""

from tests.kit.cardview.markdown import Node, kinds, shown, tree
from tests.kit.cardview.page import message_html, modal_html, page_html

__all__ = ["Node", "kinds", "message_html", "modal_html", "page_html", "shown", "tree"]
