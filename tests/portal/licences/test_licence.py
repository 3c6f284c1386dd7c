"""The page of one licence."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from licensing import devices, errors, keys, licences, rules, sessions
from licensing.licences import OfflinePolicy
from licensing.models import Device, ProductKey
from licensing.rules import NewRule
from portal.licences.policies import policy_in_words, policy_name
from portal.words.recorded import value_in_words
from tests.factories import (
    TESTER,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.licensing.usage.past import beginning, limits_were, session_then


def page_of(key):
    """The address of the licence's page."""
    return f"/licences/{key.licence_id}/"


def test_shows_limit_features_policy_and_keys_masked(owner, pool):
    ProductKey.objects.update(created_by="Priya Shah <priya@example.com>")

    page = owner.get(page_of(pool))

    assert "London planners" in page.text
    assert "BIM" in page.text
    assert "<b>Friendly.</b> People offline keep working 48 h" in page.text
    [row] = page.context["page"].keys
    assert row.creator == "Priya Shah"
    assert pool.serial_number in page.text
    assert f"••••{pool.last_four}" in page.text
    assert pool.plain not in page.text
    assert pool.plain.replace("-", "") not in page.text


def test_a_viewer_is_offered_no_act(viewer, owner, pool):
    make_session(pool)

    text = viewer.get(page_of(pool)).text

    assert "Reveal" not in text
    assert ">Release<" not in text
    assert "Viewers don't see whole keys. Ask Priya Shah." in text


def test_shows_devices_of_a_single_user_licence(owner, account):
    key = make_single_user(4, account=account)
    away = make_client(machine_name="SITE-07")
    make_session(key, away, refreshed=dt.timedelta(days=31))
    make_session(key, make_client(machine_name="SITE-08"), refreshed=dt.timedelta(days=1))
    make_session(key, make_client(machine_name="SITE-09"))
    lost = make_session(key, make_client(machine_name="SITE-10"), refreshed=dt.timedelta(hours=5))
    sessions.close(lost.pk)

    devices = owner.get(page_of(key)).context["page"].devices

    assert [(row.device.machine_name, row.status) for row in devices] == [
        ("SITE-10", "not_in_use"),
        ("SITE-09", "in_use"),
        ("SITE-08", "offline"),
        ("SITE-07", "held"),
    ]


def test_shows_ten_sessions_and_the_way_to_all(owner, account):
    key = make_pool(12, account=account)
    for _ in range(12):
        make_session(key)

    response = owner.get(page_of(key))

    assert response.text.count("data-session=") == 10
    assert f"/sessions/?licence={key.licence_id}" in response.text


def test_shows_who_was_refused(owner, account):
    key = make_pool(1, account=account)
    make_session(key)
    late = make_client(username="ACME\\late")
    for _ in range(2):
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(key, late)

    response = owner.get(page_of(key))

    assert response.context["page"].denials.counts == {"total": 1, "true": 1, "people": 1}
    assert "ACME\\<wbr>late" in response.text
    assert "All seats in use" in response.text


def test_the_history_is_paged_and_the_page_has_a_table_of_contents(owner, pool):
    licence = pool.licence
    for number in range(21):
        licences.rename(licence, f"Planners {number}", by=TESTER)

    first = owner.get(page_of(pool))
    on = re.search(r'href="(\?history-after=[^"]+)#history"', first.text)[1]
    second = owner.get(page_of(pool) + html.unescape(on)).context["page"].history

    assert len(first.context["page"].history) == 20
    assert [entry.action for entry, _text in second] == [
        "licence_renamed",
        "key_issued",
        "licence_issued",
    ]
    contents = re.findall(r'class="chip" href="#([a-z]+)"', first.text)
    assert [part for part in contents if f'id="{part}"' not in first.text] == []


def test_tells_the_history_of_licence_keys_and_sessions(owner, pool):
    session = make_session(pool, make_client(username="jsmith", machine_name="CAD-1"))
    sessions.release(session, by=TESTER)
    licences.set_seats(pool.licence, 12, by=TESTER, reason="Order 77")
    other = make_pool(3, account=pool.account, name="Somebody else's business")
    licences.set_seats(other.licence, 4, by=TESTER)

    page = owner.get(page_of(pool)).context["page"]

    told = [text for _entry, text in page.history]
    assert [(limit["before"], limit["after"]) for limit in page.limits] == [(10, 12)]
    assert told == [
        "Operations (A test) changed the user limit of London planners from 10 to 12.",
        "Operations (A test) released jsmith on CAD-1.",
        f"Operations (A test) issued a product key, serial number {pool.serial_number}.",
        "Operations (A test) issued the pool London planners with a user limit of 10.",
    ]


