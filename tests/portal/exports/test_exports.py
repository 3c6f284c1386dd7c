"""Lists as files: what stands in them, who gets them, and how long ones arrive."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import gc
import io
import os
import resource
import tempfile
import tracemalloc

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from licensing import errors, keys, sessions
from licensing.models import AuditEntry
from portal.exports import files, spreadsheets
from portal.models import AccountPreferences, Export, Membership, Role, User
from portal.sessions.listed import SESSIONS
from portal.tasks import make_exports, tidy_up
from tests.factories import (
    TESTER,
    AccountFactory,
    ago,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.pages import said, told


def content(response):
    return b"".join(response.streaming_content)


def export(browser, listed="sessions", kind="csv", query="", **more):
    return browser.post(f"/{listed}/export/?{query}", {"format": kind, **more})


def rows_of(response):
    """The rows of a CSV file, by heading."""
    return list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"))))


@contextlib.contextmanager
def no_room():
    """A disk on which this process's files may have a few bytes, its log's among them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        gc.collect()  # files of others that could not even be closed


UNCLOSED = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


def files_of(export):
    """What lies in the folder of exports for this one."""
    _folders, names = export.file.storage.listdir("exports")
    return [name for name in names if name.startswith(f"{export.pk}")]


@pytest.fixture
def session(pool):
    client = make_client(username="=cmd|'/c calc'!A1", machine_name="CAD-017", os_session="3")
    return make_session(pool, client)


def test_csv_opens_right_in_every_spreadsheet_program(owner, session):
    response = export(owner)

    text = content(response)
    day = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == (
        f'attachment; filename="brook-co-sessions-{day}.csv"'
    )
    assert response["Content-Type"] == "text/csv"
    assert text.startswith(b'\xef\xbb\xbf"User","Machine","OS session","Licence",')
    assert text.count(b"\r\n") == text.count(b"\n") == 2
    assert f'"{session.started_at:%Y-%m-%dT%H:%M:%SZ}"'.encode() in text
    assert b'"\'=cmd|\'/c calc\'!A1","CAD-017","3","London planners"' in text


def test_xlsx_holds_the_same_with_real_dates_and_no_formula(owner, session):
    book = load_workbook(io.BytesIO(content(export(owner, kind="xlsx"))))

    header, row = book.active.iter_rows()
    cells = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert list(cells) == SESSIONS.header
    assert (cells["User"].value, cells["User"].data_type) == ("'=cmd|'/c calc'!A1", "s")
    started = session.started_at.replace(tzinfo=None, microsecond=0)
    assert cells["Started (UTC)"].value == started
    assert cells["Started (UTC)"].number_format == "m/d/yy h:mm"  # the reader's own region


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\x00=1", "'\N{REPLACEMENT CHARACTER}=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a\x07b", "a\N{REPLACEMENT CHARACTER}b"),
        ("CAD-017", "CAD-017"),
        ("", ""),
    ],
)
def test_no_cell_begins_a_formula(text, written):
    assert spreadsheets.harmless(text) == written


def test_is_what_the_view_shows_in_its_order(owner, account, pool):
    for user in ("anna", "bert", "cleo"):
        make_session(pool, make_client(username=user))
    make_session(make_pool(account=account, name="Tender"), make_client(username="dora"))
    make_session(make_pool(), make_client(username="of another account"))

    rows = rows_of(export(owner, query="q=planners&sort=-user"))

    assert [row["User"] for row in rows] == ["cleo", "bert", "anna"]


def test_two_cloned_machines_of_one_name_are_two_rows(owner, pool):
    names = {"username": "ACME\\anna", "machine_name": "IMAGE"}
    clones = {
        str(make_session(pool, make_client(**names, device_id=name)).pk) for name in ("1", "2")
    }

    assert {row["Session id"] for row in rows_of(export(owner))} == clones


def test_is_what_was_ticked(owner, pool):
    first, _second = make_session(pool), make_session(pool)

    [row] = rows_of(export(owner, chosen=[str(first.pk), "no id"]))

    everything = rows_of(export(owner, chosen=[str(first.pk)], all="1"))
    assert (row["Session id"], len(everything)) == (str(first.pk), 2)


