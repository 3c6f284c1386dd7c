from __future__ import annotations

import json

from licensing.models import Device, Licence
from tests.factories import AccountFactory

LICENCE = {
    "type": "licenses",
    "id": "1",
    "attributes": {"name": "Laptops", "floating": False, "maxMachines": 2},
}
MACHINES = "id,fingerprint,hostname,license\n1,fp,LAP-1,1\n"


def test_shows_and_then_makes_it(run, tmp_path):
    account = AccountFactory()
    licences, machines = tmp_path / "licences.json", tmp_path / "machines.csv"
    licences.write_text(json.dumps({"data": [LICENCE]}))
    machines.write_text(MACHINES)
    asked = [str(licences), str(machines), f"--account={account}", "--product=asta-powerproject"]

    shown = run("import_keygen", *asked)
    made, again = (run("import_keygen", *asked, "--apply") for _ in range(2))

    assert [one["name"] for one in shown["planned"]] == ["Laptops"]
    assert (shown["devices"], shown["issued"]) == (["LAP-1"], [])
    assert made["issued"] == [Licence.objects.get().pk]
    assert (again["issued"], again["there_already"]) == ([], 2)
    assert Device.objects.get().machine_name == "LAP-1"
