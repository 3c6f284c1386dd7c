"""Licences, the features they include, and their seats: one row per seat."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy

from licensing import errors
from licensing.models.accounts import Account
from licensing.models.catalogue import Feature, Product
from licensing.models.intervals import refresh_after
from licensing.models.spelling import Alphabetical
from licensing.names import NameField

if TYPE_CHECKING:
    from licensing.models.sessions import ClientSession

ENDS_SOON = dt.timedelta(days=30)
NEVER_STALE = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
"""``no_stale_before`` of a licence whose seats come back by themselves at no time."""


class UsageModel(models.TextChoices):
    CONCURRENT = "concurrent", gettext_lazy("Concurrent user")
    SINGLE_USER = "single-user", gettext_lazy("Single user")
    LEASE = "lease", gettext_lazy("Lease")


class LicenceState(models.TextChoices):
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"


class LicenceQuerySet(models.QuerySet["Licence"]):
    def with_use(self) -> LicenceQuerySet:
        """Each licence with ``in_use``: how many of its seats a session holds."""
        held = Seat.objects.held().filter(licence=models.OuterRef("pk"))
        count = held.order_by().values("licence").annotate(n=models.Count("pk")).values("n")
        return self.annotate(in_use=Coalesce(models.Subquery(count), 0))

    def may_have_stale(self) -> LicenceQuerySet:
        """Those that do not remember that none of their sessions can be stale by now."""
        return self.filter(Q(no_stale_before=None) | Q(no_stale_before__lte=Now()))


class Licence(models.Model):
    """``seats`` seats of one product, bought by one account.

    ``grace_period`` is what the signed lease promises the client. ``reclaim_after``
    is when a seat may go to somebody else once its session stops refreshing;
    empty means never (FAQ: "held by that user indefinitely").
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="licences")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="licences")
    name = NameField(max_length=100)
    usage_model = models.CharField(max_length=12, choices=UsageModel, default=UsageModel.CONCURRENT)
    state = models.CharField(max_length=10, choices=LicenceState, default=LicenceState.ACTIVE)
    seats = models.PositiveIntegerField("user limit")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(
        null=True, blank=True, help_text="The last day of the term, in the account's time zone."
    )
    grace_period = models.DurationField()
    reclaim_after = models.DurationField(null=True, blank=True)
    no_stale_before = models.DateTimeField(
        null=True,
        editable=False,
        help_text="No session of this licence can be stale before this time; empty: not known.",
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        help_text="The lease licence that this one took the place of.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("name"), "pk"]
        indexes = [models.Index(fields=["account", "usage_model"], name="licence_of_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(grace_period__gt=dt.timedelta()), name="licence_has_a_grace_period"
            ),
            models.CheckConstraint(
                condition=Q(reclaim_after=None) | Q(reclaim_after__gt=dt.timedelta()),
                name="licence_reclaims_after_some_time",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="licence_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_concurrent(self) -> bool:
        return self.usage_model == UsageModel.CONCURRENT

    @property
    def refresh_after(self) -> dt.timedelta:
        """How often its programs refresh."""
        return refresh_after(self.grace_period, self.reclaim_after)

    @functools.cached_property
    def today(self) -> dt.date:
        """Today's date where the account is.

        Where it decides about a seat the database's, which was read with the licence: a
        web server's own clock may be wrong.
        """
        return timezone.localdate(timezone=zoneinfo.ZoneInfo(self.account.time_zone))

    @property
    def has_started(self) -> bool:
        return self.starts_on is None or self.starts_on <= self.today

    @property
    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on < self.today

    @property
    def ends_soon(self) -> bool:
        return (
            self.ends_on is not None
            and not self.has_ended
            and self.ends_on <= self.today + ENDS_SOON
        )

    def runs_on(self, day: dt.date) -> bool:
        """Whether a day is of its term."""
        return (self.starts_on or day) <= day <= (self.ends_on or day)

    @property
    def is_usable(self) -> bool:
        """Whether anybody can use it today, if a seat is free."""
        return self.state == LicenceState.ACTIVE and self.runs_on(self.today)

    def require_usable(self) -> None:
        """Raise the LicensingError that says why nobody can use this licence now, if so."""
        if self.state == LicenceState.CLOSED:
            raise errors.LicenceClosed
        if self.state == LicenceState.SUSPENDED:
            raise errors.LicenceSuspended
        if not self.has_started:
            raise errors.LicenceNotStarted(starts_on=self.starts_on)
        if self.has_ended:
            raise errors.LicenceExpired(ends_on=self.ends_on)


class LicenceFeatureQuerySet(models.QuerySet["LicenceFeature"]):
    def limited(self) -> LicenceFeatureQuerySet:
        """Features with seats of their own: fewer people may use them than the licence."""
        return self.filter(seats__isnull=False)


class LicenceFeature(models.Model):
    """A feature that a licence includes, for everybody or for ``seats`` people at once."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="licence_features")
    feature = models.ForeignKey(Feature, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField(
        "user limit", null=True, blank=True, help_text="Empty: as many as the licence has."
    )

    objects = LicenceFeatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "feature"], name="licence_includes_a_feature_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.feature)

    def as_ordered(self) -> str:
        """As orders write it: ``bim``, or ``4d:3`` with its own limit."""
        return self.feature.code if self.seats is None else f"{self.feature.code}:{self.seats}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def held(self) -> SeatQuerySet:
        """Seats that a session holds."""
        return self.filter(session__isnull=False)

    def free(self) -> SeatQuerySet:
        """Seats that a check-out may take."""
        return self.filter(session__isnull=True)


class Seat(models.Model):
    """One of a licence's seats: free, or held by exactly one session.

    A pool cannot be oversold because there is no row to give. A seat is
    ``draining`` when the limit was lowered below what was in use: giving it back
    then removes a row instead of freeing it, until the limit is met.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    licence = models.ForeignKey(
        Licence, on_delete=models.CASCADE, related_name="seat_rows", db_index=False
    )
    session: models.OneToOneField[ClientSession | None, ClientSession | None] = (
        models.OneToOneField(
            "licensing.ClientSession",
            null=True,
            blank=True,
            on_delete=models.PROTECT,
            related_name="seat",
        )
    )
    draining = models.BooleanField(default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        indexes = [
            # Finds a free seat, whose session is null, without a look at those that are held.
            models.Index(fields=["licence", "session"], name="seats_of_licence"),
            models.Index(fields=["licence"], name="draining_seats", condition=Q(draining=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(draining=False) | Q(session__isnull=False),
                name="draining_seat_is_held",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.pk}"


class FeatureSeat(models.Model):
    """One of a limited feature's seats, held beside a seat of the licence."""

    licence_feature = models.ForeignKey(
        LicenceFeature, on_delete=models.CASCADE, related_name="seat_rows"
    )
    session = models.ForeignKey(
        "licensing.ClientSession",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="feature_seats",
    )
    held_since = models.DateTimeField(
        null=True, blank=True, help_text="When the session took it, if that is known."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "licence_feature"], name="session_holds_a_feature_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.pk} of {self.licence_feature}"
