"""A query that every page asks: Django writes its SQL once, and PostgreSQL plans it once.

Writing a query with half a dozen joins takes Django three times as long as PostgreSQL takes for
it, and planning it takes PostgreSQL ten times as long as answering. Here what was written is kept
and only the values in it change, so that it is prepared.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from licensing import prepared


class WrittenOnce[M: Model]:
    """A query of so many whole numbers: ``query`` is given a number for each, and never again.

    It must be the same query whatever the numbers are: they may only be compared with.
    """

    def __init__(self, query: Callable[..., QuerySet[M]], numbers: int) -> None:
        self.query = query
        self.stand_ins = [-101 - place for place in range(numbers)]

    def first(self, *numbers: int) -> M | None:
        """The first row that the query finds for these numbers, if any."""
        asked = self.asked.all()
        vars(asked.query)["get_compiler"] = functools.partial(self.compiler, numbers)
        with prepared.as_djangos(asked.db):
            return next(iter(asked), None)

    @functools.cached_property
    def asked(self) -> QuerySet[M]:
        """The query, of numbers that nothing has."""
        return self.query(*self.stand_ins)[:1]

    @functools.cached_property
    def written(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        """What wrote its SQL, the SQL, and the values in it."""
        compiler = self.asked.query.get_compiler(self.asked.db)
        return compiler, *compiler.as_sql()

    def compiler(self, numbers: tuple[int, ...], using: str, **_: Any) -> SQLCompiler:
        """What wrote the SQL, which hands it out with other numbers, on the thread's connection."""
        kept, sql, values = self.written
        put = dict(zip(self.stand_ins, numbers, strict=True))
        with_these = tuple(put.get(value, value) for value in values)
        compiler = copy.copy(kept)
        vars(compiler).update(connection=connections[using], as_sql=lambda: (sql, with_these))
        return compiler