def test_tells_what_became_of_devices_and_rules(owner, account):
    key, other = make_single_user(account=account), make_pool(account=account)
    make_session(key)
    devices.free(Device.objects.get(), by=TESTER)
    for licence in (key.licence, other.licence):
        rules.add(account, NewRule(licence=licence, username="jsmith"), by=TESTER)

    history = owner.get(page_of(key)).context["page"].history

    assert [entry.action for entry, _text in list(history)[:2]] == ["rule_added", "device_freed"]


def test_says_what_a_superseded_key_still_does(owner, pool):
    keys.reissue(pool, by=TESTER, overlap=dt.timedelta(days=7))

    assert "Superseded from " in owner.get(page_of(pool)).text


POLICIES = [
    (
        licences.FRIENDLY,
        "Friendly",
        "People offline keep working 48 h; a lost PC holds its seat no longer than that.",
    ),
    (
        licences.STRICT,
        "Strict",
        "A lost PC frees its seat in 15 min; nobody works offline longer.",
    ),
    (
        licences.TRUSTING,
        "Trusting",
        "Seats come back in 15 min, people offline keep 48 h; "
        "for a while more people than seats may work.",
    ),
    (
        licences.HOLD,
        "Hold",
        "A seat stays with its PC until it returns or you release it.",
    ),
    (
        OfflinePolicy(dt.timedelta(minutes=2), dt.timedelta(minutes=2)),
        "",
        "A lost PC frees its seat in 2 min; nobody works offline longer. "
        "Programs refresh every 40 s instead of every 5 min. "
        "A PC that sleeps or loses its network for 2 min loses its seat. "
        "A program without a connection for 2 min stays open, but needs one to open again.",
    ),
    (
        OfflinePolicy(dt.timedelta(hours=1), dt.timedelta(hours=1)),
        "",
        "A lost PC frees its seat in 1 h; nobody works offline longer.",
    ),
    (
        OfflinePolicy(dt.timedelta(days=3), dt.timedelta(days=5)),
        "",
        "People offline keep working 3 days; a lost PC holds its seat for 5 days.",
    ),
]


def test_says_what_an_offline_policy_costs(pool):
    for policy, name, words in POLICIES:
        licence = licences.set_policy(pool.licence, policy, by=TESTER)

        assert policy_name(licence) == name
        assert policy_in_words(licence).startswith(f"{words} A program that was closed properly ")


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_as_many_queries_for_many_rows(owner, account, django_assert_num_queries, rows):
    key = make_single_user(3, account=account, features=["bim"], ends_on=days_from_today(9))
    for number in range(rows):
        keys.issue(key.licence, by=TESTER)
        make_session(key, make_client(machine_name=f"SITE-{number}"))

        rules.add(account, NewRule(username=f"user{number}"), by=TESTER)
    keys.reissue(key, by=TESTER, overlap=dt.timedelta(days=7))

    with django_assert_num_queries(18):
        owner.get(page_of(key))


def test_says_durations_exactly(owner, pool):
    licences.set_policy(
        pool.licence, OfflinePolicy(dt.timedelta(seconds=90), dt.timedelta(hours=49)), by=TESTER
    )

    text = owner.get(page_of(pool)).text

    assert "<dt>Grace</dt><dd>90 s</dd>" in text
    assert "<dt>Seats come back after</dt><dd>49 h</dd>" in text
    assert value_in_words("grace_period", 90.0) == "90 s"


def test_shows_the_peaks_of_thirty_days(owner, account):
    pool = make_pool(2, account=account, features=["bim"])
    limits_were(pool, beginning(days=6), 2)
    licence_features = pool.licence.licence_features
    licence_features.update(seats=1)
    for days in (3, 4):
        session_then(pool, beginning(days=5), beginning(days))

    response = owner.get(page_of(pool))

    page = response.context["page"]
    assert (page.peak, [peak for _included, _in_use, peak in page.features_in_use]) == (2, [0])
    assert "Peak in 30 days: 2." in response.text
    assert ": 2 of 2, full" in response.text
    assert "Peak 30 d: 0" in response.text


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148 Safari/604.1"
FOLDED = re.compile(r'<details class="fold"\s*>.*?<h2 id="(\w+)-title">', re.DOTALL)


def test_of_a_long_page_what_is_read_least_is_folded(owner, pool):
    page = f"/licences/{pool.licence_id}/"
    at_a_desk = FOLDED.findall(owner.get(page).text)
    by_phone = FOLDED.findall(owner.get(page, headers={"User-Agent": PHONE}).text)

    assert at_a_desk == ["denials", "history"]
    assert by_phone == ["overview", "features", "use", "keys", "rules", "denials", "history"]
