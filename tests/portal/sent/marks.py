"""Forms and the marks that pages print in them."""

from __future__ import annotations

import re

from portal.sent import page_marks

INVITATION = {"emails": "new@example.com", "role": "viewer", "message": "Welcome & <hello>"}


def mark_on(page):
    """The mark of the last form of a page."""
    return re.findall(rf'name="{page_marks.FIELD}" value="([^"]+)"', page.text)[-1]
