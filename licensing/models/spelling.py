"""Texts as the database compares and sorts them: as people do, not by their bytes.

The counterparts of ``identity.as_compared`` and ``names.alphabetical``. They are written out
rather than left to a collation: not every PostgreSQL is built with ICU, and what a page sorts
in memory has to agree.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func, TextField
from django.db.models.lookups import Contains

from licensing.identity import as_compared
from licensing.names import JOINED, MARKED

NORMALISED = "normalize(%(expressions)s, NFKC)"
COMPARED = f"replace(replace(lower({NORMALISED}), 'ß', 'ss'), 'ς', 'σ')"
IS_ASCII = "octet_length(%(expressions)s) = char_length(%(expressions)s)"
QUICKLY = f"(CASE WHEN {IS_ASCII} THEN lower(%(expressions)s) ELSE {COMPARED} END)"
"""The same, ten times as fast for the many that need no more than small letters."""
UNMARKED = rf"regexp_replace(normalize(%(expressions)s, NFKD), '{MARKED}', '\1', 'g')"
LETTERS = f"lower(normalize({UNMARKED}, NFC))"
for letter, plain in JOINED.items():
    LETTERS = f"replace({LETTERS}, '{letter}', '{plain}')"


class Compared(Func):
    """A text as compared: case, compositions and blanks around it count for nothing."""

    template = QUICKLY.replace("%(expressions)s", "btrim(%(expressions)s)")
    output_field = CharField()


class CustomerName(Func):
    """A customer's name as ``names.customer_name`` has it."""

    template = rf"btrim(regexp_replace({COMPARED}, '\s+', ' ', 'g'))"
    output_field = CharField()


class Alphabetical(Func):
    """A column as it is sorted: anna beside Anna, Ärger after Arger."""

    template = (
        f"(CASE WHEN {IS_ASCII} THEN lower(%(expressions)s) "
        f'ELSE {LETTERS} || chr(1) || {COMPARED} END) COLLATE "C"'
    )
    output_field = CharField()


@CharField.register_lookup
@TextField.register_lookup
class Holds(Contains):
    """Whether a text has another in it, both as compared."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> str:
        return as_compared(self.rhs)

    def process_lhs(self, *args: Any, **options: Any) -> tuple[str, Any]:
        sql, parameters = super().process_lhs(*args, **options)
        times = QUICKLY.count("%(expressions)s")
        return QUICKLY % {"expressions": sql}, (*parameters,) * times

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"LIKE {rhs}"
