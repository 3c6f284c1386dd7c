"""What the calls that the desk gets all day take: each field, tick and button is a press."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from licensing import licences
from licensing.licences import Order
from licensing.models import Licence, ProductKey
from licensing.models.licences import UsageModel
from portal.models import Invitation
from tests.factories import TESTER, UserFactory, make_client, make_session
from tests.walks.page import Page


class Counted(Page):
    """A browser that counts what somebody does, and the pages that they see after the first."""

    def begin(self):
        self.open("/support/")
        self.presses = self.pages = 0

    def call(self, words, button="Find"):
        """Type what the caller reads out, and look for it."""
        self.begin()
        self.fill("What the caller reads out", words)
        self.press(button)

    def fill(self, label, value):
        self.presses += 1
        super().fill(label, value)

    def press(self, name):
        self.presses += 1
        super().press(name)

    def follow(self, name):
        self.presses += 1
        super().follow(name)

    def ask(self, method, address, *sent):
        self.pages = getattr(self, "pages", 0) + 1
        super().ask(method, address, *sent)

    @property
    def took(self):
        return self.presses, self.pages


@pytest.fixture
def desk(estate, sign_in):
    """Somebody who does what support and sales do, at the first page."""
    user = UserFactory(name="Anna Kowalski", is_staff=True)
    user.groups.add(*Group.objects.filter(name__in=("Support", "Sales")))
    page = Counted()
    sign_in(page, user)
    return page


def test_each_call_takes_half_of_what_it_took(desk, estate):
    device = estate.account.licences.get(name="Estimator").devices.get()
    lease = {"usage_model": UsageModel.LEASE, "name": "Old lease", "seats": 1}
    licences.take_over_lease(Order(account_name="Brook & Co", **lease), by=TESTER)
    key = ProductKey.objects.get(supersedes=estate.planners)
    make_session(key, make_client(username="A. Byrne", machine_name="CAD-099"))

    desk.call("London planners", "Sessions")
    assert "CAD-099" in desk
    assert desk.took == (2, 1)  # who is using a licence: 5 and 4

    desk.call("cad-099")
    assert "in use now" in desk
    desk.press("Release: On holiday, with the program open.")
    assert "Released the licence held by A. Byrne on CAD-099." in desk
    assert desk.took == (3, 2)  # free a seat: 7 and 5

    desk.call(device.machine_name, "Devices")
    assert "another device" in desk
    desk.press("Free: They left the company.")
    assert f"Freed {device.machine_name}" in desk
    assert desk.took == (3, 2)  # free a device: 7 and 5

    desk.call("London planners")
    desk.press("+2")
    assert "London planners: 10 to 12." in desk
    desk.press("Change user limit: The customer ordered more seats.")
    assert "user limit 12" in desk
    assert desk.took == (4, 3)  # two more seats: 9 and 6

    desk.call(key.serial_number, "Product keys")
    desk.press("7 days")
    assert "until then both keys do" in desk
    desk.press("Revoke and reissue: The key has leaked.")
    assert f"replaces {key}" in desk
    assert desk.took == (4, 3)  # a key is compromised: 9 and 6

    desk.call("nadia@example.com")
    desk.press("Invite them to Brook & Co as owner")
    assert "becomes owner of Brook & Co by accepting" in desk
    desk.press("Invite an account holder: The customer named them.")
    assert Invitation.objects.filter(email="nadia@example.com").exists()
    assert desk.took == (4, 3)  # an account holder: 9 and 6

    desk.call("old lease")
    assert "A single-user licence replaces this lease licence" in desk
    desk.press("Reactivate: The lease needs reactivation.")
    assert Licence.objects.filter(replaces__isnull=False).exists()
    assert desk.took == (3, 2)  # reactivate a lease licence: 6 and 5
