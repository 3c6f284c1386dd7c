"""What the search box of the sessions list understands (see ``search_tokens``)."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField
from django.db.models import DecimalField, F, Func, Q, Value
from django.db.models.functions import Now

from licensing import durations, keys, versions
from licensing.models.sessions import Like, SessionState
from licensing.rules import like
from portal.lists.search_tokens import Filter

NUMBERS = ArrayField(DecimalField(max_digits=60, decimal_places=0))


class VersionNumbers(Func):
    """A version's numbers as the database compares them, whatever the text looks like."""

    template = (
        "array_remove(string_to_array("
        r"regexp_replace(substring(%(expressions)s from '\d+(?:\.\d+)*'), '(\.0+)+$', ''), '.'"
        "), '')::numeric[]"
    )
    output_field = NUMBERS


def named(column: str, shown: str) -> Filter:
    """The filter of a name: its text anywhere in it, or with * the whole of it, as compared."""

    def find(sign: str, value: str) -> Q | None:
        if sign != ":" or not value:
            return None
        if "*" in value:
            return Q(Like(F(column), Value(like(value))))
        return Q(**{f"{shown}__icontains": value})

    return find


def containing(column: str) -> Filter:
    """The filter of a column in which the text stands."""
    return lambda sign, value: Q(**{f"{column}__icontains": value}) if sign == ":" else None


def of_serial(sign: str, value: str) -> Q | None:
    """The filter of serial numbers, in part or, typed in any way, whole."""
    return containing("key__serial_number")(sign, keys.normalise_serial(value) or value)


def of_state(sign: str, value: str) -> Q | None:
    """The filter of derived states."""
    is_known = value.lower() in set(SessionState) - {SessionState.ENDED}
    return Q(state=value.lower()) if sign == ":" and is_known else None


def since(column: str) -> Filter:
    """The filter of how long ago something was: >2h is longer ago."""

    def find(sign: str, value: str) -> Q | None:
        try:
            moment = Now() - durations.parse(value)
        except ValueError:
            return None
        step = {">": "lt", "<": "gt"}.get(sign)
        return Q(**{f"{column}__{step}": moment}) if step else None

    return find


def of_version(sign: str, value: str) -> Q | None:
    """The filter of versions, number by number: <17 has 16.0.02, and :16.0.02 is 16.0.2."""
    try:
        wanted = list(versions.numbers(value))
    except ValueError:
        return None
    comparison = {":": "exact", "<": "lt", ">": "gt"}[sign]
    return Q(**{f"numbers__{comparison}": wanted})


OPEN_TO_ALL: dict[str, Filter] = {
    "pool": containing("licence__name"),
    "licence": containing("licence__name"),
    "serial": of_serial,
    "key": containing("key__label"),
    "state": of_state,
    "status": of_state,
    "last": since("refreshed_at"),
    "started": since("started_at"),
    "version": of_version,
}
NAMES: dict[str, Filter] = {
    "user": named("person", "username"),
    "machine": named("machine", "machine_name"),
}


def filters_for(are_aliases: bool) -> Mapping[str, Filter]:
    """The filters that a reader has: nobody finds by a name what they see as an alias."""
    return OPEN_TO_ALL if are_aliases else OPEN_TO_ALL | NAMES
