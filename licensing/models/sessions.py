"""Client sessions: one user on one machine, holding one seat."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Now
from django.db.models.lookups import GreaterThan

from licensing.models.accounts import Account
from licensing.models.history import EveryManager
from licensing.models.intervals import RefreshIntervals
from licensing.models.keys import ProductKey
from licensing.models.licences import Licence, LicenceState, Seat
from licensing.models.rules import AccessRule, Effect
from licensing.models.session_triggers import GIVE_FEATURES_BACK, LEAVE_HOLD

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


LONG = dt.timedelta(days=1)
LASTED_LONG = Q(GreaterThan(F("ended_at") - F("started_at"), LONG))
"""Few do, so that an index has them alone."""


class EndReason(models.TextChoices):
    CLOSED = "closed", "Closed"
    RELEASED = "released", "Released"
    RECLAIMED = "reclaimed", "Seat reclaimed"
    REPLACED = "replaced", "Replaced by another session on its machine"
    MOVED = "moved", "Moved to another device"
    KEY_REVOKED = "key_revoked", "Key revoked"
    BLOCKED = "blocked", "Blocked by an access rule"
    LICENCE_ENDED = "licence_ended", "Licence ended"


class SessionState(models.TextChoices):
    ACTIVE = "active", "Active"
    QUIET = "quiet", "Quiet"
    OFFLINE = "offline", "Offline"
    HELD = "held", "Held"
    ENDING = "ending", "Ending"
    ENDED = "ended", "Ended"


class ClientSessionQuerySet(models.QuerySet["ClientSession"]):
    def active(self) -> ClientSessionQuerySet:
        """Sessions that hold a seat."""
        return self.filter(ended_at=None)

    def of(self, account: Account) -> ClientSessionQuerySet:
        """Those of an account, of which their licences are, too.

        PostgreSQL cannot know that. It is told where both are read: to find the licences of very
        many sessions it would read those of all accounts.
        """
        return self.filter(account=account, licence__account=account)

    def named(self, **names: Collection[str]) -> ClientSessionQuerySet:
        """Those whose ``person`` or ``machine`` is one of these, open or ended.

        Each of the two has an index of names of its own: whoever ends writes into the small one
        of those that are over, not among all that are open. PostgreSQL has to be told of both.
        """
        is_named = Q(**{f"{column}__in": list(among) for column, among in names.items()})
        return self.filter(Q(is_named, ended_at=None) | Q(is_named, ended_at__isnull=False))

    def on(self, seat: Seat) -> ClientSessionQuerySet:
        """The session that holds this seat, if one does."""
        return self.active().filter(seat=seat)

    def ended(self) -> ClientSessionQuerySet:
        """Sessions that hold no seat any more."""
        return self.filter(ended_at__isnull=False)

    def open_within(self, since: dt.datetime, until: dt.datetime) -> ClientSessionQuerySet:
        """Sessions that were open at any time between two moments.

        Of those that began more than a day before it, only long ones can have been.
        """
        ended = Q(ended_at__gt=since) & (Q(started_at__gt=since - LONG) | LASTED_LONG)
        return self.filter(Q(ended_at=None) | ended, started_at__lt=until)

    def people(self) -> int:
        """How many people have them: somebody on two machines is one."""
        return self.order_by().values("person").distinct().count()

    def stale(self) -> ClientSessionQuerySet:
        """Active sessions whose seat may be given to somebody else."""
        return self.active().filter(reclaim_at__lte=Now())

    def not_heard_of_since(self, moment: dt.datetime | None) -> ClientSessionQuerySet:
        """Those that neither checked out nor refreshed after this moment, if one is given.

        Clients know whole seconds, so whoever was heard of within that second counts too.
        """
        if moment is None:
            return self
        heard_at = Func(Value("second"), F("refreshed_at"), function="date_trunc")
        return self.alias(heard_at=Cast(heard_at, models.DateTimeField())).filter(
            heard_at__lte=moment
        )

    def with_state(self) -> ClientSessionQuerySet:
        """Each session with ``state``, derived at the database's time.

        Active: refreshed within one and a half of its licence's refresh intervals. Quiet:
        within three. Offline: later, inside the grace period. Held: the grace period is
        over and the seat still counts. Ending: in touch, and it ends at its next refresh, for
        its licence is over or a rule blocks its user or machine; who is out of touch has no
        next refresh, and keeps the seat as anybody who is.
        """
        return self.annotate(
            state=Case(
                When(ended_at__isnull=False, then=Value(SessionState.ENDED)),
                When(is_out_of_touch(), grace_until__gt=Now(), then=Value(SessionState.OFFLINE)),
                When(is_out_of_touch(), then=Value(SessionState.HELD)),
                When(is_over() | is_blocked(), then=Value(SessionState.ENDING)),
                When(refreshed_at__gt=ago(1.5), then=Value(SessionState.ACTIVE)),
                default=Value(SessionState.QUIET),
                output_field=models.CharField(),
            )
        )


def is_out_of_touch() -> Q:
    """That the session was not refreshed within three intervals."""
    return Q(refreshed_at__lte=ago(3))


def is_over() -> Q:
    """That the session's licence has been closed or its term has ended."""
    return Q(licence__state=LicenceState.CLOSED) | Q(licence__ends_on__lt=today_there())


