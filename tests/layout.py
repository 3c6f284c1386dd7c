"""How templates are laid out is nothing that tests see: a page's ``text`` reads as on one line."""

from __future__ import annotations

import re
from functools import cached_property

from django.http import HttpResponse

AT_A_TAG = re.compile(r"(?<=>)\s*\n\s*|\s*\n\s*(?=[<>])")
BETWEEN_WORDS = re.compile(r"\s*\n\s*")
as_sent = HttpResponse.__dict__["text"].func


def flat(text: str) -> str:
    """The text of a page without what was written only to break lines."""
    return BETWEEN_WORDS.sub(" ", AT_A_TAG.sub("", text))


def text(response: HttpResponse) -> str:
    """What a response says: of a page without its layout, else as it was sent."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return flat(as_sent(response)) if is_page else as_sent(response)


def read_without() -> None:
    """Let every response of the test client say its text without layout."""
    HttpResponse.text = cached_property(text)
    HttpResponse.text.__set_name__(HttpResponse, "text")
