"""The roll-up: what use there was in each hour, kept for ever. It names nobody."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Greatest

from licensing.models.catalogue import Feature
from licensing.models.licences import Licence

QUARTERS = ("peak_00", "peak_15", "peak_30", "peak_45")


class UseOfHour(models.Model):
    """What use a licence had, or a limited feature of it, in one hour of UTC.

    An hour in which nobody was in or was refused has no row. ``peak_15`` is the peak of its
    second quarter, and so on, for zones that are half an hour off. ``seats`` is the limit in
    force as it ended; empty: none, or not known. Refusals for want of a feature's seat are the
    licence's. How each figure is counted: docs/usage.md.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+", db_index=False)
    feature = models.ForeignKey(
        Feature, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    hour = models.DateTimeField()
    peak_00 = models.PositiveIntegerField()
    peak_15 = models.PositiveIntegerField()
    peak_30 = models.PositiveIntegerField()
    peak_45 = models.PositiveIntegerField()
    peak = models.PositiveIntegerField()
    seat_seconds = models.FloatField()
    seconds_at_limit = models.FloatField()
    seats = models.PositiveIntegerField("user limit", null=True)
    people = models.PositiveIntegerField()
    machines = models.PositiveIntegerField()
    true_denials = models.PositiveIntegerField()
    transient_denials = models.PositiveIntegerField()
    repeats = models.PositiveIntegerField()
    policy_refusals = models.PositiveIntegerField()
    entitlement_refusals = models.PositiveIntegerField()
    key_refusals = models.PositiveIntegerField()

    class Meta:
        ordering = ["-hour", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "feature", "hour"],
                name="hour_is_counted_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(peak=Greatest(*QUARTERS)), name="peak_of_hour_is_of_a_quarter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence}, {self.hour:%Y-%m-%d %H:%M}"


class UseCounted(models.Model):
    """Until when a licence's use is in ``UseOfHour``, without a gap from the first on."""

    licence = models.OneToOneField(
        Licence, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.licence} until {self.until:%Y-%m-%d %H:%M}"
