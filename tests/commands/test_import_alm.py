from __future__ import annotations

import pytest
from django.core.management import call_command

from licensing.models import Licence
from tests.factories import AccountFactory

LIST = "server,product,licences,features,split\nLON,asta-powerproject,10,bim,London 6; Leeds 4\n"


def test_shows_what_it_would_make(run, tmp_path):
    file = tmp_path / "alm.csv"
    file.write_text(LIST + "A,excel,1,,\n")

    answer = run("import_alm", str(file), "--account=Brook & Co")

    assert answer["planned"] == [
        {"name": "London", "product": "asta-powerproject", "seats": 6, "features": ["bim"]},
        {"name": "Leeds", "product": "asta-powerproject", "seats": 4, "features": ["bim"]},
    ]
    assert [problem["row"] for problem in answer["problems"]] == [3]
    assert (answer["issued"], Licence.objects.count()) == ([], 0)


def test_makes_it(run, tmp_path):
    file = tmp_path / "alm.csv"
    file.write_text(LIST)

    answer = run("import_alm", str(file), "--account=Brook & Co", "--apply")

    assert [key["licence"] for key in answer["issued"]] == list(
        Licence.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_a_file_that_is_not_there_is_named(refusal, tmp_path):
    said = refusal("import_alm", str(tmp_path / "none.csv"), "--account=Brook & Co")

    assert said.endswith("none.csv cannot be read: No such file or directory.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("BROOK\u00a0&  co", "For Brook & Co:"),
        ("Hill  & Dale", "For Hill & Dale, a new account:"),
    ],
)
def test_says_whose_licences_they_are(capsys, tmp_path, name, told):
    AccountFactory(name="Brook & Co")
    file = tmp_path / "alm.csv"
    file.write_text(LIST)

    call_command("import_alm", str(file), f"--account={name}")

    assert capsys.readouterr().out.splitlines()[0] == told
