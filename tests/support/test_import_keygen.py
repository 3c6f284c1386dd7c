"""Bringing licences from Keygen: shown first, then all or nothing."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from licensing.models import Device, Licence
from tests.factories import AccountFactory
from tests.kept import kept
from tests.support.acting import check, confirm, foretold, told, wrong

CSV = "id,name,floating,maxMachines,suspended,expiry\n1,Planners,true,10,false,\n"


@kept
def account():
    return AccountFactory(name="Brook & Co")


def upload(client, account, content, **more):
    file = SimpleUploadedFile("keygen.csv", content.encode())
    asked = {"file": file, "product": "asta-powerproject"} | more
    return check(client, "account", "import-keygen", account, **asked)


def test_is_shown_and_then_done_once(sales, account):
    page = upload(sales, account, CSV)
    shown = foretold(page)
    assert not Licence.objects.exists()

    answer, again = confirm(sales, page), confirm(sales, page)

    assert shown[0] == (
        "1 licence of Asta Powerproject would be issued to Brook & Co, with no machine bound."
    )
    assert shown[1] == "Planners: concurrent, 10 seats, without end"
    assert told(answer)[0].startswith("Issued 1 licence to Brook & Co.")
    assert told(again)[-1].startswith("Brook & Co was changed by somebody else")
    assert Licence.objects.get().seats == 10
    assert wrong(upload(sales, account, CSV))["__all__"] == [
        "There is nothing to make: 1 row of the file is there already."
    ]


def test_a_row_that_is_not_right_stops_all_of_it(sales, account):
    heading, row = wrong(upload(sales, account, f"{CSV}2,Many,true,,false,\n"))["__all__"]

    assert heading.startswith("Nothing was made: 1 row is not right.")
    assert row.startswith("Row 3: Licence Many: '' is no number of machines (maxMachines).")
    assert not Licence.objects.exists()


def test_machines_of_a_file_of_their_own_are_bound(sales, account):
    node = "id,name,floating,maxMachines,suspended,expiry\n7,Laptop,false,1,false,\n"
    machines = SimpleUploadedFile("m.csv", b"id,fingerprint,hostname,license\n1,f,CAD-7,7\n")

    page = upload(sales, account, node, machines=machines)
    confirm(sales, page)

    assert foretold(page)[0].endswith("issued to Brook & Co, with 1 machine bound.")
    assert Device.objects.get().machine_name == "CAD-7"


def test_a_file_of_machines_waits_with_the_other_until_that_is_right(sales, account):
    machines = SimpleUploadedFile("m.csv", b"id,fingerprint,hostname,license\n1,f,CAD-7,1\n")
    page = upload(sales, account, f"{CSV}2,Many,true,,false,\n", machines=machines)

    assert wrong(page)["__all__"]
    assert [name for name, _ in page.context["form"].kept] == ["carried_list", "carried_machines"]
