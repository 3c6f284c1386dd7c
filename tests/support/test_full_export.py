"""Everything of an account as a file, for who ordered it alone; and an export read in."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from licensing.models import Account, AuditEntry
from portal.exports import files, full
from portal.models import Export
from support.acts import exporting
from tests.factories import ago, make_pool
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import READ, check, confirm, do, foretold, told, wrong
from tests.support.vendor import staff


@kept
def supervisor():
    return signed_in(staff("Supervisor"))


@kept
def account():
    return make_pool(name="Planner").account


def test_is_made_in_the_background_for_who_ordered_it(supervisor, sales, account, mailoutbox):
    [answer] = do(supervisor, "account", "export", account)
    files.make_ordered()

    made = Export.objects.get()
    page = f"/support/exports/{made.pk}/"
    assert answer.startswith(f"The export of {account} is being made: a link comes to ")
    assert f"http://testserver{page}" in mailoutbox[-1].body
    content = b"".join(supervisor.get(page).streaming_content)
    assert "licences.jsonl" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sales.get(page).status_code == 403
    assert AuditEntry.objects.get(action="full_export_ordered").reason == READ
    assert AuditEntry.objects.get(action="list_exported").details["listed"] == "everything"


def test_of_another_it_is_not_there(supervisor, account, superuser):
    do(supervisor, "account", "export", account)
    files.make_ordered()

    assert superuser.get(f"/support/exports/{Export.objects.get().pk}/").status_code == 404


def test_is_not_made_for_who_may_no_more(supervisor, account):
    do(supervisor, "account", "export", account)
    Export.objects.get().person.groups.clear()

    files.make_ordered()

    assert not Export.objects.exists()


def test_has_hours_before_another_worker_begins_it_anew(supervisor, account):
    do(supervisor, "account", "export", account)
    begun = Export.objects.all()

    begun.update(started_at=ago(hours=2))
    assert files.make_ordered() == 0

    begun.update(started_at=ago(hours=4))
    assert files.make_ordered() == 1


def upload(client, account, **asked):
    content = io.BytesIO()
    full.write(content, account)
    file = SimpleUploadedFile("brook.zip", content.getvalue())
    address = "/support/acts/account/read-in/"
    return client.post(address, {"file": file, **asked}, follow=True)


def test_an_export_is_read_in_after_its_dry_run(supervisor, account):
    page = upload(supervisor, account, name="Brook here")
    shown = foretold(page)
    assert Account.objects.count() == 1

    answer = confirm(supervisor, page)

    assert shown[0] == "The account Brook here is opened, with all of this or nothing:"
    assert told(answer)[0] == "Opened the account Brook here with 1 licence, read from its export."
    made = Account.objects.get(name="Brook here")
    assert made.licences.get().name == "Planner"
    assert [one.action for one in made.audit_entries.wholes().order_by("number")][:3] == [
        "account_created",
        "import_began",
        "import_done",
    ]


def test_an_account_that_is_there_is_not_made_again(supervisor, account):
    heading, row = wrong(upload(supervisor, account))["__all__"]

    assert heading == "Nothing was made: 1 row is not right."
    assert row.endswith(f"There is an account called {account} already.")
    assert "export" in check(supervisor, "account", "export", account).text


def test_an_export_that_is_long_is_left_to_the_command(supervisor, account, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 1)
    make_pool(name="Site", account=account)

    page = upload(supervisor, account, name="Brook here")

    assert wrong(page)["__all__"] == [
        "The export has 2 licences, machines and rules, and 1 are made at once here: "
        "manage.py import_account takes it."
    ]
