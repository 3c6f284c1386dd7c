"""A name of several lines, or of what is no text, is refused where it is typed; any other works."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import logging
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, example, given, settings
from openpyxl import load_workbook

from config import logs
from licensing import alm, audit, keys, licences
from licensing.errors import InvalidOperation
from licensing.models import Account, AuditEntry
from licensing.names import NO_TEXT, as_header, fault_in, on_one_line, one_line, plain_text
from portal.deployment import files, registry_file
from portal.deployment.values import Deployment
from portal.exports import spreadsheets
from portal.mail import mails
from tests import names
from tests.factories import TESTER, make_api_token, make_pool
from tests.people import signed_in
from tests.portal.deployment.powershell_trees import shape
from tests.portal.deployment.registry_files import KEY, read
from tests.product import every_url
from tests.support.vendor import staff

BAD = "London\nBcc: evil@example.com"
few = settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("name", names.REFUSED + names.UNSEEN, ids=ascii)
def test_what_is_no_line_of_text_is_refused(name):
    with pytest.raises(ValidationError):
        one_line(name)


@pytest.mark.parametrize("text", ["\u200b" * 12, "\u200d \n\ufeff"], ids=ascii)
def test_a_reason_has_something_to_read(text):
    with pytest.raises(ValidationError, match="can be read"):
        plain_text(text)


def test_a_reason_may_hold_what_web_pages_put_between_letters():
    plain_text("Pasted\u200b of a\u00adpage\ufeff,\nby Priya")


def test_what_would_break_is_taken_out_of_a_name_that_is_there():
    mended = [on_one_line(name) for name in names.REFUSED + names.UNSEEN]

    assert mended[:2] == ["London Bcc: evil@example.com", "London X: y"]
    assert mended[-1] == "Leeds"
    assert [name for name in mended if fault_in(name)] == []


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/licences/{licence}/rename/", "name", {}),
        ("/licences/{licence}/keys/{key}/label/", "label", {}),
        ("/licences/{licence}/keys/add/", "label", {"reason": "Office"}),
        ("/licences/{licence}/tags/", "tags", {}),
        ("/licences/{licence}/notes/", "contact_name", {}),
        ("/licences/{licence}/rules/add/", "username", {"reason": "Left"}),
        ("/views/sessions/save/?q=x", "name", {}),
        ("/api-tokens/add/", "name", {"scopes": ["usage:read"], "ends_on": "2099-01-01"}),
        ("/profile/", "name", {}),
    ],
)
def test_a_page_says_so_at_the_field(owner, pool, path, field, more):
    where = path.format(licence=pool.licence_id, key=pool.pk)
    owner.post("/accounts/reauthenticate/", {"password": "correct horse battery"})

    page = owner.post(where, {field: "a\u202eb", "seen": "x"} | more)

    assert page.status_code == 422
    assert "(U+202E)" in page.text


def test_the_admin_says_so_at_the_field(db):
    browser = signed_in(staff(is_superuser=True))
    asked = {"name": "a\u202eb", "code": "new", "features-TOTAL_FORMS": "0",
             "features-INITIAL_FORMS": "0"}  # fmt: skip

    page = browser.post("/admin/licensing/product/add/", asked)

    assert page.context["adminform"].form.errors["name"] == [fault_in("a\u202eb")]


@pytest.mark.parametrize("order", [{"account_name": BAD}, {"name": BAD}])
def test_no_door_sells_it(db, order):
    asked = {"account_name": "Brook & Co", "seats": 1} | order

    with pytest.raises(InvalidOperation, match="Write one line"):
        licences.issue(licences.Order(**asked), by=TESTER)


def test_a_command_refuses_it(db):
    with pytest.raises((CommandError, SystemExit)):
        call_command("issue_licence", BAD, "--seats", "1", "--by", "ops")


def test_an_imported_list_names_its_row(account):
    planned = alm.plan(account.name, "product,licences,server\npowerproject,2,a\u202eb".encode())

    assert [problem.row for problem in planned.problems] == [2]


def test_numbers_without_end_in_an_imported_list_are_problems(account):
    rows = ["product,licences,features,split", "powerproject,2,,London " + "9" * 5000,
            "powerproject,2,4d:" + "9" * 5000 + ","]  # fmt: skip

    planned = alm.plan(account.name, "\n".join(rows).encode())

    assert [problem.row for problem in planned.problems] == [2, 3]


def test_a_mail_about_a_name_from_before_is_sent(account, mailoutbox):
    Account.objects.filter(pk=account.pk).update(name=BAD)
    token = make_api_token(account)
    token.name = BAD

    mails.write("api_token_ends", {"token": token, "account": account}, to="a@example.com")

    assert "London Bcc: evil@example.com" in mailoutbox[-1].subject


@few
@given(name=names.accepted)
@example(name="=?utf-8?q?Evil?= <evil@example.com>")
def test_the_subject_of_a_mail_is_the_name(name):
    message = EmailMessage(as_header(name), "", to=["a@example.com"]).message()

    read_back = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert read_back["Subject"] == name.replace("=?", "= ?")
    assert read_back["Bcc"] is None


@pytest.mark.parametrize("name", [*names.REFUSED, *names.AWKWARD], ids=ascii)
def test_a_line_of_the_log_stays_one(name):
    record = logging.makeLogRecord({"msg": f"session of {name}", "levelname": "INFO"})

    line = logs.formatter("text").format(record)

    assert len(line.splitlines()) == 1
    assert fault_in(line) == ""


@few
@given(name=names.accepted)
def test_files_of_lists_hold_it(name):
    tables = {kind: io.BytesIO() for kind in ("csv", "xlsx", "jsonl")}
    for kind, file in tables.items():
        getattr(spreadsheets, f"write_{kind}")(file, ["Name"], [[name]])

    text = tables["csv"].getvalue().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [spreadsheets.harmless(name)]
    cell = load_workbook(tables["xlsx"]).active["A2"]
    assert (cell.value, cell.data_type) == (spreadsheets.readable(name), "s")
    assert json.loads(tables["jsonl"].getvalue()) == {"Name": name}


@few
@given(name=names.accepted)
def test_every_deployment_file_is_well_formed_with_it(name):
    made = deployment_of(name)
    plain = {
        file.name: shape(file.content)
        for file in files.files(deployment_of("London"))
        if file.name.endswith(".ps1")
    }

    for file in files.files(made):
        if file.name.endswith((".admx", ".adml", ".xml")):
            ET.fromstring(file.content)
        if file.name.endswith(".ps1"):
            assert shape(file.content) == plain[file.name]
    assert read(registry_file.setting(made))[KEY]["ContactText"] == name


def deployment_of(name):
    """What is rolled out, of a licence of this name."""
    return Deployment(
        serial_number="7Q2X-4M8K-9D3T",
        product_key="ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
        licence_name=name,
        service_url="https://licensing.example.com",
        contact_text=name,
    )


@pytest.mark.slow
@settings(few, max_examples=few.max_examples // 2)
@given(name=names.accepted)
def test_pages_lists_and_the_record_go_on_with_it(owner, account, name):
    with every_url.rolled_back():
        pool = make_pool(1, account=account, name=name[:100])
        keys.issue(pool.licence, by=TESTER, label=name[:100])

        pages = [owner.get(path) for path in ("/licences/", f"/licences/{pool.licence_id}/", "/")]
        export = owner.post("/licences/export/", {"format": "csv"})

        assert [page.status_code for page in [*pages, export]] == [200] * 4
        assert spreadsheets.harmless(name[:100]) in read_csv(export)
        assert audit.verify(account) == (AuditEntry.objects.filter(account=account).count(), [])


def read_csv(export):
    """The names in an exported list of licences."""
    text = b"".join(export.streaming_content).decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))]


def test_the_strategy_is_of_names_that_pass():
    assert [name for name in names.AWKWARD if fault_in(name) or NO_TEXT.search(name)] == []
