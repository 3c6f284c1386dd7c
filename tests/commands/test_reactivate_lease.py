from __future__ import annotations

from licensing import licences
from licensing.licences import Order
from licensing.models import Licence
from tests.factories import TESTER


def test_replaces_the_lease(run, db):
    lease, _ = licences.take_over_lease(Order(account_name="Brook & Co", seats=1), by=TESTER)

    answer = run("reactivate_lease", lease.serial_number, "--reason=New laptop")

    new = Licence.objects.get(usage_model="single-user")
    assert (answer["licence"], answer["replaces"]) == (new.pk, lease.licence_id)
    assert Licence.objects.get(pk=lease.licence_id).state == "closed"


def test_another_licence_is_refused(refusal, pool):
    said = refusal("reactivate_lease", pool.serial_number, "--reason=New laptop")

    assert said == "Only a lease licence can be reactivated."
