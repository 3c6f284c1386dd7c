"""Saved views: what a person asks of a list, under a name; for themselves or for the account.

A view is the list's kind and its query string, brought into one form: only parameters
that the list knows, none that names a page, the usual lengths of time as such and not
as dates, so that "the last 30 days" goes along with time.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.models.spelling import Alphabetical
from portal.lists import periods
from portal.lists.listing import Listing
from portal.models import Membership, Role, SavedView
from portal.words.aliases import names_for

MOST = 20
"""Views that one person may have of one list."""


def normal(listing: Listing, parameters: QueryDict) -> str:
    """What the address asks of the list, the same text however it was written."""
    asked = {name: text for name in listing.saved if (text := listing.written(name, parameters))}
    if listing.days:
        asked = with_usual_days(asked, parameters, listing.days)
    query = QueryDict(mutable=True)
    query.update(dict(sorted(asked.items())))
    return query.urlencode()


def with_usual_days(asked: dict[str, str], parameters: QueryDict, days: int) -> dict[str, str]:
    """The same with today or 7, 30 or 90 days as such; nothing for the list's own length."""
    period = periods.asked_for(parameters, days=days)
    usual = next((length for length in periods.USUAL if period.begins(length)), None)
    if usual is None:
        return asked
    rest = {name: text for name, text in asked.items() if name not in periods.PARAMETERS}
    return rest if usual == days else rest | {"days": str(usual)}


def seen_by(membership: Membership) -> QuerySet[SavedView]:
    """The views that the person has in the account: their own and shared ones.

    Readers of aliases see their own only: what others called a view, and what they
    look for, may name anybody.
    """
    seen = Q(person=membership.user_id)
    if not names_for(membership).are_aliases:
        seen |= Q(is_shared=True)
    return membership.account.saved_views.filter(seen)


def is_seen_by(membership: Membership, view: SavedView) -> bool:
    """The same of one view, without asking the database."""
    is_own = view.person_id == membership.user_id
    return is_own or (view.is_shared and not names_for(membership).are_aliases)


def of_list(membership: Membership, listing: Listing) -> list[SavedView]:
    """The list's views that the person has, their own first."""
    found = seen_by(membership).filter(listed=listing.name).select_related("person")
    views = found.order_by(Alphabetical("name"), "pk")
    return sorted(views, key=lambda view: view.person_id != membership.user_id)


def may_delete(membership: Membership, view: SavedView) -> bool:
    """Whether it is the person's own, or shared and they manage the account."""
    is_own = view.person_id == membership.user_id
    return is_own or (view.is_shared and membership.allows(Role.MANAGER))


@transaction.atomic
def save(
    membership: Membership, listing: Listing, parameters: QueryDict, *, name: str, is_shared: bool
) -> SavedView:
    """Keep the view under the name, in place of the person's own of this name.

    Raise InvalidOperation when they have too many.
    """
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    own = SavedView.objects.filter(
        account=membership.account_id, person=membership.user_id, listed=listing.name
    )
    view = own.filter(name=name).first()
    if view is None and own.count() >= MOST:
        text = _("You have %(n)s views of this list. Delete one that you no longer need first.")
        raise InvalidOperation(text % {"n": MOST})

    was_shared = view is not None and view.is_shared
    view = view or SavedView(
        account=membership.account, person=membership.user, listed=listing.name, name=name
    )
    view.query, view.is_shared = normal(listing, parameters), is_shared
    view.save()
    record_change(view, membership, was_shared=was_shared)
    return view


@transaction.atomic
def change(view: SavedView, membership: Membership, *, name: str, is_shared: bool) -> None:
    """Call one's own view something else, share it or keep it to oneself.

    Raise InvalidOperation when another of one's views of the list has the name.
    """
    own = SavedView.objects.filter(account=view.account_id, person=view.person_id)
    if own.filter(listed=view.listed, name=name).exclude(pk=view.pk).exists():
        raise InvalidOperation(_("Another view of yours has this name."))
    was_shared = view.is_shared
    view.name, view.is_shared = name, is_shared
    view.save(update_fields=["name", "is_shared"])
    record_change(view, membership, was_shared=was_shared)


@transaction.atomic
def delete(view: SavedView, membership: Membership) -> None:
    """Forget the view."""
    if view.is_shared:
        audit.record(view, "shared_view_deleted", by=membership.user.as_actor, **told(view))
    view.delete()


def record_change(view: SavedView, membership: Membership, *, was_shared: bool) -> None:
    """Note what others notice: a view that is shared, changed while it is, or no longer."""
    by = membership.user.as_actor
    if view.is_shared and was_shared:
        audit.record(view, "shared_view_changed", by=by, **told(view))
    elif view.is_shared:
        audit.record(view, "view_shared", by=by, **told(view))
    elif was_shared:
        audit.record(view, "view_unshared", by=by, **told(view))


def told(view: SavedView) -> dict[str, str]:
    """What the record says of a view besides its name."""
    return {"listed": view.listed, "query": view.query}
