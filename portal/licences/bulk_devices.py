"""Freeing the devices of many single-user licences at once: what it will do, and what it did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import audit, devices
from licensing.errors import MoveLimit
from licensing.models import Device, Licence
from licensing.models.licences import UsageModel
from portal.acts import told_of_many
from portal.licences.rows import LicenceRow
from portal.words.names import some_of, user_on_machine


@dataclass
class Plan:
    """The devices that can be freed, and what of the chosen licences stays as it is.

    ``beyond``: licences with fewer moves left than devices, and how many of these stay.
    """

    devices: list[Device] = field(default_factory=list)
    beyond: list[tuple[Licence, int]] = field(default_factory=list)
    pools: int = 0
    unbound: int = 0

    @property
    def in_use(self) -> list[Device]:
        """Those on which the program has its seat just now."""
        return [device for device in self.devices if device.seat and device.seat.session]


def plan(rows: Iterable[LicenceRow]) -> Plan:
    """What freeing the devices of these licences would do, in two queries.

    Where the moves of a licence do not do for all of its devices, those go that were not
    heard of for longest.
    """
    made = Plan()
    licences = [row.licence for row in rows]
    single = [one for one in licences if one.usage_model != UsageModel.CONCURRENT]
    made.pools = len(licences) - len(single)
    left, bound = devices.moves_left_of(single), bound_to(single)
    for licence in single:
        of_licence = bound[licence.pk]
        made.unbound += not of_licence
        made.devices += of_licence[: left[licence.pk]]
        if len(of_licence) > left[licence.pk]:
            made.beyond.append((licence, len(of_licence) - left[licence.pk]))
    return made


def bound_to(licences: list[Licence]) -> dict[int, list[Device]]:
    """The devices of each licence, by its id, that was not heard of for longest first."""
    found = Device.objects.filter(licence__in=licences).bound().with_last_refresh()
    found = found.select_related("licence", "seat__session")
    grouped = defaultdict(list)
    for device in found.order_by(F("last_refreshed").asc(nulls_first=True), "pk"):
        grouped[device.licence_id].append(device)
    return grouped


def title(count: int) -> str:
    """The question."""
    return ngettext("Free %(n)s device?", "Free %(n)s devices?", count) % {"n": count}


def effects(planned: Plan) -> Iterator[str]:
    """What becomes of the devices and of the people on them, and what stays, in sentences."""
    if planned.devices:
        names = [f"{device} ({device.licence})" for device in planned.devices]
        text = ngettext(
            "Its seat is free at once for another device: %(devices)s.",
            "Their seats are free at once for other devices: %(devices)s.",
            len(names),
        )
        yield text % {"devices": some_of(names)}
        yield of_use(planned.in_use)
        yield _("Offline, the program may still run on them until its grace period ends.")
    yield from of_beyond(planned)
    yield from of_others(planned)


def of_use(in_use: list[Device]) -> str:
    """Who works on one of the devices now."""
    if not in_use:
        return _("None of them is in use now.")
    held = [device.seat.session for device in in_use if device.seat]
    people = [user_on_machine(session) for session in held if session]
    text = ngettext(
        "%(n)s is in use now: %(people)s. Nothing is closed: a program that is open stays open. "
        "When it starts there again, it takes the seat only if no other device has it.",
        "%(n)s are in use now: %(people)s. Nothing is closed: a program that is open stays open. "
        "When it starts there again, it takes the seat only if no other device has it.",
        len(in_use),
    )
    return text % {"n": len(in_use), "people": some_of(people)}


def of_beyond(planned: Plan) -> Iterator[str]:
    """Each licence whose moves do not do for all of its devices."""
    for licence, n in planned.beyond:
        text = ngettext(
            "%(licence)s has used its moves of the last 30 days, three for each seat: "
            "%(n)s of its devices stays bound. Support can free it for you.",
            "%(licence)s has used its moves of the last 30 days, three for each seat: "
            "%(n)s of its devices stay bound. Support can free them for you.",
            n,
        )
        yield text % {"licence": licence.name, "n": n}


def of_others(planned: Plan) -> Iterator[str]:
    """How many of the chosen licences have nothing to free."""
    if planned.pools:
        yield ngettext(
            "%(n)s pool was chosen too: it binds no device, and nothing changes for it.",
            "%(n)s pools were chosen too: they bind no devices, and nothing changes for them.",
            planned.pools,
        ) % {"n": planned.pools}
    if planned.unbound:
        yield ngettext(
            "%(n)s licence has no device now.",
            "%(n)s licences have no device now.",
            planned.unbound,
        ) % {"n": planned.unbound}


def free(planned: Plan, *, by: audit.Actor, reason: str) -> tuple[int, int, Plan]:
    """Free each device with its own entry in the audit record.

    How many were freed, how many had moved already, and, told as a plan, what was refused.
    """
    outcomes: Counter[bool] = Counter()
    refused: Counter[Licence] = Counter()
    for device in planned.devices:
        try:
            outcomes[devices.free(device, by=by, reason=reason)] += 1
        except MoveLimit:
            if Device.objects.bound().filter(pk=device.pk).exists():
                refused[device.licence] += 1
            else:
                outcomes[False] += 1
    return outcomes[True], outcomes[False], Plan(beyond=list(refused.items()))


def told(freed: int, moved: int) -> str:
    """What was done."""
    text = ngettext(
        "Freed %(n)s device. The next device that opens the program gets its seat.",
        "Freed %(n)s devices. The next devices that open the program get their seats.",
        freed,
    ) % {"n": freed}
    before = ngettext(
        "%(n)s had been moved away already.", "%(n)s had been moved away already.", moved
    )
    return told_of_many(text, before, moved)
