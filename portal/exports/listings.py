"""The lists that can be exported, and what stands in their files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict

from licensing import sightings
from licensing.models import AuditEntry, ClientSession, Denial, ProductKey
from licensing.numbers import number_in
from licensing.sightings import Sighting
from portal.audit.log import AuditLog, without_secrets
from portal.exports.files import Column, Listing
from portal.licences import rows as licence_rows
from portal.licences import tags
from portal.licences.query import LicenceQuery
from portal.licences.rows import LicenceRow
from portal.models import Membership, Role
from portal.sessions.active import SessionList
from portal.usage.denials import DenialList
from portal.words.aliases import names_for
from portal.words.refusals import machines_in_words, people_in_words
from portal.words.sentences import sentence


def sessions(membership: Membership, parameters: QueryDict) -> QuerySet[ClientSession]:
    """The sessions that the page's address asks for, or those of them that were chosen."""
    return SessionList(membership.account, parameters, names_for(membership)).rows


def licences(membership: Membership, parameters: QueryDict) -> list[LicenceRow]:
    """The licences that the page's address asks for: pools first, then by name."""
    account, names = membership.account, names_for(membership)
    everything = licence_rows.licences_of(account)
    licence_rows.add_features(row.licence for row in everything)
    rows = licence_rows.with_keys_and_devices(account, everything, names)
    matching = LicenceQuery(parameters).matching(rows)
    return sorted(
        matching, key=lambda row: (not licence_rows.is_pool(row), row.licence.name.casefold())
    )


def machines(membership: Membership, parameters: QueryDict) -> list[Sighting]:
    """The machines that the page of a key lists: of a replaced key, those still on it."""
    wanted = number_in(parameters.get("key", ""))
    of_account = ProductKey.objects.filter(licence__account=membership.account)
    key = of_account.filter(pk=wanted).first() if wanted is not None else None
    return sightings.listed(key) if key else []


def denials(membership: Membership, parameters: QueryDict) -> QuerySet[Denial]:
    """The denials that the page's address asks for, true ones first."""
    return DenialList(membership.account, parameters, names_for(membership)).rows


def audit_entries(membership: Membership, parameters: QueryDict) -> QuerySet[AuditEntry]:
    """The entries that the page's address asks for, the last first."""
    return AuditLog(membership.account, parameters).rows


SESSIONS = Listing(
    "sessions",
    find=sessions,
    columns=(
        Column("User", lambda row, names: names.person(row.username)),
        Column("Machine", lambda row, names: names.machine(row.machine_name)),
        Column("OS session", lambda row, names: row.os_session),
        Column("Licence", lambda row, names: row.licence.name),
        Column("Serial number", lambda row, names: row.key.serial_number),
        Column("Key label", lambda row, names: row.key.label),
        Column("State", lambda row, names: row.state),
        Column("Version", lambda row, names: row.version),
        Column("Features", lambda row, names: ", ".join(row.features)),
        Column("Started (UTC)", lambda row, names: row.started_at),
        Column("Last refreshed (UTC)", lambda row, names: row.refreshed_at),
        Column("Grace until (UTC)", lambda row, names: row.grace_until),
        Column("Seat comes back (UTC)", lambda row, names: row.reclaim_at),
        Column("Ended (UTC)", lambda row, names: row.ended_at),
        Column("How it ended", lambda row, names: row.end_reason),
        Column("Session id", lambda row, names: str(row.pk)),
    ),
)
LICENCES = Listing(
    "licences",
    find=licences,
    columns=(
        Column("Name", lambda row, names: row.licence.name),
        Column("Product", lambda row, names: row.licence.product.name),
        Column("Usage model", lambda row, names: row.licence.usage_model),
        Column("Serial numbers", lambda row, names: ", ".join(k.serial_number for k in row.keys)),
        Column("User limit", lambda row, names: row.licence.seats),
        Column("In use", lambda row, names: row.in_use),
        Column("True denials, 30 days", lambda row, names: row.denials),
        Column("Features", lambda row, names: features_of(row)),
        Column("Tags", lambda row, names: tags.written(row.tags)),
        Column("Devices", lambda row, names: ", ".join(d.machine_name for d in row.devices)),
        Column("Users", lambda row, names: ", ".join(d.username for d in row.devices)),
        Column("Versions", lambda row, names: ", ".join(row.versions)),
        Column("Last refreshed (UTC)", lambda row, names: row.last_refreshed),
        Column("Status", lambda row, names: row.status),
        Column("Starts", lambda row, names: row.licence.starts_on),
        Column("Ends", lambda row, names: row.licence.ends_on),
    ),
)
MACHINES = Listing(
    "machines",
    find=machines,
    columns=(
        Column("Machine", lambda row, names: names.machine(row.machine_name)),
        Column("User", lambda row, names: names.person(row.username)),
        Column("First seen (UTC)", lambda row, names: row.first_seen_at),
        Column("Last seen (UTC)", lambda row, names: row.last_seen_at),
        Column("Open sessions", lambda row, names: row.running),
    ),
)


DENIALS = Listing(
    "denials",
    find=denials,
    columns=(
        Column("First refused (UTC)", lambda row, names: row.first_at),
        Column("Last refused (UTC)", lambda row, names: row.last_at),
        Column("User", lambda row, names: people_in_words(names.person(row.username))),
        Column("Machine", lambda row, names: machines_in_words(names.machine(row.machine_name))),
        Column("Licence", lambda row, names: row.licence.name if row.licence else ""),
        Column("Reason", lambda row, names: row.code),
        Column("Class", lambda row, names: row.denial_class),
        Column("Got a seat (UTC)", lambda row, names: row.seat_at),
        Column("In use", lambda row, names: row.in_use),
        Column("User limit", lambda row, names: row.seats),
        Column("Tries", lambda row, names: row.count),
        Column("Version", lambda row, names: row.version),
    ),
)
AUDIT = Listing(
    "audit",
    find=audit_entries,
    role=Role.MANAGER,
    columns=(
        Column("Entry", lambda row, names: row.number),
        Column("Time (UTC)", lambda row, names: row.at),
        Column("Who", lambda row, names: row.actor_name),
        Column("Kind of actor", lambda row, names: row.actor_kind),
        Column("What", lambda row, names: sentence(row, names)),
        Column("Action", lambda row, names: row.action),
        Column("Object", lambda row, names: row.object_name),
        Column("Kind of object", lambda row, names: row.object_kind),
        Column("Object id", lambda row, names: row.object_id),
        Column("Reason", lambda row, names: row.reason),
        Column("Details", lambda row, names: without_secrets(row.details)),
        Column("Address", lambda row, names: row.address),
        Column("Browser", lambda row, names: row.user_agent),
        Column("Request id", lambda row, names: row.request_id),
        Column("Digest", lambda row, names: row.digest),
    ),
)
LISTINGS = {listing.name: listing for listing in (SESSIONS, LICENCES, MACHINES, DENIALS, AUDIT)}


def features_of(row: LicenceRow) -> str:
    """The licence's features, by their codes."""
    return ", ".join(included.feature.code for included in row.licence.licence_features.all())
