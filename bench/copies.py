"""A second database beside the bench's own, a copy of it, which Django and a web server may ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

NAME = "bench_copy"


def address_of(database: str) -> str:
    """Where a database of the bench's PostgreSQL is."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def make() -> BaseDatabaseWrapper:
    """A connection to a copy of the bench's own database, which no web server may hold just now."""
    own = connections[DEFAULT_DB_ALIAS]
    own.close()
    with psycopg.connect(address_of("template1"), autocommit=True) as elsewhere:
        elsewhere.execute(f"CREATE DATABASE {NAME} TEMPLATE {own.settings_dict['NAME']}")
    copied = own.copy()
    copied.settings_dict["NAME"] = NAME
    return copied


@contextmanager
def asking(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Django asks this database, as if it were its own."""
    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = own
