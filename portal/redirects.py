"""Where a person goes on after something was done."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_address(request: HttpRequest, default: str) -> str:
    """The page to go on to: the one that the person came from, else ``default``."""
    return came_from(request) or resolve_url(default)


def came_from(request: HttpRequest) -> str:
    """The page of ours that ``next`` names, in the form or the address; empty if it names none.

    It is a path: what is none would be taken for the name of a view.
    """
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else ""


def with_next(address: str, came_from: str) -> str:
    """The address with the page to come back to, if there is one."""
    return f"{address}?{urlencode({'next': came_from})}" if came_from else address
