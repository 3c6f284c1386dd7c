"""Somebody is erased while programs of theirs and of others come and go."""

from __future__ import annotations

from functools import partial

import pytest

from licensing import audit, audit_rewriting, hot, invariants, sessions
from licensing.erasing import STATEMENTS
from licensing.models import AuditEntry, ClientSession
from portal.people import erasing
from portal.people.personal_data import PersonalData
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.races.together import at_once, once_one_sleeps

pytestmark = pytest.mark.django_db(transaction=True)
WHO, OTHER = "BROOK\\j.smith", "BROOK\\a.jones"


@pytest.fixture
def pool():
    """One where a session has ended of whoever is erased, as the record tells too."""
    pool = make_pool(9)
    sessions.release(opened(pool, WHO, "SMITH-PC"), by=TESTER)
    return pool


@pytest.fixture
def slowly(monkeypatch):
    """The first statement that takes names out sleeps."""
    statement, table = STATEMENTS[0]
    sleeping = f"{statement} AND pg_sleep(0.3) IS NOT NULL"
    changed = ((sleeping, table), *STATEMENTS[1:])
    monkeypatch.setattr("licensing.erasing.STATEMENTS", changed)


def opened(pool, who, machine):
    return make_session(pool, make_client(username=who, machine_name=machine))


def erase(pool, who=WHO):
    return partial(
        erasing.erase, PersonalData(pool.account, who, ""), by=TESTER, reason="They asked for it"
    )


@pytest.mark.usefixtures("slowly")
@pytest.mark.slow
def test_whoever_comes_and_goes_meanwhile_is_counted_and_the_record_is_whole(pool):
    open_now = opened(pool, OTHER, "PC-1")
    start = partial(sessions.check_out_with_key, pool.serial_number, pool.plain)
    outcomes = at_once(
        erase(pool),
        once_one_sleeps(partial(sessions.close, open_now.pk)),
        once_one_sleeps(partial(start, make_client(username=WHO, machine_name="NEW-PC"))),
        once_one_sleeps(partial(start, make_client(username=OTHER, machine_name="PC-2"))),
        once_one_sleeps(partial(audit.record, pool.account, "seen", by=TESTER, reason=WHO)),
    )

    entry, names = outcomes[0]
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert entry.details["alias"] in names.people.values()
    machines = {one.machine_name: one.person for one in ClientSession.every.all()}
    assert len(machines) == 4
    assert "SMITH-PC" not in machines
    assert machines["NEW-PC"] == "brook\\j.smith"  # who starts again is known again
    assert (machines["PC-1"], machines["PC-2"]) == ("brook\\a.jones", "brook\\a.jones")
    assert invariants.broken() == []


@pytest.fixture
def seals_slowly(monkeypatch):
    """What was sealed stands in the record a while later."""
    made_at_once = audit_rewriting.seal

    def seal(account):
        made = made_at_once(account)
        hot.fetch_value("SELECT pg_sleep(0.3)", {})
        return made

    monkeypatch.setattr(audit_rewriting, "seal", seal)


@pytest.mark.usefixtures("seals_slowly")
@pytest.mark.slow
def test_of_two_at_once_the_second_seals_over_the_first(pool):
    sessions.release(opened(pool, OTHER, "PC-1"), by=TESTER)

    outcomes = at_once(erase(pool), once_one_sleeps(erase(pool, OTHER)))

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert not ClientSession.every.filter(person__startswith="brook").exists()
    assert invariants.broken() == []


def test_one_that_breaks_off_has_taken_nothing_out(pool, monkeypatch):
    before = list(ClientSession.every.values_list("person", "machine", "identity"))
    told = list(AuditEntry.objects.values_list("pk", "digest", "rewritten"))

    def breaks_off(*_):
        raise RuntimeError

    monkeypatch.setattr("licensing.audit_rewriting.seal", breaks_off)
    with pytest.raises(RuntimeError):
        erase(pool)()

    assert list(ClientSession.every.values_list("person", "machine", "identity")) == before
    assert list(AuditEntry.objects.values_list("pk", "digest", "rewritten")) == told
    assert invariants.broken() == []
