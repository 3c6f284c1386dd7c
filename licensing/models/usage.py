"""What use is counted from, besides the sessions: holds that are over, limits, late facts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from licensing.models.catalogue import Feature
from licensing.models.licences import Licence


class Hold(models.Model):
    """A time in which one session kept one seat, and which no other row tells any more.

    Of its licence: a session that lost its seat and took one again leaves the hold before;
    its last is told by its own row. Of a limited feature: every hold that is over, with
    ``feature``. It names nobody, and ``session`` is no foreign key: a session may be moved away.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+", db_index=False)
    feature = models.ForeignKey(
        Feature, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    session = models.UUIDField(db_column="session_id")
    held_since = models.DateTimeField()
    held_until = models.DateTimeField(help_text="From then on the seat was free.")

    class Meta:
        ordering = ["-held_since", "-pk"]
        indexes = [
            models.Index(fields=["licence", "feature", "held_until"], name="holds_of_licence"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_since__lte=F("held_until")), name="hold_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk} of session {self.session}"


class LimitChange(models.Model):
    """How many seats a licence has from ``since`` on, or a feature of it, until the next change.

    ``seats`` is empty where a feature has no limit of its own. Who changed it, and why, is in
    the audit record. ``is_derived``: taken from that record when limits began to be kept;
    what was held before is not known to the moment.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+", db_index=False)
    feature = models.ForeignKey(
        Feature, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seats = models.PositiveIntegerField("user limit", null=True)
    since = models.DateTimeField()
    is_derived = models.BooleanField(db_default=False, default=False)

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["licence", "feature", "since"], name="limits_of_licence")]

    def __str__(self) -> str:
        return f"{self.seats} seats since {self.since:%Y-%m-%d %H:%M}"


class LateFact(models.Model):
    """Something that was told late and changed the past: a licence's hours from ``since`` on have
    to be counted again.

    Such as a close that happened offline. Whoever counts them deletes it.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.licence} since {self.since:%Y-%m-%d %H:%M}"
