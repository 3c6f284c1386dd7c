"""The product as others reach it: by its own address, through every proxy in front of it."""

from __future__ import annotations

import json
import secrets
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from licensing.api import health
from licensing.readiness import Fault

PATIENCE = 5
"""Seconds to wait for our own address."""
ENDS_SOON = 14
"""Days that a certificate should be good for still; whoever renews it does so before."""
DAY = 86400
NAME_IT = "Give that name an address, in DNS or in /etc/hosts here, or correct BASE_URL."


def own_address() -> str | Fault:
    """Whether BASE_URL leads here, with its certificate, and TRUSTED_PROXY_COUNT is right."""
    request_id = secrets.token_hex(16)
    try:
        days = days_of_certificate()
        headers, document = ask({"X-Request-Id": request_id, health.ASKED_BY_DOCTOR: health.sign()})
    except ssl.SSLError as error:
        detail = f"BASE_URL: the certificate is refused ({error})."
        return Fault(detail, "Renew it, or put its whole chain into the proxy.")
    except (OSError, ValueError) as error:
        if isinstance(getattr(error, "reason", error), socket.gaierror):  # urllib's has a reason
            name = urlsplit(settings.BASE_URL).hostname
            return Fault(f"BASE_URL: this machine knows no {name}.", NAME_IT)
        detail = f"BASE_URL does not answer here as ready: {error}."
        return Fault(
            detail, "Look at the proxy and at `/readyz`; its name may lead elsewhere, too."
        )
    return fault_of(headers, document, request_id, days) or told(days)


def fault_of(
    headers: Mapping[str, str], document: Mapping[str, Any], request_id: str, days: float | None
) -> Fault | None:
    """What is wrong with what came back."""
    proxies = document.get("proxies")
    if proxies is None:
        return Fault(
            "BASE_URL leads to a product with another SECRET_KEY.",
            "Give all machines the same settings, and let BASE_URL name this product.",
        )
    if proxies != settings.TRUSTED_PROXY_COUNT:
        return Fault(
            f"TRUSTED_PROXY_COUNT is {settings.TRUSTED_PROXY_COUNT}, but {proxies} came between.",
            f"Set it to {proxies}, if others come by the same way as this machine.",
        )
    if headers.get("X-Request-Id") != request_id:
        return Fault(
            "Something in front changes X-Request-Id, so that programs believe no answer.",
            "Let it pass the header on unchanged, both ways.",
        )
    if days is not None and days < ENDS_SOON:
        return Fault(f"The certificate of BASE_URL ends in {days:.0f} days.", "Renew it.")
    return None


def told(days: float | None) -> str:
    """What was seen, if it is well."""
    certificate = "" if days is None else f"; the certificate is good for {days:.0f} days"
    return f"BASE_URL leads here, through {settings.TRUSTED_PROXY_COUNT} proxies{certificate}."


def ask(headers: Mapping[str, str]) -> tuple[Mapping[str, str], dict[str, Any]]:
    """The headers and the document of our own ``/readyz``. Raise OSError or ValueError."""
    request = urllib.request.Request(f"{settings.BASE_URL}/readyz", headers=dict(headers))  # noqa: S310, our own
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        document: dict[str, Any] = json.load(answer)
        return answer.headers, document


def days_of_certificate() -> float | None:
    """How long our certificate is good for; None for plain HTTP. Raise OSError."""
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme != "https":
        return None
    name = str(parts.hostname)
    with (
        socket.create_connection((name, parts.port or 443), PATIENCE) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=name) as secured,
    ):
        certificate = secured.getpeercert() or {}
    return (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / DAY
