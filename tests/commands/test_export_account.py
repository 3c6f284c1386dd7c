from __future__ import annotations

from licensing.models import Account, AuditEntry, Licence
from tests.factories import AccountFactory, make_pool


def test_what_is_exported_is_read_back_in_under_another_name(run, tmp_path):
    key, file = make_pool(name="Planner"), str(tmp_path / "brook.zip")
    name = str(key.account)

    written = run("export_account", f"--account={name}", f"--output={file}")
    shown = run("import_account", file, "--name=Brook here")
    again = run("import_account", file, "--dry-run")
    assert Account.objects.count() == 1
    made = run("import_account", file, "--name=Brook here", "--apply")

    assert written["rows"] > 4
    assert AuditEntry.objects.get(action="list_exported").details["rows"] == written["rows"]
    assert (shown["planned"]["licences"], shown["problems"], shown["account"]) == (1, [], None)
    assert again["problems"] == [
        f"account.jsonl, line 1: There is an account called {name} already."
    ]
    assert Licence.objects.get(account=made["account"]).name == "Planner"


def test_who_makes_it_though_something_is_wrong_is_told_what(run, refusal, tmp_path):
    account, file = AccountFactory(name="Brook & Co"), str(tmp_path / "brook.zip")
    run("export_account", f"--account={account}", f"--output={file}")

    assert refusal("import_account", file, "--apply") == (
        "1 rows of the export are not right. The first is account.jsonl, line 1: There is an "
        "account called Brook & Co already."
    )


def test_what_cannot_be_read_or_written_is_named(refusal, tmp_path):
    account = AccountFactory()

    unread = refusal("import_account", str(tmp_path / "none.zip"))
    unwritten = refusal("export_account", f"--account={account}", f"--output={tmp_path}/no/a.zip")

    assert unread.endswith("none.zip cannot be read: No such file or directory.")
    assert unwritten.endswith("a.zip: No such file or directory.")
