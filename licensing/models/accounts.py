"""Accounts: the customer organisations that own licences."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Set

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext as _

from licensing.errors import InvalidOperation
from licensing.models.spelling import Alphabetical, CustomerName
from licensing.names import NameField, customer_name, plain_text


@functools.cache
def time_zones() -> Set[str]:
    """The names of the world's time zones: reading them opens some 600 files."""
    return zoneinfo.available_timezones()


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is a zone of the IANA database."""
    if name not in time_zones():
        raise ValidationError(f"There is no time zone called {name!r}.")


def monday_to_friday() -> list[int]:
    """The days on which people work at first; Monday is 0."""
    return [0, 1, 2, 3, 4]


def is_a_quarter(field: str) -> models.Q:
    """That a time of day is a quarter of an hour."""
    return models.Q(**{f"{field}__minute__in": [0, 15, 30, 45], f"{field}__second": 0})


class AccountQuerySet(models.QuerySet["Account"]):
    def called(self, name: str) -> AccountQuerySet:
        """The account of this name, however it is written, and its namesakes."""
        alike = self.alias(compared=CustomerName("name")).filter(compared=customer_name(name))
        return alike.order_by("is_namesake", "pk")

    def due(self) -> AccountQuerySet:
        """Those whose day until they close is over."""
        return self.filter(closes_at__lte=Now(), closed_at=None).order_by("closes_at", "pk")

    def locked(self, pk: int) -> Account:
        """The account, locked until the transaction ends, as each entry in its record locks it."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Account(models.Model):
    """A customer organisation."""

    name = NameField(max_length=200)
    time_zone = models.CharField(
        max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    contact = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[plain_text],
        help_text="Whom to ask, told to people whom the program refuses; up to two lines.",
    )
    shows_holders = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether people whom a full pool refuses are told who holds its seats.",
    )
    works_on = ArrayField(
        models.SmallIntegerField(),
        default=monday_to_friday,
        db_default=monday_to_friday(),
        help_text="The days on which people work; Monday is 0.",
    )
    works_from = models.TimeField(default=dt.time(7), db_default=dt.time(7))
    works_until = models.TimeField(
        default=dt.time(19), db_default=dt.time(19), help_text="Midnight is that after the day."
    )
    is_namesake = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Was there beside another of its name before case, blanks and compositions "
        "counted for nothing.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    closes_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="It closes then, unless that is cancelled."
    )
    closed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Nothing is done in it since."
    )

    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="All that it had is there since.",
    )

    alm_codes_end_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The last day of the codes of the customer's own ALM; nothing of ours ends then.",
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="account_name_is_unique"),
            models.UniqueConstraint(
                CustomerName("name"),
                condition=models.Q(is_namesake=False),
                name="customer_is_one_account",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="account_has_a_name"),
            models.CheckConstraint(
                name="account_works_on_some_days",
                condition=models.Q(works_on__len__gt=0, works_on__contained_by=[*range(7)]),
            ),
            models.CheckConstraint(
                name="account_works_for_some_time",
                condition=models.Q(works_until=dt.time())
                | models.Q(works_from__lt=models.F("works_until")),
            ),
            models.CheckConstraint(
                name="account_works_in_quarters",
                condition=is_a_quarter("works_from") & is_a_quarter("works_until"),
            ),
            models.CheckConstraint(
                name="account_is_merged_into_another_and_closed",
                condition=models.Q(merged_into=None)
                | models.Q(closed_at__isnull=False) & ~models.Q(merged_into=models.F("id")),
            ),
            models.CheckConstraint(
                name="account_closes_before_it_is_closed",
                condition=models.Q(closed_at=None)
                | models.Q(closes_at__isnull=False, closed_at__gte=models.F("closes_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closing(self) -> bool:
        """Whether it closes by itself, and may be kept."""
        return self.closes_at is not None and self.closed_at is None

    def require_open(self) -> None:
        """Raise InvalidOperation when it is closed: nothing is added to it any more."""
        if self.merged_into:
            told = {"account": self, "into": self.merged_into}
            raise InvalidOperation(_("The account %(account)s was merged into %(into)s.") % told)
        if self.closed_at:
            raise InvalidOperation(_("The account %s is closed.") % self)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """A moment by the account's own clocks."""
        return moment.astimezone(zoneinfo.ZoneInfo(self.time_zone))
