"""Changing the e-mail address one signs in with: both addresses confirm, either can stop it."""

from __future__ import annotations

import re

import pytest

from licensing.models import AuditEntry
from portal.models import User
from tests.factories import PASSWORD, UserFactory, ago
from tests.pages import last_entry
from tests.people import unsure

PRIYA = "Priya Shah <priya@example.com>"


@pytest.fixture
def ask(owner, mailoutbox):
    """Asks for an address; the links that were mailed, by who got them."""

    def for_address(email="new@example.com"):
        owner.post("/profile/email/", {"email": email})
        return {mail.to[0]: re.search(r"(/confirm-email/\S+)", mail.body)[1] for mail in mailoutbox}

    return for_address


def priya():
    return User.objects.get(name="Priya Shah")


def test_asks_for_the_password_first(owner):
    assert unsure(owner).get("/profile/email/")["Location"].startswith("/accounts/reauthenticate/")


def test_writes_to_both_and_changes_nothing_yet(ask):
    links = ask()

    assert sorted(links) == ["new@example.com", "priya@example.com"]
    assert priya().email == "priya@example.com"
    assert last_entry() == ("email_change_asked", "", PRIYA)


def test_asking_anew_ends_what_was_asked_before(ask, client, mailoutbox):
    before = ask("other@example.com")
    mailoutbox.clear()
    ask()

    assert all("This link no longer works" in client.get(link).text for link in before.values())


def test_ones_own_address_is_no_other(owner, ask, mailoutbox):
    ask("Priya@example.com")
    response = owner.post("/profile/email/", {"email": "Priya@example.com"})

    assert response.context["form"].errors == {"email": ["That is your address already."]}
    assert mailoutbox == []


def test_does_not_write_to_many_addresses(ask, settings, mailoutbox):
    settings.ACCOUNT_RATE_LIMITS = {"manage_email": "1/m/user"}
    in_memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": in_memory}}

    ask("one@example.com")
    ask("two@example.com")

    assert [mail.to for mail in mailoutbox] == [["priya@example.com"], ["one@example.com"]]


@pytest.mark.parametrize("end", ["new@example.com", "priya@example.com"])
def test_one_confirmation_is_not_enough(ask, client, end):
    link = ask()[end]

    for _ in range(2):
        client.post(link, {"confirm": ""})

    assert priya().email == "priya@example.com"


def test_opening_the_links_confirms_nothing(ask, client):
    for link in ask().values():
        assert client.get(link).status_code == 200

    assert priya().email == "priya@example.com"


def test_signs_in_with_the_new_address_when_both_have_confirmed(ask, client):
    priya().emailaddress_set.create(email="priya@example.com", verified=True, primary=True)
    links = ask().values()
    for link in links:
        client.post(link, {"confirm": ""})

    signed_in = client.login(email="new@example.com", password=PASSWORD)

    assert signed_in
    assert not client.login(email="priya@example.com", password=PASSWORD)
    (address,) = priya().emailaddress_set.values_list("email", "verified", "primary")
    assert address == ("new@example.com", True, True)
    entry = AuditEntry.objects.get(action="email_changed")
    assert entry.details == {"before": "priya@example.com", "after": "new@example.com"}
    assert all("This link no longer works" in client.get(link).text for link in links)


def test_the_old_address_stops_it(ask, client):
    links = ask()
    client.post(links["priya@example.com"], {"cancel": ""})

    response = client.post(links["new@example.com"], {"confirm": ""})

    assert "This link no longer works" in response.text
    assert priya().email == "priya@example.com"
    assert last_entry() == ("email_change_cancelled", "", PRIYA)


def test_somebody_elses_address_is_never_taken(ask, client):
    UserFactory(email="tom@example.com")
    links = ask("tom@example.com")

    for link in links.values():
        client.post(link, {"confirm": ""})

    assert priya().email == "priya@example.com"


def test_is_over_after_a_day(ask, client):
    links = ask()
    (change,) = priya().email_changes.all()

    assert round((change.ends_at - change.created_at).total_seconds()) == 24 * 3600
    priya().email_changes.update(ends_at=ago(seconds=1))
    assert all("This link no longer works" in client.get(link).text for link in links.values())


def test_the_page_that_asks_one_end_alone_is_closed(owner):
    assert owner.get("/accounts/email/")["Location"] == "/profile/email/"
    owner.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})

    assert list(priya().emailaddress_set.values_list("email", flat=True)) in ([], [priya().email])
