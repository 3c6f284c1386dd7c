"""Where commands write their rows: a file that is there whole or not at all, or standard output."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

STANDARD_OUTPUT = 1


@contextlib.contextmanager
def writing(output: Path | None) -> Iterator[IO[bytes]]:
    """The file, or standard output. What fails leaves the file that was there before.

    Raise CommandError where it cannot be written.
    """
    try:
        if output is None:
            with open(STANDARD_OUTPUT, "wb", closefd=False) as file:
                yield file
            return
        part = output.with_name(f"{output.name}.part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"{output or 'Standard output'}: {error.strerror}.") from error
