"""Sessions found by what a caller reads out, however many there have been."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from licensing import keys, usernames
from licensing.identity import as_compared
from licensing.known_names import like_one_of
from licensing.models import ClientSession, Licence
from support.console.called import Called

MOST_LICENCES = 1000
"""How many licences of the accounts that a search names are looked into."""
MOST_NAMES = 1000
"""How many names of those who hold a seat are told from an index of names."""


@dataclass(frozen=True, kw_only=True)
class CalledSessions(Called):
    """Those who hold a seat now, by user and machine; or by its id any session."""

    def find(self, rows: QuerySet[Any], words: str, *, widely: bool = False) -> QuerySet[Any]:
        if session_id := as_id(words):
            return rows.filter(pk=session_id)
        wanted = named(words) if widely else open_with(words.split())
        return rows.filter(wanted, ended_at=None)

    def reason(self, record: Any, words: str) -> str:
        return "session id" if as_id(words) else super().reason(record, words)


def as_id(term: str) -> uuid.UUID | None:
    """The session id that was typed, if it is one."""
    try:
        return uuid.UUID(term.strip())
    except ValueError:
        return None


def named(term: str, *, is_open: bool = True, ended: bool = False) -> Q:
    """The sessions that a search names: of a serial number's licence, or of a licence by its
    name and its account's, or those that have every word in the user's or the machine's name.

    Each part is a condition on the session's own columns, so that an index serves it: names of
    open and of ended ones have each their own. Among millions of ended sessions a name is found by
    how it begins, or by a word of its account or licence beside it.
    """
    if serial_number := keys.normalise_serial(term):
        return Q(licence__in=ids(Licence.objects.filter(keys__serial_number=serial_number)))
    words = term.split()
    of_licences = Licence.objects.all()
    for word in words:
        of_licences = of_licences.filter(in_its_names(word))
    wanted = Q(licence__in=ids(of_licences))
    if is_open:
        wanted |= open_with(words)
    if ended:
        wanted |= Q(all_of(words, "startswith"), ended_at__isnull=False)
    for word in words if words[1:] else []:
        if of_word := ids(Licence.objects.filter(in_its_names(word))):
            others = [other for other in words if other != word]
            wanted |= Q(licence__in=of_word) & all_of(others, "contains")
    return wanted


def open_with(words: list[str]) -> Q:
    """Those who hold a seat and have every word in the user's or the machine's name.

    Each of the two names has an index, which is read for the longest word in a fourth of the time
    that the sessions would take. Of a word that is in very many names the first sessions do.
    """
    wanted = Q(all_of(words, "contains"), ended_at=None)
    longest = as_compared(max(words, key=len, default=""))
    users = held_by("person", Q(person__contains=longest) | other_forms(longest, "contains"))
    machines = held_by("machine", Q(machine__contains=longest))
    if MOST_NAMES in (len(users), len(machines)):
        return wanted
    return wanted & (Q(person__in=users) | Q(machine__in=machines))


def held_by(column: str, wanted: Q, most: int | None = None) -> list[str]:
    """The names that one of the two indexes has of those who hold a seat, as they are compared."""
    held = ClientSession.objects.active().filter(wanted).order_by()
    return list(held.values_list(column, flat=True).distinct()[: most or MOST_NAMES])


def in_its_names(word: str) -> Q:
    """That a licence, or its account, has the word in its name."""
    return Q(name__holds=word) | Q(account__name__holds=word)


def all_of(words: list[str], lookup: str) -> Q:
    """That the user's or the machine's name has each of the words, or is another form of it."""
    wanted = Q()
    for word in map(as_compared, words):
        named = Q(**{f"person__{lookup}": word}) | Q(**{f"machine__{lookup}": word})
        wanted &= named | other_forms(word, lookup)
    return wanted


def other_forms(word: str, lookup: str) -> Q:
    """That the user is the one of this whole name, such as an address, however it was written.

    An index knows how names begin, and nothing else. Where there is none to ask, most names are
    passed over for not having the user's own in them, before each form is compared.
    """
    read = usernames.read(word)
    forms = usernames.forms(word) if read.domain else []
    if lookup == "contains":
        return Q(person__contains=read.user) & like_one_of(F("person"), forms) if forms else NONE
    known = [form for form in forms if not form.startswith("%")]
    return like_one_of(F("person"), known) if known else NONE


NONE = Q(pk__in=[])


def ids(licences: QuerySet[Licence]) -> list[int]:
    """The licences' ids, as far as a search looks into them."""
    return list(licences.order_by("pk").values_list("pk", flat=True).distinct()[:MOST_LICENCES])