def test_licences_have_their_keys_and_devices(owner, account, pool):
    make_session(make_single_user(account=account, name="Estimator"), make_client(username="eva"))

    pooled, single = rows_of(export(owner, "licences"))

    assert (pooled["Name"], pooled["Serial numbers"]) == ("London planners", pool.serial_number)
    assert (pooled["User limit"], pooled["In use"], pooled["Features"]) == ("10", "0", "bim")
    assert (single["Name"], single["Users"], single["In use"]) == ("Estimator", "eva", "1")


def test_is_recorded(owner, session):
    content(export(owner))

    entry = AuditEntry.objects.order_by("pk").last()
    assert entry.details == {"listed": "sessions", "format": "csv", "rows": 1}
    assert told(entry) == "Priya Shah exported 1 session."


def test_viewers_may_and_see_no_name_that_pages_hide(viewer, account, session):

    AccountPreferences.objects.create(account=account, shows_aliases=True)

    [row] = rows_of(export(viewer))

    assert row["User"].startswith("Person ")
    assert row["Machine"].startswith("Machine ")


@pytest.mark.parametrize("listed", ["sessions", "licences", "usage/denials", "keys"])
def test_no_file_tells_a_viewer_a_real_name(viewer, account, pool, listed):
    client = make_client(username="anna-real", machine_name="CAD-REAL")
    full = make_pool(1, account=account)
    for key in (pool, make_single_user(account=account), full):
        make_session(key, make_client() if key is full else client)
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(full, client)
    AccountPreferences.objects.create(account=account, shows_aliases=True)

    text = content(export(viewer, listed, query=f"key={pool.pk}")).decode("utf-8-sig")

    assert text.count("\n") > 1
    assert "real" not in text.lower()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway"])
def test_is_named_after_the_readers_day(account, zone):
    with timezone.override(zone):
        name = files.file_name(account, "sessions", "csv", timezone.now())

        assert name == f"brook-co-sessions-{timezone.localdate()}.csv"


def test_another_account_gets_its_own(stranger, session):
    assert rows_of(export(stranger)) == []


def test_an_unknown_kind_is_no_page(owner, session):
    assert export(owner, kind="exe").status_code == 404


def test_one_that_does_not_fit_is_told_at_once(owner, session):
    owner.raise_request_exception = False

    with no_room():
        response = export(owner)

    assert response.status_code == 503
    assert "There is no room for files just now" in response.text
    assert not AuditEntry.objects.filter(action="list_exported").exists()


