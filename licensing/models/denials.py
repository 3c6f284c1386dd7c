"""Denials: refused check-outs, folded so that a retrying client makes one row."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Now

from licensing.models.accounts import Account
from licensing.models.history import EveryManager
from licensing.models.keys import ProductKey
from licensing.models.licences import Licence
from licensing.models.sessions import ClientSession, EndReason
from licensing.models.spelling import Compared

TRANSIENT = dt.timedelta(minutes=10)
"""A refusal for want of a seat that ended within this time hurt nobody much; whoever is refused
again before it is over is the same person waiting."""

FOLLOWED_FOR = dt.timedelta(hours=1)
"""How long after a refusal a seat still is its outcome."""


class DenialClass(StrEnum):
    """What a refusal means to whoever buys licences."""

    TRUE = "true"
    """No seat."""
    TRANSIENT = "transient"
    """A seat soon after."""
    REPEAT = "repeat"
    """Another try."""
    POLICY = "policy"
    """An access rule."""
    ENTITLEMENT = "entitlement"
    """Not entitled."""
    KEY = "key"


CAPACITY = ("pool_exhausted", "device_limit")
CLASS_OF_CODE = {
    "access_blocked": DenialClass.POLICY,
    "key_invalid": DenialClass.KEY,
    "key_superseded": DenialClass.KEY,
    "key_revoked": DenialClass.KEY,
}


PERSON = Compared("username")
"""One who was refused on two machines is one person."""
ON_MACHINE = Compared("machine_name")


class DenialQuerySet(models.QuerySet["Denial"]):
    def with_class(self) -> DenialQuerySet:
        """Each denial with ``denial_class``, one of DenialClass.

        For want of a seat it is transient when the same person on the same machine got
        one within ten minutes, a repeat when they had been refused in the ten minutes
        before, and otherwise true.
        """
        return self.annotate(
            denial_class=Case(
                When(Q(code__in=CAPACITY) & served(), then=Value(DenialClass.TRANSIENT)),
                When(Q(code__in=CAPACITY) & tried_before(), then=Value(DenialClass.REPEAT)),
                When(code__in=CAPACITY, then=Value(DenialClass.TRUE)),
                *(When(code=code, then=Value(kind)) for code, kind in CLASS_OF_CODE.items()),
                default=Value(DenialClass.ENTITLEMENT),
                output_field=models.CharField(),
            )
        )

    def true(self) -> DenialQuerySet:
        """Those for want of a seat that nobody got soon after, without further tries.

        Not by ``denial_class``, of which PostgreSQL expects next to no row and then joins what
        it finds one by one; nor as conditions of their own, for which it reads every session.
        """
        is_none = When(served() | tried_before(), then=Value(False))
        return self.filter(Case(is_none, default=Value(True)), code__in=CAPACITY)

    def with_end(self) -> DenialQuerySet:
        """Each denial with how it ended, for those for want of a seat.

        ``seat_at`` is when the person got a seat within the hour, ``is_fresh`` that they
        may still get one in time, ``had_lease`` that the seat they were refused was
        their own, reclaimed, so that the program stayed open.
        """
        return self.annotate(
            seat_at=Subquery(seats_after(FOLLOWED_FOR).values("started_at")[:1]),
            is_fresh=Case(
                When(first_at__gt=Now() - TRANSIENT, then=Value(True)), default=Value(False)
            ),
            had_lease=Exists(
                ClientSession.every.filter(
                    licence=OuterRef("licence"),
                    identity=OuterRef("identity"),
                    end_reason=EndReason.RECLAIMED,
                    started_at__lt=OuterRef("first_at"),
                    grace_until__gt=OuterRef("first_at"),
                )
            ),
        )


def seats_after(within: dt.timedelta) -> models.QuerySet[ClientSession]:
    """The seats that the person who was refused got there within this time, first one first.

    None ended before: so months of history that were over by then are not looked into.
    """
    return ClientSession.every.filter(
        Q(ended_at=None) | Q(ended_at__gte=OuterRef("first_at")),
        licence=OuterRef("licence"),
        identity=OuterRef("identity"),
        started_at__gte=OuterRef("first_at"),
        started_at__lte=OuterRef("first_at") + within,
    ).order_by("started_at")


def served() -> Exists:
    """That the person who was refused got a seat soon after."""
    return Exists(seats_after(TRANSIENT))


def tried_before() -> Exists:
    """That the person had been refused there, for want of a seat, shortly before."""
    return Exists(
        Denial.every.filter(
            licence=OuterRef("licence"),
            identity=OuterRef("identity"),
            code__in=CAPACITY,
            first_at__lt=OuterRef("first_at"),
            last_at__gt=OuterRef("first_at") - TRANSIENT,
        )
    )


class Denial(models.Model):
    """One person refused for one reason by one licence, within ten minutes.

    ``account``, ``licence`` and ``key`` are empty when the serial number is not
    one of ours. ``seats`` and ``in_use`` say how full the licence was.
    """

    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="denials", db_index=False
    )
    licence = models.ForeignKey(
        Licence, null=True, on_delete=models.CASCADE, related_name="denials", db_index=False
    )
    key = models.ForeignKey(
        ProductKey, null=True, on_delete=models.CASCADE, related_name="denials", db_index=False
    )
    code = models.CharField(max_length=30)
    identity = models.UUIDField()
    machine_name = models.CharField(max_length=255)
    username = models.CharField(max_length=255)
    version = models.CharField(max_length=50)
    folded_from = models.DateTimeField(help_text="The start of the ten minutes.")
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    seats = models.PositiveIntegerField(null=True)
    in_use = models.PositiveIntegerField(null=True)
    request_id = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        default="",
        help_text="Of the last of these refusals: its user reads it as a reference.",
    )

    objects = DenialQuerySet.as_manager()
    every = EveryManager.from_queryset(DenialQuerySet)()

    class Meta:
        ordering = ["-last_at"]
        indexes = [
            models.Index(fields=["account", "last_at"], name="denials_of_account"),
            models.Index(fields=["licence", "last_at"], name="denials_of_licence"),
            models.Index(
                fields=["request_id"], name="denials_of_request", condition=~Q(request_id="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "identity", "code", "folded_from"],
                name="denials_are_folded",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.username} on {self.machine_name}"
