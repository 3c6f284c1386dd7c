"""What a person tells of themselves and chooses for themselves."""

from __future__ import annotations

from django.db import transaction

from licensing import audit
from portal.models import User


@transaction.atomic
def change(
    user: User, *, name: str, time_zone: str, uses_shortcuts: bool, has_more_time: bool
) -> None:
    """Keep the person's name, time zone ("" for the account's), and how they use pages.

    A new name is told to each of their accounts, whose people see it.
    """
    by = user.as_actor
    before = User.objects.select_for_update(no_key=True).get(pk=user.pk).name
    user.name, user.time_zone = name, time_zone
    user.uses_shortcuts, user.has_more_time = uses_shortcuts, has_more_time
    user.save(update_fields=["name", "time_zone", "uses_shortcuts", "has_more_time"])
    if before == name:
        return
    for membership in user.memberships.order_by("account"):
        audit.record(membership, "name_changed", by=by, before=before, after=name)


def learns_of_release(user: User) -> bool:
    """Whether this is the person's first release, of which they are told more; true only once."""
    return User.objects.filter(pk=user.pk, knows_release=False).update(knows_release=True) == 1
