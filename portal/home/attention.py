"""What somebody should look at, as sentences on the home page, the most pressing first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import AuditEntry
from portal.home.overview import Overview
from portal.licences.rows import LicenceRow
from portal.mail import failing, mails
from portal.models import Delivery, Membership, OffBecause, Role, SingleSignOn, Webhook
from portal.people import vendor_deeds
from portal.sso import saml_metadata
from portal.words.aliases import names_for
from portal.words.sentences import sentence
from portal.words.times import date_in_words

MOST_OF_A_KIND = 3
METADATA_MAY_FAIL_FOR = dt.timedelta(days=1)
UNDELIVERED_TOLD_FOR = dt.timedelta(days=7)
CERTIFICATE_ENDS_SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Attention:
    """One thing to look at: a sentence, and where to go. By its ``name`` it can be snoozed.

    ``figure`` is the number in the sentence that the page behind it states too, as its
    number of rows or of what else is ``counted``.
    """

    name: str
    icon: str
    tone: str
    text: str
    url: str
    action: str
    figure: int | None = None
    counted: str = "rows"


def attention(overview: Overview, membership: Membership) -> list[Attention]:
    """What needs somebody with this membership now; empty on a quiet day."""
    return [
        *over_limit(overview),
        *full(overview),
        *turned_away(overview),
        *used_widely(overview),
        *held(overview),
        *ending(overview),
        *done_by_vendor(membership),
        *sign_in_service(membership),
        *webhooks_off(membership),
        *undelivered(membership),
        *not_reached(membership),
    ]


def over_limit(overview: Overview) -> Iterator[Attention]:
    """Pools whose limit was lowered below their use."""
    pools = [row for row in overview.pools if row.status == "over_limit"]
    for row in pools[:MOST_OF_A_KIND]:
        text = _(
            "%(name)s has %(in_use)s in use and a limit of %(seats)s. No program is closed; "
            "nobody new can start until use falls below %(seats)s."
        )
        name = f"over-limit:{row.licence.pk}"
        words = text % words_of(row)
        yield Attention(name, "alert-triangle", "bad", words, *users_of(row), row.in_use)


def full(overview: Overview) -> Iterator[Attention]:
    """Pools of which every seat is in use."""
    pools = [row for row in overview.pools if row.is_full and row.status != "over_limit"]
    for row in pools[:MOST_OF_A_KIND]:
        text = ngettext(
            "%(name)s is full: its only seat is in use.",
            "%(name)s is full: all %(seats)s seats are in use.",
            row.licence.seats,
        )
        name = f"full:{row.licence.pk}"
        words = text % words_of(row)
        yield Attention(name, "armchair", "warn", words, *users_of(row), row.in_use)


def turned_away(overview: Overview) -> Iterator[Attention]:
    """Pools that refused people this week because every seat was in use."""
    rows = [row for row in overview.licences if overview.denials_of(row).people]
    rows.sort(key=lambda row: -overview.denials_of(row).people)
    for row in rows[:MOST_OF_A_KIND]:
        people = overview.denials_of(row).people
        text = ngettext(
            "%(people)s person couldn't start with %(name)s in the last 7 days, "
            "because every seat was in use.",
            "%(people)s people couldn't start with %(name)s in the last 7 days, "
            "because every seat was in use.",
            people,
        )
        words = {"people": people, "name": row.licence.name}
        name = f"denials:{row.licence.pk}"
        url = met_full_pool(row)
        yield Attention(
            name, "ban", "warn", text % words, url, _("See denials"), people, "people"
        )  # fmt: skip


def met_full_pool(row: LicenceRow) -> str:
    """The address of those who met the full pool in the last 7 days."""
    full = {"licence": row.licence.pk, "reason": "pool_exhausted", "only": "true", "days": 7}
    return reverse("portal:denials", query=full)


def used_widely(overview: Overview) -> Iterator[Attention]:
    """Keys that unusually many new machines use: they may have got into other hands."""
    for key, machines in overview.keys_used_widely[:MOST_OF_A_KIND]:
        text = ngettext(
            "Key ending %(last_four)s was used by %(machines)s new machine in the last 7 days.",
            "Key ending %(last_four)s was used by %(machines)s new machines in the last 7 days.",
            machines,
        )
        words = {"last_four": key.last_four, "machines": machines}
        url = reverse("portal:key", args=[key.licence_id, key.pk])
        name = f"key:{key.pk}"
        yield Attention(name, "key", "bad", text % words, url, _("Review"), machines, "new")


def held(overview: Overview) -> Iterator[Attention]:
    """Seats taken by PCs that were not heard of all through their grace period."""
    if not overview.held:
        return
    text = ngettext(
        "%(n)s seat is held by a PC that has been offline beyond its grace period.",
        "%(n)s seats are held by PCs that have been offline beyond their grace period.",
        overview.held,
    )
    url = reverse("portal:sessions", query={"state": "held"})
    words = text % {"n": overview.held}
    yield Attention("held", "plug-connected-x", "warn", words, url, _("See them"), overview.held)


def ending(overview: Overview) -> Iterator[Attention]:
    """Licences that end within 30 days."""
    rows = [row for row in overview.licences if row.status == "ends_soon"]
    if not rows:
        return
    first = min(rows, key=lambda row: row.licence.ends_on or row.licence.today).licence
    assert first.ends_on is not None  # it ends soon
    words = {
        "n": len(rows),
        "name": first.name,
        "date": date_in_words(first.ends_on, today=first.today),
    }
    text = ngettext(
        "%(name)s ends on %(date)s.",
        "%(n)s licences end within 30 days, first %(name)s on %(date)s.",
        len(rows),
    )
    url = reverse("portal:licences", query={"state": "ends_soon"})
    words_of_all = text % words
    yield Attention("ending", "calendar-due", "brand", words_of_all, url, _("See dates"), len(rows))


def done_by_vendor(membership: Membership) -> Iterator[Attention]:
    """To owners and managers: what the vendor's staff did this week."""
    if not membership.allows(Role.MANAGER):
        return
    names = names_for(membership)
    deeds = vendor_deeds.lately(membership.account)
    first = list(deeds[: MOST_OF_A_KIND + 1])
    for entry in first[:MOST_OF_A_KIND]:
        text = " ".join(filter(None, [sentence(entry, names), vendor_deeds.key_notes(entry)]))
        url = vendor_deeds.page_of(entry)
        yield Attention(f"vendor:{entry.pk}", "lifebuoy", "brand", text, url, _("Look at it"))
    for entry in first[MOST_OF_A_KIND:]:
        yield more_by_vendor(entry, deeds.count() - MOST_OF_A_KIND)


