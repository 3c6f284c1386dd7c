"""Incidents: what people did in the portal and at the support desk over the demo's months."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence

from licensing import keys, licences, sessions
from licensing.models import ClientSession, Licence, ProductKey
from licensing.models.licences import LicenceState
from support.demo.days import HOUR, Morning
from support.demo.domain_door import DomainDoor
from support.demo.estate import BROOK, NORTHERN
from support.demo.people import (
    MANAGER,
    NORTHERN_OWNER,
    OWNER,
    SALES,
    SUPPORT,
    Person,
    actor_of,
)
from support.demo.simulation import Incident

# Working days to come, hours into the day, who, account, licence, reason.
RELEASES: Sequence[tuple[int, float, Person, str, str, str]] = (
    (58, 1.6, OWNER, BROOK, "London planners", "Person away"),
    (51, 2.2, MANAGER, BROOK, "London planners", "On holiday, left it open"),
    (44, 1.9, SUPPORT, BROOK, "Site offices", "Customer asked: site closed, PC switched off"),
    (37, 3.0, MANAGER, BROOK, "London planners", "Laptop in repair"),
    (29, 1.7, OWNER, BROOK, "Leeds planners", "Left the company"),
    (22, 2.4, MANAGER, BROOK, "London planners", "Board meeting needs a seat"),
    (15, 2.0, SUPPORT, BROOK, "Site offices", "Customer asked: PC stolen from the site office"),
    (9, 1.8, MANAGER, BROOK, "London planners", "In training all day"),
    (4, 2.6, OWNER, BROOK, "Terminal servers", "Session hangs on CTX-02"),
    (3, 2.1, NORTHERN_OWNER, NORTHERN, "Manchester rail and roads", "On leave until Monday"),
    (1, 1.9, MANAGER, BROOK, "London planners", "Person away"),
    (1, 2.3, NORTHERN_OWNER, NORTHERN, "Liverpool rail and roads", "PC left on overnight"),
    (0, 1.6, MANAGER, BROOK, "London planners", "Person away"),
)
HOME_KEY, OLD_IMAGE_KEY = "Home working", "Old laptop image"
KEY_LABELS = {
    (BROOK, "London planners"): "London office",
    (BROOK, "Leeds planners"): "Leeds office",
}


def all_of(mornings: Sequence[Morning], door: DomainDoor) -> Iterator[Incident]:
    """Every incident that falls on one of the mornings."""
    begins = {morning.days_to_come: morning.at for morning in mornings}
    for days_to_come, hours, happen in [*releases(), *changes()]:
        if days_to_come in begins:
            at = begins[days_to_come] + hours * HOUR
            yield Incident(at, functools.partial(happen_to, door, happen))


def happen_to(door: DomainDoor, happen: functools.partial[None]) -> None:
    """Let it happen; keys and licences may be other ones from now on."""
    happen()
    door.forget_keys()


def releases() -> Iterator[tuple[int, float, functools.partial[None]]]:
    """The seats that somebody freed."""
    for days_to_come, hours, person, account, licence, reason in RELEASES:
        yield days_to_come, hours, functools.partial(release, account, licence, person, reason)


def changes() -> Iterator[tuple[int, float, functools.partial[None]]]:
    """What else was changed, each by somebody who may."""
    call = functools.partial
    london, leeds, citrix = "London planners", "Leeds planners", "Terminal servers"
    yield 60, 2.0, call(add_key, london, HOME_KEY, MANAGER, "Working from home")
    yield 60, 2.1, call(add_key, leeds, OLD_IMAGE_KEY, MANAGER, "For the laptop image")
    yield 45, 3.0, call(set_seats, london, 10, "Order PO-2231: two more planners")
    yield 33, 4.0, call(reveal_key, london, MANAGER)
    yield 20, 4.5, call(revoke_key, OLD_IMAGE_KEY, "Leak suspected: image was handed to a supplier")
    yield 8, 1.0, call(suspend, "Harbour joint venture", "Invoice 10482 overdue")
    yield 2, 3.5, call(reissue_key, citrix, MANAGER, "Routine: yearly change of keys")
    yield 0, 1.7, call(set_seats, "Graduates", 5, "Order PO-2307: three seats fewer")


def licence_of(account: str, name: str) -> Licence:
    """The account's licence of this name."""
    return Licence.objects.get(account__name=account, name=name)


def release(account: str, licence: str, person: Person, reason: str) -> None:
    """Free the seat that has been quiet for the longest time, if one is held."""
    held = ClientSession.objects.active().filter(licence__account__name=account)
    if session := held.filter(licence__name=licence).order_by("refreshed_at").first():
        sessions.release(session, by=actor_of(person), reason=reason)


def add_key(licence: str, label: str, person: Person, reason: str) -> None:
    """Give a licence one more key."""
    keys.issue(licence_of(BROOK, licence), by=actor_of(person), label=label, reason=reason)


def first_key(licence: str) -> ProductKey:
    """The key that a licence was issued with."""
    return licence_of(BROOK, licence).keys.order_by("pk")[0]


def reveal_key(licence: str, person: Person) -> None:
    """Look at a product key."""
    keys.reveal(first_key(licence), by=actor_of(person))


def reissue_key(licence: str, person: Person, reason: str) -> None:
    """Replace a key; both work for two weeks."""
    two_weeks = dt.timedelta(days=14)
    keys.reissue(first_key(licence), by=actor_of(person), reason=reason, overlap=two_weeks)


def revoke_key(label: str, reason: str) -> None:
    """End a key, if there is one of that name."""
    if key := ProductKey.objects.filter(label=label).first():
        keys.revoke(key, by=actor_of(SUPPORT), reason=reason)


def set_seats(licence: str, seats: int, reason: str) -> None:
    """Change a user limit."""
    licences.set_seats(licence_of(BROOK, licence), seats, by=actor_of(SALES), reason=reason)


def suspend(licence: str, reason: str) -> None:
    """Suspend a licence."""
    suspended = LicenceState.SUSPENDED
    licences.set_state(licence_of(BROOK, licence), suspended, by=actor_of(SALES), reason=reason)


def label_keys(labels: Mapping[tuple[str, str], str] = KEY_LABELS) -> None:
    """Name the keys that licences were issued with."""
    for (account, licence), label in labels.items():
        of_licence = ProductKey.objects.filter(
            licence__account__name=account, licence__name=licence, label=""
        )
        of_licence.update(label=label)
