"""Who asked: the address that a request came from, and how addresses are counted."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_NETWORK = 64
"""Whoever has one address of IPv6 has as many more of the same network as they like."""


def of(request: HttpRequest) -> str | None:
    """The address that asked, as the database writes it; None on a Unix socket.

    Behind ``TRUSTED_PROXY_COUNT`` proxies, each of which adds who asked it at the end of
    ``X-Forwarded-For``, that is the entry so many from the end: what stands before it may be
    forged. When there is no such entry, or it is no address, the one who connected counts.
    No other header does, since a proxy that does not write it hands on what strangers wrote.
    """
    return parse(entry_of_outermost_proxy(request)) or parse(request.META.get("REMOTE_ADDR", ""))


def entry_of_outermost_proxy(request: HttpRequest) -> str:
    """What the outermost trusted proxy wrote into X-Forwarded-For; empty without one."""
    trusted: int = settings.TRUSTED_PROXY_COUNT
    entries = request.headers.get("X-Forwarded-For", "").split(",")  # the server joins its lines
    return entries[-trusted] if 0 < trusted <= len(entries) else ""


def parse(entry: str) -> str | None:
    """An address without port, brackets and zone; None for what is none.

    An IPv4 address that came by an IPv6 socket (``::ffff:192.0.2.1``) is one of IPv4.
    """
    text = entry.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def counted(address: str | None) -> str:
    """As whom to count an address: IPv4 by itself, IPv6 by its network of 2^64."""
    if address is None or ":" not in address:
        return address or ""
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
