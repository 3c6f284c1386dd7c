"""Tags: an account's own words on its licences, put on and taken off without a question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.models import Account, AuditEntry, Licence
from portal.models import LicenceTag
from portal.models.tags import LONGEST_TAG

MOST_TAGS = 10
"""On one licence."""
UNDONE_WITHIN = dt.timedelta(hours=1)


def parse(text: str) -> list[str]:
    """The tags that stand between the commas, each once; InvalidOperation for one too long."""
    words = {}
    for part in text.split(","):
        word = " ".join(part.split())
        if len(word) > LONGEST_TAG:
            raise InvalidOperation(
                _("A tag has at most %(most)s letters: “%(tag)s” is longer.")
                % {"most": LONGEST_TAG, "tag": word}
            )
        if word:
            words.setdefault(word.casefold(), word)
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
    return sorted(names, key=str.casefold)


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
    already keeps its spelling. Raise InvalidOperation when a licence would have too many.
    """
    if not licences:
        return []
    account = audit.lock(licences[0].account_id)
    spelling = {name.casefold(): name for name in known(account)}
    add = [spelling.get(name.casefold(), name) for name in add]
    have = by_licence(account, [licence.pk for licence in licences])
    entries = [put(licence, have[licence.pk], add, remove, by=by) for licence in licences]
    return [entry for entry in entries if entry]


def put(
    licence: Licence, have: list[str], add: Iterable[str], remove: Iterable[str], *, by: audit.Actor
) -> AuditEntry | None:
    """Change the tags of one licence of a locked account; its entry, None if nothing changed."""
    old, unwanted = {name.casefold() for name in have}, {name.casefold() for name in remove}
    added = [name for name in add if name.casefold() not in old]
    removed = [name for name in have if name.casefold() in unwanted]
    if not added and not removed:
        return None
    if added and len(have) + len(added) - len(removed) > MOST_TAGS:
        raise InvalidOperation(
            _("A licence has at most %(most)s tags; %(licence)s would have more.")
            % {"most": MOST_TAGS, "licence": licence.name}
        )
    licence.tags.filter(name__in=removed).delete()
    LicenceTag.objects.bulk_create(
        LicenceTag(account_id=licence.account_id, licence=licence, name=name) for name in added
    )
    words = {"added": written(added), "removed": written(removed)}
    return audit.record(licence, "licence_tagged", by=by, **words)


@transaction.atomic
def undo(account: Account, first: int, last: int, *, by: audit.Actor) -> int:
    """Turn back what the same person changed of late by these entries; how many licences."""
    theirs = Q(actor_kind=by.kind, actor_id=by.id, at__gt=Now() - UNDONE_WITHIN)
    entries = account.audit_entries.filter(theirs, action="licence_tagged")
    undone = 0
    for entry in entries.filter(number__range=(first, last)):
        licence = account.licences.filter(pk=entry.object_id).first()
        added, removed = parse(entry.details["added"]), parse(entry.details["removed"])
        if licence and change([licence], add=removed, remove=added, by=by):
            undone += 1
    return undone
