"""Why PostgreSQL took no connection, or gave none of its answers: in a line, with what to do."""

from __future__ import annotations

import re

from licensing.pooler import LOSES_PREPARED

START_DATABASE = "Start PostgreSQL, or set the address of the right database."
SAY_POOLED = (
    "Set DATABASE_POOLED=true, as docs/operations.md tells under PgBouncer, or connect to "
    "PostgreSQL itself."
)
KEEP_PREPARED = "Use PgBouncer 1.21 or later, with max_prepared_statements above 0."
PASSWORD = (
    "Set user and password in {setting} as PostgreSQL has them (`\\password` in psql sets one)."  # noqa: S105
)
ROOM = (
    "Raise max_connections, start fewer web workers, or use PgBouncer (docs/operations.md says how "
    "many connections each needs)."
)
TLS = "Compare sslmode and sslrootcert in {setting} with PostgreSQL's certificate and pg_hba.conf."
MAKE = "Set user and name of the database in {setting}, or make them (createuser, createdb)."
LET_IN = "Let this machine and user in, in PostgreSQL's pg_hba.conf."
MIGRATE = "Run `manage.py migrate` with this version's code."
WAIT = "Wait until PostgreSQL has started, or read its log."
COMPARE = (
    "PostgreSQL answers, and refuses us: compare user, password and name of the database in "
    "{setting} with its own, then see its pg_hba.conf and its log."
)
BY_SQLSTATE = {
    "28P01": PASSWORD, "28000": LET_IN, "3D000": MAKE, "53300": ROOM,
    "57P01": WAIT, "57P02": WAIT, "57P03": WAIT, "42P01": MIGRATE, "42703": MIGRATE,
}  # fmt: skip
"""What to do, by the code of an error, which is the same in every language of PostgreSQL's."""
REMEDIES = {
    LOSES_PREPARED: KEEP_PREPARED,
    "unsupported startup parameter": SAY_POOLED,
    "no pg_hba.conf entry": LET_IN,
    "SSL": TLS,
    "certificate": TLS,
    "authentication failed": PASSWORD,
    "no password supplied": PASSWORD,
    '" does not exist': MAKE,
    "no such database": MAKE,  # as PgBouncer says it
    "too many clients": ROOM,
    "connection slots are reserved": ROOM,
    "failed to resolve host": "Set the host in {setting}: this machine knows no such name.",
    "the database system is": WAIT,
}
"""What to do, by what PostgreSQL, libpq or a pooler say; the first that is found counts.

psycopg hands no code on of a connection that was refused.
"""
OF_SERVER = re.compile(r"failed: \S+:  ")
"""How what the server said begins, which it may say in any language (``lc_messages``)."""


def first_line(error: Exception) -> str:
    """What an error says, as far as one line goes."""
    return (str(error).strip().splitlines() or ["it does not answer"])[0]


def what_to_do(error: Exception, setting: str) -> str:
    """What mends it, of the server whose address this setting is."""
    said = first_line(error)
    found = (remedy for words, remedy in REMEDIES.items() if words in said)
    otherwise = COMPARE if OF_SERVER.search(said) else START_DATABASE
    remedy = BY_SQLSTATE.get(sqlstate(error)) or next(found, otherwise)
    return remedy.format(setting=setting)


def sqlstate(error: Exception) -> str:
    """The code of an error of psycopg's, or of Django's that came of one."""
    told = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return told or ""
