"""The page of an account: who they are, what they have, what may be done for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.models import Account
from portal.accounts import closing, merging
from portal.sign_in import visits
from portal.words.names import short_name
from support.acts.closing import KEEP
from support.acts.hand_over import who_reads_keys
from support.acts.records import RecordAct
from support.console import approvers, imports, offers, personal, shell, tables
from support.console.access import seen_account, staff_only
from support.console.offers import Link, Person
from support.console.raw import raw_page_of
from support.console.tabs import BY_NAME_OF_TAB, ENDED, TABS, Tab, invitations

MOST_OWNERS = 10


@dataclass(frozen=True)
class Way:
    """The way to a tab."""

    label: str
    url: str
    is_current: bool


@require_safe
@staff_only
def account(request: HttpRequest, pk: int, tab: str) -> HttpResponse:
    """What is known of the account, and one of its tabs."""
    found = seen_account(request, pk)
    shown = BY_NAME_OF_TAB[tab]
    if not shown.may_see(request.user):
        raise PermissionDenied
    return shell.page(request, "support/account.html", context_of(request, found, shown))


def context_of(request: HttpRequest, found: Account, tab: Tab) -> dict[str, Any]:
    """What the page tells."""
    is_over = request.GET.get("seat") == ENDED
    table = tables.of(Account)
    return {
        "account": found,
        "owners": owners_of(found),
        "reads_keys": who_reads_keys(found),
        "dates": dates_of(found),
        "acts": offers.links(table, acts_of(request.user, is_apart=False), found),
        "apart": apart(request.user, found),
        "view_as": "" if found.closed_at else view_as(request.user, found),
        "ending": ending(found),
        "waiting": approvers.waiting_at(found, request.user),
        "imports": imports.last_of(found),
        "keep": offers.links(table, [KEEP], found) if table.may(request.user, KEEP) else [],
        "tab": tab,
        "tabs": ways(request, found, tab),
        "rows": tab.page(request, found),
        "is_over": is_over,
        "release_many": "" if is_over else offers.release_many(request.user),
        "invitations": invitations(request.user, found) if tab.name == "people" else [],
        "raw_url": raw_page_of(found),
        "now": timezone.now(),
    }


def ending(found: Account) -> tuple[str, str]:
    """By whom an account that closes, or is closed, was ended, and why."""
    asked = merging.merge_of(found) or closing.asked_for(found) if found.closes_at else None
    return (short_name(asked.actor_name), asked.reason) if asked else ("", "")


def acts_of(user: Person, *, is_apart: bool) -> list[RecordAct]:
    """What this person may do to accounts; ``is_apart``, what stands away from the rest."""
    acts = [act for act in tables.of(Account).acts_of(user) if act is not KEEP]
    return [act for act in acts if act.is_apart is is_apart]


def apart(user: Person, found: Account) -> list[Link]:
    """What is done to an account seldom, and with care."""
    links = offers.links(tables.of(Account), acts_of(user, is_apart=True), found)
    if not user.has_perm(personal.RIGHT):
        return links
    url = reverse("support:export_person", args=[found.pk])
    return [Link("Export what is held on a person", url), *links]


def owners_of(found: Account) -> list[Any]:
    """The owners, those who cannot sign in too."""
    owners = found.memberships.filter(role="owner").select_related("user").order_by("pk")
    return [owner.user for owner in owners[:MOST_OWNERS]]


def dates_of(found: Account) -> dict[str, Any]:
    """Since when they have licences, which end is next, and which is the last."""
    going_on = found.licences.exclude(state="closed")
    ends = going_on.filter(ends_on__gte=timezone.localdate())
    next_end = ends.aggregate(next_end=Min("ends_on"), last_end=Max("ends_on"))
    return found.licences.aggregate(first=Min("created_at")) | next_end


def view_as(user: Person, found: Account) -> str:
    """Where one begins to see the portal as the customer does; "" for those who may not."""
    return reverse("support:view_as", args=[found.pk]) if user.has_perm(visits.RIGHT) else ""


def ways(request: HttpRequest, found: Account, current: Tab) -> list[Way]:
    """The tabs that this person sees."""
    return [
        Way(tab.label, reverse(f"support:account_{tab.name}", args=[found.pk]), tab is current)
        for tab in TABS
        if tab.may_see(request.user)
    ]
