from __future__ import annotations

from licensing import keys
from licensing.models import AuditEntry, Licence

ORDER = ("--account=Brook & Co", "--seats=2", "--features=bim", "--ends=2027-01-14")


def test_a_customers_lease_licence_is_honoured(run):
    answer = run("take_over_lease", *ORDER, "--reason=Bought in 2019")

    licence = Licence.objects.get()
    key = keys.authenticate(answer["serial_number"], answer["product_key"])
    assert (key.licence, answer["account"]) == (licence, "Brook & Co")
    assert (licence.usage_model, licence.seats, str(licence.ends_on)) == ("lease", 2, "2027-01-14")
    assert AuditEntry.objects.get(action="licence_issued").reason == "Bought in 2019"


def test_none_is_entered_without_a_reason(refusal):
    assert "--reason" in refusal("take_over_lease", *ORDER)
    assert not Licence.objects.exists()
