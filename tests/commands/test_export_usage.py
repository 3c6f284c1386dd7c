from __future__ import annotations

import csv
import datetime as dt
import sys

import pytest

from licensing.usage import roll_up
from licensing.usage.values import HOUR
from tests.api import programs
from tests.factories import make_api_token, make_pool
from tests.licensing.usage.histories import minutes
from tests.licensing.usage.past import beginning, limits_were, refused_then, session_then


@pytest.fixture
def used(pool):
    """Use that is rolled up, and of a second pool some that is not."""
    since = beginning()
    limits_were(pool, since - HOUR, 2)
    session_then(pool, since + minutes(10), since + minutes(100))
    refused_then(pool, since + minutes(20))
    roll_up.roll_up(pool.licence)
    other = make_pool(account=pool.account, name="=Other")
    session_then(other, since + minutes(70), since + minutes(80))
    return pool


def export(run, key, path, *more):
    arguments = f"--account={key.account.name}", f"--since={beginning()}", f"--output={path}"
    return run("export_usage", *arguments, *more)


def told_by_the_api(client, key):
    return programs.data(programs.ask(client, make_api_token(key.account), "usage"))


def test_rows_are_those_of_the_customer_api(run, client, used, tmp_path):
    path = tmp_path / "use.csv"

    assert export(run, used, path) == {"rows": 3, "format": "csv", "file": str(path)}

    told = told_by_the_api(client, used)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [list(row) for row in rows] == [list(row) for row in told]
    assert [row["start"] for row in rows] == [row["start"] for row in told]
    assert [float(row["mean"]) for row in rows] == [row["mean"] for row in told]
    assert [row["true_denials"] for row in rows] == ["1", "0", "0"]
    assert list(tmp_path.iterdir()) == [path]


def test_parquet_has_the_same_with_its_types(run, client, used, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    path = tmp_path / "use.parquet"

    assert export(run, used, path, "--format=parquet")["rows"] == 3

    table = parquet.read_table(path)
    types = {name: str(table.schema.field(name).type) for name in table.column_names}
    assert types["start"] == "timestamp[us, tz=UTC]"
    assert types["licence_name"].startswith("dictionary<values=string")
    assert (types["peak"], types["mean"]) == ("int64", "double")
    starts = [dt.datetime.fromisoformat(row["start"]) for row in told_by_the_api(client, used)]
    told = [
        row | {"start": at} for row, at in zip(told_by_the_api(client, used), starts, strict=True)
    ]
    assert table.to_pylist() == told


def test_standard_output_has_the_rows_and_nothing_else(run, used, capfd):
    with pytest.raises(ValueError, match="Expecting value"):  # no answer besides
        run("export_usage", f"--account={used.account.name}", f"--since={beginning()}")

    lines = capfd.readouterr().out.splitlines()
    assert (lines[0].startswith('\ufeff"start","licence"'), len(lines)) == (True, 4)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--until=2020-01-01"], "which is not after it begins"),
        (["--since=2001-01-01"], "at most 3660 are told at once"),
        (["--output=/no-such-folder/use.csv"], "/no-such-folder/use.csv: No such file"),
        (["--account=Nobody & Co"], "There is no account called"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_line(refusal, used, tmp_path, arguments, says):
    usual = f"--account={used.account.name}", f"--since={beginning()}"

    assert says in refusal("export_usage", *usual, *arguments)


def test_without_pyarrow_it_says_what_to_install(refusal, used, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "use.parquet"
    path.write_text("as it was")

    said = refusal(
        "export_usage", f"--account={used.account.name}", f"--since={beginning()}",
        "--format=parquet", f"--output={path}",
    )  # fmt: skip

    assert "pyarrow, which is not installed" in said
    assert [file.read_text() for file in tmp_path.iterdir()] == ["as it was"]
