"""Rows of the customer API as files for a data warehouse, in steady memory."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterable
from itertools import batched
from typing import IO, TYPE_CHECKING

import msgspec

from portal.exports.spreadsheets import write_csv

if TYPE_CHECKING:
    import pyarrow

ROWS_OF_A_GROUP = 20_000
"""How many rows are in memory, and stand together in a Parquet file."""

type Rows = Iterable[msgspec.Struct]


class NoParquet(Exception):
    """The optional package that writes Parquet is not installed."""


def write(file: IO[bytes], kind: str, of: type[msgspec.Struct], rows: Rows) -> int:
    """Write rows of one kind of document as "csv" or "parquet"; return how many.

    Raise NoParquet where that cannot be written.
    """
    if kind == "parquet":
        return write_parquet(file, of, rows)
    return write_csv(file, of.__struct_fields__, map(msgspec.structs.astuple, rows))


def write_parquet(file: IO[bytes], of: type[msgspec.Struct], rows: Rows) -> int:
    """Write the rows with their types, compressed; return how many."""
    require_parquet()
    import pyarrow as pa
    from pyarrow import parquet

    schema, written = schema_of(of), 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in batched(rows, ROWS_OF_A_GROUP):
            group = [msgspec.structs.asdict(row) for row in some]
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(some)
    return written


def require_parquet() -> None:
    """Raise NoParquet where it cannot be written."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise NoParquet from error


def schema_of(of: type[msgspec.Struct]) -> pyarrow.Schema:
    """The columns of a kind of document: moments of UTC, names as a dictionary."""
    import pyarrow as pa

    types = {
        bool: pa.bool_(),
        dt.datetime: pa.timestamp("us", tz="UTC"),
        float: pa.float64(),
        int: pa.int64(),
        str: pa.dictionary(pa.int32(), pa.string()),
    }
    return pa.schema(
        pa.field(name, types[one], nullable=is_nullable)
        for name, (one, is_nullable) in fields_of(of).items()
    )


def fields_of(of: type[msgspec.Struct]) -> dict[str, tuple[type, bool]]:
    """The type of each field, and whether it may be None."""
    found = {}
    for name, hint in typing.get_type_hints(of).items():
        parts = set(typing.get_args(hint)) or {hint}
        (one,) = parts - {type(None)}
        found[name] = one, type(None) in parts
    return found
