"""The demo's reports: a weekly summary for its owner, and a shared view for those who manage it."""

from __future__ import annotations

from portal.models import Every, FileFormat, Membership, ReportKind
from portal.reports import orders, sending
from portal.reports.orders import Wanted
from support.demo.estate.accounts import BROOK
from support.demo.estate.people import MANAGER, OWNER, Person, user_of


def order() -> None:
    """The owner has the summary, and looks at it at once; the manager has the view they shared."""
    owner, manager = membership_of(OWNER), membership_of(MANAGER)
    summary = Wanted(ReportKind.SUMMARY, Every.WEEK, FileFormat.XLSX, [owner.user])
    sending.send_now(orders.order(owner, summary), owner)
    view = manager.account.saved_views.get(person=manager.user)
    both = [owner.user, manager.user]
    orders.order(manager, Wanted(ReportKind.VIEW, Every.MONTH, FileFormat.XLSX, both, view))


def membership_of(person: Person) -> Membership:
    """What somebody is in the account that is shown first."""
    held = Membership.objects.select_related("account__preferences", "user")
    return held.get(user=user_of(person), account__name=BROOK)
