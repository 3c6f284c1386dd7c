"""Where a person goes on after something was done."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from portal.sent import page_marks


def next_address(request: HttpRequest, default: str) -> str:
    """The page to go on to: the one that the person came from, else ``default``."""
    return came_from(request) or resolve_url(default)


def came_from(request: HttpRequest) -> str:
    """The page of ours that ``next`` names, in the form or the address; empty if it names none."""
    return path_of_ours(request, request.POST.get("next") or request.GET.get("next", ""))


def path_of_ours(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site and a path, else empty.

    What is no path would be taken for the name of a view.
    """
    return address if is_ours(request, address) and address.startswith("/") else ""


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether the address is one of this site."""
    hosts = {request.get_host()}
    return url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure())


def page_of(request: HttpRequest) -> str:
    """The page that the person looked at: this one, or where a form or a script of it sent this.

    Never an address that only takes forms, or only answers with rows.
    """
    if request.method in ("GET", "HEAD") and not page_marks.is_by_itself(request):
        return request.get_full_path()
    return page_before(request)


def page_before(request: HttpRequest) -> str:
    """The page of ours that led here, else the one above."""
    seen = request.headers.get("Referer", "")
    if not is_ours(request, seen):
        return page_above(request.path)
    return urlsplit(seen)._replace(scheme="", netloc="", fragment="").geturl()


def page_above(path: str) -> str:
    """The page beneath which an address lies: of a release, the session's."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def with_next(address: str, came_from: str) -> str:
    """The address with the page to come back to, if there is one."""
    return f"{address}?{urlencode({'next': came_from})}" if came_from else address
