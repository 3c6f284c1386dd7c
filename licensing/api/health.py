"""Whether this process is alive, and whether it can serve."""

from __future__ import annotations

import functools

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

from licensing import errors
from licensing.api import schema
from licensing.api.exchange import DocumentView, answer


class AliveView(DocumentView):
    """Asked by whatever restarts processes; needs nothing but the process."""

    @schema.alive
    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that the process answers."""
        return answer({"status": "alive"})


class ReadyView(DocumentView):
    """Asked by load balancers. Without a cache or a worker the product still serves."""

    @schema.ready
    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that the database is reachable and migrated; 503 otherwise."""
        if not is_migrated():
            raise errors.ServiceUnavailable("The database is not migrated yet.")
        return answer({"status": "ready"})


def is_migrated() -> bool:
    """Whether every app's last migration has been applied to the database."""
    return last_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@functools.cache
def last_migrations() -> set[tuple[str, str]]:
    """The last migration of each app in this version of the code."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return set(loader.graph.leaf_nodes())
