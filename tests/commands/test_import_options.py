from __future__ import annotations

from licensing.models import AccessRule
from tests.factories import make_pool


def test_shows_and_then_makes_it(run, tmp_path):
    key = make_pool(name="Planner")
    file = tmp_path / "vendor.opt"
    file.write_text("EXCLUDE planner HOST cad-9\nMAX 2 planner USER joe\n")
    asked = ["import_options", str(file), f"--account={key.account}", "--format=flexnet"]

    shown, made, again = run(*asked), run(*asked, "--apply"), run(*asked, "--apply")

    assert shown["added"] == 0
    assert shown["without_counterpart"][0]["line"] == 2
    assert (made["added"], again["added"], again["there_already"]) == (1, 0, 1)
    assert AccessRule.objects.get().machine_name == "cad-9"
