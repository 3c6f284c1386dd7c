"""Requests as Granian tells them, and as WSGI has them for Django."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from wsgiref.util import FileWrapper

SAME_FOR_ALL = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileWrapper,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


def headers_of(scope: Any) -> dict[str, str]:
    """The request's headers by name; those sent several times joined, as HTTP has it.

    Names with an underscore are left out, as nginx does: to Django they would be those
    with a hyphen, which a proxy writes.
    """
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        joint = "; " if name == "cookie" else ","
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    return headers


def environ_of(scope: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The request as WSGI has it. Its body is there, whole, however it was sent."""
    environ: dict[str, Any] = {variable(name): value for name, value in headers.items()}
    name, _, port = scope.server.rpartition(":")
    return (
        environ
        | SAME_FOR_ALL
        | {
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": headers.get("content-type", ""),
            "PATH_INFO": scope.path.encode().decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "REMOTE_ADDR": host_of(scope.client),
            "REQUEST_METHOD": scope.method,
            "SERVER_NAME": name.strip("[]"),
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": scope.scheme,
        }
    )


@lru_cache(maxsize=256)
def variable(name: str) -> str:
    """What WSGI calls a header."""
    return "HTTP_" + name.upper().replace("-", "_")


def host_of(client: str) -> str:
    """The address without its port; empty on a Unix socket."""
    return client.rpartition(":")[0].strip("[]")
