"""Lists as files of each kind."""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import tracemalloc

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from portal.exports import spreadsheets, workbooks
from portal.sessions.listed import SESSIONS
from tests.portal.exports.files import content, export


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


def test_csv_has_semicolons_where_excel_expects_them_or_somebody_chose_them(owner, session):
    response = export(owner, kind="csv2")
    german = owner.get("/sessions/", headers={"Accept-Language": "de"}).text

    assert ".csv" in response["Content-Disposition"]
    assert content(response).startswith(b'\xef\xbb\xbf"User";"Machine";"OS session";"Licence";')
    assert re.findall(r'value="(csv2?)"', german)[:2] == ["csv2", "csv"]
    assert re.findall(r'value="(csv2?)"', owner.get("/sessions/").text)[:2] == ["csv", "csv2"]


@pytest.mark.parametrize(("kind", "row"), [("csv", b"1.5,2"), ("csv2", b"1,5;2")])
def test_numbers_have_the_point_that_goes_with_the_separator(kind, row):
    file = io.BytesIO()

    spreadsheets.WRITERS[kind](file, ["Hours", "Days"], [[1.5, 2]])

    assert file.getvalue().splitlines()[1] in (row, row.replace(b"1,5", b'"1,5"'))


def test_xlsx_holds_the_same_with_real_dates_and_no_formula(owner, session):
    book = load_workbook(io.BytesIO(content(export(owner, kind="xlsx"))))

    header, row = book.active.iter_rows()
    cells = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert list(cells) == SESSIONS.header
    user = cells["User"]
    assert (user.value, user.data_type, user.quotePrefix) == ("=cmd|'/c calc'!A1", "s", True)
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
        ("invoice\u202ecod.exe", "invoice\N{REPLACEMENT CHARACTER}cod.exe"),
        ("CAD-017", "CAD-017"),
        ("", ""),
    ],
)
def test_no_cell_begins_a_formula(text, written):
    assert spreadsheets.harmless(text) == written


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(workbooks, "ROWS_OF_A_SHEET", 2)
    file = io.BytesIO()

    assert spreadsheets.write_xlsx(file, ["n"], ([n] for n in range(3))) == 3

    sheets = [list(sheet.values) for sheet in load_workbook(file)]
    assert sheets == [[("n",), (0,), (1,)], [("n",), (2,)]]


@pytest.mark.slow
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
