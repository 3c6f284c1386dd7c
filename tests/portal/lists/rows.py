"""What a page of a list is about."""

from __future__ import annotations

import re


def rows_of(page):
    """What the page's rows are about, without the way back to the page."""
    text = re.sub(r"\?next=[^\"]*", "", page.text)
    return re.findall(r'class="cell-main">.*?</td>|<summary>.*?</summary>', text, re.DOTALL)
