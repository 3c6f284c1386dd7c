"""A long list in the console: made in the background, and a page tells how far it is."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from licensing import imports
from licensing.models import Import, Licence
from tests.factories import AccountFactory, make_pool
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import check, confirm, foretold, text_of, told, wrong
from tests.support.vendor import staff

LIST = b"server,product,licences\n" + b"".join(b"S%d,asta-powerproject,2\n" % n for n in range(5))


@kept
def account():
    return AccountFactory(name="Brook & Co")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pieces of two rows."""
    monkeypatch.setattr(imports, "ROWS_OF_A_PIECE", 2)


def upload(client, account, content=LIST):
    file = SimpleUploadedFile("alm.csv", content)
    return check(client, "account", "import-alm", account, file=file)


def page_of(account):
    return f"/support/accounts/{account.pk}/imports/{Import.objects.get().pk}/"


def test_is_foretold_begun_once_and_found_again(sales, account):
    page = upload(sales, account)
    answer, again = confirm(sales, page), confirm(sales, page)

    assert any("made in the background" in line for line in foretold(page))
    assert told(answer)[0].startswith("5 rows of Brook & Co will be imported")
    assert Import.objects.count() == 1
    assert again.status_code == 302
    for where in (answer.headers["Location"], f"/support/accounts/{account.pk}/"):
        said = sales.get(where)
        assert "An import is running: 0 of 5 rows are done." in text_of(said), where
        assert page_of(account) in said.text


def test_another_agent_begins_no_second_one_but_does_what_else_there_is(sales, support, account):
    ben = signed_in(staff("Sales", name="Ben"))
    seen = upload(ben, account)
    confirm(sales, upload(sales, account))

    refused = told(confirm(ben, seen))
    early = wrong(upload(ben, account))["__all__"]
    page = check(support, "account", "invite", account, email="tom@example.com", role="owner")
    imports.carry_on_one(set())
    invited = told(confirm(support, page))

    assert refused[-1].startswith("Brook & Co was changed by somebody else in the meantime.")
    assert early[0].startswith("An import of Brook & Co is running, begun by ")
    assert invited[0].startswith("Invited tom@example.com")
    assert account.licences.count() == 2


def test_the_page_tells_what_is_done_what_is_not_and_why(sales, account):
    confirm(sales, upload(sales, account))
    make_pool(name="S1", account=account)
    first = text_of(sales.get(page_of(account)))
    imports.carry_on()

    page = sales.get(page_of(account))
    failed = sales.get(page_of(account) + "?rows=failed")

    assert "Running" in first
    assert "To go 5" in first
    assert "Look again" in first
    said = text_of(page)
    assert "Done, but not all of it" in said
    assert "Made 4 of 5" in said
    assert "Not made 1" in said
    assert "Look again" not in said
    made = Licence.objects.get(name="S4")
    assert f'href="/support/records/licence/{made.pk}/"' in page.text
    [line] = failed.context["rows"]
    assert (line.row.number, line.row.name, line.url) == (3, "S1", "")
    assert "called S1 already" in failed.text
    assert "An import is running" not in sales.get(f"/support/accounts/{account.pk}/").text


def test_the_move_tells_what_was_not_made_and_leads_there(sales, account):
    confirm(sales, upload(sales, account))
    make_pool(name="S1", account=account)
    imports.carry_on()

    said = sales.get(f"/support/accounts/{account.pk}/alm/")

    assert "1 row was not made." in text_of(said)
    assert page_of(account) in said.text


def test_a_page_has_some_of_the_rows(sales, account, django_assert_max_num_queries):
    rows = b"".join(b"R%d,asta-powerproject,1\n" % n for n in range(60))
    confirm(sales, upload(sales, account, b"server,product,licences\n" + rows))
    sales.get(page_of(account))

    with django_assert_max_num_queries(16):
        page = sales.get(page_of(account))

    assert len(page.context["rows"]) == 50
    assert page.context["rows"].after


def test_is_no_page_of_another_account(sales, account):
    confirm(sales, upload(sales, account))
    other = AccountFactory()

    elsewhere = page_of(account).replace(f"/{account.pk}/", f"/{other.pk}/", 1)

    assert sales.get(elsewhere).status_code == 404
