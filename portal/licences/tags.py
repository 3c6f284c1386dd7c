"""Tags: an account's own words on its licences, put on and taken off without a question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.models import Account, AuditEntry, Licence
from licensing.names import alphabetical, require_one_line
from portal.models import LicenceTag
from portal.models.tags import LONGEST_TAG

MOST_TAGS = 10
"""On one licence."""
UNDONE_WITHIN = dt.timedelta(hours=1)


class TooManyTags(InvalidOperation):
    """A licence would have more tags than one has."""


def parse(text: str) -> list[str]:
    """The tags that stand between the commas, each once.

    Raise InvalidOperation for one that is too long or no name.
    """
    words: dict[str, str] = {}
    for part in text.split(","):
        word = " ".join(part.split())
        if len(word) > LONGEST_TAG:
            raise InvalidOperation(
                _("A tag has at most %(most)s letters: “%(tag)s” is longer.")
                % {"most": LONGEST_TAG, "tag": word}
            )
        require_one_line(word)
        if word:
            words.setdefault(as_compared(word), word)
    return list(words.values())


def written(names: Iterable[str]) -> str:
    """Tags as a person writes them: "London, CAD"."""
    return ", ".join(names)


def by_licence(account: Account, licences: Collection[int] | None = None) -> dict[int, list[str]]:
    """The tags of each of the account's licences that has some, or of these only, by its id."""
    tags: dict[int, list[str]] = defaultdict(list)
    found = account.licence_tags.all()
    if licences is not None:
        found = found.filter(licence__in=licences)
    for licence, name in found.values_list("licence", "name"):
        tags[licence].append(name)
    return tags


def known(account: Account) -> list[str]:
    """Every tag that the account uses, in the order of the alphabet."""
    names = account.licence_tags.order_by().values_list("name", flat=True).distinct()
    return sorted(names, key=alphabetical)


@transaction.atomic
def change(
    licences: Sequence[Licence],
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    by: audit.Actor,
) -> list[AuditEntry]:
    """Put tags on licences of one account and take others off, whatever their case.

    The entries of the licences that this changed, one each. A tag that the account uses
    already keeps its spelling. Raise TooManyTags when a licence would have too many.
    """
    if not licences:
        return []
    account = Account.objects.locked(licences[0].account_id)
    spelling = {as_compared(name): name for name in known(account)}
    add = [spelling.get(as_compared(name), name) for name in add]
    have = by_licence(account, [licence.pk for licence in licences])
    changes = [change_of(licence, have[licence.pk], add, remove) for licence in licences]
    return put(account, [one for one in changes if one.added or one.removed], by=by)


@dataclass(frozen=True)
class Change:
    """The tags that one licence gets and loses."""

    licence: Licence
    added: list[str]
    removed: list[str]

    @property
    def in_words(self) -> dict[str, str]:
        """As the audit record tells it."""
        return {"added": written(self.added), "removed": written(self.removed)}


def change_of(
    licence: Licence, have: list[str], add: Iterable[str], remove: Iterable[str]
) -> Change:
    """What becomes of the tags that a licence has; TooManyTags if it would have too many."""
    old, unwanted = {as_compared(name) for name in have}, {as_compared(name) for name in remove}
    added = [name for name in add if as_compared(name) not in old]
    removed = [name for name in have if as_compared(name) in unwanted]
    if added and len(have) + len(added) - len(removed) > MOST_TAGS:
        raise TooManyTags(
            _("A licence has at most %(most)s tags; %(licence)s would have more.")
            % {"most": MOST_TAGS, "licence": licence.name}
        )
    return Change(licence, added, removed)


def put(account: Account, changes: list[Change], *, by: audit.Actor) -> list[AuditEntry]:
    """Change the tags of licences of a locked account, each with its entry."""
    gone = {name for one in changes for name in one.removed}
    of_them = account.licence_tags.filter(licence__in=[one.licence.pk for one in changes])
    of_them.filter(name__in=gone).delete()
    LicenceTag.objects.bulk_create(
        LicenceTag(account=account, licence=one.licence, name=name)
        for one in changes
        for name in one.added
    )
    told = [(one.licence, one.in_words) for one in changes]
    return audit.record_all(told, "licence_tagged", by=by)


@transaction.atomic
def undo(account: Account, first: int, last: int, *, by: audit.Actor) -> int:
    """Turn back what the same person changed of late by these entries; how many licences.

    Raise TooManyTags when a licence has got so many others since that it would have too many.
    """
    theirs = Q(actor_kind=by.kind, actor_id=by.id, at__gt=Now() - UNDONE_WITHIN)
    entries = account.audit_entries.filter(theirs, action="licence_tagged")
    licences = account.licences.in_bulk()
    alike: dict[tuple[str, str], list[Licence]] = defaultdict(list)
    for entry in entries.filter(number__range=(first, last)):
        if licence := licences.get(int(entry.object_id)):
            alike[entry.details["added"], entry.details["removed"]].append(licence)
    changed = [
        change(licences, add=parse(removed), remove=parse(added), by=by)
        for (added, removed), licences in alike.items()
    ]
    return sum(map(len, changed))
