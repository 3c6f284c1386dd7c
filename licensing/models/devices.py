"""Devices: the machines that single-user seats are bound to."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from licensing.models.accounts import Account
from licensing.models.licences import Licence, Seat
from licensing.models.sessions import ClientSession


class Unbinding(models.TextChoices):
    MOVED = "moved", "Moved"
    FREED = "freed", "Freed"
    WRITTEN_OFF = "written_off", "Written off"


def of_last_session(field: str) -> Subquery:
    """This field of the session that was opened last on a device."""
    sessions = ClientSession.every.filter(licence=OuterRef("licence"), machine=OuterRef("machine"))
    return Subquery(sessions.order_by("-started_at").values(field)[:1])


class DeviceQuerySet(models.QuerySet["Device"]):
    def bound(self) -> DeviceQuerySet:
        """Devices that a seat is bound to now."""
        return self.filter(unbound_at=None)

    def with_last_refresh(self) -> DeviceQuerySet:
        """Each device with ``last_refreshed``: when a program on it was last heard of, or None."""
        return self.annotate(last_refreshed=of_last_session("refreshed_at"))

    def with_last_version(self) -> DeviceQuerySet:
        """Each device with ``last_version``: of the program that was last open on it, or None."""
        return self.annotate(last_version=of_last_session("version"))


class Device(models.Model):
    """A machine that a single-user seat is, or was, bound to.

    ``machine`` is the machine name as compared (see ``licensing.identity``);
    hardware never matters (FAQ).
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="devices")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="devices")
    machine = models.CharField(max_length=4096)
    machine_name = models.CharField(max_length=255)
    username = models.CharField(max_length=255, help_text="Who used it last.")
    bound_at = models.DateTimeField(db_default=Now(), editable=False)
    unbound_at = models.DateTimeField(null=True, blank=True)
    unbinding = models.CharField(max_length=11, choices=Unbinding, blank=True)
    lease_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until when its last lease may still run, though the seat is free.",
    )

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-bound_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "machine"],
                condition=Q(unbound_at=None),
                name="device_is_bound_once_per_licence",
            ),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(unbound_at=None), name="seat_is_bound_to_one_device"
            ),
            models.CheckConstraint(
                condition=Q(unbound_at__isnull=False) | Q(seat__isnull=False),
                name="bound_device_has_a_seat",
            ),
        ]

    def __str__(self) -> str:
        return self.machine_name
