"""Lists that stay fresh by themselves (see static/js/live-rows.js).

{% live_rows src=url version=version %}…{% endlive_rows %}   what is asked for anew
{% live_row have %}<tr id="…">…</tr>{% endlive_row %}         one row, which a page may have already
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Container

from django import template
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

BYTES_OF_DIGEST = 6
KEPT_BY_SCRIPTS = re.compile(r"(<rel-time><time [^>]*>)[^<]*")
"""What a page keeps true by itself: no row is another one for it."""


@register.simple_block_tag(takes_context=True)
def live_rows(
    context: Context, content: str, *, src: str, version: str, of: str = "sessions"
) -> str:
    """Keep what is inside fresh from ``src``.

    Every part of the answer replaces the element of the same id inside. What the rows are ``of``
    decides how it is said that some came or went: sessions, or alerts.
    """
    request: HttpRequest = context["request"]
    return render_to_string(
        "_live_rows.html",
        {
            "content": content,
            "src": src,
            "version": version,
            "of": of,
            "here": request.get_full_path(),
        },
    )


@register.simple_block_tag
def live_row(content: SafeString, have: Container[str]) -> SafeString:
    """The row with its digest; of one whose digest the page tells, its place alone."""
    row = str(content).strip()
    digest = digest_of(row)
    if digest in have:
        return format_html('<tr data-same="{}"></tr>', digest)
    return mark_safe(row.replace("<tr ", f'<tr data-digest="{digest}" ', 1))  # noqa: S308


def digest_of(row: str) -> str:
    """Eight characters, which no other row of a list will have."""
    told = KEPT_BY_SCRIPTS.sub(r"\1", row)
    digest = hashlib.blake2b(told.encode(), digest_size=BYTES_OF_DIGEST).digest()
    return base64.urlsafe_b64encode(digest).decode()
