"""An API token that is used from a network that is new to it leaves an audit entry."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import audit
from licensing.models import AuditEntry
from portal.models import ApiToken
from portal.sign_in import alarms, token_networks
from portal.words.aliases import Names
from portal.words.sentences import sentence
from tests.api.programs import ask
from tests.factories import ago, make_api_token

HOME, NEIGHBOUR, ELSEWHERE = "192.0.2.7", "192.0.2.250", "198.51.100.9"
BY = audit.Actor("token", "1", "Report")


@pytest.fixture
def token(account):
    return make_api_token(account)


def use(token, address):
    """Another request, which reads the token anew."""
    token_networks.note(ApiToken.objects.get(pk=token.pk), address, by=BY)


def told():
    """The networks of which the record tells, the oldest first."""
    entries = AuditEntry.objects.filter(action=token_networks.EVENT).order_by("number")
    return [entry.details["network"] for entry in entries]


@pytest.fixture
def later(monkeypatch):
    """Have what is recorded be so ten minutes ago."""
    return lambda: monkeypatch.setattr(alarms, "FOLDED", dt.timedelta(0))


def test_the_first_network_is_no_news_nor_are_its_neighbours(token):
    for address in (HOME, NEIGHBOUR, None):
        use(token, address)

    assert told() == []
    assert ApiToken.objects.get().networks == ["192.0.2.0/24"]


def test_another_network_is_told_once_in_words(token, account):
    for address in (HOME, ELSEWHERE, HOME, ELSEWHERE):
        use(token, address)

    entry = AuditEntry.objects.get(action=token_networks.EVENT)
    assert (entry.account, entry.object_name, entry.actor_kind) == (account, "Report", "token")
    assert sentence(entry, Names(account, are_aliases=False)) == (
        "The API token “Report” was used from a network that it had not been used from before: "
        "198.51.100.0/24."
    )


def test_of_ipv6_a_network_of_a_customer_counts(token):
    for address in ("2001:db8:0:1::7", "2001:db8:0:1:ffff::1", "2001:db8:0:2::1"):
        use(token, address)

    assert told() == ["2001:db8:0:2::/64"]


def test_where_it_was_used_last_before_networks_were_remembered_is_known(token):
    ApiToken.objects.update(last_used_from=HOME, last_used_at=ago(days=1))

    use(token, NEIGHBOUR)
    use(token, ELSEWHERE)

    assert told() == ["198.51.100.0/24"]


def test_ever_new_networks_fill_no_record_and_none_of_them_is_passed_over(token, later):
    for part in range(5):
        use(token, f"10.0.{part}.1")
    assert told() == ["10.0.1.0/24"]

    later()
    use(token, "10.0.4.1")
    assert told() == ["10.0.1.0/24", "10.0.4.0/24"]


def test_only_so_many_are_remembered(token, monkeypatch, later):
    monkeypatch.setattr(token_networks, "MOST", 2)
    later()
    for part in range(3):
        use(token, f"10.0.{part}.1")

    assert ApiToken.objects.get().networks == ["10.0.1.0/24", "10.0.2.0/24"]


def test_a_program_that_asks_is_noted(client, token):
    ask(client, token)
    client.defaults["REMOTE_ADDR"] = ELSEWHERE
    ask(client, token)

    assert told() == ["198.51.100.0/24"]


def test_a_known_network_costs_nothing(token, django_assert_num_queries):
    use(token, HOME)
    token.refresh_from_db()

    with django_assert_num_queries(0):
        token_networks.note(token, NEIGHBOUR, by=BY)
