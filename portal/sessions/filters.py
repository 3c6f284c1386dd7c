"""What the search box of the sessions list understands (see ``search_tokens``)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, Q

from licensing.models import Account, ProductKey
from licensing.models.sessions import SessionState
from portal.lists.filters import containing, named, of_person, of_serial, of_version, since
from portal.lists.search_tokens import Filter


def of_state(sign: str, value: str) -> Q | None:
    """The filter of derived states."""
    is_known = value.lower() in set(SessionState) - {SessionState.ENDED}
    return Q(state=value.lower()) if sign == ":" and is_known else None


def of_licence_or_key(account: Account, word: str) -> Q:
    """That a word is in the licence's name or the key's serial number.

    It is looked for once in each that the account has, not in those of each session.
    """
    licences = account.licences.filter(name__holds=word)
    keys = ProductKey.objects.filter(account=account, serial_number__holds=word)
    return Q(licence__in=licences) | Q(key__in=keys)


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
    "user": of_person(F("person")),
    "machine": named(F("machine")),
}


def filters_for(are_aliases: bool) -> Mapping[str, Filter]:
    """The filters that a reader has: nobody finds by a name what they see as an alias."""
    return OPEN_TO_ALL if are_aliases else OPEN_TO_ALL | NAMES
