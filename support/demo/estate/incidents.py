"""Incidents: what people did in the portal and at the support desk over the demo's months."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from licensing import keys, licences, sessions
from licensing.models import Licence, ProductKey
from licensing.models.licences import LicenceState
from support.demo.desktops.days import HOUR, Morning
from support.demo.desktops.domain_door import DomainDoor
from support.demo.desktops.simulation import Incident
from support.demo.estate.accounts import BROOK, NORTHERN
from support.demo.estate.people import (
    MANAGER,
    NORTHERN_OWNER,
    OWNER,
    SALES,
    SUPPORT,
    Person,
    actor_of,
)
from support.demo.estate.teams import Team

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
    (1, 2.9, MANAGER, BROOK, "Terminal servers", "Left over from the restart"),
    (1, 2.3, NORTHERN_OWNER, NORTHERN, "Liverpool rail and roads", "PC left on overnight"),
    (0, 1.6, MANAGER, BROOK, "London planners", "Person away"),
)
OLD_IMAGE = "Old laptop image"
KEY_LABELS = {
    (BROOK, "London planners"): "London office",
    (BROOK, "Leeds planners"): "Leeds office",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did with a licence, so many working days before the last."""

    days_to_come: int
    hours: float
    account: str
    licence: str
    do: Callable[[Licence], object]


def all_of(
    mornings: Sequence[Morning], teams: Iterable[Team], door: DomainDoor
) -> Iterator[Incident]:
    """Every incident that falls on one of the mornings and is about one of the teams."""
    begins = {morning.days_to_come: morning.at for morning in mornings}
    known = {(team.account, team.licence) for team in teams}
    for deed in [*releases(), *changes()]:
        if deed.days_to_come in begins and (deed.account, deed.licence) in known:
            at = begins[deed.days_to_come] + deed.hours * HOUR
            yield Incident(at, functools.partial(happen, deed, door))


def happen(deed: Deed, door: DomainDoor) -> None:
    """Let it happen if the licence is sold by then; keys and licences may be others from now on."""
    licence = Licence.objects.filter(account__name=deed.account, name=deed.licence).first()
    if licence is not None:
        deed.do(licence)
        door.forget_keys()


def releases() -> Iterator[Deed]:
    """The seats that somebody freed."""
    for days_to_come, hours, person, account, licence, reason in RELEASES:
        do = functools.partial(release, person=person, reason=reason)
        yield Deed(days_to_come, hours, account, licence, do)


def changes() -> Iterator[Deed]:
    """What else was changed, each by somebody who may."""

    def deed(
        days_to_come: int, hours: float, licence: str, do: Callable[..., object], **told: object
    ) -> Deed:
        return Deed(days_to_come, hours, BROOK, licence, functools.partial(do, **told))

    london, leeds, citrix = "London planners", "Leeds planners", "Terminal servers"
    yield deed(60, 2.0, london, add_key, label="Home working", reason="Working from home")
    yield deed(60, 2.1, leeds, add_key, label=OLD_IMAGE, reason="For the laptop image")
    yield deed(45, 3.0, london, set_seats, seats=10, reason="Order PO-2231: two more planners")
    yield deed(33, 4.0, london, reveal_key)
    yield deed(20, 4.5, leeds, revoke_key, label=OLD_IMAGE, reason="Leak suspected: image was lost")
    yield deed(8, 1.0, "Harbour joint venture", suspend, reason="Invoice 10482 overdue")
    yield deed(2, 3.5, citrix, reissue_key, reason="Routine: yearly change of keys")
    yield deed(0, 1.7, "Graduates", set_seats, seats=5, reason="Order PO-2307: three seats fewer")


def release(licence: Licence, *, person: Person, reason: str) -> None:
    """Free the seat that has been quiet for the longest time, if one is held."""
    if session := licence.sessions.active().order_by("refreshed_at", "identity").first():
        sessions.release(session, by=actor_of(person), reason=reason)


def add_key(licence: Licence, *, label: str, reason: str) -> None:
    """Give a licence one more key."""
    keys.issue(licence, by=actor_of(MANAGER), label=label, reason=reason)


def first_key(licence: Licence) -> ProductKey:
    """The key that a licence was issued with."""
    return licence.keys.order_by("pk")[0]


def reveal_key(licence: Licence) -> None:
    """Look at a product key."""
    keys.reveal(first_key(licence), by=actor_of(MANAGER))


def reissue_key(licence: Licence, *, reason: str) -> None:
    """Replace a key; both work for two weeks."""
    two_weeks = dt.timedelta(days=14)
    keys.reissue(first_key(licence), by=actor_of(MANAGER), reason=reason, overlap=two_weeks)


def revoke_key(licence: Licence, *, label: str, reason: str) -> None:
    """End a key, if the licence has had one of that name."""
    if key := licence.keys.filter(label=label).first():
        keys.revoke(key, by=actor_of(SUPPORT), reason=reason)


def set_seats(licence: Licence, *, seats: int, reason: str) -> None:
    """Change a user limit."""
    licences.set_seats(licence, seats, by=actor_of(SALES), reason=reason)


def suspend(licence: Licence, *, reason: str) -> None:
    """Suspend a licence."""
    licences.set_state(licence, LicenceState.SUSPENDED, by=actor_of(SALES), reason=reason)


def label_keys(labels: Mapping[tuple[str, str], str] = KEY_LABELS) -> None:
    """Name the keys that licences were issued with."""
    for (account, licence), label in labels.items():
        of_licence = ProductKey.objects.filter(
            licence__account__name=account, licence__name=licence, label=""
        )
        of_licence.update(label=label)
