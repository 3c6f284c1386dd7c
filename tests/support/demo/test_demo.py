"""``manage.py demo``: fills in once, and says how to get in."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from licensing import keys, sessions
from licensing.models import Account, AuditEntry, ClientSession
from portal.models import Membership, User
from support.demo.estate import leftovers, people
from support.demo.estate.accounts import BROOK_TEAMS, SMALL_TEAMS
from support.demo.estate.people import PASSWORD
from tests.factories import make_client

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def in_a_small_demo(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("support.management.commands.demo.TEAMS", (*BROOK_TEAMS, *SMALL_TEAMS))


def demo(capsys) -> dict:
    call_command("demo", "--json", "--days", "1")
    return json.loads(capsys.readouterr().out)


def test_fills_in_once_says_how_to_get_in_and_begins_anew_if_interrupted(capsys, client, subtests):
    facts = demo(capsys)

    with subtests.test("everybody can sign in"):
        assert set(facts) == {"sign_ins", "pool", "single_user"}
        roles = {sign_in["role"] for sign_in in facts["sign_ins"]}
        assert {
            "customer owner", "customer manager", "customer viewer", "support", "sales",
        } < roles  # fmt: skip
        for sign_in in facts["sign_ins"]:
            assert set(sign_in) == {"role", "email", "password"}
            assert client.login(email=sign_in["email"], password=sign_in["password"])
    with subtests.test("staff are staff and nobody is a superuser"):
        staff = User.objects.filter(is_staff=True).values_list("name", "groups__name")
        assert set(staff) == {
            ("Anna Kowalski", "Support"), ("Ben Carter", "Sales"), ("Joan Marsh", "Supervisor"),
        }  # fmt: skip
        assert not User.objects.filter(is_superuser=True).exists()
        assert people.user_of(people.MANAGER).memberships.count() == 2
    with subtests.test("nothing is done the second time"):
        rows = counted()
        assert (demo(capsys), counted()) == (facts, rows)
    for name in ("pool", "single_user"):
        with subtests.test("a key opens at once", key=name):
            key = keys.authenticate(facts[name]["serial_number"], facts[name]["product_key"])
            _, created = sessions.check_out(key, make_client())
            assert (key.licence.is_concurrent, created) == (name == "pool", True)
    with subtests.test("begins anew after an interrupted attempt"):
        Membership.objects.all().delete()  # people join their accounts in the last step
        anew = demo(capsys)
        assert leftovers.is_filled_in()
        assert keys.find(anew["pool"]["serial_number"])
        assert Account.objects.count() == 4


def counted():
    """How many rows there are of what would be made again."""
    return [model.objects.count() for model in (ClientSession, AuditEntry, User)]


def test_refuses_where_it_is_no_demo(settings):
    settings.DEMO = False

    with transaction.atomic(), pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")

    assert not User.objects.exists()
    assert len(PASSWORD) >= 12


def test_refuses_a_senseless_number_of_days():
    with pytest.raises(CommandError, match="from 1 to 365"):
        call_command("demo", "--days", "0")
