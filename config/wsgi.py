"""The WSGI application that Granian serves."""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_SECONDS", "5")  # whoever waits for a page; workers take longer

MOST_CHUNKED_BYTES = 64 * 1024
"""Only API clients send chunks, and 16 KiB is too much for the API already."""

django = get_wsgi_application()
gc.collect()
gc.freeze()  # what is loaded now stays: no collection needs to look at it again


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's application, for which a body sent in chunks gets the length it lacks.

    Django takes a body without Content-Length for an empty one (WSGI once gave it no
    choice), and .NET's HTTP client sends JSON just so.
    """
    if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
        body = environ["wsgi.input"].read(MOST_CHUNKED_BYTES)
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    return django(environ, start_response)
