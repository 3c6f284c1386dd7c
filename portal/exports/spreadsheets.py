"""Tables as files, for spreadsheet programs and others, written row by row in steady memory."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import IO, Any

from django.utils.formats import get_format

from portal.lists.columns import Cell
from portal.words.times import utc_stamp

Writer = Callable[[IO[bytes], Sequence[str], Iterable[Sequence[Cell]]], int]

FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")
"""How a text begins that a spreadsheet program might run."""
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no XML may hold, nobody can read, or shows what follows in another order than it has."""


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

    Raise OSError, and leave nothing, when there is no room.
    """
    from portal.exports import workbooks  # 13 MB of each web server's worker, until one is wanted

    return workbooks.write(file, header, rows)


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