def more_by_vendor(latest: AuditEntry, number: int) -> Attention:
    """How much else the vendor's staff did, this the latest of it, and where all of it stands."""
    words = ngettext(
        "Support changed %(n)s more thing in the last 7 days.",
        "Support changed %(n)s more things in the last 7 days.",
        number,
    )
    text, url = words % {"n": number}, vendor_deeds.record()
    return Attention(f"vendor:{latest.pk}", "lifebuoy", "brand", text, url, _("See all"))


def sign_in_service(membership: Membership) -> Iterator[Attention]:
    """To owners: a SAML provider whose next certificates would not reach the portal."""
    single: SingleSignOn | None = getattr(membership.account, "single_sign_on", None)
    if single is None or membership.role != Role.OWNER:
        return
    if text := certificates_in_danger(single):
        url = reverse("portal:sso_settings")
        yield Attention("sign-in-service", "shield-check", "warn", text, url, _("Look at it"))


def webhooks_off(membership: Membership) -> Iterator[Attention]:
    """To owners: webhooks that turned out to be of no use, and were turned off."""
    if membership.role != Role.OWNER:
        return
    off = Webhook.objects.kept().filter(account=membership.account_id)
    for hook in off.exclude(off_because__in=["", OffBecause.OWNER])[:MOST_OF_A_KIND]:
        words = {"host": str(hook), "why": hook.get_off_because_display()}
        text = _("The webhook to %(host)s was turned off. %(why)s") % words
        url = reverse("portal:webhook", args=[hook.pk])
        yield Attention(f"webhook:{hook.pk}", "webhook", "bad", text, url, _("Look at it"))


