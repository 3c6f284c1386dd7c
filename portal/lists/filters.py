"""Filters of search boxes that several lists have (see ``search_tokens``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db.models import DecimalField, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from licensing import durations, keys, versions
from licensing.known_names import like_one_of
from licensing.models.sessions import Like
from licensing.models.spelling import Holds
from licensing.rules import like
from licensing.usernames import forms, read
from portal.lists.cursors import NOWHERE
from portal.lists.search_tokens import Filter, Search

NUMBERS = ArrayField(DecimalField(max_digits=60, decimal_places=0))


class VersionNumbers(Func):
    """A version's numbers as the database compares them, whatever the text looks like."""

    template = (
        "array_remove(string_to_array("
        r"regexp_replace(substring(%(expressions)s from '\d+(?:\.\d+)*'), '(\.0+)+$', ''), '.'"
        "), '')::numeric[]"
    )
    output_field = NUMBERS


def named(compared: Combinable) -> Filter:
    """The filter of a name: its text anywhere in it, or with * the whole of it, as compared."""

    def find(sign: str, value: str) -> Q | None:
        if sign != ":" or not value:
            return None
        return Q(Like(compared, Value(like(value)))) if "*" in value else Q(Holds(compared, value))

    return find


def of_person(compared: Combinable) -> Filter:
    """The filter of a user's name; one with its domain finds the person's other forms too."""
    by_name = named(compared)

    def find(sign: str, value: str) -> Q | None:
        condition = by_name(sign, value)
        return condition and condition | other_forms(compared, value)

    return find


def other_forms(compared: Combinable, name: str) -> Q:
    """That a user's name is another form of this one; of a bare name, or of a part, there is none.

    Such as ``j.smith@brook.example`` for ``BROOK\\j.smith``.
    """
    is_whole = read(name).domain and "*" not in name
    return like_one_of(compared, forms(name)) if is_whole else NOWHERE


def having(
    search: Search,
    person: Combinable,
    *names: Combinable,
    beside: Callable[[str], Q] = lambda word: NOWHERE,
) -> Q:
    """That every word is in one of the names, which are as compared, or found beside them.

    One that is another form of the person's name finds it too.
    """
    condition = Q()
    for word in search.words:
        named = [Q(Holds(name, word)) for name in (person, *names)]
        condition &= beside(word) | reduce(or_, named) | other_forms(person, word)
    return condition


def containing(column: str) -> Filter:
    """The filter of a column in which the text stands."""
    return lambda sign, value: Q(**{f"{column}__holds": value}) if sign == ":" else None


def of_serial(sign: str, value: str) -> Q | None:
    """The filter of serial numbers, in part or, typed in any way, whole."""
    return containing("key__serial_number")(sign, keys.normalise_serial(value) or value)


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
    """The filter of versions, number by number: <17 has 16.0.02, :16 too, and :16.0.02 is 16.0.2.

    The list has ``VersionNumbers`` as ``numbers``.
    """
    try:
        wanted, after = list(versions.numbers(value)), list(versions.after_all_of(value))
    except ValueError:
        return None
    if sign == ":":
        return Q(numbers__gte=wanted, numbers__lt=after)
    return Q(**{f"numbers__{'lt' if sign == '<' else 'gt'}": wanted})
