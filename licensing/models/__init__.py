"""The tables of the licence domain, a module per noun."""

from licensing.models.accounts import Account
from licensing.models.alm import FromAlm
from licensing.models.audit import AuditEntry
from licensing.models.catalogue import Feature, LicenceTemplate, Product
from licensing.models.closed_ids import ClosedId
from licensing.models.denials import Denial
from licensing.models.devices import Device
from licensing.models.imports import Import, ImportRow
from licensing.models.keys import ProductKey
from licensing.models.licences import FeatureSeat, Licence, LicenceFeature, Seat
from licensing.models.outbox import OutboxEvent
from licensing.models.planned_seats import PlannedSeats
from licensing.models.rules import AccessRule
from licensing.models.sessions import ClientSession
from licensing.models.usage import Hold, LateFact, LimitChange
from licensing.models.use_of_hours import UseCounted, UseOfHour

__all__ = [
    "AccessRule",
    "Account",
    "AuditEntry",
    "ClientSession",
    "ClosedId",
    "Denial",
    "Device",
    "Feature",
    "FeatureSeat",
    "FromAlm",
    "Hold",
    "Import",
    "ImportRow",
    "LateFact",
    "Licence",
    "LicenceFeature",
    "LicenceTemplate",
    "LimitChange",
    "OutboxEvent",
    "PlannedSeats",
    "Product",
    "ProductKey",
    "Seat",
    "UseCounted",
    "UseOfHour",
]
