"""The brake on guessing product keys.

Only failures count, per address and per serial number, and only a failing
request is ever refused: a correct key always goes through. So an office of 300
PCs behind one address does not suffer from one machine with a mistyped key, and
a stranger who guesses at a serial number cannot lock its owner out. What the
brake slows down is hopeless anyway (a product key has 140 random bits); it keeps
the noise bearable. Without a cache it is open, never shut.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from licensing import errors, keys
from licensing.api import addresses

logger = structlog.get_logger(__name__)

TOO_OFTEN = gettext_lazy(
    "Too many tries with a wrong serial number or product key. "
    "Check both for typing errors, and wait a minute before trying again."
)
WINDOW_SECONDS = 60
FAILURES_PER_ADDRESS = 20
FAILURES_PER_SERIAL_NUMBER = 10


@contextmanager
def counting(request: HttpRequest, serial_number: str) -> Iterator[None]:
    """Count a KeyInvalid that is raised within; raise RateLimited instead of one too many."""
    try:
        yield
    except errors.KeyInvalid:
        count_failure(request, serial_number)
        raise


def count_failure(request: HttpRequest, serial_number: str) -> None:
    """Note a wrong key; raise RateLimited when there have been too many this minute."""
    address = addresses.counted(addresses.of(request))
    limits = {f"wrong-keys:address:{address}": FAILURES_PER_ADDRESS}
    if serial := keys.normalise_serial(serial_number):
        limits[f"wrong-keys:serial:{serial}"] = FAILURES_PER_SERIAL_NUMBER

    for counter, limit in limits.items():
        times = count(counter)
        if times == limit + 1:
            tell(address, serial)
        if times > limit:
            raise errors.RateLimited(TOO_OFTEN)


def tell(address: str, serial: str | None) -> None:
    """Log, once a minute, that somebody's wrong keys are not looked at any more."""
    key = keys.find(serial) if serial else None
    account = key.account_id if key else None
    logger.warning("key_braked", address=address, serial_number=serial, account=account)


def count(counter: str, *, seconds: int = WINDOW_SECONDS) -> int:
    """How often this was counted this minute, this time included; 1 without a cache."""
    if cache.add(counter, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(counter) or 1  # None when the cache went down in between
    except ValueError:  # its time ended just now
        return 1