def today_there() -> Cast:
    """Today's date where a session's account is, by the database's clock."""
    there = Func(F("account__time_zone"), Now(), function="timezone")
    return Cast(there, models.DateField())


def is_blocked() -> Exists:
    """That a block in force names the session's user or machine."""
    blocks = AccessRule.objects.current().filter(
        Q(licence=None) | Q(licence=OuterRef("licence")),
        Like(OuterRef("person"), F("person_like")),
        Like(OuterRef("machine"), F("machine_like")),
        account=OuterRef("account"),
        effect=Effect.BLOCK,
    )
    return Exists(blocks)


class Like(Func):
    """Whether a text is like a pattern, as PostgreSQL's LIKE sees it."""

    template = "(%(expressions)s)"
    arg_joiner = " LIKE "
    output_field = models.BooleanField()


def ago(intervals: float) -> Combinable:
    """The database's time so many refresh intervals of the session's licence ago."""
    return Now() - RefreshIntervals(intervals)


class ClientSession(models.Model):
    """One user on one machine (in one OS session) holding, or having held, one seat.

    Nothing that a refresh changes is indexed, so that refreshes stay HOT updates;
    that is why no index helps to find the stale.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    licence = models.ForeignKey(
        Licence, on_delete=models.CASCADE, related_name="sessions", db_index=False
    )
    key = models.ForeignKey(
        ProductKey, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    identity = models.UUIDField(help_text="Who this is, as compared (see licensing.identity).")
    machine_name = models.CharField(max_length=255)
    username = models.CharField(max_length=255)
    os_session = models.CharField(max_length=255, blank=True)
    device_id = models.CharField(
        max_length=255,
        blank=True,
        db_default="",
        default="",
        help_text="What the software calls its installation, if it does.",
    )
    machine = models.CharField(max_length=4096, help_text="The machine's name as compared.")
    person = models.CharField(max_length=4096, help_text="The user's name as compared.")
    version = models.CharField(max_length=50)
    features = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text="The features that the client asked for.",
    )
    started_at = models.DateTimeField(db_default=Now())
    held_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it took the seat that it has or had last; empty: when it started.",
    )
    refreshed_at = models.DateTimeField(db_default=Now())
    grace_until = models.DateTimeField()
    reclaim_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=14, choices=EndReason, blank=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the program was closed after its seat was released."
    )

    objects = ClientSessionQuerySet.as_manager()
    every = EveryManager.from_queryset(ClientSessionQuerySet)()

    class Meta:
        ordering = ["-started_at"]
        triggers = [GIVE_FEATURES_BACK, LEAVE_HOLD]
        indexes = [
            models.Index(fields=["account"], name="active_sessions", condition=Q(ended_at=None)),
            models.Index(
                fields=["machine", "person", "licence"],
                name="active_sessions_on_machine",
                condition=Q(ended_at=None),
            ),
            models.Index(
                fields=["person"], name="active_sessions_of_person", condition=Q(ended_at=None)
            ),
            models.Index(
                fields=["machine"],
                name="ended_sessions_by_machine",
                opclasses=["text_pattern_ops"],
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=["person"],
                name="ended_sessions_by_person",
                opclasses=["text_pattern_ops"],
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=["account", "ended_at"],
                name="ended_sessions",
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=["account", "ended_at"], name="long_sessions", condition=LASTED_LONG
            ),
            models.Index(
                fields=["licence", "identity"],
                name="reclaimed_sessions",
                condition=Q(end_reason=EndReason.RECLAIMED),
            ),
            models.Index(fields=["licence", "started_at"], name="sessions_of_licence"),
            models.Index(fields=["key", "started_at"], name="sessions_of_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_active_session_per_identity",
                fields=["licence", "identity"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="ended_session_has_a_reason",
                condition=Q(ended_at=None, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} on {self.machine_name}"

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """As of every model; a session may have become history meanwhile."""
        super().refresh_from_db(using, fields, from_queryset or ClientSession.every.all())