def undelivered(membership: Membership) -> Iterator[Attention]:
    """To whoever asked for them: mails of the last 7 days that will never arrive."""
    about = Q(account=None) | Q(account=membership.account_id)
    lost = Delivery.objects.failed().not_repeated().filter(about, asked_by=membership.user_id)
    lately = lost.filter(settled_at__gt=Now() - UNDELIVERED_TOLD_FOR).order_by("-settled_at")
    for mail in lately.select_related("export", "request", "answered_request")[:MOST_OF_A_KIND]:
        words = {
            "what": mails.TITLES.get(mail.kind, _("Mail")),
            "to": mail.receiver,
            "why": mail.get_trouble_display(),
        }
        text = _("Not delivered: %(what)s to %(to)s. %(why)s") % words
        yield Attention(f"mail:{mail.pk}", "mail", "bad", text, cause_of(mail), _("Look at it"))


def not_reached(membership: Membership) -> Iterator[Attention]:
    """To owners: people at whose address mails do not arrive. To others: if it is theirs."""
    people = Membership.objects.active().filter(account=membership.account_id)
    if membership.role != Role.OWNER:
        people = people.filter(user=membership.user_id)
    failing_ones = people.exclude(user__mail_fails_because="").select_related("user")
    for member in failing_ones.order_by("user__mail_fails_since")[:MOST_OF_A_KIND]:
        person = member.user
        words = {"person": person, "how": failing.how_it_fails(person)}
        text = _("%(person)s: %(how)s") % words
        own = person.pk == membership.user_id
        url = reverse("portal:change_email" if own else "portal:people")
        yield Attention(f"address:{person.pk}", "mail", "bad", text, url, _("Look at it"))


def cause_of(mail: Delivery) -> str:
    """The page of what a mail tells of."""
    if export := getattr(mail, "export", None):
        return reverse("portal:export", args=[export.pk])
    if request := getattr(mail, "request", None) or getattr(mail, "answered_request", None):
        return reverse("portal:request", args=[request.pk])
    pages = {"invitation": "portal:people", "email_change": "portal:change_email"}
    return reverse(pages.get(mail.kind, "portal:status"))


def certificates_in_danger(single: SingleSignOn) -> str:
    """Why sign-in by SAML may stop when the provider changes its certificates; else nothing."""
    now, failed_at = timezone.localtime(), single.metadata_failed_at
    if failed_at and now - failed_at > METADATA_MAY_FAIL_FOR:
        since = date_in_words(timezone.localdate(failed_at), today=now.date())
        return _("The metadata of your sign-in service cannot be read since %s.") % since
    if not single.certificates or single.metadata_url:
        return ""
    ends_at = max(saml_metadata.described(text).ends_at for text in single.certificates)
    if ends_at - now > CERTIFICATE_ENDS_SOON:
        return ""
    ends_on = date_in_words(timezone.localdate(ends_at), today=now.date())
    return (
        _("Your sign-in service's certificate ends on %s. Give the portal its next one.") % ends_on
    )


def words_of(row: LicenceRow) -> dict[str, object]:
    """What a sentence may say about a licence."""
    return {"name": row.licence.name, "in_use": row.in_use, "seats": row.licence.seats}


def users_of(row: LicenceRow) -> tuple[str, str]:
    """The address of the licence's sessions, and the words of a link to it."""
    url = reverse("portal:sessions", query={"licence": row.licence.pk})
    return url, _("See who is using it")
