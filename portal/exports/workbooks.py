"""Workbooks of spreadsheet programs. Whoever writes one loads this, and what it stands on, then."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portal.exports.spreadsheets import FORMULA, readable
from portal.lists.columns import Cell

DAY, MOMENT = BUILTIN_FORMATS[14], BUILTIN_FORMATS[22]
"""The two formats that spreadsheet programs write as their user's region does."""
ROWS_OF_A_SHEET = 1_000_000
WIDTH = 24


def write(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
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
