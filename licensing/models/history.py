"""What is over and was moved away, read together with what was not, as rows of one model.

What ended long ago stands in a table of its own (``licensing.history``), of the same columns. A
view has the rows of both. ``objects`` of a model are those that may still change, ``every`` are
all that there are; nothing is written through ``every``.
"""

from __future__ import annotations

from django.db import models
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable

VIEWS = {
    "licensing_clientsession": "licensing_everysession",
    "licensing_denial": "licensing_everydenial",
}
"""The view that has the rows of a table and of its history."""


class TableWithHistory(BaseTable):
    """A table in a FROM clause: the view that has its history too, where there is one."""

    def __init__(self, table_name: str, alias: str | None) -> None:
        super().__init__(VIEWS.get(table_name, table_name), alias)


class QueryWithHistory(Query):
    """A query that begins at the view, wherever it would at the table."""

    base_table_class = TableWithHistory


class EveryManager[Model: models.Model](models.Manager[Model]):
    """The rows of a table and of its history."""

    def get_queryset(self) -> models.QuerySet[Model]:
        rows = super().get_queryset()
        rows.query = QueryWithHistory(self.model)
        return rows
