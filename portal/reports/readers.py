"""Who gets a report, and who does not although it is theirs; what of it each may read."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.lists import saved_views
from portal.models import Membership, Report, SavedView, User
from portal.reports.contents import is_told


class Readers:
    """The readers of an account's reports, with one look at who belongs to it."""

    def __init__(self, account_id: int) -> None:
        members = Membership.objects.active().filter(account=account_id)
        found = members.select_related("user", "account__preferences")
        self.members = {membership.user_id: membership for membership in found}

    def reached(self, report: Report) -> list[User]:
        """Those to whom it says something."""
        return [reader for reader in report.readers.all() if self.is_reached(reader, report)]

    def missed(self, report: Report) -> list[User]:
        """Those who may not see the view, and get nothing."""
        members = [reader for reader in report.readers.all() if reader.pk in self.members]
        return [reader for reader in members if not self.is_reached(reader, report)]

    def is_reached(self, reader: User, report: Report) -> bool:
        """Whether they belong to the account and may see what it is of."""
        membership = self.members.get(reader.pk)
        return membership is not None and is_told(membership, report)


def in_words(people: Iterable[User]) -> str:
    """Their names, by the alphabet."""
    return ", ".join(sorted(map(str, people)))


def name_for(membership: Membership, report: Report) -> str:
    """What stands between quotation marks; the name of a private view is its owner's alone."""
    return view_name_for(membership, report.view) if report.view else str(report)


def view_name_for(membership: Membership, view: SavedView) -> str:
    """The view's name, for those who have it."""
    if saved_views.is_seen_by(membership, view):
        return view.name
    return _("A view that only %(person)s sees") % {"person": view.person}


def heading_for(membership: Membership, report: Report) -> str:
    """What the list calls it."""
    view = report.view
    is_shown = view is None or saved_views.is_seen_by(membership, view)
    return str(report) if is_shown else name_for(membership, report)
