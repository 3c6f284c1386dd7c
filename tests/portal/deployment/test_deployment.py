"""The deployment page and its downloads."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from licensing import keys
from tests.factories import TESTER, make_pool
from tests.pages import last_entry
from tests.people import unsure


@pytest.fixture
def page(pool):
    return f"/licences/{pool.licence_id}/deployment/"


def asked(pool, **values):
    form = {"key": pool.pk, "scope": "machine", "service_url": "https://licensing.example.com"}
    return form | values


def download(browser, page, pool, **values):
    return browser.post(f"{page}download/", asked(pool, **values))


def test_shows_what_programs_will_read_but_not_the_key(manager, page, pool):
    text = manager.get(page, asked(pool, contact_text="Ask Priya")).text.replace("<wbr>", "")

    assert "Software\\Policies\\Elecosoft\\Powerproject\\Licensing" in text
    assert "Ask Priya" in text
    _form, preview = text.split("What the program reads")
    places = [
        preview.index(f"{words}<")
        for words in ("1. Computer policy", "Ask Priya", "2. User policy")
    ]
    assert places == sorted(places)
    assert keys.reveal(pool, by=TESTER) not in text


def test_the_zip_opens_the_licence(manager, page, pool):
    response = download(manager, page, pool)

    packed = zipfile.ZipFile(io.BytesIO(response.content))
    assert keys.reveal(pool, by=TESTER) in packed.read("set.reg").decode("utf-16")
    assert response["Cache-Control"] == "no-store"


def test_one_file_alone(manager, page, pool):
    response = download(manager, page, pool, file="remove.reg")

    assert response["Content-Disposition"] == 'attachment; filename="remove.reg"'
    assert last_entry()[0] == "key_revealed"


def test_asks_for_the_password_first(manager, page, pool):
    before = last_entry()

    response = download(unsure(manager), page, pool)

    assert "reauthenticate" in response["Location"]
    assert last_entry() == before


def test_there_is_no_other_file(manager, page, pool):
    assert download(manager, page, pool, file="../secrets").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"service_url": "javascript:alert(1)"}, {"contact_text": "two\nlines"}, {"scope": "planet"}],
)
def test_says_what_is_wrong(manager, page, pool, wrong):
    assert download(manager, page, pool, **wrong).status_code == 422


def test_another_licences_key_is_no_choice(manager, page, account, pool):
    other = make_pool(account=account)

    assert download(manager, page, other).status_code == 422


def test_a_replaced_key_is_no_choice(manager, page, pool):
    keys.reissue(pool, by=TESTER)

    assert download(manager, page, pool).status_code == 422


def test_others_get_nothing(viewer, stranger, staff, page, pool):
    answers = [browser.get(page).status_code for browser in (viewer, stranger, staff)]
    downloads = [download(browser, page, pool).status_code for browser in (viewer, stranger, staff)]

    assert (answers, downloads) == ([403, 404, 404], [403, 404, 404])


def test_operators_write_the_files_to_a_folder(pool, tmp_path, capsys):
    call_command("deployment_files", pool.serial_number, tmp_path / "out", "--json")

    answer = json.loads(capsys.readouterr().out)
    assert set(answer["files"]) == {
        str(path.relative_to(tmp_path / "out"))
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert (tmp_path / "out" / "set.reg").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--contact", 'Ask us\r\n"AllowUserEntry"=dword:00000000'),
        ("--proxy", "http://proxy\u2028"),
        ("--service-url", "javascript:alert(1)"),
    ],
)
def test_operators_are_told_what_no_file_can_hold(pool, tmp_path, option, text):
    before = last_entry()

    with pytest.raises(CommandError, match=option):
        call_command("deployment_files", pool.serial_number, tmp_path, f"{option}={text}")

    assert last_entry() == before
    assert not list(tmp_path.iterdir())
