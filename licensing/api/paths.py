"""Which addresses are asked by programs, which read problem documents and no pages."""

from __future__ import annotations

import re

from django.urls import Resolver404, resolve

BELOW_API = re.compile(r"/+api(/|$)", re.IGNORECASE)
FOR_PROGRAMS = re.compile(r"/+(api(/|$)|\.well-known/|healthz$|readyz$)", re.IGNORECASE)
FOR_DEVELOPERS = re.compile(r"/api/v1/(docs|schema)(/|$)")


def is_api(path: str) -> bool:
    """Whether an address is below ``/api``, however wrongly it is written: ``//api/v1/x``."""
    return BELOW_API.match(path) is not None


def is_for_programs(path: str) -> bool:
    """Whether a program asks here, which is to be told what is wrong as a problem document."""
    return FOR_PROGRAMS.match(path) is not None


def takes_secrets(path: str) -> bool:
    """Whether a program may have sent a product key or a token here, if only by mistake."""
    return is_api(path) and not is_for_developers(path)


def is_for_developers(path: str) -> bool:
    """Whether it is a page about the APIs, or their description."""
    return FOR_DEVELOPERS.match(path) is not None


def route_of(path: str) -> str:
    """The pattern of an address, for the log: an address may hold a code that opens something."""
    try:
        return resolve(path).route
    except Resolver404:
        return "unknown"
