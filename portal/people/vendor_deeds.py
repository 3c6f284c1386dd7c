"""What the vendor did to an account: its owners and managers are told, by mail and on Home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import clock, sightings
from licensing.models import Account, AuditEntry, OutboxEvent, ProductKey
from portal.mail import mails
from portal.models import Role
from portal.words.aliases import Names
from portal.words.sentences import sentence, who
from portal.words.times import moment_in_full

TOLD = (
    "alm_end_dated", "alm_end_taken_back", "import_began",
    "licence_issued", "key_issued", "key_handed_over", "key_reissued", "key_revoked",
    "overlap_ended",
    "sessions_ended", "session_released", "seats_changed", "seats_planned",
    "seats_plan_cancelled", "state_changed", "term_changed",
    "policy_changed", "feature_added", "feature_limit_changed", "feature_removed",
    "device_freed", "device_written_off", "rule_added", "rule_lifted", "person_invited",
    "person_removed", "leaver_removed", "person_exported", "person_erased",
)  # fmt: skip
"""The acts that concern the people who look after an account."""
AT_THE_VENDOR = ("support", "command")
MOST_TOLD = 20
TOO_LATE_AFTER = dt.timedelta(days=1)
"""What nobody could be mailed of for so long is told on Home and in the record alone."""
TOLD_AT_HOME = tuple(action for action in TOLD if action != "key_issued")
"""A licence that was issued has a key, and needs no second line."""
WHOLE = ("leaver_removed", "licence_issued", "key_reissued")
"""Acts of several entries, by the one that says what all of them are."""
TOLD_AT_HOME_FOR = dt.timedelta(days=7)


def tell(account: Account, events: Sequence[OutboxEvent]) -> int:
    """Mail what was done to an account; return how many mails were written.

    Events that are nobody's concern, or too old, are passed by for good.
    """
    since = clock.database_time() - TOO_LATE_AFTER
    deeds = [event.entry for event in events if concerns_customer(event.entry, since)]
    deeds.sort(key=lambda entry: (entry.actor_name, entry.number))
    by_whom = groupby(deeds, key=lambda entry: entry.actor_name)
    return sum(mail(account, list(theirs)) for _, theirs in by_whom)


def concerns_customer(entry: AuditEntry, since: dt.datetime) -> bool:
    """Whether the vendor did it, lately, it is no matter of theirs alone, and a mail was wanted."""
    is_theirs = entry.actor_kind in AT_THE_VENDOR and entry.action in TOLD
    return is_theirs and entry.at > since and not entry.is_quiet


def mail(account: Account, deeds: Sequence[AuditEntry]) -> int:
    """Tell who looks after the account what one of the vendor's people did; return how many."""
    readers = account.memberships.active().filter(role__in=[Role.OWNER, Role.MANAGER])
    emails = list(readers.values_list("user__email", flat=True))
    for email in emails:
        with mails.read_by(email, account):
            context = context_of(account, deeds)
        mails.write("vendor_deeds", context, to=email, account=account)
    return len(emails)


def context_of(account: Account, deeds: Sequence[AuditEntry]) -> dict[str, object]:
    """What the mail says, in the language that is on now: never a product key, and no code."""
    names = Names(account, are_aliases=False)
    whole = whole_of(deeds)
    title = title_of(whole, names) if whole else of_many(len(deeds), account)
    return {
        "title": title,
        "account": account,
        "deeds": [(e, sentence(e, names), key_notes(e)) for e in deeds[:MOST_TOLD]],
        "more": max(len(deeds) - MOST_TOLD, 0),
        "url": settings.BASE_URL + (page_of(whole) if whole else record()),
    }


def whole_of(deeds: Sequence[AuditEntry]) -> AuditEntry | None:
    """The entry that tells all of it, if there is one: of one request, or the only one."""
    if len(deeds) == 1:
        return deeds[0]
    requests = {entry.request_id for entry in deeds}
    whole = [entry for entry in deeds if entry.action in WHOLE]
    return whole[0] if len(requests) == len(whole) == 1 and "" not in requests else None


def title_of(whole: AuditEntry, names: Names) -> str:
    """What was done, with whom it was taken from: those who look after the account know them."""
    left = whole.details.get("username") or whole.details.get("email")
    if whole.action == "leaver_removed" and left:
        words = {"who": who(whole, names), "person": left}
        return _("%(who)s took everything from %(person)s, who left") % words
    return sentence(whole, names).rstrip(".")


def of_many(number: int, account: Account) -> str:
    """How many things were done."""
    words = ngettext(
        "We changed %(n)s thing in %(account)s", "We changed %(n)s things in %(account)s", number
    )
    return words % {"n": number, "account": account}


def key_notes(entry: AuditEntry) -> str:
    """Of a key that was replaced: until when it starts the program, and who has yet to move."""
    old = replaced_key(entry)
    return " ".join(filter(None, [until_when(old), still_to_move(old)])) if old else ""


def replaced_key(entry: AuditEntry) -> ProductKey | None:
    """The key that was replaced, if the entry tells of one."""
    if entry.action != "key_reissued":
        return None
    new = ProductKey.objects.filter(account=entry.account_id, pk=entry.object_id)
    return ProductKey.objects.filter(superseded_by__in=new).first()


def until_when(old: ProductKey) -> str:
    """Until when a key that was replaced starts the program."""
    now, until = timezone.now(), old.superseded_at
    if until is None or until <= now:
        return _("The old key no longer starts the program.")
    return _("The old key works too, until %s.") % moment_in_full(until, now=now)


def still_to_move(old: ProductKey) -> str:
    """How many machines need the key that replaced theirs."""
    left = len(sightings.stragglers(old))
    if not left:
        return ""
    words = ngettext("%(n)s machine needs the new one.", "%(n)s machines need the new one.", left)
    return words % {"n": left}


def page_of(entry: AuditEntry) -> str:
    """The page of the licence or key that an entry is about, else the record."""
    if entry.object_kind == "licence":
        return reverse("portal:licence", args=[entry.object_id])
    if entry.object_kind == "product key":
        key = ProductKey.objects.filter(account=entry.account_id, pk=entry.object_id).first()
        return reverse("portal:key", args=[key.licence_id, key.pk]) if key else record()
    return record()


def record() -> str:
    """Where all that the vendor's staff did stands."""
    return reverse("portal:audit", query={"staff": "1"})


def lately(account: Account) -> QuerySet[AuditEntry]:
    """What the vendor's staff did in the last seven days, the latest first."""
    by_staff = account.audit_entries.wholes().filter(actor_kind="support", action__in=TOLD_AT_HOME)
    return by_staff.filter(at__gt=Now() - TOLD_AT_HOME_FOR).order_by("-number")
