"""What desktops do in the bench."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from bench.load import Request, Script, request
from licensing.models import ProductKey

SESSIONS = "/api/v1/sessions"


def hello() -> Script:
    """Ask the view that does nothing."""
    asking = request("hello", "GET", f"{SESSIONS}/hello")
    while True:
        yield asking


def refreshing(
    open_sessions: Iterable[tuple[str, str]], *, expected: tuple[int, ...] = (200,)
) -> Script:
    """Refresh open sessions, (id, token) each, one after the other and again."""
    requests = [
        request("refresh", "POST", f"{SESSIONS}/{session}/refresh", token=token, expected=expected)
        for session, token in open_sessions
    ]
    for asking in itertools.cycle(requests):  # noqa: UP028, cycle takes no answers
        yield asking


def opening_and_closing(keys: list[tuple[ProductKey, str]], name: str) -> Script:
    """Check out and close, on one pool after the other."""
    for number in itertools.count():
        key, product_key = keys[number % len(keys)]
        answer = yield check_out(key, product_key, f"{name}-{number % 500}")
        if answer.status in (200, 201):  # 200: the last turn ended before its close
            opened = answer.json()
            address = f"{SESSIONS}/{opened['id']}"
            yield request("close", "DELETE", address, token=opened["token"], expected=(204,))


def opening(keys: list[tuple[ProductKey, str]], name: str) -> Script:
    """Check out on one pool after the other, each time on a new machine, and close nothing."""
    for number in itertools.count():
        asking = check_out(*keys[number % len(keys)], f"{name}-{number}")
        yield Request("granted", asking.text, (201,))


def asking_in_vain(key: ProductKey, product_key: str, name: str) -> Script:
    """Ask a full pool for a seat."""
    for number in itertools.count():
        asking = check_out(key, product_key, f"{name}-{number % 500}")
        yield Request("refused", asking.text, (409,))


def check_out(key: ProductKey, product_key: str, machine_name: str) -> Request:
    """A check-out by one user on this machine."""
    body = {
        "serial_number": key.serial_number,
        "product_key": product_key,
        "machine_name": machine_name,
        "username": "BENCH\\user",
        "version": "16.0.02",
    }
    return request("check-out", "POST", SESSIONS, body=body, expected=(200, 201))