@UNCLOSED
def test_an_upload_that_does_not_fit_is_told(owner, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    owner.raise_request_exception = False

    with no_room():
        response = owner.post("/sessions/export/", {"file": io.BytesIO(b"x" * 1000)})

    assert response.status_code == 503
    assert "Nothing was saved or sent." in response.text


def leave_for_another(membership):
    membership.account = AccountFactory()
    membership.save(update_fields=["account"])


def be_locked_out(membership):
    User.objects.filter(pk=membership.user_id).update(is_active=False)


def may_see_less(membership):
    membership.role = Role.VIEWER
    membership.save(update_fields=["role"])


class TestALongOne:
    @pytest.fixture(autouse=True)
    def few_at_once(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_AT_ONCE", 1)

    @pytest.fixture
    def ordered(self, owner, pool):
        make_session(pool, make_client(username="anna"))
        make_session(pool, make_client(username="bert"))
        return export(owner, kind="xlsx", query="sort=user", next="/sessions/?sort=user")

    def test_is_made_in_the_background(self, owner, ordered):
        assert ordered["Location"] == "/sessions/?sort=user"
        [(tone, text)] = said(ordered)
        assert (tone, text) == (
            "info",
            "These are 2 rows. We are preparing the file and will send a link to "
            "priya@example.com.",
        )
        assert owner.get(f"/exports/{Export.objects.get().pk}/").status_code == 404

    def test_comes_by_mail(self, owner, ordered, mailoutbox):
        make_exports()

        [message] = mailoutbox
        made = Export.objects.get()
        assert made.ends_at - made.ready_at == dt.timedelta(days=14)
        assert message.to == ["priya@example.com"]
        assert message.subject.startswith("Your export is ready until ")
        assert f"http://testserver/exports/{made.pk}/" in message.body
        book = load_workbook(io.BytesIO(content(owner.get(f"/exports/{made.pk}/"))))
        assert [row[0] for row in book.active.values] == ["User", "anna", "bert"]
        assert AuditEntry.objects.filter(action="list_exported").count() == 1

    def test_is_made_once(self, ordered):
        assert files.make_ordered() == 1
        assert files.make_ordered() == 0

    def test_is_made_again_when_its_worker_died(self, ordered):
        Export.objects.update(started_at=timezone.now() - dt.timedelta(minutes=11))

        assert files.make_ordered() == 1

    def test_is_given_up_after_a_day(self, ordered):
        tidy_up()
        assert Export.objects.count() == 1
        Export.objects.update(created_at=ago(hours=25))

        assert files.make_ordered() == 0
        tidy_up()
        assert Export.objects.get().failed_at

    @UNCLOSED
    def test_is_told_when_it_does_not_fit(self, owner, ordered, mailoutbox):
        with no_room():
            make_exports()

        failed = Export.objects.get()
        [message] = mailoutbox
        page = owner.get(f"/exports/{failed.pk}/")
        assert message.subject == "Your export could not be made"
        assert (page.status_code, "Nothing was exported." in page.text) == (410, True)
        assert files_of(failed) == []
        assert not any(map(os.path.exists, ALL_TEMP_FILES))
        assert files.make_ordered() == 0

    def test_whose_file_is_gone_says_so(self, owner, ordered):
        make_exports()
        made = Export.objects.get()
        made.file.storage.delete(made.file.name)

        assert owner.get(f"/exports/{made.pk}/").status_code == 410

    def test_replaces_the_part_that_a_dead_worker_left(self, owner, ordered):
        made = Export.objects.get()
        made.file.storage.save(f"exports/{made.pk}.xlsx", io.BytesIO(b"a part"))

        make_exports()

        assert files_of(made) == [f"{made.pk}.xlsx"]

    def test_is_for_the_person_who_ordered_it(self, ordered, manager, stranger, client):
        make_exports()
        address = f"/exports/{Export.objects.get().pk}/"

        assert manager.get(address).status_code == 404
        assert stranger.get(address).status_code == 404
        assert client.get(address)["Location"] == f"/accounts/login/?next={address}"

    @pytest.mark.parametrize("gone", [leave_for_another, be_locked_out, may_see_less])
    def test_is_not_made_for_somebody_who_may_not_see_it_any_more(self, ordered, gone):
        Export.objects.update(listed="audit")
        gone(Membership.objects.get())

        make_exports()

        assert not Export.objects.exists()

    def test_ends_after_fourteen_days(self, owner, ordered):
        make_exports()
        made = Export.objects.get()
        Export.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
        assert owner.get(f"/exports/{made.pk}/").status_code == 404

        tidy_up()

        assert not made.file.storage.exists(made.file.name)
        assert not Export.objects.exists()


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS_OF_A_SHEET", 2)
    file = io.BytesIO()

    assert spreadsheets.write_xlsx(file, ["n"], ([n] for n in range(3))) == 3

    sheets = [list(sheet.values) for sheet in load_workbook(file)]
    assert sheets == [[("n",), (0,), (1,)], [("n",), (2,)]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_file_takes_no_more_memory_than_a_short_one(kind):
    def peak(rows):
        many = ([f"user {n}", "CAD", dt.datetime.now(dt.UTC), n] for n in range(rows))
        tracemalloc.start()
        with tempfile.TemporaryFile() as file:
            spreadsheets.WRITERS[kind](file, ["a", "b", "c", "d"], many)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    short = peak(500)

    assert peak(5000) < 2 * short + 200_000


def test_the_stragglers_of_a_replaced_key(owner, pool):
    make_session(pool, make_client(machine_name="OLD-1", username="jsmith"))
    moved = make_client(machine_name="MOVED-1")
    make_session(pool, moved)
    new, _plain = keys.reissue(pool, by=TESTER, overlap=dt.timedelta(days=7))
    make_session(new, moved)

    response = owner.post(f"/keys/export/?key={pool.pk}", {"format": "csv"})

    assert [(row["Machine"], row["User"]) for row in rows_of(response)] == [("OLD-1", "jsmith")]


@pytest.mark.parametrize("wanted", ["", "x", "0"])
def test_a_key_that_is_none_of_theirs_has_no_machines(owner, stranger, pool, wanted):
    make_session(pool)

    assert rows_of(owner.post(f"/keys/export/?key={wanted}", {"format": "csv"})) == []
    assert rows_of(stranger.post(f"/keys/export/?key={pool.pk}", {"format": "csv"})) == []
