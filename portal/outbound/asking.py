"""Asking what stands at an address that somebody typed in, or in the DNS, and reading all of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from django.conf import settings
from requests import HTTPError

from portal.outbound.connections import Door, cause_of
from portal.outbound.turns import Turn, turn
from portal.outbound.unanswered import Cause, Unanswered

__all__ = ["HTTPError", "Session", "is_allowed", "origin_of", "read", "texts_of"]

LARGEST = 1_000_000
"""Bytes of an answer, unpacked; AD FS, the most talkative, writes about a tenth of it."""
AT_A_TIME = 65_536
"""Bytes that are unpacked before they are counted."""


class Session(Door):
    """Asks in a turn, and has answers whole; raises Unanswered, Busy."""

    def request(self, method: str, url: str, **how: Any) -> requests.Response:  # type: ignore[override]
        """The answer, read to its end."""
        with turn() as mine:
            how |= {"stream": True, "timeout": mine.left()}
            try:
                return whole(super().request(method, url, **how), mine)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                mine.left()
                raise Unanswered(cause_of(error)) from None


def whole(answer: requests.Response, mine: Turn) -> requests.Response:
    """The answer with what it says. Raise Unanswered if it is too large, or leads elsewhere."""
    found = bytearray()
    with answer:
        if 300 <= answer.status_code < 400:
            raise Unanswered(Cause.REDIRECTED)
        while part := answer.raw.read1(AT_A_TIME, decode_content=True):
            found += part
            mine.left()
            if len(found) > LARGEST:
                raise Unanswered(Cause.TOO_LARGE)
    mine.left()
    answer._content = bytes(found)
    answer.encoding = answer.encoding or "utf-8-sig"  # guessing takes long
    return answer


def read(address: str) -> bytes:
    """What stands at an address. Raise Unanswered, Busy."""
    with Session() as asking:
        answer = asking.get(address)
    if answer.status_code in (404, 410):
        raise Unanswered(Cause.NOT_FOUND)
    if not answer.ok:
        raise Unanswered(Cause.FAILED)
    return answer.content


def is_allowed(address: str) -> bool:
    """Whether browsers may be sent there: a plain address that a page's policy can name."""
    schemes = ("https", "http") if settings.SSO_ALLOWS_INTERNAL_PROVIDERS else ("https",)
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(re.fullmatch(r"[A-Za-z0-9.:-]{1,260}", parts.netloc))


def origin_of(address: str) -> str:
    """The part of an address that a page's security policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def texts_of(name: str) -> set[str]:
    """What the TXT records of a name in the DNS say. Raise Unanswered, Busy if it is silent."""
    import dns.exception  # few ask: 4 MB of each web server's worker
    import dns.resolver

    with turn() as mine:
        try:
            answer = dns.resolver.resolve(name, "TXT", lifetime=mine.left())
        except (dns.resolver.LifetimeTimeout, dns.resolver.NoNameservers):
            raise Unanswered(Cause.SILENT_DNS) from None
        except dns.exception.DNSException:
            return set()
    return {b"".join(record.strings).decode(errors="replace") for record in answer}
