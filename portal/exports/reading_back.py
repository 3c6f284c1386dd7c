"""An account's export, looked at before it is made anew where the account is not.

Every row is looked at, and all that is not right is told with its line. Of what happened there,
sessions, refusals, the audit record, requests, it is counted how much there is: it stays there.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import IO

import msgspec
from django.core.exceptions import ValidationError

from licensing.errors import InvalidOperation
from portal.exports.full import FORMAT, KINDS, MANIFEST
from portal.exports.full_checks import CHECKS, FaultyRow, Reading
from portal.exports.full_rows import BROUGHT, Row

LONGEST_LINE = 1 << 20
MOST_ROWS = 100_000
"""Of one kind of those that are brought."""


def plan(file: IO[bytes], *, name: str = "") -> Reading:
    """What the export would make; nothing is changed.

    ``name`` is what the account is to be called here, if not as it was. Raise InvalidOperation
    for a file that is no such export, AlreadyDone where there is an account of that name.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return read(archive, name)
    except (zipfile.BadZipFile, KeyError, EOFError):
        raise InvalidOperation("The file is no export of an account, or it is damaged.") from None


def read(archive: zipfile.ZipFile, name: str) -> Reading:
    """The whole archive, read and looked at."""
    counts = counts_of(archive)
    reading = Reading(name=name)
    for kind in KINDS:
        read_kind(reading, archive, kind)
        if reading.found[kind] != counts.get(kind):
            words = f"it has {reading.found[kind]} rows, and should have {counts.get(kind)}"
            raise InvalidOperation(f"The export is damaged: of {kind} {words}.")
    if reading.found["account"] != 1:
        raise InvalidOperation("An export is of one account.")
    return reading


def counts_of(archive: zipfile.ZipFile) -> dict[str, int]:
    """How many rows of each kind there should be; raise InvalidOperation for another format."""
    try:
        manifest = json.loads(archive.read(MANIFEST))
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InvalidOperation(f"The file is no export of the format {FORMAT}.")
    return dict(manifest.get("counts") or {})


def read_kind(reading: Reading, archive: zipfile.ZipFile, kind: str) -> None:
    """Read the rows of a kind: those that are brought are looked at, the others counted."""
    wanted = BROUGHT.get(kind)
    for number, line in lines_of(archive, kind):
        reading.found[kind] += 1
        if wanted is None:
            continue
        if number > MOST_ROWS:
            raise InvalidOperation(f"There are more than {MOST_ROWS:,} {kind} in the export.")
        try:
            take(reading, kind, msgspec.json.decode(line, type=wanted))
        except (InvalidOperation, msgspec.DecodeError) as problem:
            reading.problems.append(FaultyRow(f"{kind}.jsonl", number, str(problem)))
        except ValidationError as problem:
            reading.problems.append(FaultyRow(f"{kind}.jsonl", number, told(problem)))


def told(problem: ValidationError) -> str:
    """What is wrong with the columns of a row, each by its name."""
    return " ".join(f"{name}: {' '.join(words)}" for name, words in problem.message_dict.items())


def lines_of(archive: zipfile.ZipFile, kind: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a kind's file with their numbers."""
    with archive.open(f"{kind}.jsonl") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            yield number, line


def take(reading: Reading, kind: str, row: Row) -> None:
    """Keep a row if it is brought; raise InvalidOperation or ValidationError if it can't be."""
    if CHECKS[kind](reading, row):
        reading.rows[kind].append(row)
