"""What has become history reads as before: on pages, in files, by the API and in figures."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.db.models import F

from licensing import denials, errors, history, sessions
from licensing.models import ClientSession, Denial
from licensing.usage import roll_up
from tests.factories import TESTER, make_api_token, make_client, make_pool, make_single_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAYS = 3
TIMES = ("started_at", "refreshed_at", "grace_until", "ended_at", "reclaim_at")
THEN = (dt.datetime.now(dt.UTC) - dt.timedelta(days=DAYS)).date()
LATELY = urlencode({"days": 30})


def make_past(account):
    """A pool and a device that were used and full some days ago, and nothing since."""
    pool, single = (
        make_pool(1, account=account, features=["bim"]),
        make_single_user(account=account),
    )
    anna, ben = make_client(username="anna", features=("bim",)), make_client(username="ben")
    for key, client, end in (
        (pool, anna, sessions.close),
        (single, ben, lambda pk: sessions.release(session(pk), by=TESTER)),
    ):
        grant, _ = sessions.check_out(key, client)
        if key == pool:
            with pytest.raises(errors.PoolExhausted):
                sessions.check_out(key, ben)
        end(grant.session_id)
    back = dt.timedelta(days=DAYS)
    longer = {"started_at": F("started_at") - back - dt.timedelta(hours=2)}
    ClientSession.objects.update(**{at: F(at) - back for at in TIMES} | longer)
    Denial.objects.update(first_at=F("first_at") - back, last_at=F("last_at") - back)
    denials.record(pool, ben, errors.KeyRevoked())
    return pool, single


def session(session_id):
    return ClientSession.objects.get(pk=session_id)


def addresses(pool, single):
    """Wherever something of it is told."""
    of_pool = f"/licences/{pool.licence_id}/"
    yield from (f"/sessions/{pk}/" for pk in ClientSession.every.values_list("pk", flat=True))
    yield from ("/", "/licences/", of_pool, f"/licences/{single.licence_id}/")
    yield from (f"/sessions/?state=ended&{query}" for query in ("", "q=anna"))
    yield from (f"/usage/?{LATELY}&group={by}" for by in ("person", "version", "feature"))
    yield f"/usage/?since={THEN}&until={THEN}"
    yield f"/usage/?{LATELY}&licence={pool.licence_id}"
    yield from (
        f"/usage/denials/?{LATELY}",
        f"/usage/denials/?{LATELY}&only=true",
        "/search/?q=ann",
    )


FILES = ("sessions/export/?state=ended", f"usage/denials/export/?{LATELY}",
         f"usage/people/export/?{LATELY}")  # fmt: skip
API = ("sessions?state=ended", "denials", "usage", "licences")


def told(owner, client, token, admin_client, keys):
    """What each address answers, but for what differs each time."""
    answers = {address: owner.get(address) for address in addresses(*keys)}
    for name in API:
        address = f"/api/v1/account/{name}"
        answers[address] = client.get(address, headers={"Authorization": f"Bearer {token}"})
    for name in ("clientsession/?seat=all&q=anna", "denial/"):
        answers[name] = admin_client.get(f"/admin/licensing/{name}")
    assert {address: a.status_code for address, a in answers.items() if a.status_code != 200} == {}
    return {address: without_marks(body(answer)) for address, answer in answers.items()}


def files(owner):
    """What each file holds; that it was made is told on pages."""
    return [body(owner.post(f"/{name}", {"format": "csv"})) for name in FILES]


def body(answer):
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


def without_marks(text):
    """The text but for tokens of forms, for ids of pages, and for times that go on."""
    for mark in (
        r"ended_since=[^&]*&", r"<dt>Made</dt>\s*<dd>.*?</dd>",
        r'value="[\w.-]{20,}"', r'name="server-time" content="[^"]*"', r"\d+ (second|minute)s?\b",
        r"</code> · \w+ \d+ \w+ \d+, \d\d:\d\d \w+",
    ):  # fmt: skip
        text = re.sub(mark, "", text)
    return text


def first_difference(*texts):
    """The first lines that are not alike."""
    lines = zip(*(text.splitlines() for text in texts), strict=False)
    return next((pair for pair in lines if pair[0] != pair[1]), "more lines")


def test_reads_as_before(owner, client, account, admin_client, settings):
    settings.HISTORY_AFTER_DAYS = 1
    keys = make_past(account)
    token = make_api_token(account).plain
    asked = (owner, client, token, admin_client, keys)
    files_before, before = files(owner), told(*asked)

    assert history.move() == 3
    assert not ClientSession.objects.exists()

    after = told(*asked)
    changed = [address for address in before if before[address] != after[address]]
    assert changed == [], first_difference(before[changed[0]], after[changed[0]])
    assert files(owner) == files_before
    assert all("anna" in text for text in (files_before[0], files_before[2]))
    assert any(roll_up.first_use([keys[0].licence]).values())
