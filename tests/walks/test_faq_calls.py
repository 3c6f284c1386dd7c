"""The FAQ's questions as callers ask them at the desk, one call after the other.

Each is answered from the search box to the entry that staff and the customer read of it, with at
most six presses: a field, a button and a link are one each, as is opening the audit entry.
"""

from __future__ import annotations

import pytest

from licensing import errors, licences, sessions
from licensing.licences import Order
from licensing.models import ProductKey
from licensing.models.licences import UsageModel
from tests.factories import TESTER, make_client, make_session
from tests.people import signed_in
from tests.support.vendor import staff

MOST_PRESSES = 6


class Desk:
    """A call at the desk: what is pressed is counted."""

    def __init__(self, page, owner):
        self.page, self.customer = page, signed_in(owner)

    def is_called(self):
        """The caller before has hung up."""
        self.presses = 0
        self.page.open("/support/")

    def looks_for(self, words, among="Find"):
        """Type what the caller reads out, and look for it."""
        self.presses += 1
        self.page.fill("What the caller reads out", words)
        self.presses_button(among)

    def presses_button(self, name):
        self.presses += 1
        self.page.press(name)

    def follows(self, name):
        self.presses += 1
        self.page.follow(name)

    def reads(self, words):
        """What the page says."""
        assert words in self.page.main

    def hears(self, words):
        """What the message says after the act."""
        assert words in self.page.toasts

    def reads_in_both_records(self, words):
        """The entry that the message leads to, and the customer's own audit log."""
        self.follows("Audit entry")
        self.reads("Anna Kowalski <anna@vendor.example>")
        self.reads(words)
        assert words in self.customer.get("/audit/").text


@pytest.fixture
def desk(page, estate, sign_in):
    """Somebody of support and sales."""
    sign_in(page, staff("Support", "Sales", name="Anna Kowalski", email="anna@vendor.example"))
    return Desk(page, estate.owner)


def what_happens_if_a_user_goes_on_holiday_and_forgets_to_release_a_licence(desk, estate):
    desk.looks_for("j. smith cad-017")
    desk.reads("4 of 10 in use now, 3 after")
    desk.presses_button("Release: On holiday, with the program open.")

    desk.hears("Released the licence held by J. Smith on CAD-017.")
    desk.reads_in_both_records("released J. Smith on CAD-017")
    with pytest.raises(errors.SessionReleased):
        sessions.refresh(estate.jsmith.pk)


def can_we_get_visibility_of_who_is_using_a_licence(desk, estate):
    make_session(estate.planners, make_client(username="A. Byrne", machine_name="CAD-099"))

    desk.looks_for("London planners", among="Sessions")

    desk.reads("A. Byrne on CAD-099")
    assert desk.presses == 2


def what_do_we_do_if_our_key_is_used_by_unauthorised_users(desk, estate):
    key = ProductKey.objects.get(supersedes=estate.planners)

    desk.looks_for(key.serial_number.lower(), among="Product keys")
    desk.presses_button("7 days")
    desk.reads("No machine used this key in 30 days.")
    desk.reads("until then both keys do")
    assert not ProductKey.objects.filter(supersedes=key).exists()
    desk.presses_button("Revoke and reissue: The key has leaked.")

    desk.hears(f"replaces {key}")
    desk.reads_in_both_records("reissued a product key")


def what_do_i_do_if_someone_leaves_the_company(desk, estate):
    device = estate.account.licences.get(name="Estimator").devices.get()

    desk.looks_for(device.machine_name, among="Devices")
    desk.reads("another device")
    desk.presses_button("Free: They left the company.")

    desk.hears(f"Freed {device.machine_name}")
    desk.reads_in_both_records(f"freed the device {device.machine_name}")


def can_we_add_more_licences_to_our_licence_pool(desk, estate):
    desk.looks_for("London planners")
    desk.presses_button("+2")
    desk.reads("London planners: 10 to 12.")
    desk.presses_button("Change user limit: The customer ordered more seats.")

    desk.hears("user limit 12")
    desk.reads_in_both_records("London planners")
    estate.planners.licence.refresh_from_db()
    assert estate.planners.licence.seats == 12


def can_we_have_one_more_account_holder_for_the_portal(desk, estate):
    desk.looks_for("nadia@example.com")
    desk.presses_button("Invite them to Brook & Co as owner")
    desk.reads("becomes owner of Brook & Co by accepting")
    desk.presses_button("Invite an account holder: The customer named them.")

    desk.reads_in_both_records("nadia@example.com")


def what_is_lease_licensing_and_how_is_a_lease_reactivated(desk, estate):
    lease = {"usage_model": UsageModel.LEASE, "name": "Old lease", "seats": 1}
    licences.take_over_lease(Order(account_name="Brook & Co", **lease), by=TESTER)

    desk.looks_for("old lease")
    desk.reads("A single-user licence replaces this lease licence")
    desk.presses_button("Reactivate: The lease needs reactivation.")

    desk.hears("Old lease")
    desk.reads_in_both_records("Old lease")
    assert estate.account.licences.filter(replaces__isnull=False).exists()


CALLS = (
    what_happens_if_a_user_goes_on_holiday_and_forgets_to_release_a_licence,
    can_we_get_visibility_of_who_is_using_a_licence,
    what_do_we_do_if_our_key_is_used_by_unauthorised_users,
    what_do_i_do_if_someone_leaves_the_company,
    can_we_add_more_licences_to_our_licence_pool,
    can_we_have_one_more_account_holder_for_the_portal,
    what_is_lease_licensing_and_how_is_a_lease_reactivated,
)


@pytest.mark.parametrize("answer", CALLS, ids=lambda call: call.__name__)
def test_each_call_is_answered(desk, estate, answer):
    desk.is_called()
    answer(desk, estate)

    assert desk.presses <= MOST_PRESSES
