"""What the release before has: its last migrations, and the SQL of its hot calls.

``released.json`` is written anew at each release, by ``RELEASED=write`` in the environment of
``test_previous_release.py``, from the code that is released. Until then it stays as it is: the
migrations that come meanwhile have to leave it working.
"""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from config import VERSION

FILE = Path(__file__).with_name("released.json")
OURS = ("licensing", "portal", "support")
HOLD_STATEMENTS = (
    "key_rows", "statements", "many_statements", "pool_statements", "denial_statements",
    "history_statements", "closed_ids",
)  # fmt: skip
IS_WHOLE = re.compile(r"(WITH|SELECT|INSERT|UPDATE|DELETE)\b(?!.*\{)")
A_PART = {"many_statements.ASKED"}
"""What begins like a statement and is only the head of some."""


def of_this_code():
    """What ``released.json`` would say if the code that is here were released."""
    leaves = MigrationLoader(None).graph.leaf_nodes()
    return {
        "version": VERSION,
        "migrations": {app: name for app, name in leaves if app in OURS},
        "statements": {name: sql for sql, name in names().items()},
    }


def names():
    """The hot statements as this code has them, each with its name."""
    found: dict[str, str] = {}
    for module in HOLD_STATEMENTS:
        for name, value in vars(importlib.import_module(f"licensing.{module}")).items():
            if is_statement(name, value) and f"{module}.{name}" not in A_PART:
                found.setdefault(value, f"{module}.{name}")
    return found


def is_statement(name, value):
    """Whether what a module calls so is SQL that can be run as it stands."""
    return name.isupper() and isinstance(value, str) and IS_WHOLE.match(" ".join(value.split()))


def write():
    """Make what is here the release before."""
    FILE.write_text(json.dumps(of_this_code(), indent=1) + "\n")


def read():
    """The release before."""
    return json.loads(FILE.read_text())


def is_newer(key):
    """Whether a migration, by its app and name, came after the release before."""
    app, name = key
    return app in OURS and name > read()["migrations"][app]
