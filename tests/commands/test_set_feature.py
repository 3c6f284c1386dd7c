from __future__ import annotations

from licensing.models import LicenceFeature


def test_a_feature_is_added_limited_and_taken_away(run, pool):
    number, why = pool.serial_number, "--reason=Order 4711"

    added = run("set_feature", number, "4D:2", why)
    assert added == {"serial_number": number, "feature": "4d", "seats": 2}
    assert run("set_feature", number, "4d", why)["seats"] is None
    assert LicenceFeature.objects.get(licence=pool.licence).seats is None

    gone = run("remove_feature", number, "4d", why)
    assert gone == {"serial_number": number, "feature": "4d"}
    assert not LicenceFeature.objects.filter(licence=pool.licence).exists()


def test_an_unknown_feature_is_refused(refusal, pool):
    said = refusal("set_feature", pool.serial_number, "bmi", "--reason=Order 4711")

    assert said.startswith("Asta Powerproject has no feature bmi.")
