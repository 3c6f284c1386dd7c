"""Texts as the database compares and sorts them: as people do, not by their bytes.

The counterparts of ``identity.as_compared`` and ``names.alphabetical``. They are written out
rather than left to a collation: not every PostgreSQL is built with ICU, and what a page sorts
in memory has to agree.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func, TextField
from django.db.models.lookups import Lookup

from licensing.names import JOINED, MARKED, WRITTEN_OUT, spellings

NORMALISED = "normalize(%(expressions)s, NFKC)"
COMPARED = f"replace(replace(lower({NORMALISED}), 'ß', 'ss'), 'ς', 'σ')"
IS_ASCII = "octet_length(%(expressions)s) = char_length(%(expressions)s)"
QUICKLY = f"(CASE WHEN {IS_ASCII} THEN lower(%(expressions)s) ELSE {COMPARED} END)"
"""The same, ten times as fast for the many that need no more than small letters."""
UNMARKED = rf"regexp_replace(normalize(%(expressions)s, NFKD), '{MARKED}', '\1', 'g')"
LETTERS = f"lower(normalize({UNMARKED}, NFC))"
for letter, plain in JOINED.items():
    LETTERS = f"replace({LETTERS}, '{letter}', '{plain}')"
WRITTEN = COMPARED
for letter, plain in WRITTEN_OUT.items():
    WRITTEN = f"replace({WRITTEN}, '{letter}', '{plain}')"
SEARCHED = (
    f"(CASE WHEN {IS_ASCII} THEN lower(%(expressions)s) "
    f"ELSE {COMPARED} || chr(1) || {LETTERS} || chr(1) || {WRITTEN} END)"
)


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


class Searched(Func):
    """A text as it is looked through: as compared, without marks, and with umlauts written out."""

    template = SEARCHED.replace("%(expressions)s", "btrim(%(expressions)s)")
    output_field = CharField()


@CharField.register_lookup
@TextField.register_lookup
class Holds(Lookup):
    """Whether a text has a word in it, however either is spelt: muller and mueller find Müller."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, parameters = self.process_lhs(compiler, connection)
        like = connection.ops.prep_for_like_query
        wanted = [f"%{like(spelling)}%" for spelling in spellings(str(self.rhs))]
        times = SEARCHED.count("%(expressions)s")
        sql = f"{SEARCHED % {'expressions': text}} LIKE ANY(%s)"
        return sql, (*tuple(parameters) * times, wanted)
