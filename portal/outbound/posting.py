"""Posting to an address that somebody typed in, by workers: many at once, each for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3.exceptions

from portal.outbound import turns
from portal.outbound.connections import Door, cause_of
from portal.outbound.unanswered import Unanswered

LONGEST = 10
"""Seconds from looking the name up to the end of the answer."""
MOST_READ = 65_536
"""Bytes of an answer; whoever says more is not listened to any longer."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and how the answer begins."""

    status: int
    start: bytes


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Hand ``body`` over, and have the answer, whatever its status is. Raise Unanswered."""
    with turns.lasting(LONGEST) as mine, Door() as door:
        how: dict[str, Any] = {"headers": headers, "stream": True, "timeout": mine.left()}
        try:
            with door.post(address, data=body, **how) as answer:
                return Answer(answer.status_code, start_of(answer, mine))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            mine.left()
            raise Unanswered(cause_of(error)) from None


def start_of(answer: requests.Response, mine: turns.Turn) -> bytes:
    """The answer's first bytes, or all of them. Raise Unanswered when the time is over."""
    found = bytearray()
    while len(found) < MOST_READ and (part := answer.raw.read1(MOST_READ, decode_content=True)):
        found += part
        mine.left()
    mine.left()
    return bytes(found[:MOST_READ])
