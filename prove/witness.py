"""``python -m prove.witness FOLDER``: counts every licence's held seats until told to stop."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psycopg

from prove import database
from prove.history import Writer

BETWEEN_LOOKS = 0.2  # seconds


def main() -> None:
    """Look until there is a file named ``stop``; a database that is down is looked for again."""
    folder, url = Path(sys.argv[1]), os.environ["DATABASE_URL"]
    with Writer(folder / "witness.jsonl") as history:
        while not (folder / "stop").exists():
            try:
                watch(url, history, folder)
            except psycopg.OperationalError:
                time.sleep(BETWEEN_LOOKS)


def watch(url: str, history: Writer, folder: Path) -> None:
    """Write down samples over one connection."""
    with database.connect(url) as connection:
        while not (folder / "stop").exists():
            for sample in database.sample(connection):
                history.write(sample)
            time.sleep(BETWEEN_LOOKS)


if __name__ == "__main__":
    main()
