"""The desk's list of lease licences: who has each, and how it stands."""

from __future__ import annotations

from licensing import devices, licences
from licensing.licences import Order
from licensing.models import Device, Licence
from licensing.models.licences import UsageModel
from tests.factories import TESTER
from tests.support.acting import record, text_of


def made(name):
    """A lease licence that nobody has used yet."""
    order = Order(account_name="Brook & Co", seats=1, usage_model=UsageModel.LEASE, name=name)
    return licences.take_over_lease(order, by=TESTER)[0].licence


def test_each_lease_tells_who_has_it_and_how_it_stands(support, lease):
    moved, closed, suspended = made("Moved"), made("Closed"), made("Suspended")
    licences.reactivate_lease(moved, by=TESTER)
    licences.set_state(closed, "closed", by=TESTER)
    licences.set_state(suspended, "suspended", by=TESTER)

    page = support.get("/support/leases/")

    device = Device.objects.get()
    told = {row.record: (row.status, row.devices) for row in page.context["rows"].rows}
    assert told == {
        lease: ("running", [device]),
        moved: ("moved", []),
        suspended: ("needs_reactivation", []),
    }
    said = text_of(page)
    assert lease.keys.get().serial_number in said
    assert f"{device.username} {device.machine_name}" in said
    assert record(Licence.objects.get(replaces=moved)) in page.text


def test_one_without_its_device_needs_reactivation(support, lease):
    devices.free(Device.objects.get(), by=TESTER)

    [row] = support.get("/support/leases/").context["rows"].rows

    assert row.status == "needs_reactivation"


def test_many_cost_as_much_as_one(support, lease, django_assert_max_num_queries):
    for number in range(3):
        made(f"Lease {number}")

    with django_assert_max_num_queries(25) as three:
        support.get("/support/leases/")
    for number in range(3, 6):
        made(f"Lease {number}")
    with django_assert_max_num_queries(len(three.captured_queries)):
        support.get("/support/leases/")
