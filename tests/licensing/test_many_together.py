"""Many check-outs and closes as one statement do for each what its own statement does."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.db.models.functions import Now

from licensing import batches, keys, licences, prepared, rules, sessions
from licensing.group_commit import LEFT_OUT
from licensing.models import ClientSession, ClosedId, Licence, Seat
from licensing.models.usage import LateFact
from licensing.rules import NewRule
from tests.factories import (
    TESTER,
    AccountFactory,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.licensing.asked import check_out, close

pytestmark = pytest.mark.django_db

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
TIMES = ("started_at", "refreshed_at", "grace_until", "reclaim_at", "ended_at")


def of_licence(**change):
    key = make_pool(2)
    Licence.objects.filter(pk=key.licence_id).update(**change)
    return check_out(key)


def of_its_product():
    key = make_pool(2)
    return check_out(key, make_client(product=key.licence.product.code))


def again():
    key, client = make_pool(2), make_client()
    make_session(key, client)
    return check_out(key, client)


def closed_before():
    key, client = make_pool(2), make_client(session_id=uuid.uuid4())
    ClosedId.objects.remember(key.licence, client.session_id)
    return check_out(key, client)


def superseded(overlap):
    key = make_pool(2)
    keys.reissue(key, by=TESTER, overlap=overlap)
    return check_out(key)


def revoked():
    key = make_pool(2)
    keys.revoke(key, by=TESTER)
    return check_out(key)


def blocked():
    key = make_pool(2)
    rules.add(key.account, NewRule(username="acme\\*"), by=TESTER)
    return check_out(key)


def full():
    key = make_pool(1)
    make_session(key)
    return check_out(key)


def draining():
    key = make_pool(2)
    session, _ = make_session(key), make_session(key)
    licences.set_seats(key.licence, 1, by=TESTER)
    return close(session)


def reclaimed():
    session = make_session(make_pool(2), refreshed=49 * HOUR)
    sessions.reclaim_stale()
    return close(session)


def with_features():
    client = make_client(features=("4d",))
    return close(make_session(make_pool(2, features=["4d:1", "bim"]), client))


def told(ended):
    session = make_session(make_pool(2), refreshed=9 * HOUR)
    return close(session, session.refreshed_at.replace(microsecond=0) + ended)


def by(**client):
    return check_out(make_pool(2), make_client(**client))


CHECKED_OUT = {
    "free": by,
    "with an id of its own": lambda: by(session_id=uuid.uuid4(), os_session="3", device_id="one"),
    "names in any letters": lambda: by(username='Jörg "\\" {,}', machine_name="Ⅷ\u2028'%s"),
    "version with a word": lambda: by(version="16.0.1 β"),
    "of its product": of_its_product,
    "in overlap": lambda: superseded(HOUR),
    "ends today": lambda: of_licence(ends_on=days_from_today(1)),
    "elsewhere": lambda: check_out(make_pool(account=AccountFactory(time_zone="Asia/Tokyo"))),
    "its features": lambda: check_out(make_pool(2, features=["4d:1", "bim"])),
}
NOT_CHECKED_OUT = {
    "full": full,
    "another's key": lambda: check_out(make_pool(2), product_key=make_pool(2).plain),
    "again": again,
    "with an id of another": lambda: by(session_id=make_session(make_pool(2)).pk),
    "closed before": closed_before,
    "superseded": lambda: superseded(0 * HOUR),
    "revoked": revoked,
    "blocked": blocked,
    "suspended": lambda: of_licence(state="suspended"),
    "expired": lambda: of_licence(ends_on=days_from_today(-3)),
    "not begun": lambda: of_licence(starts_on=days_from_today(3)),
    "too old": lambda: by(version="15.9"),
    "another product": lambda: by(product="other"),
    "single user": lambda: check_out(make_single_user()),
}
CLOSED = {
    "open": lambda: close(make_session(make_pool(2))),
    "with features": with_features,
    "hours ago": lambda: told(2 * HOUR),
    "when last heard of": lambda: told(0 * HOUR),
}
NOT_CLOSED = {
    "draining": draining,
    "reclaimed": reclaimed,
    "before it was last heard of": lambda: told(-HOUR),
    "unknown": lambda: close(ClientSession(pk=uuid.uuid4())),
}


def alone(batch):
    return [prepared.fetch_one(one.statement, one.values) or LEFT_OUT for one in batch]


def effects(run, batch):
    """What the statements find and leave, with times in minutes from now."""
    with transaction.atomic():
        found = [row is not LEFT_OUT and row_of(row) for row in run(batch)]
        left = [left_of(session) for session in ClientSession.objects.annotate(now=Now())]
        seats = set(Seat.objects.values_list("licence", "session"))
        late = sorted(LateFact.objects.values_list("licence", flat=True))
        transaction.set_rollback(True)
    return found, sorted(left, key=str), seats, late


def row_of(row):
    return [value for value in row if not isinstance(value, dt.datetime)]


def left_of(session):
    fields = [field.attname for field in ClientSession._meta.concrete_fields]
    values = {name: getattr(session, name) for name in fields}
    for name in TIMES:
        values[name] = values[name] and round((values[name] - session.now) / MINUTE)
    return values


@pytest.mark.slow
@pytest.mark.parametrize(("done", "not_done"), [(CHECKED_OUT, NOT_CHECKED_OUT),
                         (CLOSED, NOT_CLOSED)], ids=["check-out", "close"])  # fmt: skip
def test_agrees_with_one_by_one_in_every_state(done, not_done):
    made = {state: make() for state, make in (done | not_done).items()}
    batch = list(made.values())

    together = effects(batches.as_one, batch)

    assert together == effects(alone, batch)
    assert {state for state, row in zip(made, together[0], strict=True) if row} == set(done)


def test_as_many_as_there_are_free_seats_get_one():
    """Whatever becomes of the others: somebody who is left out here asks again alone."""
    key, other = make_pool(3), make_pool(1)
    twice = make_client(session_id=uuid.uuid4())
    asked = [check_out(key) for _ in range(5)]
    asked += [check_out(key, twice), check_out(key, twice), check_out(other)]

    *found, of_other = batches.as_one(asked)

    assert len({row[0] for row in found if row is not LEFT_OUT}) == 3
    assert of_other is not LEFT_OUT
    held = Seat.objects.held().filter(licence=key.licence_id)
    assert held.count() == ClientSession.objects.filter(licence=key.licence_id).count() == 3
