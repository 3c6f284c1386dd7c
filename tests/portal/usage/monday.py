"""A pool on a Monday, and what its page and files tell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from urllib.parse import urlencode

from django.utils import timezone

from tests.factories import make_pool
from tests.licensing.usage.past import limits_were, refused_then, session_then


def last_monday() -> dt.datetime:
    """The start of a Monday that is over for two days, so that its hours are final."""
    now = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return now - dt.timedelta(days=now.weekday() + 7)


def at(hour: int, minute: int = 0, *, days: int = 0) -> dt.datetime:
    return last_monday() + dt.timedelta(days=days, hours=hour, minutes=minute)


def planners(account):
    """A pool of two seats on a Monday: full for an hour at nine, and one person refused then."""
    account.time_zone = "UTC"
    account.save(update_fields=["time_zone"])
    key = make_pool(2, account=account, name="Planners")
    limits_were(key, at(0, days=-60), 2)
    session_then(key, at(8), at(10), person="ann")
    session_then(key, at(9), at(11), person="bob")
    session_then(key, at(20), at(21), person="ann")
    refused_then(key, at(9, 30), person="zoe")
    return key


def days(**more):
    """What an address asks for to see that Monday and the next day."""
    first = last_monday().date()
    return {"from": str(first), "until": str(first + dt.timedelta(days=1))} | more


def tiles(page):
    return {
        name: float(value)
        for name, value in re.findall(r'data-tile="(\w+)" data-value="([^"]+)"', page.text)
    }


def read_csv(owner, path, **more):
    """The rows of the file for that Monday and the next day."""
    answer = owner.post(f"/{path}/export/?{urlencode(days(**more))}", {"format": "csv"})
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
