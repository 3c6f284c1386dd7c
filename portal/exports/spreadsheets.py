"""Tables as files, for spreadsheet programs and others, written row by row in steady memory."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import IO, Any

from django.utils.formats import get_format
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portal.lists.columns import Cell
from portal.words.times import utc_stamp

Writer = Callable[[IO[bytes], Sequence[str], Iterable[Sequence[Cell]]], int]

FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")
"""How a text begins that a spreadsheet program might run."""
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no XML may hold, nobody can read, or shows what follows in another order than it has."""
DAY, MOMENT = BUILTIN_FORMATS[14], BUILTIN_FORMATS[22]
"""The two formats that spreadsheet programs write as their user's region does."""
ROWS_OF_A_SHEET = 1_000_000
WIDTH = 24


def readable(text: str) -> str:
    """The text without what no program shows."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def harmless(text: str) -> str:
    """The text so that no program that reads it from CSV takes it for a formula."""
    return f"'{readable(text)}" if FORMULA.match(text) else readable(text)


def write_csv(
    file: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ",",
    point: str = ".",
) -> int:
    """Write UTF-8 with a byte order mark, CRLF and every text in quotes; return how many rows.

    ``point`` is what stands before the decimals of a number.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(
        text, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n"
    )
    writer.writerow(header)
    written = 0
    for row in rows:
        writer.writerow([csv_cell(value, point) for value in row])
        written += 1
    text.detach()  # flushes, and leaves the file open
    return written


def csv_cell(value: Cell, point: str = ".") -> str | float:
    """The value as CSV has it: moments in ISO 8601, UTC."""
    if isinstance(value, float) and point != ".":
        return str(value).replace(".", point)
    if isinstance(value, dt.datetime):
        return utc_stamp(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return readable(json.dumps(value, ensure_ascii=False))
    return harmless(value) if isinstance(value, str) else "" if value is None else value


def write_xlsx(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a workbook, moments as dates in UTC; return how many rows.

    A new sheet begins where one is full. Raise OSError, and leave nothing, when there is no room.
    """
    book = Workbook(write_only=True)
    try:
        return fill(book, file, header, rows)
    except OSError:
        remove_parts(book)
        raise


def remove_parts(book: Workbook) -> None:
    """Take away what openpyxl keeps of each sheet until its process ends: a worker lives long."""
    for sheet in book.worksheets:
        if sheet._writer:
            with contextlib.suppress(OSError):
                sheet._writer.cleanup()


def fill(
    book: Workbook, file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> int:
    """Write header and rows into the book, and the book into the file; return how many rows."""
    sheet, written = new_sheet(book, header), 0
    for row in rows:
        if written and written % ROWS_OF_A_SHEET == 0:
            sheet = new_sheet(book, header)
        sheet.append([xlsx_cell(sheet, value) for value in row])
        written += 1
    book.save(file)
    return written


def new_sheet(book: Workbook, header: Sequence[str]) -> WriteOnlyWorksheet:
    """A sheet whose header stays in sight."""
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    cells = [WriteOnlyCell(sheet, value=word) for word in header]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    return sheet


def xlsx_cell(sheet: WriteOnlyWorksheet, value: Cell) -> Any:
    """The value as a workbook has it; its dates know no time zone."""
    if isinstance(value, dt.datetime):
        return dated(sheet, value.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0), MOMENT)
    if isinstance(value, dt.date):
        return dated(sheet, value, DAY)
    if isinstance(value, dict):
        return readable(json.dumps(value, ensure_ascii=False))
    return worded(sheet, value) if isinstance(value, str) else value


def worded(sheet: WriteOnlyWorksheet, text: str) -> str | WriteOnlyCell:
    """A cell that is text and stays it when somebody edits it: a workbook says so of a cell, and
    needs no apostrophe that everybody would see.
    """
    if not FORMULA.match(text):
        return readable(text)
    cell = WriteOnlyCell(sheet, value=readable(text))
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def dated(sheet: WriteOnlyWorksheet, value: dt.date, number_format: str) -> WriteOnlyCell:
    """A cell that is shown as dates are written where it is read."""
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    return cell


def write_jsonl(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write an object a line, by the headings, texts as they are; return how many rows."""
    written = 0
    for row in rows:
        told = {word: json_value(value) for word, value in zip(header, row, strict=True)}
        file.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        written += 1
    return written


def json_value(value: Cell) -> Any:
    """The value as JSON has it: moments in ISO 8601, UTC."""
    if isinstance(value, dt.datetime):
        return utc_stamp(value)
    return value.isoformat() if isinstance(value, dt.date) else value


WITH_COMMAS, WITH_SEMICOLONS = "csv", "csv2"
WRITERS: dict[str, Writer] = {
    WITH_COMMAS: write_csv,
    WITH_SEMICOLONS: partial(write_csv, delimiter=";", point=","),
    "xlsx": write_xlsx,
    "jsonl": write_jsonl,
}


def csv_of_reader() -> str:
    """The CSV of the reader's Excel: with semicolons where their decimals have commas."""
    return WITH_SEMICOLONS if get_format("DECIMAL_SEPARATOR") == "," else WITH_COMMAS


def ending(kind: str) -> str:
    """What the name of such a file ends in."""
    return "csv" if kind == WITH_SEMICOLONS else kind
