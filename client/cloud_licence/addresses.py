"""The addresses on the way to the licensing service: its own, and its proxy's."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

DIRECT = "direct"
NOT_SHOWN = re.compile(r"^(\w+://)?.*@")
"""Up to the last @ of an address stand a name and a password."""


class NoService(Exception):
    """The address of the service, or of the proxy, is no address of HTTP."""


def address_of(url: str) -> SplitResult:
    """The parts of an address of HTTP; raise NoService."""
    try:
        address = urlsplit(url.strip())
        has_port = address.port is None or address.port > 0
    except ValueError:
        raise NoService from None
    if address.scheme not in ("http", "https") or not address.hostname or not has_port:
        raise NoService
    return address


def proxy_for(address: SplitResult, wanted: str) -> SplitResult | None:
    """The proxy to use: the policy's, else the system's; None for none. Raise NoService."""
    if wanted.lower() == DIRECT:
        return None
    found = wanted or proxy_of_system(address)
    if not found:
        return None
    return address_of(found if "://" in found else f"http://{found}")


def way(url: str, wanted: str) -> tuple[str, str]:
    """The address that is asked and its proxy's, empty for none, as people may see them."""
    try:
        proxy = proxy_for(address_of(url), wanted)
    except NoService:
        return shown(url), shown(wanted) if wanted.lower() != DIRECT else ""
    return shown(url), shown(proxy.netloc) if proxy else ""


def shown(url: str) -> str:
    """An address without a name, a password, and what follows its path."""
    return NOT_SHOWN.sub(r"\1", url.strip()).partition("?")[0]


def proxy_of_system(address: SplitResult) -> str:
    """The proxy that the environment, or Windows' or macOS' settings, name for an address."""
    is_set = any(name.lower().endswith("_proxy") for name in os.environ)
    if not is_set and sys.platform not in ("win32", "darwin"):
        return ""
    import urllib.request  # 27 ms, only where there may be a proxy

    if urllib.request.proxy_bypass(str(address.hostname)):
        return ""
    return names_a_proxy(urllib.request.getproxies(), address)


def names_a_proxy(proxies: Mapping[str, str], address: SplitResult) -> str:
    """The proxy that settings, by scheme, name for an address; empty if none."""
    return proxies.get(address.scheme, "") or proxies.get("all", "")
