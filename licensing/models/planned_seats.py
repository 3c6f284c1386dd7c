"""Changes of a licence's seats that are carried out by themselves, later."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, Now

from licensing.models.accounts import Account
from licensing.models.licences import Licence


def day_at_account() -> Cast:
    """Today's date where the licence's account is, by the database's clock."""
    local = Func(F("licence__account__time_zone"), Now(), function="timezone")
    return Cast(local, models.DateField())


class PlannedSeatsQuerySet(models.QuerySet["PlannedSeats"]):
    def open(self) -> PlannedSeatsQuerySet:
        """What is still to come."""
        return self.filter(done_at=None, cancelled_at=None)

    def changes(self) -> PlannedSeatsQuerySet:
        """Another user limit from a date on."""
        return self.filter(on__isnull=False)

    def emergencies(self) -> PlannedSeatsQuerySet:
        """Seats that go back by themselves."""
        return self.filter(until__isnull=False)

    def due(self) -> PlannedSeatsQuerySet:
        """What is to be carried out now, the earliest first."""
        is_due = Q(until__lte=Now()) | Q(on__lte=day_at_account())
        return self.open().filter(is_due).order_by("until", "on", "pk")


class PlannedSeats(models.Model):
    """Another user limit from a date on, or emergency seats that go back at a moment.

    ``seats`` is the limit from the start of the day ``on`` where the account is; ``added`` is how
    many emergency seats the licence has beside its own ``until`` then. Who wanted it, why, and
    what staff keep of it stands in the entry that carrying it out leaves.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="planned_seats")
    on = models.DateField(null=True, blank=True)
    seats = models.PositiveIntegerField("user limit", null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    added = models.PositiveIntegerField("emergency seats", null=True, blank=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=255)
    reason = models.TextField(blank=True)
    ticket = models.CharField(max_length=40, blank=True)
    staff_words = models.TextField(blank=True)
    is_quiet = models.BooleanField(default=False)
    planned_at = models.DateTimeField(db_default=Now(), editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = PlannedSeatsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "planned seats"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="planned_seats_are_a_change_or_an_emergency",
                condition=Q(on__isnull=False, seats__gt=0, until=None, added=None)
                | Q(on=None, seats=None, until__isnull=False, added__gt=0),
            ),
            models.CheckConstraint(
                name="planned_seats_are_done_or_cancelled",
                condition=Q(done_at=None) | Q(cancelled_at=None),
            ),
            models.UniqueConstraint(
                fields=["licence", "on"],
                condition=Q(on__isnull=False, done_at=None, cancelled_at=None),
                name="seats_are_planned_once_for_a_day",
            ),
            models.UniqueConstraint(
                fields=["licence"],
                condition=Q(until__isnull=False, done_at=None, cancelled_at=None),
                name="one_emergency_of_a_licence",
            ),
        ]

    def __str__(self) -> str:
        if self.added and self.until:
            ends = self.account.local(self.until)
            until = f"{ends:%a} {ends.day} {ends:%b %Y}, {ends:%H:%M %Z}"
            return f"{self.licence}: {self.added:,} more until {until}"
        assert self.on  # as the schema says of a change
        return f"{self.licence}: {self.seats:,} from {self.on:%a} {self.on.day} {self.on:%b %Y}"

    @property
    def account(self) -> Account:
        """Whose licence it is."""
        return self.licence.account

    @property
    def account_id(self) -> int:
        """The same, without a look at it."""
        return self.licence.account_id

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.done_at is None and self.cancelled_at is None
